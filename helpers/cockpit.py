"""An ecosystem in numbers, for its core group: never a group, and never fewer than five of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from groups.freshness import EVERY
from groups.models import Membership

from .access import FEWEST
from .indicators import Indicator, Status
from .local_days import today_in
from .models import Alert, Follow, Nudge, Rhythm, Transition

# Numbers are told in steps: two that differ by one group cannot tell of that group.
STEP = 5
MANY_GROUPS = 30
MONTHS_BACK = 12
JUDGED = [Status.ON_TRACK, Status.LATE, Status.SILENT, Status.TOO_BUSY]


@dataclass(frozen=True)
class Share:
    """How many of a hundred judged groups are on track, None where that would tell of few."""

    indicator: str
    percent: int | None
    width: str
    # The same at the end of each of the last twelve months, the oldest first: (day, percent).
    months: list[tuple[date, int | None]]


def told(count):
    """Return ``count`` as it may be told: None under five, else in steps of five."""
    return None if count < FEWEST else STEP * round(count / STEP)


def share_told(count, among):
    """Return a share in steps of ten hundredths; None where either side of it is under five."""
    if count < FEWEST or among - count < FEWEST:
        return None
    return 10 * round(10 * count / among)


def share_of(counts):
    """Return the share of groups on track among those judged, as it may be told."""
    return share_told(counts[Status.ON_TRACK], sum(counts[status] for status in JUDGED))


def month_ends(today):
    """Return the last days of the twelve months before that of ``today``, the oldest first."""
    found, day = [], today.replace(day=1) - timedelta(days=1)
    for _ in range(MONTHS_BACK):
        found.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return found[::-1]


def statuses_on(days, members):
    """Return {day: {indicator: {status: how many groups}}}, by the changes since. Two queries.

    What was not followed yet on a day is not counted on it.
    """
    changes = defaultdict(list)
    rows = Transition.objects.filter(rhythm__group__in=members, on__gt=days[0]).order_by("on", "pk")
    for rhythm, on, before in rows.values_list("rhythm", "on", "before"):
        changes[rhythm].append((on, before))
    counts = {
        day: {name: dict.fromkeys(Status.values, 0) for name in Indicator.values} for day in days
    }
    rhythms = Rhythm.objects.filter(group__in=members)
    for pk, indicator, status, since in rhythms.values_list("pk", "indicator", "status", "since"):
        for day in days:
            if since is None or since <= day:
                # What the first change after that day changed is what held on it.
                held = next((before for on, before in changes[pk] if on > day), status)
                counts[day][indicator][held] += 1
    return counts


def cockpit_of(ecosystem, now):
    """Return the numbers of ``ecosystem``. Seven queries, however many groups it has."""
    members = Membership.objects.filter(
        ecosystem=ecosystem, status=Membership.Status.ACCEPTED
    ).values("group")
    by_indicator = {indicator: dict.fromkeys(Status.values, 0) for indicator in Indicator.values}
    rows = Rhythm.objects.filter(group__in=members).values_list("indicator", "status")
    for indicator, status, count in rows.annotate(count=Count("pk")):
        by_indicator[indicator][status] = count
    days = month_ends(today_in("", now))
    earlier = statuses_on(days, members)
    shares = []
    for indicator in Indicator:
        percent = share_of(by_indicator[indicator])
        months = [(day, share_of(earlier[day][indicator])) for day in days]
        shares.append(Share(indicator.label, percent, f"{percent or 0}%", months))
    followed = Follow.objects.filter(group=OuterRef("group"), ended_at=None)
    groups = Membership.objects.filter(ecosystem=ecosystem, status=Membership.Status.ACCEPTED)
    alone = groups.aggregate(
        all=Count("pk"),
        alone=Count("pk", filter=~Exists(followed)),
        checked=Count("pk", filter=Q(group__confirmed_at__gt=now - EVERY)),
    )
    loads = (
        Follow.objects.filter(group__in=members, ended_at=None)
        .values("person")
        .annotate(groups=Count("pk"))
        .filter(groups__gt=MANY_GROUPS)
        .count()
    )
    outcomes = (
        Nudge.objects.filter(group__in=members)
        .values_list("outcome")
        .annotate(count=Count("pk"), groups=Count("group", distinct=True))
        .order_by("outcome")
    )
    return {
        "groups": told(alone["all"]),
        "alone": told(alone["alone"]),
        "checked": share_told(alone["checked"], alone["all"]),
        "busy_helpers": told(loads),
        "shares": shares,
        "has_months": any(told is not None for each in shares for _day, told in each.months),
        "months": [
            (day, [share.months[number][1] for share in shares])
            for number, day in reversed(list(enumerate(days)))
        ],
        "open_alerts": told(
            Alert.objects.filter(rhythm__group__in=members, closed_at=None)
            .filter(Q(lead=None) | ~Q(lead=F("pk")))
            .count()
        ),
        "outcomes": [
            (Nudge.Outcome(outcome).label, told(min(count, groups)))
            for outcome, count, groups in outcomes
        ],
    }
