from datetime import UTC, date, datetime, timedelta

import pytest

from helpers import cockpit
from helpers.models import Rhythm, Transition
from tests.factories import make_ecosystem, make_group, make_membership

NOW = datetime(2026, 10, 15, 10, tzinfo=UTC)


def make_rhythm(ecosystem, status, *changes, since=date(2025, 1, 1)):
    """Make the meetings of a member: ``status`` today, after the ``changes`` (day, before)."""
    group = make_group()
    make_membership(group, ecosystem)
    rhythm = Rhythm.objects.create(
        group=group, indicator="meetings", status=status, since=since, has_source=True
    )
    states = [before for _day, before in changes] + [status]
    for (day, before), after in zip(changes, states[1:], strict=True):
        Transition.objects.create(rhythm=rhythm, before=before, after=after, on=day, at=NOW)
    return rhythm


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 10, 15), date(2025, 10, 31), date(2026, 9, 30)),
        (date(2027, 3, 1), date(2026, 3, 31), date(2027, 2, 28)),
    ],
)
def test_months_end_on_their_last_days(today, first, last):
    days = cockpit.month_ends(today)

    assert (len(days), days[0], days[-1]) == (12, first, last)


@pytest.mark.django_db
def test_status_of_a_day_is_what_the_next_change_changed(django_assert_num_queries):
    ecosystem = make_ecosystem()
    make_rhythm(ecosystem, "silent", (date(2026, 6, 30), "on_track"), (date(2026, 9, 1), "late"))
    make_rhythm(ecosystem, "on_track", since=date(2026, 8, 1))
    members = ecosystem.memberships.values("group")
    days = cockpit.month_ends(date(2026, 10, 15))

    # The changes · the rhythms.
    with django_assert_num_queries(2):
        counts = cockpit.statuses_on(days, members)

    def on(day):
        return {name: n for name, n in counts[day]["meetings"].items() if n}

    assert on(date(2026, 5, 31)) == {"on_track": 1}
    # It changed on that very day.
    assert on(date(2026, 6, 30)) == {"late": 1}
    assert on(date(2026, 8, 31)) == {"late": 1, "on_track": 1}
    assert on(date(2026, 9, 30)) == {"silent": 1, "on_track": 1}


@pytest.mark.django_db
def test_shares_over_time_are_told_only_of_many_groups():
    ecosystem = make_ecosystem()
    for _ in range(6):
        make_rhythm(ecosystem, "on_track", (date(2026, 8, 15), "silent"))
    for _ in range(5):
        make_rhythm(ecosystem, "silent")
    make_rhythm(ecosystem, "silent", (date(2026, 8, 15), "on_track"))

    numbers = cockpit.cockpit_of(ecosystem, NOW)

    meetings = dict(numbers["shares"][1].months)
    # One of twelve was on track: nothing is told. Then six of twelve.
    assert meetings[date(2026, 7, 31)] is None
    assert meetings[date(2026, 8, 31)] == 50
    assert numbers["months"][0] == (date(2026, 9, 30), [None, 50, None, None, None])
    assert len(numbers["months"]) == 12
    assert numbers["has_months"]


@pytest.mark.django_db
@pytest.mark.parametrize("groups", [1, 8])
def test_numbers_cost_the_same_for_any_number_of_groups(django_assert_num_queries, groups):
    ecosystem = make_ecosystem()
    for _ in range(groups):
        make_rhythm(ecosystem, "on_track", (date(2026, 8, 15), "silent"))

    # Today · two of the months · groups · helpers · outcomes · alerts.
    with django_assert_num_queries(7):
        cockpit.cockpit_of(ecosystem, NOW)


@pytest.mark.django_db
def test_share_of_entries_checked_lately_is_told():
    ecosystem = make_ecosystem()
    for days in [10] * 6 + [200] * 6:
        make_membership(make_group(confirmed_at=NOW - timedelta(days=days)), ecosystem)

    assert cockpit.cockpit_of(ecosystem, NOW)["checked"] == 50
