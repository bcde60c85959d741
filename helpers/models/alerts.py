"""What is done about a silence: alerts, kind words, and who follows which group."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .rhythm import Rhythm


class Follow(models.Model):
    """A helper who follows a group."""

    person = models.ForeignKey(
        "groups.Person", on_delete=models.CASCADE, related_name="follows", verbose_name=_("helper")
    )
    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="followers")
    since = models.DateTimeField(_("since"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(
                "person", "group", condition=Q(ended_at=None), name="helpers_follow_once"
            ),
        ]

    def __str__(self):
        return f"{self.person} → {self.group}"


class Alert(models.Model):
    """One silence of one indicator, or one time of too much, until it ends or somebody chooses."""

    class Kind(models.TextChoices):
        SILENT = "silent", _("Silent")
        TOO_BUSY = "too_busy", _("Too busy")

    class Closed(models.TextChoices):
        RESUMED = "resumed", _("Life returned")
        SCHEDULED = "scheduled", _("A date was announced")
        PAUSED = "paused", _("A pause was chosen")
        ENDED = "ended", _("Stopped by choice")
        COMPLETED = "completed", _("The data were incomplete")
        WRONG = "wrong", _("The alert was wrong")
        RHYTHM = "rhythm", _("The rhythm is slower")
        ARCHIVED = "archived", _("The group was archived")

    rhythm = models.ForeignKey(Rhythm, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SILENT)
    # The last sign of life before it, or the day the follow-up began: one alert a silence. Of too
    # much: the day from which it was.
    quiet_since = models.DateField(_("quiet since"))
    # Where three of five fall silent within thirty days, they are one alert: this one leads.
    lead = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="joined"
    )
    opened_on = models.DateField(_("opened on"))
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    # The announced date passed, or the pause is over, and it is the same silence still.
    reopened_at = models.DateTimeField(_("opened again at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_why = models.CharField(_("why closed"), max_length=10, choices=Closed, blank=True)
    # While its sources cannot be read, or it is closed, nothing escalates; the clock of the steps
    # goes on where it stopped.
    frozen_on = models.DateField(_("frozen on"), null=True, blank=True)
    frozen_days = models.PositiveIntegerField(default=0)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    snoozed_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    # The steps that were taken: each once.
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    offered_at = models.DateTimeField(_("offered to others at"), null=True, blank=True)
    asked_at = models.DateTimeField(_("group asked at"), null=True, blank=True)
    archive_suggested_at = models.DateTimeField(_("archive suggested at"), null=True, blank=True)
    # Up to here people were told of it by mail.
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["opened_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "rhythm", "kind", "quiet_since", name="helpers_alert_once_a_silence"
            ),
            models.UniqueConstraint(
                "rhythm", condition=Q(closed_at=None), name="helpers_alert_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_why="")
                | (Q(closed_at__isnull=False) & ~Q(closed_why="")),
                name="helpers_alert_closed_why",
            ),
        ]

    def __str__(self):
        return f"{self.rhythm_id}: quiet since {self.quiet_since}"


class Nudge(models.Model):
    """A kind word of a helper to the facilitators of a group, and what came of it."""

    class Way(models.TextChoices):
        MAIL = "mail", _("By mail from here")
        SHARED = "shared", _("By a messenger, a call, in person")

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("No answer yet")
        ANSWERED = "answered", _("Answered")
        ON_HOLIDAY = "on_holiday", _("On holiday until")
        NEEDS_HELP = "needs_help", _("Needs help")
        HANDS_OVER = "hands_over", _("Hands over")
        ASLEEP = "asleep", _("Asleep")
        STOPPED = "stopped", _("Stopped by choice")
        NO_ANSWER = "no_answer", _("No answer")

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="nudges")
    # What it is about; a word without an occasion has none.
    alert = models.ForeignKey(
        Alert, on_delete=models.SET_NULL, null=True, blank=True, related_name="nudges"
    )
    by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)
    way = models.CharField(_("way"), max_length=8, choices=Way, default=Way.MAIL)
    language = models.CharField(_("language"), max_length=2, default="fr")
    text = models.TextField(_("text"), max_length=4000)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome, default=Outcome.WAITING
    )
    outcome_at = models.DateTimeField(_("outcome noted at"), null=True, blank=True)
    outcome_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    until_day = models.DateField(_("until"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("kind word")
        verbose_name_plural = _("kind words")
        ordering = ["-sent_at", "-pk"]

    def __str__(self):
        return f"{self.group_id}, {self.sent_at:%Y-%m-%d}"


class HelpRequest(models.Model):
    """A facilitator asks a helper for a hand, until one of them says it is done."""

    class Occasion(models.TextChoices):
        STARTING = "starting", _("We are starting")
        REORGANISING = "reorganising", _("We are reorganising")
        DIFFICULTY = "difficulty", _("We have a difficulty")

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion)
    words = models.TextField(_("words"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "group", "occasion", condition=Q(settled_at=None), name="helpers_help_asked_once"
            ),
        ]

    def __str__(self):
        return f"{self.group_id}, {self.asked_at:%Y-%m-%d}"
