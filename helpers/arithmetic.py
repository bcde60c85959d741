"""When a group is late, silent or too busy against its own habit: values in, values out.

Nothing here reads a clock or a record. What is said of a `state` is said of anything that has the
names of a `Rhythm`: the record itself, or an `Assessment`. The formulas in words are on the page
`how we measure`, with the numbers below.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from math import exp, floor, log
from statistics import quantiles

from .pauses import active_days, day_after, laid_out, next_pause
from .weeks import WEEKS_KEPT, busy_days, middle, monday_of, quieter_day

# The names of `indicators.Status`, which needs the database; a test compares them.
ON_TRACK, LATE, SILENT, TOO_BUSY = "on_track", "late", "silent", "too_busy"
PAUSED, UNKNOWN, ARCHIVED = "paused", "unknown", "archived"
NO_SOURCE, UNREADABLE, NOTHING_YET = "no_source", "unreadable", "nothing_yet"
FOLLOW_UP, MEETINGS, NEWS = "follow_up", "meetings", "news"
DISCUSSION, SPACE = "discussion", "space"
VIGILANT, NORMAL, RELAXED = "vigilant", "normal", "relaxed"

# Twelve gaps: a year of monthly meetings, and a history that can be read.
GAPS_KEPT = 12
# Days closer than a week are one burst; a gap inside a burst says nothing of the rhythm.
SHORTEST_GAP = 7
# Active for so long without ever a week off: then a week is the rhythm.
STEADY_AFTER = 8 * SHORTEST_GAP
# A declared rhythm counts as three gaps that were seen, the default of an indicator as half a gap.
DECLARED_WEIGHT, DEFAULT_WEIGHT = 3.0, 0.5
# A slower rhythm is believed only when the group declares it.
SLOWEST_LEARNED = 60.0
DEFAULT_DAYS = {FOLLOW_UP: 30.0, MEETINGS: 30.0, NEWS: 30.0, DISCUSSION: 14.0, SPACE: 30.0}
# Late: a third more than usual, so many days more at least and at most.
LATE_LEAST, LATE_MOST = 3.0, 30.0
# How many usual gaps make a silence, at least and at most so many days.
PATIENCE = {VIGILANT: (3, 21, 60), NORMAL: (4, 28, 90), RELAXED: (6, 42, 150)}
DEFAULT_SENSITIVITY = {MEETINGS: VIGILANT}
# With fewer gaps than this the rhythm is still being learned.
LEARNED_WITH = 3
# Three quarters of the gaps below this many times a quarter of them: else it is irregular.
IRREGULAR_ABOVE = 3.0
# Has the rhythm changed? Asked where so many gaps in a row leave this share of the declared one.
DOUBTED_AFTER, DOUBTED_BELOW, DOUBTED_ABOVE = 6, 0.6, 1.8

# The words people declare, in days.
RHYTHMS = {
    "weekly": 7.0,
    "fortnightly": 14.0,
    "monthly": 30.4,
    "every_two_months": 60.9,
    "quarterly": 91.3,
    "every_six_months": 182.6,
    "yearly": 365.25,
}

# So many days without a successful look are said aloud instead of judged.
UNREADABLE_AFTER = 7
# An open date poll keeps "late" from becoming "silent" so long; then it was forgotten.
POLL_DAYS = 21
# An announced date speaks for a group at least so many days ahead.
ANNOUNCED_AHEAD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one indicator of one group, in local days of the group."""

    indicator: str = MEETINGS
    # Days with evidence, in any order, any number of times.
    days: Sequence[date] = ()
    # Announced and not cancelled; never the open end of a recurrence.
    announced: Sequence[date] = ()
    poll_since: date | None = None
    declared_days: float | None = None
    # A new rhythm forgets the gaps that ended by this day.
    declared_on: date | None = None
    sensitivity: str = ""
    since: date | None = None
    # The day a group woke up: its clock begins anew.
    woken_on: date | None = None
    # Last day the sources cover; None where it is followed by hand.
    collected_through: date | None = None
    has_source: bool = True
    # (first day, last day) or (first day, last day, every year?), both days included.
    pauses: Sequence[tuple] = ()
    is_asleep: bool = False
    is_archived: bool = False
    # Messages a week, the newest last, and the Monday after them (None: the week before this one).
    weeks: Sequence[int] = ()
    weeks_until: date | None = None
    most_a_week: int | None = None


@dataclass(slots=True, kw_only=True)
class Assessment:
    """What follows from the facts, with the names of a `Rhythm`."""

    indicator: str
    declared_days: float | None = None
    declared_on: date | None = None
    sensitivity: str = ""
    most_a_week: int | None = None
    since: date | None = None
    woken_on: date | None = None
    gaps: list[int] = field(default_factory=list)
    first_on: date | None = None
    last_on: date | None = None
    weeks: list[int] = field(default_factory=list)
    weeks_until: date | None = None
    next_on: date | None = None
    poll_since: date | None = None
    has_source: bool = True
    collected_through: date | None = None
    is_asleep: bool = False
    is_archived: bool = False
    # Derived: see `derive`.
    usual_days: float | None = None
    expected_on: date | None = None
    late_on: date | None = None
    silent_on: date | None = None
    announced_from: date | None = None
    busy_from: date | None = None
    busy_until: date | None = None
    quieter_from: date | None = None
    paused_from: date | None = None
    paused_until: date | None = None
    status: str = UNKNOWN
    unknown_reason: str = ""


def assess(facts, today):
    """Say how one indicator stands on this day, from everything that is known."""
    pauses = laid_out(facts.pauses, today)
    gaps, first_on, last_on = learn(
        (day for day in facts.days if day <= today), pauses, facts.declared_on
    )
    weeks_until = facts.weeks_until
    if facts.weeks and weeks_until is None:
        weeks_until = monday_of(today)
    found = Assessment(
        indicator=facts.indicator,
        declared_days=facts.declared_days,
        declared_on=facts.declared_on,
        sensitivity=facts.sensitivity,
        most_a_week=facts.most_a_week,
        since=facts.since,
        woken_on=facts.woken_on,
        gaps=gaps,
        first_on=first_on,
        last_on=last_on,
        weeks=list(facts.weeks[-WEEKS_KEPT:]),
        weeks_until=weeks_until,
        next_on=min((day for day in facts.announced if day >= today), default=None),
        poll_since=facts.poll_since,
        has_source=facts.has_source,
        collected_through=facts.collected_through,
        is_asleep=facts.is_asleep,
        is_archived=facts.is_archived,
    )
    found = replace(found, **derive(found, pauses, today))
    found.status, found.unknown_reason = status_on(found, today)
    return found


# ── What is remembered ──────────────────────────────────────────────────────────────────────────


def learn(days, pauses=(), declared_on=None):
    """Return the remembered gaps (the newest last), the first and the last of ``days``."""
    days = sorted(set(days))
    if not days:
        return [], None, None
    gaps = []
    for after, before in pairwise(reversed(days)):
        if len(gaps) == GAPS_KEPT or (declared_on and after <= declared_on):
            break
        gap = active_days(before, after, pauses)
        if gap >= SHORTEST_GAP:
            gaps.append(gap)
    return gaps[::-1], days[0], days[-1]


def learn_one(gaps, last_on, day, pauses=(), declared_on=None):
    """Return the gaps with one more day, newer than all before it: nothing else is read."""
    if last_on is None or (declared_on and day <= declared_on):
        return gaps
    gap = active_days(last_on, day, pauses)
    return [*gaps, gap][-GAPS_KEPT:] if gap >= SHORTEST_GAP else gaps


def usual_gap(gaps, declared_days=None, indicator=MEETINGS, active_for=0):
    """Return the middle of the gaps, drawn towards what is declared or, weakly, the default."""
    if not gaps and active_for >= STEADY_AFTER:
        return float(SHORTEST_GAP)
    if declared_days:
        base, weight = declared_days, DECLARED_WEIGHT
    else:
        base, weight = DEFAULT_DAYS[indicator], DEFAULT_WEIGHT
    usual = base
    if gaps:
        count = len(gaps)
        usual = exp((count * log(middle(gaps)) + weight * log(base)) / (count + weight))
    return min(usual, max(SLOWEST_LEARNED, declared_days or 0.0))


def whole(usual):
    """Return a gap in whole days: as it is said, so that a reader who counts finds the same day."""
    return floor(usual + 0.5)


def late_after(usual):
    """Return after how many days without a sign of life it is late: a third more than usual."""
    return usual + min(max(usual / 3, LATE_LEAST), LATE_MOST)


def silent_after(usual, sensitivity=NORMAL):
    """Return after how many days the helper is alerted."""
    times, least, most = PATIENCE[sensitivity]
    return max(min(max(times * usual, least), most), usual + min(max(usual / 2, 14.0), 60.0))


def sensitivity_of(state):
    return state.sensitivity or DEFAULT_SENSITIVITY.get(state.indicator, NORMAL)


def active_for(state):
    """Return for how many days there have been signs of life, in the rhythm of now."""
    if state.last_on is None:
        return 0
    begins = max(state.first_on, state.declared_on or state.first_on)
    return (state.last_on - begins).days


def is_steady(state):
    """Say whether there has not been a week without a sign of life for long."""
    return not state.gaps and active_for(state) >= STEADY_AFTER


def is_learning(state):
    return len(state.gaps) < LEARNED_WITH


def is_irregular(gaps):
    """Say whether the long gaps are far longer than the short ones."""
    if len(gaps) <= LEARNED_WITH:
        return False
    short, _half, long = quantiles(gaps, n=4, method="inclusive")
    return long > IRREGULAR_ABOVE * short


def is_rhythm_doubted(state):
    """Say whether the last gaps all leave the declared rhythm on the same side."""
    if not state.declared_days or len(state.gaps) < DOUBTED_AFTER:
        return False
    shares = [gap / state.declared_days for gap in state.gaps[-DOUBTED_AFTER:]]
    return max(shares) < DOUBTED_BELOW or min(shares) > DOUBTED_ABOVE


# ── Dates that follow ───────────────────────────────────────────────────────────────────────────


def derive(state, pauses, today):
    """Return the dates that make the daily pass a comparison, by name.

    ``pauses`` are laid out (see `laid_out`). Only the pause that runs or comes next is a matter of
    today; everything else moves with evidence, a pause or a wish alone.
    """
    derived = dict.fromkeys(
        ["expected_on", "late_on", "silent_on", "announced_from", "paused_from", "paused_until"]
    )
    derived |= {"busy_from": None, "busy_until": None, "quieter_from": None}
    derived["paused_from"], derived["paused_until"] = next_pause(pauses, today)
    usual = usual_gap(state.gaps, state.declared_days, state.indicator, active_for(state))
    patience = silent_after(usual, sensitivity_of(state))
    derived["usual_days"] = usual
    begins = clock_from(state)
    if begins:
        derived["expected_on"] = day_after(begins, whole(usual) - 1, pauses)
        derived["late_on"] = day_after(begins, late_after(usual), pauses)
        derived["silent_on"] = day_after(begins, patience, pauses)
    if state.next_on:
        ahead = timedelta(days=floor(max(patience, ANNOUNCED_AHEAD)))
        derived["announced_from"] = state.next_on - ahead
    if state.indicator == DISCUSSION and state.weeks:
        derived["busy_from"], derived["busy_until"] = busy_days(
            state.weeks, state.weeks_until, state.most_a_week
        )
        derived["quieter_from"] = quieter_day(state.weeks, state.weeks_until)
    return derived


def clock_from(state):
    """Return the day from which silence is counted: the last sign, or when following began."""
    begins = state.last_on or state.since
    return max(begins, state.woken_on) if begins and state.woken_on else begins


def covered(state, today):
    """Return the last day that can be judged: evidence of a day covers that day."""
    if state.collected_through is None:
        return today
    through = max(state.collected_through, state.last_on or date.min)
    return min(today, through)


def status_on(state, today):
    """Return (status, why unknown) on this day; the first that fits. See also `refreshing`."""
    if state.is_archived:
        return ARCHIVED, ""
    if state.is_asleep or (
        state.paused_from is not None and state.paused_from <= today <= state.paused_until
    ):
        return PAUSED, ""
    if not state.has_source:
        return UNKNOWN, NO_SOURCE
    through = covered(state, today)
    if (today - through).days > UNREADABLE_AFTER:
        return UNKNOWN, UNREADABLE
    if state.silent_on is None:
        return UNKNOWN, NOTHING_YET
    if state.busy_from is not None and state.busy_from <= today < state.busy_until:
        return TOO_BUSY, ""
    if is_announced(state, today):
        return ON_TRACK, ""
    if through >= state.silent_on:
        return (LATE if is_poll_open(state, today) else SILENT), ""
    if state.last_on is None:
        return UNKNOWN, NOTHING_YET
    if through >= state.late_on or is_quieter(state, through):
        return LATE, ""
    return ON_TRACK, ""


def is_announced(state, today):
    """Say whether a date to come, near enough, speaks for the group."""
    return state.next_on is not None and state.announced_from <= today <= state.next_on


def is_poll_open(state, today):
    return state.poll_since is not None and (today - state.poll_since).days <= POLL_DAYS


def is_quieter(state, through):
    return state.quieter_from is not None and through >= state.quieter_from


def quiet_days(state, today, pauses=()):
    """Return for how many days that count there was no sign of life, or None."""
    begins = clock_from(state)
    return active_days(begins, covered(state, today), pauses) if begins else None
