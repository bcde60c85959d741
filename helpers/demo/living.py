"""The helpers' part of the demo: the invented groups live, fall silent, pause and answer.

Everything is told relative to today, and goes through the doors that the product uses. Nobody is
written to.
"""

from datetime import timedelta
from hashlib import sha256

from groups.demo import world
from groups.models import Facilitator, Group, Role

from .. import recording
from ..indicators import Indicator, Status
from ..local_days import today_of
from ..models import Alert, Follow, HelpRequest, Nudge, Rhythm

DAY = timedelta(days=1)
MONTHS_BACK = 18
EVERY = {
    Indicator.FOLLOW_UP: 21,
    Indicator.MEETINGS: 30,
    Indicator.NEWS: 30,
    Indicator.DISCUSSION: 6,
    Indicator.SPACE: 14,
}
# One after the other: what a group shows. Days since the last sign of life, in usual gaps.
QUIET = (0.4, 0.7, 0.3, 1.6, 0.5, 0.2, 3.4, 0.6, 0.4, 0.8, 5.0)


def add_to_demo(now):
    """Let every invented group have lived for eighteen months, and helpers follow them."""
    names = [each["short_name"] for each in world.groups()]
    groups = list(Group.objects.filter(short_name__in=names).order_by("pk"))
    helpers = list(Role.objects.filter(kind=Role.Kind.HELPER).order_by("pk"))
    for number, group in enumerate(groups):
        _live(group, number, now)
        for role in helpers:
            if group.memberships.filter(ecosystem=role.ecosystem, status="accepted").exists():
                Follow.objects.get_or_create(person=role.person, group=group, ended_at=None)
    _alert(now)
    _talk(now)


def _live(group, number, now):
    rhythms = recording.rhythms_of(group, now)
    today = today_of(group, now)
    for position, indicator in enumerate(rhythms):
        if (number + position) % 9 == 8:
            continue  # Nothing is known of it yet.
        every = EVERY[indicator]
        quiet = round(every * QUIET[(3 * number + 5 * position) % len(QUIET)])
        if indicator != Indicator.MEETINGS and number % 3:
            quiet = min(quiet, every)
        counts, day = {}, today - quiet * DAY
        while day > today - MONTHS_BACK * 30 * DAY:
            counts[day] = 1 + _varied(group, indicator, day) % 3
            day -= (every + _varied(group, indicator, day) % 5 - 2) * DAY
        recording.see(group, indicator, counts, now=now)
    if number % 7 == 3:
        recording.announce(group, Indicator.MEETINGS, today + 12 * DAY, now=now)
    if number % 11 == 5:
        recording.open_poll(group, Indicator.MEETINGS, day=today - 9 * DAY, now=now)
    if number % 13 == 6:
        recording.declare_rhythm(group, Indicator.NEWS, 91.3, by=None, now=now)


def _varied(group, indicator, day):
    """Return a number that looks like chance, and is the same every time."""
    return sha256(f"{group.short_name}{indicator}{day}".encode()).digest()[0]


def _alert(now):
    silent = Rhythm.objects.filter(status=Status.SILENT).select_related("group")
    for number, rhythm in enumerate(silent.order_by("pk")):
        opened_at = now - (today_of(rhythm.group, now) - rhythm.silent_on)
        Alert.objects.get_or_create(
            rhythm=rhythm,
            quiet_since=rhythm.last_on,
            defaults={
                "opened_on": rhythm.silent_on,
                "opened_at": opened_at,
                "snoozed_until": today_of(rhythm.group, now) + 5 * DAY if number % 4 == 3 else None,
            },
        )


def _talk(now):
    """Let a few words have been written, one of them answered, and one group ask for a hand."""
    outcomes = [Nudge.Outcome.WAITING, Nudge.Outcome.ANSWERED, Nudge.Outcome.ON_HOLIDAY]
    alerts = Alert.objects.select_related("rhythm__group").order_by("pk")[: len(outcomes)]
    for number, (alert, outcome) in enumerate(zip(alerts, outcomes, strict=False)):
        group = alert.rhythm.group
        follow = Follow.objects.filter(group=group).select_related("person").first()
        if follow:
            Nudge.objects.create(
                group=group,
                alert=alert,
                by=follow.person,
                sent_at=now - (16 + number) * DAY,
                text="Bonjour ! Comment va le groupe ?",
                outcome=outcome,
                outcome_at=None if outcome == Nudge.Outcome.WAITING else now - 10 * DAY,
            )
    asking = Facilitator.objects.filter(
        confirmed_at__isnull=False, group__in=Follow.objects.values("group")
    ).first()
    if asking:
        HelpRequest.objects.create(
            group=asking.group,
            by=asking.person,
            occasion=HelpRequest.Occasion.REORGANISING,
            words="Deux d’entre nous partent : comment se répartir l’animation ?",
            asked_at=now - 2 * DAY,
        )
