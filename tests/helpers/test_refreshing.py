import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DatabaseCase

from groups.models import Group, Pause
from helpers.arithmetic import assess, status_on
from helpers.models import Rhythm, Sighting, Transition
from helpers.recording import announce, cover, open_poll, rhythms_of, see
from helpers.recording.keeping import KEPT
from helpers.refreshing import refresh
from tests.factories import make_group
from tests.helpers.factories import DAY, NOW, TODAY, every, make_source
from tests.helpers.test_arithmetic import facts

pytestmark = pytest.mark.django_db


def rhythm_of(group, indicator="meetings"):
    return Rhythm.objects.get(group=group, indicator=indicator)


def changes_of(group):
    rows = Transition.objects.filter(rhythm__group=group, rhythm__indicator="meetings")
    return list(rows.order_by("pk").values_list("before", "after", "on", "cause"))


def test_the_days_make_late_and_silent():
    group = make_group()
    see(group, "meetings", every(30), now=NOW)

    for ahead in range(70):
        refresh(NOW + ahead * DAY)

    assert changes_of(group)[1:] == [
        ("on_track", "late", TODAY + 41 * DAY, "time"),
        ("late", "silent", TODAY + 61 * DAY, "time"),
    ]


def test_days_that_were_missed_are_no_harm_and_twice_changes_nothing():
    group = make_group()
    see(group, "meetings", every(30), now=NOW)

    first, second = refresh(NOW + 100 * DAY), refresh(NOW + 100 * DAY)

    assert changes_of(group)[1:] == [("on_track", "silent", TODAY + 61 * DAY, "time")]
    assert rhythm_of(group).status_since == TODAY + 61 * DAY
    assert (first["statuses"], second["statuses"], second["new"]) == (1, 0, 0)


def test_every_published_group_gets_its_five_rhythms():
    make_group()
    make_group(review="pending")

    assert refresh(NOW)["new"] == 5
    assert set(Rhythm.objects.values_list("status", "unknown_reason", "since")) == {
        ("unknown", "no_source", TODAY)
    }


def test_each_group_is_judged_by_its_own_day():
    far, here = make_group(time_zone="Pacific/Kiritimati"), make_group()
    for group in (far, here):
        see(group, "meetings", every(30, last=TODAY - 60 * DAY), now=NOW - DAY)

    refresh(NOW)

    assert (rhythm_of(far).status, rhythm_of(here).status) == ("silent", "late")


def test_a_source_that_is_read_no_more_makes_nobody_silent():
    source = make_source()
    see(source.group, "meetings", every(30), source=source, now=NOW)
    cover(source, TODAY, now=NOW)

    refresh(NOW + 100 * DAY)

    assert rhythm_of(source.group).unknown_reason == "unreadable"
    assert changes_of(source.group)[-1][1:] == ("unknown", TODAY + 100 * DAY, "source")


def test_an_announced_date_that_passed_is_evidence():
    group = make_group()
    see(group, "meetings", every(30, last=TODAY - 80 * DAY), now=NOW)
    announce(group, "meetings", TODAY + 10 * DAY, now=NOW)

    refresh(NOW + 10 * DAY)
    assert not Sighting.objects.filter(day=TODAY + 10 * DAY).exists()
    refresh(NOW + 11 * DAY)

    assert rhythm_of(group).last_on == TODAY + 10 * DAY
    assert rhythm_of(group).status == "on_track"


def test_a_forgotten_poll_ends_in_silence():
    group = make_group()
    see(group, "meetings", every(30, last=TODAY - 80 * DAY), now=NOW)
    open_poll(group, "meetings", now=NOW)

    found = []
    for ahead in (21, 22):
        refresh(NOW + ahead * DAY)
        found.append(rhythm_of(group).status)

    assert found == ["late", "silent"]


def test_pauses_chosen_in_the_directory_are_noticed():
    group = make_group()
    see(group, "meetings", every(30, last=TODAY - 80 * DAY), now=NOW)
    chosen = Pause.objects.create(group=group, from_day=TODAY, until_day=TODAY + 9 * DAY)

    refresh(NOW)
    assert rhythm_of(group).status == "paused"
    chosen.delete()
    refresh(NOW)
    assert rhythm_of(group).status == "silent"
    assert [cause for *_change, cause in changes_of(group)[1:]] == ["pause", "pause"]


def test_a_yearly_pause_is_followed_by_that_of_the_next_year():
    group = make_group()
    Pause.objects.create(group=group, from_day=TODAY, until_day=TODAY + 9 * DAY, is_yearly=True)
    see(group, "meetings", every(30), now=NOW)

    refresh(NOW + 10 * DAY)

    rhythm = rhythm_of(group)
    assert rhythm.status == "on_track"
    assert rhythm.paused_from == TODAY.replace(year=TODAY.year + 1)


@pytest.mark.parametrize(("activity", "status"), [("asleep", "paused"), ("archived", "archived")])
def test_a_group_that_falls_asleep_or_is_archived_and_wakes_up(activity, status):
    group = make_group()
    see(group, "meetings", every(30, last=TODAY - 80 * DAY), now=NOW)

    Group.objects.filter(pk=group.pk).update(activity=activity)
    refresh(NOW)
    assert set(Rhythm.objects.values_list("status", flat=True)) == {status}

    Group.objects.filter(pk=group.pk).update(activity="active")
    refresh(NOW + 5 * DAY)
    rhythm = rhythm_of(group)
    assert (rhythm.status, rhythm.woken_on) == ("on_track", TODAY + 5 * DAY)


@pytest.mark.parametrize("groups", [1, 3])
def test_a_day_on_which_nothing_happens_costs_the_same_for_any_number_of_groups(
    groups, django_assert_num_queries
):
    for _ in range(groups):
        see(make_group(), "meetings", every(30), now=NOW)
    refresh(NOW)

    # Time zones, missing rhythms (5), asleep, archived, woken, pauses known and chosen,
    # announcements, pauses that are over; then savepoint, comparison, release.
    with django_assert_num_queries(16):
        refresh(NOW)


class LikeOneByOne(DatabaseCase):
    @given(st.lists(facts, min_size=1, max_size=5), st.integers(0, 200))
    def test_rows_are_compared_as_one_is_judged(self, drawn, later):
        """What `status_on` says of a rhythm, the database says of its row."""
        day = TODAY + later * DAY
        group = make_group()
        rhythms_of(group, NOW)
        for rhythm, each in zip(Rhythm.objects.order_by("pk"), drawn, strict=False):
            found = assess(each, TODAY)
            for name in set(KEPT) & set(type(found).__slots__) - {"is_asleep", "is_archived"}:
                setattr(rhythm, name, getattr(found, name))
            rhythm.status, rhythm.unknown_reason = "on_track", ""
            rhythm.save()

        refresh(NOW + later * DAY)

        for rhythm in Rhythm.objects.all():
            assert (rhythm.status, rhythm.unknown_reason) == status_on(rhythm, day)
