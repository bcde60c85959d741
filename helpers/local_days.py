"""Which day it is where a group lives. All evidence and all dates are local days of the group."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone


def today_of(group, now):
    """Return the day it is for ``group`` at this moment."""
    return today_in(group.time_zone, now)


def today_in(name, now):
    """Return the day it is in the time zone of this name; without one, where the site is."""
    return timezone.localdate(now, zone_named(name))


@cache
def zone_named(name):
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    # A name that the machine does not know, or that is none: a directory, a path.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)
