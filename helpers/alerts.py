"""The life of an alert: opened once a silence, closed by life or by a choice, never forgotten.

`follow_transitions` looks at where every rhythm stands and makes the alerts fit. It goes by dates,
not by what happened since yesterday: a run that was missed changes nothing, one that is repeated
or runs beside another does nothing twice. What people do about an alert is one conditional update
each: of two who answer at once, one did it.
"""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from groups.models import Group

from .arithmetic import UNKNOWN, clock_from, is_announced
from .indicators import Status
from .local_days import today_of
from .models import Alert, Rhythm, Transition

Kind, Closed = Alert.Kind, Alert.Closed
Cause = Transition.Cause

# At least so many indicators of a group, silent within so many days, are one alert.
TOGETHER, TOGETHER_WITHIN = 3, timedelta(days=30)
LONGEST_SNOOZE = timedelta(days=60)
TAKEN_FOR = timedelta(days=28)
WRONG_WITHIN = timedelta(days=60)

# After so many days of an alert: a reminder, other helpers, the question to the group.
REMINDED_AFTER, OFFERED_AFTER, ASKED_AFTER = 14, 28, 90
# "Archive?" is suggested after a year, or so many usual gaps, without a sign of life.
ARCHIVE_AFTER, ARCHIVE_TIMES = 365, 6

# What a human said of a silence holds for all of it.
SAID_BY_SOMEBODY = [Closed.WRONG, Closed.ENDED]

STATUSES = {Status.SILENT: Kind.SILENT, Status.TOO_BUSY: Kind.TOO_BUSY}


class Refused(Exception):
    """What was asked cannot be done; its code says why."""


def follow_transitions(now):
    """Close, freeze, thaw, open and escalate alerts as the rhythms stand. Return counts."""
    tally = Counter()
    touched = _follow_open(now, tally) | _open_new(now, tally)
    for group_id in sorted(touched):
        _gather(group_id)
    _take_steps(now, tally)
    return +tally


# ── Opening and closing ─────────────────────────────────────────────────────────────────────────


def _follow_open(now, tally):
    """Close what is over, freeze what cannot be known. Return the groups of what was closed."""
    touched = set()
    waiting = Alert.objects.filter(closed_at=None).select_related("rhythm__group")
    moved = waiting.exclude(
        kind=F("rhythm__status"), frozen_on=None, quiet_since=F("rhythm__last_on")
    )
    for alert in moved.order_by("pk"):
        today = today_of(alert.rhythm.group, now)
        if _follow_one(alert, today, now, tally):
            touched.add(alert.rhythm.group_id)
    return touched


def _follow_one(alert, today, now, tally):
    """Make one open alert fit its rhythm. Return whether it was closed."""
    rhythm = alert.rhythm
    mine = Alert.objects.filter(pk=alert.pk, closed_at=None)
    if rhythm.status == UNKNOWN and rhythm.unknown_reason != "nothing_yet":
        tally["frozen"] += mine.filter(frozen_on=None).update(frozen_on=today)
        return False
    if rhythm.group.activity == Group.Activity.PREPARING:
        return _close(mine, Closed.RHYTHM, now, tally)
    if rhythm.status != alert.kind:
        return _close(mine, _why_closed(alert, today), now, tally)
    if alert.frozen_on:
        days = (today - alert.frozen_on).days
        still = mine.filter(frozen_on=alert.frozen_on)
        tally["thawed"] += still.update(frozen_on=None, frozen_days=F("frozen_days") + days)
    quiet_since = beginning(rhythm)
    if alert.kind == Kind.SILENT and quiet_since != alert.quiet_since:
        since = alert.reopened_at or alert.opened_at
        came_back = rhythm.transitions.filter(at__gt=since, before=Status.SILENT)
        if came_back.exists():
            # Life returned and went between two looks.
            return _close(mine, Closed.RESUMED, now, tally)
        # The same silence, better known.
        known = Alert.objects.filter(rhythm=rhythm, kind=alert.kind, quiet_since=quiet_since)
        if known.exists():
            return _close(mine, Closed.COMPLETED, now, tally)
        mine.update(quiet_since=quiet_since)
    return False


def _close(mine, why, now, tally):
    closed = mine.update(closed_at=now, closed_why=why, frozen_on=None)
    tally[f"closed: {why}"] += closed
    return bool(closed)


def _why_closed(alert, today):
    """Say why an alert is over by itself: what its rhythm shows, then what last changed it."""
    rhythm = alert.rhythm
    if rhythm.status == Status.ARCHIVED:
        return Closed.ENDED if rhythm.ended_on else Closed.ARCHIVED
    if rhythm.status == Status.PAUSED:
        return Closed.PAUSED
    if alert.kind == Kind.TOO_BUSY:
        return Closed.RESUMED
    changes = rhythm.transitions.filter(before=alert.kind).order_by("-pk")
    cause = changes.values_list("cause", flat=True).first()
    if cause == Cause.BACKFILL:
        return Closed.COMPLETED
    if beginning(rhythm) > alert.quiet_since:
        return Closed.RESUMED
    if is_announced(rhythm, today) or rhythm.poll_since:
        return Closed.SCHEDULED
    return Closed.PAUSED if cause == Cause.PAUSE else Closed.RHYTHM


def beginning(rhythm):
    """Return the day an alert of this rhythm counts from, which tells one silence from another."""
    if rhythm.status == Status.TOO_BUSY:
        return rhythm.busy_from
    return clock_from(rhythm)


def _open_new(now, tally):
    """Open an alert for each silence that has none. Return the groups concerned."""
    alerting = Rhythm.objects.filter(
        status__in=STATUSES, group__review=Group.Review.PUBLISHED
    ).exclude(group__activity=Group.Activity.PREPARING)
    alerting = alerting.exclude(alerts__in=Alert.objects.filter(closed_at=None))
    touched = set()
    for rhythm in alerting.select_related("group").order_by("pk"):
        if opened := _open(rhythm, now):
            tally[opened] += 1
            touched.add(rhythm.group_id)
    return touched


def _open(rhythm, now):
    """Open the alert of this silence, or open it again. Return which, or "" for neither."""
    kind, quiet_since = STATUSES[rhythm.status], beginning(rhythm)
    today = today_of(rhythm.group, now)
    same = Alert.objects.filter(rhythm=rhythm, kind=kind, quiet_since=quiet_since)
    known = same.first()
    if known is None:
        alert = Alert(
            rhythm=rhythm, kind=kind, quiet_since=quiet_since, opened_on=today, opened_at=now
        )
        # Who opened it at the same moment was first: the constraint says so, and nobody waits.
        Alert.objects.bulk_create([alert], ignore_conflicts=True)
        return "opened" if same.filter(opened_at=now, closed_at=None).exists() else ""
    if known.closed_at is None or known.closed_why in SAID_BY_SOMEBODY:
        return ""
    closed_for = max((today - today_of(rhythm.group, known.closed_at)).days, 0)
    again = same.filter(pk=known.pk, closed_at=known.closed_at).update(
        closed_at=None,
        closed_why="",
        closed_by=None,
        reopened_at=now,
        snoozed_until=None,
        frozen_days=F("frozen_days") + closed_for,
        lead=None,
    )
    return "opened again" if again else ""


def _gather(group_id):
    """Put the silences of a group under one lead, where enough came within thirty days."""
    with transaction.atomic():
        silent = Alert.objects.select_for_update().filter(
            rhythm__group=group_id, kind=Kind.SILENT, closed_at=None
        )
        silent = list(silent.order_by("opened_on", "pk"))
        windows = [
            [each for each in silent if first.opened_on <= each.opened_on <= _end(first)]
            for first in silent
        ]
        together = max(windows, key=len, default=[])
        lead = together[0] if len(together) >= TOGETHER else None
        for alert in silent:
            leading = lead if alert in together and alert != lead else None
            if alert.lead_id != (leading and leading.pk):
                Alert.objects.filter(pk=alert.pk).update(lead=leading)


def _end(first):
    return first.opened_on + TOGETHER_WITHIN


# ── Steps: each once ────────────────────────────────────────────────────────────────────────────


def _take_steps(now, tally):
    """Note the steps that are due; the digests tell of them."""
    waits = Q(reminded_at=None) | Q(offered_at=None) | Q(asked_at=None)
    due = Alert.objects.filter(
        waits | Q(archive_suggested_at=None), closed_at=None, frozen_on=None, kind=Kind.SILENT
    )
    longest = timedelta(days=REMINDED_AFTER - 1)
    due = due.filter(opened_at__lte=now - longest).select_related("rhythm__group")
    for alert in due.order_by("pk"):
        for step in steps_due(alert, today_of(alert.rhythm.group, now), now):
            mine = Alert.objects.filter(pk=alert.pk, closed_at=None, **{step: None})
            tally[step] += mine.update(**{step: now})


def steps_due(alert, today, now):
    """Return the names of the moments to be noted for this alert on this day."""
    if alert.snoozed_until and today < snooze_end(alert):
        return []
    age = age_of(alert, today)
    is_taken = alert.taken_at is not None and now < alert.taken_at + TAKEN_FOR
    steps = {
        "reminded_at": age >= REMINDED_AFTER and not is_taken and alert.taken_at is None,
        "offered_at": age >= OFFERED_AFTER and not is_taken,
        "asked_at": age >= ASKED_AFTER,
        "archive_suggested_at": (today - alert.quiet_since).days - alert.frozen_days
        >= max(ARCHIVE_AFTER, ARCHIVE_TIMES * (alert.rhythm.usual_days or 0)),
    }
    return [name for name, is_due in steps.items() if is_due and getattr(alert, name) is None]


def age_of(alert, today):
    """Return for how many days an alert has been open, those in which nothing was known apart."""
    frozen = (today - alert.frozen_on).days if alert.frozen_on else 0
    return (today - alert.opened_on).days - alert.frozen_days - frozen


# ── What people do about it ─────────────────────────────────────────────────────────────────────


def take(alert, *, by, now):
    """Let a helper take an alert: no reminder for four weeks. Return whether they have it now."""
    free = Q(taken_by=None) | Q(taken_by=by) | Q(taken_at__lte=now - TAKEN_FOR)
    return _open_alert(alert).filter(free).update(taken_by=by, taken_at=now) == 1


def give_back(alert, *, by):
    """Let somebody else take it. Return whether it was theirs."""
    return _open_alert(alert).filter(taken_by=by).update(taken_by=None, taken_at=None) == 1


def offer(alert, *, now):
    """Let the other helpers of the group be asked, whoever had it. Return whether it was open."""
    return _open_alert(alert).update(offered_at=now, taken_by=None, taken_at=None) == 1


def snooze(alert, until=None, *, by, now):
    """Leave an alert in peace until a day, or (None) until the announced date.

    Raises Refused for a day that is not ahead, or more than sixty days away.
    """
    rhythm = Rhythm.objects.select_related("group").get(pk=alert.rhythm_id)
    today = today_of(rhythm.group, now)
    until = until or rhythm.next_on
    if until is None:
        raise Refused("no_date")
    if not today < until <= today + LONGEST_SNOOZE:
        raise Refused("not_within_sixty_days")
    return _open_alert(alert).update(snoozed_until=until, snoozed_by=by) == 1


def snooze_end(alert):
    """Return the day a snooze ends: the day that was said, or the announced date before it."""
    next_on = alert.rhythm.next_on
    return min(alert.snoozed_until, next_on) if next_on else alert.snoozed_until


def is_snoozed(alert, today):
    return alert.snoozed_until is not None and today < snooze_end(alert)


def close_as(alert, why, *, by, now):
    """Close an alert with what somebody says of it. Return whether it was this call."""
    with transaction.atomic():
        closed = _open_alert(alert).update(closed_at=now, closed_why=why, closed_by=by) == 1
        if closed:
            Alert.objects.filter(lead=alert).update(lead=None)
            _gather(Rhythm.objects.values_list("group", flat=True).get(pk=alert.rhythm_id))
    return closed


def _open_alert(alert):
    return Alert.objects.filter(pk=alert.pk, closed_at=None)


def suggests_relaxed(rhythm, now):
    """Say whether alerts of this rhythm come too soon: twice wrong, or again soon after."""
    recent = now - WRONG_WITHIN
    wrong = rhythm.alerts.filter(closed_why=Closed.WRONG, closed_at__gte=recent).count()
    return wrong >= 2 or (wrong == 1 and rhythm.alerts.filter(closed_at=None).exists())
