"""What the program reads by itself, once a facilitator said yes and until they say no."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..indicators import Indicator


class SourceQuerySet(models.QuerySet):
    def accepted(self):
        """Those that a facilitator said yes to, and has not said no to since."""
        return self.filter(accepted_at__isnull=False, stopped_at=None)

    def due(self, now):
        """Those to be read now, of groups that are not kept as history only."""
        return (
            self.accepted()
            .filter(next_check_at__lte=now, group__review="published")
            .exclude(group__activity="archived")
        )


class Source(models.Model):
    """A public trace of one indicator of one group: a feed, a calendar, an archive, a page."""

    class State(models.TextChoices):
        NEW = "new", _("Not read yet")
        FINE = "fine", _("Fine")
        FAILING = "failing", _("Failing")
        GONE = "gone", _("Gone")
        MOVED = "moved", _("Moved")
        UNREADABLE = "unreadable", _("Unreadable")
        NEEDS_LOGIN = "needs_login", _("Needs a login")

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="sources")
    indicator = models.CharField(_("indicator"), max_length=12, choices=Indicator)
    # The name of a module of helpers/sources/.
    kind = models.CharField(_("kind"), max_length=20)
    url = models.URLField(_("address"), max_length=500)
    # For one request a host at a time, and pages by host.
    host = models.CharField(_("host"), max_length=253)

    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    stopped_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.NEW)
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    # A code of what is wrong, put into words where it is shown, and a number that goes with it.
    problem = models.CharField(_("problem"), max_length=40, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    moved_to = models.URLField(_("moved to"), max_length=500, blank=True)

    # Scheduling. Who may read it is decided with its host.
    next_check_at = models.DateTimeField(_("next look"), default=timezone.now)
    interval = models.DurationField(_("looked at every"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)

    # What the next conditional request says, and what was seen last.
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    had_items = models.BooleanField(default=False)
    last_read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    # Last local day it is known to cover: moves only when a fetch succeeded and was understood.
    collected_through = models.DateField(_("collected through"), null=True, blank=True)

    # When all of it was understood last: an answer that is the same is read again once a week.
    understood_at = models.DateTimeField(_("last understood"), null=True, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.UniqueConstraint(
                "group",
                "indicator",
                "url",
                condition=Q(stopped_at=None),
                name="helpers_source_once",
                violation_error_message=_("This source is already read for this indicator."),
            ),
            models.CheckConstraint(
                condition=Q(indicator__in=Indicator.values), name="helpers_source_indicator_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                name="helpers_source_due",
                condition=Q(stopped_at=None, accepted_at__isnull=False),
            ),
            models.Index(fields=["host"], name="helpers_source_host"),
        ]

    def __str__(self):
        return f"{self.url} ({self.indicator})"
