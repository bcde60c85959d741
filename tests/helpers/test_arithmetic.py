import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import arithmetic
from helpers.arithmetic import (
    Facts,
    assess,
    covered,
    derive,
    is_announced,
    is_irregular,
    is_learning,
    is_poll_open,
    is_rhythm_doubted,
    late_after,
    learn,
    learn_one,
    quiet_days,
    silent_after,
    status_on,
    usual_gap,
)
from helpers.indicators import Indicator, Sensitivity, Status, UnknownReason
from helpers.pauses import active_days, day_after, laid_out
from helpers.weeks import add_to_weeks, busy_days, monday_of, quieter_day, weeks_by

TODAY = date(2026, 10, 1)
DAY = timedelta(days=1)
CASES = json.loads((Path(__file__).parent.parent / "data/edge_cases.json").read_text())


def read(value):
    """Return what a case says, with days as days."""
    if isinstance(value, list):
        return [read(each) for each in value]
    if isinstance(value, str) and value[:2] == "20":
        return date.fromisoformat(value)
    return value


def every(days, *, times=12, last=TODAY):
    return [last - timedelta(days=round(days * ago)) for ago in range(times)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['number']}: {case['case']}")
def test_every_edge_case_has_the_expected_outcome(case):
    facts = Facts(**{name: read(value) for name, value in case["facts"].items()})
    today = date.fromisoformat(case["today"])
    expected = {name: read(value) for name, value in case["expected"].items()}

    found = assess(facts, today)

    least, most = expected.pop("usual_days", (0, 999))
    assert least <= found.usual_days <= most
    said = {
        "quiet_days": quiet_days(found, today, laid_out(facts.pauses, today)),
        "is_announced": is_announced(found, today),
        "is_poll_open": is_poll_open(found, today),
        "is_learning": is_learning(found),
        "range": [min(found.gaps), max(found.gaps)] if found.gaps else None,
    }
    assert {name: said.get(name, getattr(found, name, None)) for name in expected} == expected


def test_the_names_are_those_of_the_records():
    assert {*Status.values} == {
        arithmetic.ON_TRACK,
        arithmetic.LATE,
        arithmetic.SILENT,
        arithmetic.TOO_BUSY,
        arithmetic.PAUSED,
        arithmetic.UNKNOWN,
        arithmetic.ARCHIVED,
    }
    assert {*UnknownReason.values} == {"no_source", "unreadable", "nothing_yet"}
    assert list(arithmetic.DEFAULT_DAYS) == Indicator.values
    assert list(arithmetic.PATIENCE) == Sensitivity.values


@pytest.mark.parametrize(
    ("usual", "late", "vigilant", "normal", "relaxed"),
    [
        (7, 11, 22, 29, 43),
        (14, 19, 43, 57, 85),
        (30, 41, 61, 91, 151),
        (60, 81, 91, 91, 151),
        (91, 122, 137, 137, 151),
        (365, 396, 426, 426, 426),
    ],
)
def test_the_first_days_of_late_and_silent(usual, late, vigilant, normal, relaxed):
    found = [late_after(usual), *(silent_after(usual, each) for each in Sensitivity.values)]

    assert [int(days) + 1 for days in found] == [late, vigilant, normal, relaxed]


# ── Properties ──────────────────────────────────────────────────────────────────────────────────

days_before = st.integers(0, 700).map(lambda ago: TODAY - ago * DAY)
some_days = st.lists(days_before, max_size=30)
pauses = st.lists(
    st.tuples(days_before, st.integers(0, 90), st.booleans()).map(
        lambda drawn: (drawn[0], drawn[0] + drawn[1] * DAY, drawn[2])
    ),
    max_size=2,
)
declared = st.none() | st.floats(1, 732)
facts = st.builds(
    Facts,
    indicator=st.sampled_from(Indicator.values),
    days=some_days,
    announced=st.lists(st.integers(-40, 400).map(lambda ahead: TODAY + ahead * DAY), max_size=2),
    poll_since=st.none() | days_before,
    declared_days=declared,
    declared_on=st.none() | days_before,
    sensitivity=st.sampled_from(["", *Sensitivity.values]),
    since=st.none() | days_before,
    woken_on=st.none() | days_before,
    collected_through=st.none() | days_before,
    has_source=st.booleans(),
    pauses=pauses,
    is_asleep=st.booleans(),
    is_archived=st.booleans(),
    weeks=st.lists(st.integers(0, 60), max_size=40),
    most_a_week=st.none() | st.integers(1, 40),
)


def with_(facts, **changes):
    names = (name for name in Facts.__slots__ if name not in changes)
    return Facts(**{name: getattr(facts, name) for name in names}, **changes)


@given(facts)
def test_a_sign_of_life_today_leaves_an_indicator_neither_late_nor_silent(facts):
    seen = with_(facts, days=[*facts.days, TODAY], weeks=[])

    assert assess(seen, TODAY).status not in {"late", "silent"}


@given(facts, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(facts, random):
    shuffled = [*facts.days, *facts.days[:3]]
    random.shuffle(shuffled)

    assert assess(with_(facts, days=shuffled), TODAY) == assess(facts, TODAY)


@given(facts, st.integers(1, 400))
def test_a_newer_last_sign_of_life_never_brings_the_alert_nearer(facts, later):
    found = assess(facts, TODAY)
    laid = laid_out(facts.pauses, TODAY)
    before = derive(found, laid, TODAY)
    found.last_on = (found.last_on or TODAY) + later * DAY
    found.first_on = found.first_on or found.last_on
    # Held fixed: the usual gap is what it was before.
    found.gaps = found.gaps or [30]
    newer = derive(found, laid, TODAY)

    if before["silent_on"] and before["usual_days"] == newer["usual_days"]:
        assert newer["silent_on"] >= before["silent_on"]
        assert newer["late_on"] >= before["late_on"]


@given(facts, st.integers(8, 400))
def test_a_broken_source_never_makes_a_group_silent(facts, behind):
    broken = with_(
        facts,
        collected_through=TODAY - behind * DAY,
        days=[day for day in facts.days if (TODAY - day).days >= behind],
    )

    found = assess(broken, TODAY)

    assert found.status in {"archived", "paused", "unknown"}
    assert found.status != "unknown" or found.unknown_reason in {"no_source", "unreadable"}


@given(facts)
def test_unknown_unreadable_and_zero_never_mix(facts):
    found = assess(facts, TODAY)

    assert (found.status == "unknown") == bool(found.unknown_reason)
    if found.unknown_reason == "no_source":
        assert not facts.has_source
    if found.unknown_reason == "unreadable":
        assert facts.has_source
        assert (TODAY - covered(found, TODAY)).days > 7
    if found.unknown_reason == "nothing_yet":
        assert found.last_on is None
    if found.status in {"late", "silent", "too_busy", "on_track"}:
        assert facts.has_source
        assert found.last_on or found.since


@given(some_days, pauses, st.none() | days_before)
def test_days_one_after_the_other_teach_what_all_at_once_do(days, drawn, declared_on):
    laid = laid_out(drawn, TODAY)
    gaps, last = [], None
    for day in sorted(set(days)):
        gaps, last = learn_one(gaps, last, day, laid, declared_on), day

    assert (gaps, last) == (learn(days, laid, declared_on)[0], max(days, default=None))


@given(facts)
def test_the_dates_say_what_counting_the_days_says(facts):
    laid = laid_out(facts.pauses, TODAY)
    found = assess(facts, TODAY)
    quiet = quiet_days(found, TODAY, laid)
    if quiet is None:
        return

    through = covered(found, TODAY)
    patience = silent_after(found.usual_days, arithmetic.sensitivity_of(found))
    assert (through >= found.late_on) == (quiet > late_after(found.usual_days))
    assert (through >= found.silent_on) == (quiet > patience)


@given(facts, st.integers(0, 500))
def test_a_later_day_needs_only_the_dates_and_the_pause(facts, later):
    """What the daily pass relies on."""
    settled = with_(facts, announced=[], days=sorted(facts.days))
    day = TODAY + later * DAY
    weeks_until = monday_of(TODAY)
    settled = with_(settled, weeks_until=weeks_until)
    kept = assess(settled, TODAY)
    kept.paused_from, kept.paused_until = arithmetic.next_pause(laid_out(facts.pauses, TODAY), day)

    anew = assess(settled, day)

    assert status_on(kept, day) == (anew.status, anew.unknown_reason)


# ── One by one ──────────────────────────────────────────────────────────────────────────────────


def test_a_yearly_pause_comes_back():
    august = [(date(2024, 8, 1), date(2024, 8, 31), True)]
    monthly = every(30, last=date(2026, 7, 20))

    assert assess(Facts(days=monthly, pauses=august), date(2026, 8, 15)).status == "paused"
    assert assess(Facts(days=monthly, pauses=august), date(2026, 9, 10)).status == "on_track"
    assert assess(Facts(days=monthly), date(2026, 9, 10)).status == "late"


def test_a_yearly_pause_from_the_leap_day_begins_on_the_day_before_elsewhere():
    laid = laid_out([(date(2024, 2, 29), date(2024, 3, 10), True)], TODAY)

    assert laid[1] == (date(2025, 2, 28).toordinal(), date(2025, 3, 10).toordinal())


def test_paused_all_year_round_ends_nowhere_but_in_a_date():
    laid = laid_out([(date(2026, 1, 1), date(2026, 12, 31), True)], TODAY)

    assert day_after(TODAY, 30, laid) > date(2050, 1, 1)


def test_days_in_a_pause_count_once():
    laid = laid_out([(TODAY, TODAY + 9 * DAY), (TODAY + 5 * DAY, TODAY + 14 * DAY)], TODAY)

    assert active_days(TODAY - DAY, TODAY + 15 * DAY, laid) == 1
    assert day_after(TODAY - DAY, 0, laid) == TODAY + 15 * DAY


def test_a_pause_of_today_is_paused_on_both_its_days():
    facts = Facts(days=every(30), pauses=[(TODAY, TODAY + 9 * DAY)])

    found = [assess(facts, TODAY + ahead * DAY).status for ahead in (-1, 0, 9, 10)]

    assert found == ["on_track", "paused", "paused", "on_track"]


def test_no_source_is_said_before_anything_is_judged_but_not_during_a_pause():
    quiet = {"days": every(30, last=TODAY - 200 * DAY), "has_source": False}

    assert assess(Facts(**quiet), TODAY).unknown_reason == "no_source"
    assert assess(Facts(**quiet, is_asleep=True), TODAY).status == "paused"


def test_a_group_that_woke_up_gets_its_whole_patience_again():
    facts = Facts(days=every(30, last=TODAY - 300 * DAY), woken_on=TODAY - 40 * DAY)

    assert assess(facts, TODAY).status == "on_track"
    assert assess(facts, TODAY + 1 * DAY).status == "late"
    assert assess(facts, TODAY + 21 * DAY).status == "silent"


def test_evidence_by_hand_covers_its_own_day_and_a_week_more():
    broken = Facts(
        days=[*every(30, last=TODAY - 40 * DAY), TODAY], collected_through=TODAY - 30 * DAY
    )

    assert assess(broken, TODAY + 7 * DAY).status == "on_track"
    assert assess(broken, TODAY + 8 * DAY).unknown_reason == "unreadable"


def test_a_new_rhythm_is_doubted_once_six_gaps_leave_it_on_one_side():
    def doubted(gap, times=8):
        return is_rhythm_doubted(
            assess(Facts(days=every(gap, times=times), declared_days=30.4), TODAY)
        )

    assert [doubted(gap) for gap in (14, 20, 30, 54, 60)] == [True, False, False, False, True]
    assert not doubted(60, times=6)


def test_irregular_is_said_where_long_gaps_are_more_than_three_short_ones():
    assert is_irregular([9, 80, 10, 70, 12, 60])
    assert not is_irregular([30, 31, 29, 61])
    assert not is_irregular([9, 80, 9])


def test_a_rhythm_is_pulled_by_what_is_declared_and_capped():
    assert usual_gap([30, 30, 30], 7.0) == pytest.approx(14.49, abs=0.01)
    assert usual_gap([90, 90, 90]) == 60
    assert usual_gap([], active_for=55) == 30
    assert usual_gap([], active_for=56) == 7
    assert usual_gap([], indicator="discussion") == 14


# ── Too busy, much quieter ──────────────────────────────────────────────────────────────────────


def discussion(weeks, today=TODAY, **fields):
    facts = Facts(indicator="discussion", days=[today - DAY], weeks=weeks, **fields)
    return assess(facts, today).status


def test_too_busy_is_over_after_two_calm_weeks():
    weeks = [10] * 20 + [60]

    assert discussion(weeks) == "too_busy"
    assert discussion([*weeks, 10]) == "too_busy"
    assert discussion([*weeks, 10, 10]) == "on_track"


def test_nothing_is_too_busy_while_a_usual_week_is_not_known():
    assert discussion([10] * 8 + [60]) == "too_busy"
    assert discussion([10] * 7 + [60]) == "on_track"


def test_much_quieter_than_usual_is_late():
    assert discussion([10] * 12 + [2, 2, 2, 2]) == "late"
    assert discussion([10] * 12 + [10, 2, 2, 2]) == "on_track"
    assert discussion([10] * 12 + [2, 2, 2, 3]) == "on_track"
    assert discussion([3] * 12 + [0, 0, 0, 0]) == "on_track"


def test_much_quieter_waits_for_the_fourth_week_to_be_over():
    until = monday_of(TODAY)

    assert quieter_day([10] * 12 + [1], until) == until + 21 * DAY
    assert quieter_day([10] * 12 + [1, 1, 1, 1], until) == until
    # The running week is quiet so far: what was so already, is so still.
    assert quieter_day([10] * 12 + [1, 1, 1, 1, 0], until + 7 * DAY) == until
    assert quieter_day([3] * 12, until) is None


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 9)), max_size=40))
def test_messages_in_any_order_make_the_same_weeks(drawn):
    def weeks_of(messages):
        weeks, until = [], None
        for ago, count in messages:
            weeks, until = add_to_weeks(weeks, until, TODAY - ago * DAY, count)
        return weeks, until

    assert weeks_of(drawn) == weeks_of(drawn[::-1]) == weeks_of(sorted(drawn))


def test_older_messages_than_are_kept_say_that_the_weeks_since_were_empty():
    newest_first = add_to_weeks(*add_to_weeks([], None, TODAY, 5), TODAY - 400 * DAY, 3)
    oldest_first = add_to_weeks(*add_to_weeks([], None, TODAY - 400 * DAY, 3), TODAY, 5)

    assert newest_first == oldest_first == ([0] * 31 + [5], monday_of(TODAY) + 7 * DAY)


def test_a_message_after_months_leaves_zeros_between():
    weeks, until = add_to_weeks([4], monday_of(TODAY), TODAY + 14 * DAY, 2)

    assert (weeks, until) == ([4, 0, 0, 2], monday_of(TODAY) + 21 * DAY)


def test_weeks_that_nobody_wrote_in_are_zeros_by_then():
    found = assess(Facts(indicator="discussion", weeks=[4, 5]), TODAY)

    assert weeks_by(found, TODAY) == [4, 5]
    assert weeks_by(found, TODAY + 14 * DAY) == [4, 5, 0, 0]
    assert weeks_by(found, TODAY - 7 * DAY) == [4]


def test_a_busy_week_counts_from_its_end():
    until = monday_of(TODAY) + 7 * DAY

    assert busy_days([10] * 20 + [90], until) == (until, until + 14 * DAY)
    assert busy_days([10] * 20 + [90, 1], until) == (until - 7 * DAY, until + 7 * DAY)
