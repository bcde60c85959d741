"""The habit of a group in one indicator: what it declares, what was learned, where it stands."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..indicators import Indicator, Sensitivity, Status, UnknownReason


class Rhythm(models.Model):
    """One indicator of one group. The dates move only when evidence, a pause or a wish changes."""

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="rhythms")
    indicator = models.CharField(_("indicator"), max_length=12, choices=Indicator)

    # What the group says of itself.
    declared_days = models.FloatField(_("declared rhythm, in days"), null=True, blank=True)
    declared_on = models.DateField(_("rhythm declared on"), null=True, blank=True)
    sensitivity = models.CharField(_("sensitivity"), max_length=10, choices=Sensitivity, blank=True)
    # Messages a week above which the group itself finds it too much.
    most_a_week = models.PositiveIntegerField(_("most messages a week"), null=True, blank=True)
    # First day it was followed.
    since = models.DateField(_("followed since"), null=True, blank=True)
    # A finished series, or a choice: it ended well, and is no death.
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=200, blank=True)

    # What was learned: at most twelve gaps of a week or more, the newest last; first and last day.
    gaps = models.JSONField(_("gaps"), default=list, blank=True)
    first_on = models.DateField(_("first sign of life"), null=True, blank=True)
    last_on = models.DateField(_("last sign of life"), null=True, blank=True)
    # Messages a week, up to the week of the newest one, which may still run; the Monday after it.
    weeks = models.JSONField(_("messages a week"), default=list, blank=True)
    weeks_until = models.DateField(null=True, blank=True)
    next_on = models.DateField(_("announced for"), null=True, blank=True)
    poll_since = models.DateField(_("date poll open since"), null=True, blank=True)
    # Whether anything can be known: a source that was accepted, or somebody who notes by hand.
    has_source = models.BooleanField(default=False)
    # Last day the sources cover; None where it is followed by hand.
    collected_through = models.DateField(_("collected through"), null=True, blank=True)
    # Last day that somebody spoke of: "we met on", "nothing new as of".
    noted_through = models.DateField(_("noted by hand through"), null=True, blank=True)
    # How the group was at the last look, and the day it woke up: its clock begins anew.
    is_asleep = models.BooleanField(_("asleep"), default=False)
    is_archived = models.BooleanField(_("archived, or ended"), default=False)
    woken_on = models.DateField(_("woken on"), null=True, blank=True)
    # Which pauses of the group the gaps and dates below know of.
    pauses_seen = models.CharField(max_length=16, blank=True, editable=False)

    # Derived from the above: stored, so that the daily pass is a comparison of dates.
    usual_days = models.FloatField(_("usual gap"), null=True, blank=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    late_on = models.DateField(_("late on"), null=True, blank=True)
    silent_on = models.DateField(_("silent on"), null=True, blank=True)
    # From when on the announced date speaks for the group.
    announced_from = models.DateField(null=True, blank=True)
    # Too busy from, no more from; much quieter than usual from.
    busy_from = models.DateField(null=True, blank=True)
    busy_until = models.DateField(null=True, blank=True)
    quieter_from = models.DateField(null=True, blank=True)
    # First and last day of the pause that runs or comes next.
    paused_from = models.DateField(_("paused from"), null=True, blank=True)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UNKNOWN)
    # Why it is unknown; "" for every other status.
    unknown_reason = models.CharField(max_length=12, choices=UnknownReason, blank=True)
    status_since = models.DateField(_("since"), null=True, blank=True)

    class Meta:
        verbose_name = _("rhythm")
        verbose_name_plural = _("rhythms")
        constraints = [
            models.UniqueConstraint("group", "indicator", name="helpers_rhythm_once"),
            models.CheckConstraint(
                condition=Q(indicator__in=Indicator.values), name="helpers_rhythm_indicator_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="helpers_rhythm_status_known"
            ),
            models.CheckConstraint(
                condition=Q(declared_days=None) | Q(declared_days__gte=1, declared_days__lte=732),
                name="helpers_rhythm_declared_sensible",
            ),
        ]
        indexes = [
            # Whatever may become late or silent today.
            models.Index(
                fields=["silent_on"],
                name="helpers_rhythm_silent_on",
                condition=Q(status__in=["on_track", "late"]),
            ),
        ]

    def __str__(self):
        return f"{self.group}, {self.get_indicator_display()}: {self.get_status_display()}"


class Transition(models.Model):
    """One change of status: for the explanation, the statistics and a later tuning."""

    class Cause(models.TextChoices):
        TIME = "time", _("Time passed")
        SIGHTING = "sighting", _("A sign of life")
        BACKFILL = "backfill", _("Data completed")
        ANNOUNCED = "announced", _("A date was announced")
        PAUSE = "pause", _("A pause")
        RHYTHM = "rhythm", _("The rhythm was changed")
        SOURCE = "source", _("A source was read, or could not be")
        CHOICE = "choice", _("Somebody chose it")
        ARCHIVED = "archived", _("The group was archived")

    rhythm = models.ForeignKey(Rhythm, on_delete=models.CASCADE, related_name="transitions")
    before = models.CharField(max_length=10, choices=Status)
    after = models.CharField(max_length=10, choices=Status)
    # The local day on which it was so, and the moment it was noticed.
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("noticed at"), default=timezone.now)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause, default=Cause.TIME)
    by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["rhythm", "on"], name="helpers_transition_when")]

    def __str__(self):
        return f"{self.rhythm_id}, {self.on}: {self.before} → {self.after}"
