"""Where the next page begins. Opaque to whoever asks; any that is well formed means something."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FORM = "^[0-9]{1,16}-[0-9]{1,16}-[0-9]{1,18}$"
_FORM = re.compile(FORM, re.ASCII)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """The last thing a page held, and since when its reader must ask for changes afterwards.

    ``at`` is its place in the order of the list, and ``pk`` its number, which decides between
    equals: the microsecond of a change, or how far it is. In the order of numbers ``at`` is 0.
    """

    as_of: datetime
    at: int = 0
    pk: int = 0

    def __str__(self):
        return f"{microsecond(self.as_of)}-{self.at}-{self.pk}"


def read_cursor(text):
    """Return the `Cursor` of a text. Raises ValueError if no page of ours gave it."""
    if not _FORM.fullmatch(text):
        raise ValueError("Take it from “next” of the page before, as it is.")
    as_of, at, pk = map(int, text.split("-"))
    return Cursor(moment_of(as_of), at, pk)


def microsecond(moment):
    """Return a moment as a whole number; any of sixteen digits is a moment again."""
    return (moment - BEGINNING) // _MICROSECOND


def moment_of(number):
    return BEGINNING + number * _MICROSECOND
