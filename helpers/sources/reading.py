"""What a kind of source is given and gives back.

Values in, values out: no kind opens a connection, reads a clock or knows a record. Counted is what
happened on which day; no content and no author ever leaves a kind.
"""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

# A year of monthly meetings and half a year to compare it with; a rhythm needs no more.
HISTORY = datetime.timedelta(days=548)
# What is further away says nothing of the life of a group today.
AHEAD = datetime.timedelta(days=366)
# One source, one reading: more than this is no trace of a group of a thousand people.
MOST_BYTES = 5_000_000
MOST_ITEMS = 5_000
MOST_A_DAY = 1_000


class SourceError(Exception):
    """Why a source could not be read, as a code; words for it stand where it is shown.

    The fetching module raises its own kinds of it, which pass through every `read`.
    """

    def __init__(self, code, status=None):
        super().__init__(code)
        self.code = code
        self.status = status


class Unreadable(SourceError):
    """It answered, and what it said is not what this kind reads. Never the same as nothing new."""


class Unchanged(Exception):
    """It answered 304: what was read last is still all there is. Raised through `read`."""


@dataclass(frozen=True)
class Answer:
    """What an address answered, once redirects were followed and limits kept."""

    url: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name):
        """Return a header whatever the case of its name, "" where there is none."""
        for key, value in self.headers.items():
            if key.lower() == name.lower():
                return value
        return ""


@dataclass(frozen=True)
class Seen:
    """Evidence of one local day.

    The same ``outside_id`` may come again at the next reading: it is the same evidence. Its first
    day holds, whatever was edited since, and the greater count (a day that was not over).
    """

    outside_id: str
    day: datetime.date
    count: int = 1


@dataclass(frozen=True)
class Coming:
    """A day that is announced. It carries the name under which it will be seen once it has passed.

    Not confirmed means that a recurrence names the day and nobody touched it: it announces a
    rhythm, and its passing proves nothing.
    """

    outside_id: str
    day: datetime.date
    is_confirmed: bool = True
    is_cancelled: bool = False


@dataclass(frozen=True)
class Reading:
    """What one look at a source found."""

    seen: tuple[Seen, ...] = ()
    coming: tuple[Coming, ...] = ()
    # Whether it held anything at all, old or irrelevant as it may be. A source that had items and
    # has none is broken until somebody says otherwise: whoever collects compares.
    had_items: bool = False
    # Whether ``coming`` is all that is announced, so that what is missing from it was withdrawn.
    lists_coming: bool = False
    # What the next reading is compared with; at most 64 characters.
    fingerprint: str = ""
    # The rhythm a recurrence declares, in days.
    declared_days: float | None = None


@dataclass(frozen=True)
class Context:
    """What a reading may know of the group and of the reading before."""

    today: datetime.date
    time_zone: datetime.tzinfo = datetime.UTC
    # What the reading before left; "" at the first.
    fingerprint: str = ""
    # The first day that is wanted, None for all that is of use.
    since: datetime.date | None = None
    # Day first or month first: a feed that does not say its language speaks the group's.
    language: str = "fr"

    @property
    def first_day(self):
        oldest = self.today - HISTORY
        return max(self.since, oldest) if self.since else oldest

    @property
    def last_day(self):
        return self.today + AHEAD

    def wants(self, day):
        """Tell whether a day may be evidence: neither too old, nor still to come."""
        return self.first_day <= day <= self.today


@dataclass(frozen=True)
class Kind:
    """A kind of source: the words people read before they say yes to it."""

    # The name of its module, and of its row in the documentation.
    name: str
    label: str
    # What is counted and what is not, in one or two sentences.
    sentence: str
    # A check-in or a person needs no address: nothing is fetched.
    is_fetched: bool = True


def name_of(*parts):
    """Return a short stable name for what is known by ``parts``, from which nothing can be read."""
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def body_of(answer):
    """Return the bytes of a good answer.

    Raises `Unchanged` for a 304, `Unreadable` for anything but a success of sensible size.
    """
    if answer.status == 304:
        raise Unchanged
    if answer.status in (401, 403, 407):
        raise Unreadable("needs_login", answer.status)
    if answer.status in (404, 410):
        raise Unreadable("gone", answer.status)
    if not 200 <= answer.status < 300:
        raise Unreadable("bad_status", answer.status)
    if len(answer.body) > MOST_BYTES:
        raise Unreadable("too_large", answer.status)
    return answer.body


def reading_of_days(counts, context, *, had_items, fingerprint=""):
    """Return the reading of a source that is counted by the day: {day: how many}."""
    seen = [
        Seen(name_of("day", day.isoformat()), day, min(count, MOST_A_DAY))
        for day, count in sorted(counts.items())
        if count > 0 and context.wants(day)
    ]
    return Reading(tuple(seen), had_items=had_items, fingerprint=fingerprint)
