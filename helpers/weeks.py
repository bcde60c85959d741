"""Messages a week: when a discussion is too busy, or much quieter. Values in, values out."""

from datetime import timedelta
from math import inf

WEEK = timedelta(weeks=1)

# A week is too busy against the middle of so many before it, known for more than eight weeks.
WEEKS_COMPARED, WEEKS_NEEDED = 26, 9
BUSY_FLOOR = 15
BUSY_TWO_WEEKS, BUSY_ONE_WEEK = 2.0, 5.0
# One week alone is too busy at this many times the most that the group itself finds bearable.
ABOVE_ITS_MOST = 2.5
# It is over after two calm weeks.
CALM_AFTER = timedelta(weeks=2)
# Much quieter than usual: four weeks under a quarter of a usual week of four messages or more.
QUIET_WEEKS, QUIET_SHARE, QUIET_FLOOR = 4, 0.25, 4
# Enough for all of the above, the week that is running included.
WEEKS_KEPT = WEEKS_COMPARED + QUIET_WEEKS + 2


def monday_of(day):
    return day - timedelta(days=day.weekday())


def add_to_weeks(weeks, until, day, count):
    """Return (weeks, the Monday after them) with ``count`` messages more (or fewer) on ``day``."""
    monday = monday_of(day)
    if not weeks:
        return [max(count, 0)], monday + WEEK
    ahead = (monday - until).days // 7 + 1
    if ahead > 0:
        weeks, until = [*weeks, *[0] * min(ahead, WEEKS_KEPT)][-WEEKS_KEPT:], monday + WEEK
    index = len(weeks) - 1 - (until - WEEK - monday).days // 7
    if index < len(weeks) - WEEKS_KEPT:
        # Older than what is kept: that the weeks since were empty is known all the same.
        return [*[0] * (WEEKS_KEPT - len(weeks)), *weeks], until
    if index < 0:
        weeks, index = [*[0] * -index, *weeks], 0
    weeks = list(weeks)
    weeks[index] = max(weeks[index] + count, 0)
    return weeks, until


def weeks_by(state, today):
    """Return the messages of the complete weeks by this day: weeks without any are zeros."""
    if not state.weeks:
        return []
    ahead = (monday_of(today) - state.weeks_until).days // 7
    if ahead < 0:
        return list(state.weeks[:ahead])
    return [*state.weeks, *[0] * min(ahead, WEEKS_KEPT)][-WEEKS_KEPT:]


def usual_week(weeks):
    """Return the messages of a usual week before the last one, or None while too few are known."""
    if len(weeks) < WEEKS_NEEDED:
        return None
    return max(middle(weeks[-WEEKS_COMPARED - 1 : -1]), 1.0)


def busy_limit(weeks, most_a_week=None):
    """Return what is too much for two weeks running, and for a single week."""
    if most_a_week:
        return float(most_a_week), ABOVE_ITS_MOST * most_a_week
    usual = usual_week(weeks) or inf
    least = BUSY_FLOOR - 1.0
    return max(BUSY_TWO_WEEKS * usual, least), max(BUSY_ONE_WEEK * usual, least)


def is_busy(weeks, most_a_week=None):
    """Say whether the last of ``weeks``, or the last two, are too much."""
    if len(weeks) < 2:
        return False
    two, one = busy_limit(weeks, most_a_week)
    return min(weeks[-2:]) > two or weeks[-1] > one


def busy_days(weeks, until, most_a_week=None):
    """Return from which day it is too busy and from which no more, if nothing else comes."""
    busy = [
        until - ago * WEEK for ago in range(3) if is_busy(weeks[: len(weeks) - ago], most_a_week)
    ]
    return (min(busy), max(busy) + CALM_AFTER) if busy else (None, None)


def is_much_quieter(weeks):
    """Say whether each of the last four weeks is under a quarter of a usual one before them."""
    if len(weeks) < WEEKS_NEEDED - 1 + QUIET_WEEKS:
        return False
    usual = middle(weeks[-WEEKS_COMPARED - QUIET_WEEKS : -QUIET_WEEKS])
    return usual >= QUIET_FLOOR and max(weeks[-QUIET_WEEKS:]) < QUIET_SHARE * usual


def quieter_day(weeks, until):
    """Return the Monday from which it is much quieter than usual, if nothing else comes."""
    for ahead in range(QUIET_WEEKS + 1):
        if is_much_quieter([*weeks, *[0] * ahead]):
            # The week that runs changes nothing where it was so before.
            before = ahead == 0 and is_much_quieter(weeks[:-1])
            return until - WEEK if before else until + ahead * WEEK
    return None


def middle(numbers):
    """Return the median; half the price of the library's, and asked for each row."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2
