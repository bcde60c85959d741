"""Days that do not count: the pauses a group has chosen, as ordinals. Values in, values out."""

from datetime import date
from math import floor

# A pause that comes back every year is laid out so far ahead.
YEARS_AHEAD = 30


def laid_out(pauses, today):
    """Return ``pauses`` as (first, last) ordinals: each year's own, in order, none overlapping."""
    spans = []
    for first, last, *yearly in pauses:
        spans.append((first.toordinal(), last.toordinal()))
        if yearly and yearly[0]:
            spans.extend(
                (in_year(first, years).toordinal(), in_year(last, years).toordinal())
                for years in range(1, max(today.year - first.year, 0) + YEARS_AHEAD)
            )
    merged = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return merged


def in_year(day, years):
    """Return ``day`` some years later; what falls on 29 February falls on the 28th."""
    if day.month == 2 and day.day == 29:
        day = day.replace(day=28)
    return day.replace(year=day.year + years)


def next_pause(pauses, today):
    """Return the first and last day of the pause that runs or comes next, or (None, None)."""
    ordinal = today.toordinal()
    for first, last in pauses:
        if last >= ordinal:
            return date.fromordinal(first), date.fromordinal(last)
    return None, None


def active_days(start, end, pauses=()):
    """Count the days after ``start``, up to ``end``, that lie in no pause."""
    days = (end - start).days
    if not pauses:
        return days
    start, end = start.toordinal(), end.toordinal()
    for first, last in pauses:
        if first > end:
            break
        first, last = max(first, start + 1), min(last, end)
        if first <= last:
            days -= last - first + 1
    return days


def day_after(start, days, pauses=()):
    """Return the first day by which more than ``days`` days outside any pause have passed."""
    start = start.toordinal()
    day = start + floor(days) + 1
    for first, last in pauses:
        first = max(first, start + 1)
        if first > day:
            break
        if first <= last:
            day += last - first + 1
    return date.fromordinal(day)
