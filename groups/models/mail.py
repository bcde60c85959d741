"""Mail that waits, was sent, or whose fate is not known."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .people import Person


class Mail(models.Model):
    """One mail to one receiver. What is asked for twice has one key, and is queued once."""

    class Outcome(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        # Written before the first word to the server: found so after a crash, its fate is unknown.
        HANDING_OVER = "handing_over", _("Being handed over")
        SENT = "sent", _("Sent")
        JOINED = "joined", _("Sent together with another")
        UNKNOWN = "unknown", _("Unknown: it may or may not have left")
        REFUSED = "refused", _("Refused by the mail server")

    key = models.CharField(_("key"), max_length=160, unique=True)
    # Whoever is erased takes their mail along; what is relayed to an address alone has no person.
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    receiver = models.EmailField(_("receiver"))
    language = models.CharField(
        _("language"), max_length=2, choices=Person.Language, default=Person.Language.FRENCH
    )
    reply_to = models.EmailField(_("answers go to"), blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    # Without greeting and ending, so that several may become one. Emptied once it has left: a mail
    # holds links that open something.
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    # The receiver just asked for it: it leaves at once, whatever else they got today.
    is_asked = models.BooleanField(_("asked for"), default=False)

    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    # Whoever sends it has it until then; who dies leaves it to the next one.
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.QUEUED)
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["outcome", "due_at"], name="groups_mail_due"),
            # Whether a person had a mail today that they did not ask for.
            models.Index(fields=["receiver", "sent_at"], name="groups_mail_receiver"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="groups_mail_key_given"),
            models.CheckConstraint(condition=~Q(receiver=""), name="groups_mail_receiver_given"),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["queued", "handing_over", "sent", "joined", "unknown", "refused"]
                ),
                name="groups_mail_outcome_known",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["sent", "joined"]) | Q(sent_at__isnull=False),
                name="groups_mail_sent_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(subject__contains="\n") & ~Q(subject__contains="\r"),
                name="groups_mail_subject_one_line",
            ),
        ]

    def __str__(self):
        return self.subject
