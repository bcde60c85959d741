"""What lets people in without an account: mailed links, drafts, what was sent already."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .people import Person

DRAFT_KEPT = timedelta(days=30)


class Draft(models.Model):
    """A registration to be finished later: what was typed, kept for thirty days."""

    email = models.EmailField(_("e-mail"))
    language = models.CharField(
        _("language"), max_length=2, choices=Person.Language, default=Person.Language.FRENCH
    )
    typed = models.JSONField(_("what was typed"), default=dict)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d}"


class Link(models.Model):
    """A link that was mailed, or kept: one purpose, for one person, group or draft."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("Confirm an address")
        EDIT = "edit", _("Edit the entry")
        PEOPLE = "people", _("Add a facilitator")
        HAND_OVER = "hand_over", _("Hand over")
        STILL_RIGHT = "still_right", _("Confirm that the entry is still right")
        SLEEP = "sleep", _("Put to sleep")
        PAUSE = "pause", _("Pause until a date")
        WAKE = "wake", _("Wake up")
        ARCHIVE = "archive", _("Archive")
        ERASE = "erase", _("Erase my data")
        ANSWER = "answer", _("Answer a question of the reviewers")
        # Somebody offers to take a sleeping group over: they confirm; the last facilitators answer.
        TAKE_OVER = "take_over", _("Offer to take a group over")
        KEEP = "keep", _("Keep the group")
        LET_GO = "let_go", _("Let somebody take the group over")
        DRAFT = "draft", _("Finish a registration")
        ECOSYSTEM = "ecosystem", _("Ask for an ecosystem")
        # The one reusable kind, shown once to who left no address. It may only edit.
        KEPT = "kept", _("The kept edit link")

    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    group = models.ForeignKey(
        "groups.Group", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    draft = models.ForeignKey(
        Draft, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    task = models.ForeignKey(
        "groups.Task", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    # Only a digest: whoever reads the database cannot open anything.
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    # Replaced by another, or no longer needed.
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    purpose__in=[
                        "confirm",
                        "edit",
                        "people",
                        "hand_over",
                        "still_right",
                        "sleep",
                        "pause",
                        "wake",
                        "archive",
                        "erase",
                        "answer",
                        "take_over",
                        "keep",
                        "let_go",
                        "draft",
                        "ecosystem",
                        "kept",
                    ]
                ),
                name="groups_link_purpose_known",
            ),
            models.CheckConstraint(
                condition=Q(purpose="kept") | Q(expires_at__isnull=False),
                name="groups_link_expires",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="kept") | Q(person=None, used_at=None),
                name="groups_link_kept_has_no_person",
            ),
            models.CheckConstraint(
                condition=Q(purpose="kept", group__isnull=False)
                | Q(purpose="draft", draft__isnull=False)
                | Q(purpose="erase", person__isnull=False)
                | Q(purpose="ecosystem", person__isnull=False, draft__isnull=False)
                | (
                    ~Q(purpose__in=["kept", "draft", "erase", "ecosystem"])
                    & Q(person__isnull=False, group__isnull=False)
                ),
                name="groups_link_names_what_it_opens",
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}, {self.created_at:%Y-%m-%d}"


class Submission(models.Model):
    """A form that was sent: sent again, by a double click or a lost answer, it does nothing."""

    token = models.CharField(max_length=64, unique=True)
    group = models.ForeignKey(
        "groups.Group", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d %H:%M}"
