from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DatabaseCase

from groups import upkeep
from groups.models import Group, Pause
from helpers.indicators import Indicator
from helpers.models import Announcement, Rhythm, Sighting, Transition
from helpers.recording import (
    Refused,
    announce,
    announce_all,
    cancel_announcement,
    cover,
    declare_rhythm,
    end_indicator,
    end_pause,
    open_poll,
    pause,
    recompute,
    reopen_indicator,
    rhythms_of,
    see,
    see_all,
    settle_passed,
    unsee,
)
from helpers.recording.keeping import KEPT
from tests.factories import make_group
from tests.helpers.factories import DAY, NOW, TODAY, every, make_source
from tests.sharing import at_once

pytestmark = pytest.mark.django_db


@dataclass
class Seen:
    outside_id: str
    day: date
    count: int = 1


@dataclass
class Coming:
    outside_id: str
    day: date
    is_confirmed: bool = True
    is_cancelled: bool = False


def rhythm_of(group, indicator="meetings"):
    return Rhythm.objects.get(group=group, indicator=indicator)


def changes_of(group, indicator="meetings"):
    rows = Transition.objects.filter(rhythm__group=group, rhythm__indicator=indicator)
    return list(rows.order_by("pk").values_list("before", "after", "cause"))


def state_of(rhythm):
    names = [name for name in KEPT if name not in {"status_since"}]
    return {name: getattr(rhythm, name) for name in names}


def assert_true_to_the_evidence(group, now=NOW):
    """What was kept, step by step, is what reading everything again gives."""
    kept = [state_of(each) for each in Rhythm.objects.filter(group=group).order_by("pk")]
    recompute(group, cause="backfill", now=now)
    again = Rhythm.objects.filter(group=group).order_by("pk")[: len(kept)]
    assert [state_of(each) for each in again] == kept


def test_five_rhythms_are_made_once_and_know_nothing():
    group = make_group()

    rhythms = rhythms_of(group, NOW)

    assert list(rhythms) == Indicator.values
    assert {(each.status, each.unknown_reason) for each in rhythms.values()} == {
        ("unknown", "no_source")
    }
    assert {each.since for each in rhythms.values()} == {TODAY}
    assert rhythms_of(group, NOW) == rhythms
    assert Transition.objects.count() == 0


def test_rhythms_that_are_there_cost_one_query(django_assert_num_queries):
    group = make_group()
    rhythms_of(group, NOW)

    with django_assert_num_queries(1):
        rhythms_of(group, NOW)


def test_meetings_noted_by_hand_tell_the_habit():
    group = make_group()

    see(group, "meetings", every(30, last=TODAY - 20 * DAY), now=NOW)

    rhythm = rhythm_of(group)
    assert rhythm.status == "on_track"
    assert (rhythm.gaps, rhythm.last_on) == ([30] * 11, TODAY - 20 * DAY)
    assert rhythm.silent_on == TODAY + 41 * DAY
    assert rhythm.has_source
    assert rhythm.collected_through is None
    assert changes_of(group) == [("unknown", "on_track", "sighting")]
    assert_true_to_the_evidence(group)


@pytest.mark.parametrize("times", [2, 40])
@pytest.mark.parametrize("by_hand", [False, True])
def test_a_new_newest_day_costs_the_same_however_many_came_before(
    times, by_hand, django_assert_num_queries
):
    group = make_group()
    source = None if by_hand else make_source(group)
    see(group, "meetings", every(30, times=times, last=TODAY - 30 * DAY), source=source, now=NOW)

    # By hand: savepoint, group, rhythm, pauses, that day, the new row, sources, rhythm, release.
    # From a source, also: what was taken back of it.
    with django_assert_num_queries(9 if by_hand else 10) as queries:
        see(group, "meetings", {TODAY: 1}, source=source, now=NOW)

    assert not [
        each
        for each in queries.captured_queries
        if "ORDER BY" in each["sql"] and "helpers_sighting" in each["sql"]
    ]
    assert_true_to_the_evidence(group)


def test_reading_a_source_again_changes_nothing():
    source = make_source(indicator="news")
    seen = [Seen("a", TODAY - 40 * DAY), Seen("b", TODAY - 3 * DAY), Seen("c", TODAY - 3 * DAY)]

    assert see_all(source, seen, now=NOW) == 3
    assert see_all(source, seen, now=NOW) == 0

    assert Sighting.objects.count() == 3
    assert rhythm_of(source.group, "news").gaps == [37]


def test_a_day_noted_by_two_people_is_one_meeting():
    group = make_group()

    assert see(group, "meetings", {TODAY: 1}, now=NOW) == 1
    assert see(group, "meetings", {TODAY: 1}, now=NOW) == 0

    assert Sighting.objects.count() == 1


def test_older_days_are_learned_too_and_are_no_return_to_life():
    group = make_group()
    see(group, "meetings", {TODAY - 30 * DAY: 1}, now=NOW)
    see(group, "meetings", {TODAY - 60 * DAY: 1, TODAY - 98 * DAY: 1}, now=NOW)

    rhythm = rhythm_of(group)
    assert rhythm.gaps == [38, 30]
    assert (rhythm.first_on, rhythm.last_on) == (TODAY - 98 * DAY, TODAY - 30 * DAY)


def test_what_comes_late_shows_that_there_was_no_silence():
    source = make_source(collected_through=TODAY)
    see(source.group, "meetings", every(30, last=TODAY - 61 * DAY), source=source, now=NOW)
    assert rhythm_of(source.group).status == "silent"

    see(source.group, "meetings", {TODAY - 10 * DAY: 1}, source=source, now=NOW)

    assert changes_of(source.group)[-1] == ("silent", "on_track", "backfill")


def test_a_sign_after_the_silence_is_a_return_to_life():
    group = make_group()
    see(group, "meetings", every(30, last=TODAY - 61 * DAY), now=NOW)

    see(group, "meetings", {TODAY + 5 * DAY: 1}, now=NOW + 5 * DAY)

    assert changes_of(group)[-1] == ("silent", "on_track", "sighting")


def test_a_corrected_date_moves_the_habit():
    source = make_source(indicator="news")
    see_all(source, [Seen("a", TODAY - 40 * DAY), Seen("b", TODAY - 3 * DAY)], now=NOW)

    see_all(source, [Seen("b", TODAY - 10 * DAY)], now=NOW)

    assert rhythm_of(source.group, "news").gaps == [30]
    assert_true_to_the_evidence(source.group)


def test_a_sign_taken_back_is_forgotten_and_does_not_come_back():
    source = make_source()
    see_all(source, [Seen("a", TODAY - 40 * DAY), Seen("b", TODAY - 3 * DAY)], now=NOW)
    sign = Sighting.objects.get(outside_id="b")

    assert unsee(sign, by=None, now=NOW)
    assert not unsee(sign, by=None, now=NOW)
    see_all(source, [Seen("a", TODAY - 40 * DAY), Seen("b", TODAY - 3 * DAY)], now=NOW)

    assert rhythm_of(source.group).last_on == TODAY - 40 * DAY
    assert_true_to_the_evidence(source.group)


@pytest.mark.parametrize(
    ("counts", "code"),
    [({TODAY + DAY: 1}, "not_a_day_past"), ({}, "not_a_day_past"), ({TODAY: 0}, "no_count")],
)
def test_what_is_no_evidence_is_refused(counts, code):
    with pytest.raises(Refused) as refused:
        see(make_group(), "meetings", counts, now=NOW)

    assert refused.value.code == code
    assert Sighting.objects.count() == 0


def test_today_is_the_day_where_the_group_lives():
    far = make_group(time_zone="Pacific/Kiritimati")

    see(far, "meetings", {TODAY + DAY: 1}, now=NOW)

    assert rhythm_of(far).since == TODAY + DAY


def test_what_a_source_dates_later_waits_for_its_day():
    source = make_source(indicator="news")
    seen = [Seen("a", TODAY - 3 * DAY), Seen("b", TODAY + 2 * DAY), Seen("c", date(1970, 1, 1))]

    assert see_all(source, seen, now=NOW) == 1
    assert see_all(source, seen, now=NOW + 2 * DAY) == 1


def test_an_import_dated_today_is_refused_and_a_first_post_is_not():
    source = make_source(indicator="space")

    with pytest.raises(Refused):
        see_all(source, [Seen(str(number), TODAY) for number in range(3)], now=NOW)

    assert see_all(source, [Seen("1", TODAY)], now=NOW) == 1
    assert see_all(source, [Seen(str(number), TODAY) for number in range(9)], now=NOW) == 8


# ── What sources cover ──────────────────────────────────────────────────────────────────────────


def test_the_best_of_several_sources_is_what_is_covered():
    group = make_group()
    broken = make_source(group, collected_through=TODAY - 30 * DAY)
    see(group, "meetings", every(30, last=TODAY - 61 * DAY), source=broken, now=NOW)
    assert rhythm_of(group).unknown_reason == "unreadable"

    fine = make_source(group, collected_through=None)
    cover(fine, TODAY, now=NOW)

    assert rhythm_of(group).status == "silent"
    fine.refresh_from_db()
    assert fine.collected_through == TODAY


def test_a_new_source_that_was_never_read_makes_nobody_silent():
    group = make_group()
    make_source(group, collected_through=None, accepted_at=NOW - 200 * DAY)

    recompute(group, cause="source", now=NOW)

    assert rhythm_of(group).unknown_reason == "unreadable"


def test_a_note_that_nothing_is_new_covers_what_no_source_does():
    source = make_source(collected_through=TODAY - 30 * DAY)
    see(source.group, "meetings", every(30, last=TODAY - 90 * DAY), source=source, now=NOW)

    cover(rhythm_of(source.group), TODAY, now=NOW)

    assert rhythm_of(source.group).status == "silent"


def test_what_is_covered_never_goes_back():
    source = make_source()

    cover(source, TODAY - 30 * DAY, now=NOW)

    source.refresh_from_db()
    assert source.collected_through == TODAY


def test_without_its_source_nothing_is_known():
    source = make_source()
    see(source.group, "meetings", every(30), source=source, now=NOW)
    source.stopped_at = NOW
    source.save()

    recompute(source.group, cause="source", now=NOW)

    assert rhythm_of(source.group).unknown_reason == "no_source"


# ── What is announced ───────────────────────────────────────────────────────────────────────────


def quiet_group():
    group = make_group()
    see(group, "meetings", every(30, last=TODAY - 80 * DAY), now=NOW)
    return group


def test_an_announced_date_speaks_until_it_has_passed_and_then_it_is_evidence():
    group = quiet_group()

    announce(group, "meetings", TODAY + 10 * DAY, now=NOW)
    assert changes_of(group)[-1] == ("silent", "on_track", "announced")

    settle_passed(group.pk, "meetings", NOW + 11 * DAY)
    rhythm = rhythm_of(group)
    assert (rhythm.status, rhythm.last_on, rhythm.next_on) == ("on_track", TODAY + 10 * DAY, None)
    settle_passed(group.pk, "meetings", NOW + 11 * DAY)
    assert Sighting.objects.filter(day=TODAY + 10 * DAY).count() == 1


def test_a_date_called_off_speaks_no_more():
    group = quiet_group()
    date_ = announce(group, "meetings", TODAY + 10 * DAY, now=NOW)

    assert cancel_announcement(date_, by=None, now=NOW)
    assert not cancel_announcement(date_, by=None, now=NOW)

    assert rhythm_of(group).status == "silent"


def test_a_passed_date_that_was_not_held_is_evidence_no_more():
    group = quiet_group()
    date_ = announce(group, "meetings", TODAY + 10 * DAY, now=NOW)
    settle_passed(group.pk, "meetings", NOW + 11 * DAY)

    cancel_announcement(date_, by=None, now=NOW + 12 * DAY)

    assert rhythm_of(group).status == "silent"
    assert_true_to_the_evidence(group, NOW + 12 * DAY)


def test_a_past_day_is_not_announced():
    with pytest.raises(Refused):
        announce(make_group(), "meetings", TODAY - DAY, now=NOW)


def test_dates_of_a_calendar_come_move_and_go():
    source = make_source()
    group = source.group

    assert announce_all(
        source, [Coming("a", TODAY + 9 * DAY), Coming("b", TODAY + 20 * DAY)], now=NOW
    )
    assert rhythm_of(group).next_on == TODAY + 9 * DAY
    assert announce_all(
        source, [Coming("a", TODAY + 12 * DAY), Coming("b", TODAY + 20 * DAY)], now=NOW
    )
    assert rhythm_of(group).next_on == TODAY + 12 * DAY
    assert announce_all(source, [Coming("b", TODAY + 20 * DAY)], now=NOW)
    assert rhythm_of(group).next_on == TODAY + 20 * DAY
    assert not announce_all(source, [Coming("b", TODAY + 20 * DAY)], now=NOW)
    assert announce_all(source, [Coming("b", TODAY + 20 * DAY, is_cancelled=True)], now=NOW)
    assert rhythm_of(group).next_on is None
    assert Announcement.objects.count() == 2


def test_what_a_person_called_off_stays_so_whatever_the_calendar_shows():
    source = make_source()
    announce_all(source, [Coming("a", TODAY + 9 * DAY)], now=NOW)
    person = make_group_person()

    cancel_announcement(Announcement.objects.get(), by=person, now=NOW)
    announce_all(source, [Coming("a", TODAY + 9 * DAY)], now=NOW)
    see_all(source, [Seen("a", TODAY + 9 * DAY)], now=NOW + 20 * DAY)

    assert rhythm_of(source.group).next_on is None
    assert not Sighting.objects.exists()


def make_group_person():
    return upkeep.find_or_make_person("ada@example.org", "en")


def test_the_tail_of_a_recurrence_neither_speaks_nor_becomes_evidence():
    source = make_source()
    announce_all(source, [Coming("a", TODAY + 9 * DAY, is_confirmed=False)], now=NOW)

    assert rhythm_of(source.group).next_on is None
    settle_passed(source.group_id, "meetings", NOW + 10 * DAY)
    assert not Sighting.objects.exists()
    assert Announcement.objects.get().settled_at


def test_a_poll_keeps_late_from_silent_until_a_date_is_set():
    group = quiet_group()

    poll = open_poll(group, "meetings", now=NOW)
    assert open_poll(group, "meetings", now=NOW) == poll
    assert rhythm_of(group).status == "late"

    announce(group, "meetings", TODAY + 10 * DAY, now=NOW)
    rhythm = rhythm_of(group)
    assert (rhythm.status, rhythm.poll_since) == ("on_track", None)


# ── Wishes, ends and pauses ─────────────────────────────────────────────────────────────────────


def test_a_new_rhythm_forgets_the_old_gaps():
    group = make_group()
    see(group, "meetings", every(7, last=TODAY - 30 * DAY), now=NOW)
    assert rhythm_of(group).status == "silent"

    declare_rhythm(group, "meetings", 30.4, by=None, now=NOW)

    rhythm = rhythm_of(group)
    assert (rhythm.status, rhythm.gaps, rhythm.declared_on) == ("on_track", [], TODAY)
    assert changes_of(group)[-1] == ("silent", "on_track", "rhythm")
    assert_true_to_the_evidence(group)


def test_a_rhythm_known_from_the_calendar_forgets_nothing():
    group = make_group()
    see(group, "news", every(91, times=6, last=TODAY - 95 * DAY), now=NOW)

    declare_rhythm(group, "news", 91.3, is_new=False, by=None, now=NOW)

    assert rhythm_of(group, "news").gaps == [91] * 5
    assert rhythm_of(group, "news").status == "on_track"


def test_a_wish_to_be_left_longer_is_heard():
    group = make_group()
    see(group, "meetings", every(30, last=TODAY - 61 * DAY), now=NOW)

    declare_rhythm(group, "meetings", None, sensitivity="relaxed", by=None, now=NOW)

    assert rhythm_of(group).status == "late"


def test_what_ended_by_choice_is_archived_until_it_begins_again():
    group = quiet_group()

    end_indicator(group, "meetings", "Finished.", by=None, now=NOW)
    rhythm = rhythm_of(group)
    assert (rhythm.status, rhythm.ended_on, rhythm.ended_why) == ("archived", TODAY, "Finished.")

    reopen_indicator(group, "meetings", by=None, now=NOW)
    rhythm = rhythm_of(group)
    assert (rhythm.status, rhythm.woken_on) == ("on_track", TODAY)
    assert [cause for _before, _after, cause in changes_of(group)[-2:]] == ["choice", "choice"]


def test_a_pause_of_the_group_stops_its_clocks_at_once():
    group = quiet_group()

    pause(group, TODAY + 20 * DAY, by=None, now=NOW)
    rhythm = rhythm_of(group)
    assert (rhythm.status, rhythm.paused_until) == ("paused", TODAY + 20 * DAY)
    assert changes_of(group)[-1] == ("silent", "paused", "pause")

    assert end_pause(group, by=None, now=NOW)
    assert rhythm_of(group).status == "silent"


def test_days_of_a_past_pause_are_taken_out_of_the_gaps():
    group = make_group()
    see(group, "meetings", {TODAY - 70 * DAY: 1, TODAY - 10 * DAY: 1}, now=NOW)

    Pause.objects.create(group=group, from_day=TODAY - 60 * DAY, until_day=TODAY - 31 * DAY)
    see(group, "meetings", {TODAY: 1}, now=NOW)

    assert rhythm_of(group).gaps == [30, 10]


def test_a_group_that_goes_takes_its_records_with_it():
    group = quiet_group()

    group.delete()

    assert not Rhythm.objects.exists()


@pytest.mark.parametrize(("activity", "status"), [("asleep", "paused"), ("archived", "archived")])
def test_a_group_asleep_or_archived_is_judged_no_more(activity, status):
    group = quiet_group()
    Group.objects.filter(pk=group.pk).update(activity=activity)

    recompute(group, cause="archived", now=NOW)
    assert {each.status for each in Rhythm.objects.filter(group=group)} == {status}

    Group.objects.filter(pk=group.pk).update(activity="active")
    recompute(group, cause="choice", now=NOW)
    assert rhythm_of(group).status == "on_track"
    assert rhythm_of(group).woken_on == TODAY


# ── Messages a week ─────────────────────────────────────────────────────────────────────────────


def test_weeks_of_a_discussion_are_kept_message_by_message():
    source = make_source(indicator="discussion")
    monday = TODAY - TODAY.weekday() * DAY
    for week in range(20, 0, -1):
        see(source.group, "discussion", {monday - week * 7 * DAY: 10}, source=source, now=NOW)
    see(source.group, "discussion", {monday - 6 * DAY: 60}, source=source, now=NOW)

    rhythm = rhythm_of(source.group, "discussion")
    assert rhythm.weeks == [10] * 19 + [70]
    assert rhythm.status == "too_busy"
    assert_true_to_the_evidence(source.group)

    see(source.group, "discussion", {monday - 6 * DAY: 5}, source=source, now=NOW)
    assert rhythm_of(source.group, "discussion").status == "on_track"
    assert_true_to_the_evidence(source.group)


# ── In any order, and many at once ──────────────────────────────────────────────────────────────

days = st.integers(0, 500).map(lambda ago: TODAY - ago * DAY)


class InAnyOrder(DatabaseCase):
    @settings(max_examples=15)
    @given(
        st.lists(st.tuples(st.sampled_from("abcdefgh"), days, st.integers(1, 30)), max_size=8),
        st.sampled_from(["discussion", "space"]),
    )
    def test_step_by_step_is_all_at_once(self, looks, indicator):
        source = make_source(indicator=indicator)
        Pause.objects.create(
            group=source.group, from_day=TODAY - 90 * DAY, until_day=TODAY - 60 * DAY
        )
        see_all(source, [Seen("first", TODAY - 300 * DAY, 4)], now=NOW)
        for outside_id, day, count in looks:
            see_all(source, [Seen(outside_id, day, count)], now=NOW)

        assert_true_to_the_evidence(source.group)


@pytest.mark.django_db(transaction=True)
def test_recorders_at_once_lose_nothing(shared):
    group = make_group()
    sources = [make_source(group, indicator="discussion") for _ in range(4)]

    def read(source, offset):
        def write():
            for number in range(5):
                day = TODAY - (60 - number * 12 - offset) * DAY
                see(group, "discussion", {day: 3}, source=source, now=NOW)

        return write

    deeds = [read(source, offset) for offset, source in enumerate(sources)]
    assert at_once(shared, *deeds) == []

    rhythm = rhythm_of(group, "discussion")
    assert sum(rhythm.weeks) == 4 * 5 * 3
    assert Rhythm.objects.count() == 1
    assert_true_to_the_evidence(group)


@pytest.mark.django_db(transaction=True)
def test_a_pause_and_a_sign_of_life_at_once_do_not_lock_up(shared):
    groups = [make_group() for _ in range(2)]
    for group in groups:
        see(group, "meetings", {TODAY - 90 * DAY: 1}, now=NOW)

    def rest():
        for ahead in range(5):
            pause(groups[0], TODAY + ahead * DAY, by=None, now=NOW)

    def read():
        for ago in range(5):
            see(groups[0], "meetings", {TODAY - ago * 9 * DAY: 1}, now=NOW)

    assert at_once(shared, rest, read, read) == []
    rhythm = rhythm_of(groups[0])
    assert (rhythm.last_on, rhythm.status) == (TODAY, "paused")
    assert_true_to_the_evidence(groups[0])
