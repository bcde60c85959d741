"""How often something is asked for: values in, values out. ``dice`` is what is random about it."""

from datetime import timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# A source that always has something new, and one that never has. A source not read for a week is
# taken for broken, so the slowest leaves time for two tries.
LEAST, FIRST, MOST = 6 * HOUR, 12 * HOUR, 3 * DAY
# What fails is tried again after an hour, then after twice as long each time.
FIRST_RETRY, LAST_RETRY = HOUR, 2 * DAY

LINK_FINE, LINK_FAILING = 7 * DAY, 2 * DAY


def next_interval(interval, *, has_changed):
    """Return how long to wait after a reading: less for what changes, more for what does not."""
    if interval is None:
        return FIRST
    interval = interval / 2 if has_changed else interval * 1.5
    return min(max(interval, LEAST), MOST)


def back_off(failures, dice):
    """Return how long to wait after the last of so many failures in a row."""
    doubled = FIRST_RETRY * 2 ** min(max(failures, 1) - 1, 10)
    return jittered(min(doubled, LAST_RETRY), dice, spread=0.5)


def jittered(interval, dice, *, spread=0.1):
    """Return ``interval``, a little more or less, so that not all come at one moment."""
    return interval * dice.uniform(1 - spread, 1 + spread)
