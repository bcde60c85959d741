"""Plain functions that make records of the helpers for tests."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from groups.links import digest
from helpers.checkins import LASTS
from helpers.models import CheckIn, Rhythm, Source
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


def make_check_in(person, group, *, asked_at, **fields):
    """Ask about meetings and news that nobody knows of yet, unless told otherwise.

    Return the secret.
    """
    secret = f"{next(NUMBERS):032}"
    defaults = {"month": asked_at.date(), "indicators": ["meetings", "news"]}
    for indicator in {**defaults, **fields}["indicators"]:
        Rhythm.objects.get_or_create(group=group, indicator=indicator)
    CheckIn.objects.create(
        person=person,
        group=group,
        secret_hash=digest(secret),
        asked_at=asked_at,
        **{**defaults, "expires_at": asked_at + LASTS, **fields},
    )
    return secret
