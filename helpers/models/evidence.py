"""Dated evidence: signs of life, and what was announced. Never a content, never an author."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..indicators import Indicator


class Sighting(models.Model):
    """One sign of life on one local day of the group."""

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="sightings")
    indicator = models.CharField(_("indicator"), max_length=12, choices=Indicator)
    day = models.DateField(_("day"))
    # How many posts, messages or changes of that day it stands for.
    count = models.PositiveIntegerField(_("count"), default=1)
    # Where it came from: a source and its own name for it, or a person.
    source = models.ForeignKey(
        "helpers.Source", on_delete=models.CASCADE, null=True, blank=True, related_name="sightings"
    )
    outside_id = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    noted_at = models.DateTimeField(_("noted at"), default=timezone.now)

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        constraints = [
            models.UniqueConstraint(
                "source",
                "outside_id",
                condition=Q(source__isnull=False),
                name="helpers_sighting_once_a_source",
            ),
            models.CheckConstraint(
                condition=Q(source=None) | ~Q(outside_id=""), name="helpers_sighting_named_outside"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="helpers_sighting_counts"),
        ]
        indexes = [
            models.Index(fields=["group", "indicator", "day"], name="helpers_sighting_days"),
        ]

    def __str__(self):
        return f"{self.group_id}, {self.indicator}: {self.day}"


class Announcement(models.Model):
    """A meeting to come, or a date poll that is open; never the tail of a recurrence."""

    class Kind(models.TextChoices):
        DATE = "date", _("An announced date")
        POLL = "poll", _("A date poll")

    group = models.ForeignKey(
        "groups.Group", on_delete=models.CASCADE, related_name="announcements"
    )
    indicator = models.CharField(
        _("indicator"), max_length=12, choices=Indicator, default=Indicator.MEETINGS
    )
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.DATE)
    # DATE: the day announced. POLL: the day it was opened.
    day = models.DateField(_("day"))
    source = models.ForeignKey(
        "helpers.Source",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="announcements",
    )
    outside_id = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # An occurrence of a recurrence that nobody touched: its passing proves nothing.
    is_confirmed = models.BooleanField(_("confirmed"), default=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    # DATE: it passed and became a sign of life, or was said not to have been held.
    # POLL: a date was set, or it was dropped.
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    noted_at = models.DateTimeField(_("noted at"), default=timezone.now)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.UniqueConstraint(
                "source",
                "outside_id",
                condition=Q(source__isnull=False),
                name="helpers_announcement_once_a_source",
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "indicator", "day"],
                name="helpers_announcement_open",
                condition=Q(cancelled_at=None, settled_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.group_id}, {self.indicator}: {self.day}"
