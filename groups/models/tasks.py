"""What waits for a human: one record, one queue, whatever the reason."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .people import Person


class Task(models.Model):
    """Something about a group that a helper, a curator or an operator is to look at or decide."""

    class Kind(models.TextChoices):
        NEW = "new", _("New group")
        EDIT = "edit", _("Change to accept")
        LOOK = "look", _("Change to look at")
        MEMBERSHIP = "membership", _("Asks to join an ecosystem")
        REPORT = "report", _("Report of a visitor")
        STALE = "stale", _("Nobody says whether it is still right")
        TAKE_OVER = "take_over", _("Somebody offers to take it over")
        ORPHAN = "orphan", _("Nobody facilitates it")

    class Reason(models.TextChoices):
        """What a visitor reports."""

        CLOSED = "closed", _("This group no longer exists")
        WRONG = "wrong", _("Something is wrong")
        DUPLICATE = "duplicate", _("It is here twice")
        CHARTER = "charter", _("It goes against a charter")

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        # Nothing was to be decided: somebody looked, or it settled itself.
        SEEN = "seen", _("Seen")
        SETTLED = "settled", _("Settled by itself")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="tasks")
    ecosystem = models.ForeignKey(
        "groups.Ecosystem", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    # Hidden until then: a question was asked, or the last facilitators have fourteen days.
    shown_from = models.DateTimeField(_("shown from"), default=timezone.now)
    # EDIT: the entry proposed, in the columns of the export. LOOK: the revision before the change.
    entry = models.JSONField(_("proposed entry"), null=True, blank=True)
    revision = models.ForeignKey(
        "groups.Revision", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    words = models.TextField(_("words"), max_length=2000, blank=True)
    # Who offered, proposed or asks; a visitor who reported only leaves an address, until answered.
    person = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reporter = models.EmailField(_("address of who reported"), blank=True)
    # What the answer to them is written in.
    language = models.CharField(
        _("language"), max_length=2, choices=Person.Language, default=Person.Language.FRENCH
    )

    question = models.TextField(_("question"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    asked_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)

    # Who is looking at it now; it unlocks itself.
    taken_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_until = models.DateTimeField(_("taken until"), null=True, blank=True)

    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decision_reason = models.CharField(_("why"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["opened_at", "pk"]
        indexes = [
            models.Index(
                fields=["shown_from"], name="groups_task_open", condition=Q(decided_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                F("group"),
                F("kind"),
                condition=Q(decided_at=None) & ~Q(kind__in=["report", "membership"]),
                name="groups_task_once_open",
            ),
            models.UniqueConstraint(
                F("group"),
                F("ecosystem"),
                condition=Q(decided_at=None, kind="membership"),
                name="groups_task_membership_once_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "new",
                        "edit",
                        "look",
                        "membership",
                        "report",
                        "stale",
                        "take_over",
                        "orphan",
                    ]
                ),
                name="groups_task_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | (
                    Q(decision__in=["accepted", "refused", "seen", "settled"])
                    & Q(decided_at__isnull=False)
                ),
                name="groups_task_decision_dated",
            ),
            models.CheckConstraint(
                condition=~Q(kind="membership") | Q(ecosystem__isnull=False),
                name="groups_task_membership_names_ecosystem",
            ),
            models.CheckConstraint(
                condition=~Q(kind="edit") | Q(entry__isnull=False),
                name="groups_task_edit_has_entry",
            ),
            models.CheckConstraint(
                condition=(Q(kind="report") & ~Q(reason="")) | (~Q(kind="report") & Q(reason="")),
                name="groups_task_report_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(decision="refused") | ~Q(decision_reason=""),
                name="groups_task_refusal_has_reason",
                violation_error_message=_("A refusal needs a reason."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.group}"
