"""An ecosystem in numbers, for its core group: never a group, and never fewer than five of them."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from groups.models import Membership

from .access import FEWEST
from .indicators import Indicator, Status
from .models import Alert, Follow, Nudge, Rhythm

# Numbers are told in steps: two that differ by one group cannot tell of that group.
STEP = 5
MANY_GROUPS = 30
JUDGED = [Status.ON_TRACK, Status.LATE, Status.SILENT, Status.TOO_BUSY]


@dataclass(frozen=True)
class Share:
    """How many of a hundred judged groups are on track, None where that would tell of few."""

    indicator: str
    percent: int | None
    width: str


def told(count):
    """Return ``count`` as it may be told: None under five, else in steps of five."""
    return None if count < FEWEST else STEP * round(count / STEP)


def share_told(count, among):
    """Return a share in steps of ten hundredths; None where either side of it is under five."""
    if count < FEWEST or among - count < FEWEST:
        return None
    return 10 * round(10 * count / among)


def cockpit_of(ecosystem, now):
    """Return the numbers of ``ecosystem``. Four queries, however many groups it has."""
    members = Membership.objects.filter(
        ecosystem=ecosystem, status=Membership.Status.ACCEPTED
    ).values("group")
    by_indicator = {indicator: dict.fromkeys(Status.values, 0) for indicator in Indicator.values}
    rows = Rhythm.objects.filter(group__in=members).values_list("indicator", "status")
    for indicator, status, count in rows.annotate(count=Count("pk")):
        by_indicator[indicator][status] = count
    shares = []
    for indicator in Indicator:
        counts = by_indicator[indicator]
        percent = share_told(counts[Status.ON_TRACK], sum(counts[status] for status in JUDGED))
        shares.append(Share(indicator.label, percent, f"{percent or 0}%"))
    followed = Follow.objects.filter(group=OuterRef("group"), ended_at=None)
    groups = Membership.objects.filter(ecosystem=ecosystem, status=Membership.Status.ACCEPTED)
    alone = groups.aggregate(
        all=Count("pk"),
        alone=Count("pk", filter=~Exists(followed)),
        checked=Max("group__confirmed_at"),
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
        "checked": alone["checked"],
        "busy_helpers": told(loads),
        "shares": shares,
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
