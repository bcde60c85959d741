"""What may be asked: the parameters, each with its words; anything else is refused by its name."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_noop
from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from ..countries import COUNTRIES
from ..filters import ACTIVITIES, KINDS, LONGEST_QUERY, Filters, around_the_world
from ..text import one_line
from . import cursors
from .problems import refuse_parameters

DEFAULT_LIMIT, MOST = 50, 100
# As far as a cursor reaches.
LATEST = cursors.moment_of(10**16 - 1)
MOST_KEYWORDS = 12
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?([Zz]|[+ -]\d\d:\d\d)", re.ASCII
)
_NUMBER = r"-?[0-9]{1,3}(?:[.][0-9]{1,15})?"
PLACE = f"^{_NUMBER},{_NUMBER}$"
BOX = f"^{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}$"


def _whole_number(value):
    if not re.fullmatch("[0-9]{1,3}", str(value), re.ASCII):
        raise ValueError("Use a whole number.")
    return int(value)


def _read_moment(value):
    found = _MOMENT.fullmatch(value)
    if found is None:
        raise ValueError("Write a moment with its offset: 2026-03-01T12:00:00Z.")
    day, time, fraction, offset = found.groups()
    # An unescaped + arrives as a space.
    offset = "+00:00" if offset in "Zz" else offset.replace(" ", "+")
    # A leap second is the end of its minute.
    time = time[:6] + min(time[6:], "59")
    moment = datetime.fromisoformat(f"{day}T{time}.{(fraction or '').ljust(6, '0')}{offset}")
    try:
        return min(max(moment.astimezone(UTC), cursors.BEGINNING), LATEST)
    except OverflowError:
        return cursors.BEGINNING if moment.year < 1970 else LATEST


def _read_place(value):
    if not re.fullmatch(PLACE, value, re.ASCII):
        raise ValueError("Write latitude,longitude in degrees.")
    latitude, longitude = map(float, value.split(","))
    return _on_earth(latitude), around_the_world(longitude)


def _on_earth(latitude):
    return min(max(latitude, -90.0), 90.0)


def _read_box(value):
    if not re.fullmatch(BOX, value, re.ASCII):
        raise ValueError("Write west,south,east,north in degrees.")
    west, south, east, north = map(float, value.split(","))
    south, north = sorted(map(_on_earth, (south, north)))
    if east - west >= 360:
        return -180.0, south, 180.0, north
    return around_the_world(west), south, around_the_world(east), north


def _described(schema):
    return WithJsonSchema({"type": "string", **schema})


Moment = Annotated[str, AfterValidator(_read_moment), _described({"format": "date-time"})]
Place = Annotated[str, AfterValidator(_read_place), _described({"pattern": PLACE})]
Box = Annotated[str, AfterValidator(_read_box), _described({"pattern": BOX})]
Position = Annotated[
    str, AfterValidator(cursors.read_cursor), _described({"pattern": cursors.FORM})
]
Limit = Annotated[int, Field(ge=1, le=MOST), BeforeValidator(_whole_number)]


class PageAsked(Schema):
    """Which page of a list, and how long."""

    limit: Limit = Field(DEFAULT_LIMIT, description=gettext_noop("How many at most: 1 to 100."))
    cursor: Position = Field(
        None, description=gettext_noop("Where to go on: follow “next” of the page before.")
    )


class GroupsAsked(PageAsked):
    """Which groups: the filters of the directory."""

    q: str = Field(
        "",
        max_length=LONGEST_QUERY,
        description=gettext_noop("Words, each by its start, whatever their case and accents."),
    )
    kind: list[Literal[KINDS]] = Field(
        [], max_length=len(KINDS), description=gettext_noop("One kind, or several: any of them.")
    )
    activity: list[Literal[ACTIVITIES]] = Field(
        [],
        max_length=len(ACTIVITIES),
        description=gettext_noop("How active; archived groups come only when asked for."),
    )
    country: list[Literal[COUNTRIES]] = Field(
        [], max_length=50, description=gettext_noop("Code of a country (ISO 3166-1), or several.")
    )
    keyword: list[Annotated[str, Field(min_length=1, max_length=70)]] = Field(
        [],
        max_length=MOST_KEYWORDS,
        description=gettext_noop("Slug of a keyword, or several: groups that carry all of them."),
    )
    near: Place = Field(
        None,
        description=gettext_noop(
            "A place in degrees: latitude,longitude. Only groups that give a place, the nearest "
            "first."
        ),
    )
    bbox: Box = Field(
        None, description=gettext_noop("An area in degrees: west,south,east,north; may cross 180°.")
    )
    updated_since: Moment = Field(
        None,
        description=gettext_noop(
            "Only what changed since this moment, in the order of changes, with what is gone."
        ),
    )

    def filters(self):
        """Return the `Filters` of the directory that ask for the same."""
        return Filters(
            q=one_line(self.q),
            kind=tuple(dict.fromkeys(self.kind)),
            activity=tuple(dict.fromkeys(self.activity)),
            country=tuple(dict.fromkeys(self.country)),
            keyword=tuple(dict.fromkeys(map(one_line, self.keyword))),
            near=self.near,
            bbox=self.bbox,
        )


class NothingAsked(Schema):
    """No parameters at all."""


def check_names(request, asked=NothingAsked):
    """Raise a `Problem` that names every parameter there is none of, or that is given twice."""
    fields, errors = asked.model_fields, []
    known = ", ".join(fields)
    for name, values in request.GET.lists():
        if name not in fields:
            known_ones = f"Known are {known}." if known else "This address takes none."
            errors.append((name[:60], f"There is no such parameter. {known_ones}"))
        elif len(values) > 1 and not isinstance(fields[name].default, list):
            errors.append((name, "Give it once."))
    if errors:
        raise refuse_parameters(*errors)
