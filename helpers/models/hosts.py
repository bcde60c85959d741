"""The sites that sources and links lie at, each asked by one of us at a time."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HostQuerySet(models.QuerySet):
    def free(self, now):
        """Those that nobody holds, and that did not ask us to keep away."""
        return self.filter(
            models.Q(lease_until=None) | models.Q(lease_until__lte=now),
            models.Q(not_before=None) | models.Q(not_before__lte=now),
        )

    def held(self, now):
        return self.filter(lease_until__gt=now)


class Host(models.Model):
    """One site. Whoever holds its lease is the only one who asks it anything."""

    name = models.CharField(_("host"), max_length=253, unique=True)
    # Claimed until `lease_until` by whoever wrote `claim`; who dies leaves it to the next one.
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    # Handed to the task engine, and not to be handed to it again before.
    queued_until = models.DateTimeField(null=True, blank=True, editable=False)
    # It asked us to keep away, or nobody answered there.
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    last_asked_at = models.DateTimeField(_("last asked"), null=True, blank=True)
    # {origin: [text of robots.txt, until when it is believed, in seconds]}
    robots = models.JSONField(default=dict, blank=True, editable=False)

    objects = HostQuerySet.as_manager()

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")

    def __str__(self):
        return self.name


class Look(models.Model):
    """One look at an address that a facilitator asked for: what could be read there, and counted.

    Nothing is counted by it. It is done soon, by whoever collects.
    """

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="+")
    url = models.URLField(_("address"), max_length=500)
    host = models.CharField(_("host"), max_length=253)
    # The indicator they had in mind, "" where the address may serve any.
    indicator = models.CharField(_("indicator"), max_length=12, blank=True)
    asked_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # Why nothing was found: a code of `sources/failures.py`, and a number that goes with it.
    problem = models.CharField(_("problem"), max_length=40, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    # What could be read, each with what would be counted.
    found = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        indexes = [
            models.Index(
                fields=["asked_at"], name="helpers_look_waiting", condition=models.Q(done_at=None)
            ),
            models.Index(fields=["group", "-asked_at"], name="helpers_look_of_group"),
        ]

    def __str__(self):
        return self.url


class LinkCheck(models.Model):
    """Whether a link of a group that lets us read still leads somewhere."""

    class State(models.TextChoices):
        NEW = "new", _("Not checked yet")
        FINE = "fine", _("Fine")
        # It answers, and says nothing to programs.
        UNKNOWN = "unknown", _("Unknown")
        FAILING = "failing", _("Failing")
        DEAD = "dead", _("Dead")

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="link_checks")
    # The kind of the service, and its address when it was checked last.
    kind = models.CharField(_("kind"), max_length=20)
    url = models.URLField(_("address"), max_length=500)
    host = models.CharField(_("host"), max_length=253)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    problem = models.CharField(_("problem"), max_length=40, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    next_check_at = models.DateTimeField(_("next look"), default=timezone.now)

    class Meta:
        verbose_name = _("check of a link")
        verbose_name_plural = _("checks of links")
        constraints = [
            models.UniqueConstraint("group", "kind", name="helpers_link_check_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["new", "fine", "unknown", "failing", "dead"]),
                name="helpers_link_check_state_known",
            ),
        ]
        indexes = [models.Index(fields=["next_check_at"], name="helpers_link_check_due")]

    def __str__(self):
        return f"{self.group_id}, {self.kind}: {self.url}"


class Run(models.Model):
    """One run of `collect` that had something to do: what operators look at first."""

    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"))
    # {what became of something: how often}
    tally = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("run of the collection")
        verbose_name_plural = _("runs of the collection")
        indexes = [models.Index(fields=["-ended_at"], name="helpers_run_newest")]

    def __str__(self):
        return f"{self.began_at:%Y-%m-%d %H:%M}"
