"""Plain functions that make records of the helpers for tests."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from helpers.models import Source
from tests.factories import make_group

NUMBERS = count(1)
DAY = timedelta(days=1)
# A Thursday, at noon in Paris.
NOW = datetime(2026, 10, 1, 10, tzinfo=UTC)
TODAY = date(2026, 10, 1)


def make_source(group=None, *, indicator="meetings", accepted=True, **fields):
    """Make a source that was accepted a year ago and covers today, unless told otherwise."""
    number = next(NUMBERS)
    defaults = {
        "kind": "ical",
        "url": f"https://example.org/{number}",
        "host": "example.org",
        "accepted_at": NOW - 365 * DAY if accepted else None,
        "collected_through": TODAY if accepted else None,
    }
    return Source.objects.create(
        group=group or make_group(), indicator=indicator, **defaults | fields
    )


def every(days, *, times=12, last=TODAY):
    """Return days with so many days between them, as what `see` takes."""
    return {last - timedelta(days=round(days * ago)): 1 for ago in range(times)}
