"""Numbers as people write them: how many members, and where on Earth."""

import re

from django.utils.translation import gettext as _

from ..text import one_line
from .problems import Wrong

MOST_MEMBERS = 10_000_000

_ABOUT = re.compile(
    r"\A(?:≈|~|±|>|env\b\.?|environ\b|about\b|around\b|approx\b\.?|ca\b\.?|circa\b|plus de\b"
    r"|more than\b|over\b|près de\b|pres de\b|nearly\b)\s*",
    re.IGNORECASE,
)
_MEMBERS = re.compile(
    r"\s*(?:\+|membres?|members?|personnes?|people|persons?|adhérente?s?|adherents?)\.?\Z",
    re.IGNORECASE,
)
_COUNT = re.compile(r"([0-9]{1,3}(?:[ \u00a0\u202f.,'’][0-9]{3})+|[0-9]+)(?:[.,]0{1,2})?\Z")


def member_count_of(text):
    text = one_line(text)
    if not text:
        return None
    if text[0] in "-−" and text[1:2].isdigit():
        raise Wrong(_("a number of members is not negative"))
    text = _MEMBERS.sub("", _ABOUT.sub("", text))
    match = _COUNT.match(text)
    if not match:
        raise Wrong(_("not a number of members: write digits, such as 180"))
    # Longer than any count, and longer than Python would turn into a number.
    digits = re.sub("[^0-9]", "", match[1])
    if len(digits) > 12 or int(digits) > MOST_MEMBERS:
        raise Wrong(_("more members than there can be"))
    return int(digits)


_DEGREES = r"[+\-−]?[0-9]{1,20}(?:[.,][0-9]{0,30})?(?:[eE][+\-]?[0-9]{1,3})?"
_DEGREES_WITH_POINT = r"[+\-−]?[0-9]{1,20}(?:\.[0-9]{0,30})?(?:[eE][+\-]?[0-9]{1,3})?"
_ONE_NUMBER = re.compile(rf"({_DEGREES})°?\Z")
_TWO_NUMBERS = [
    re.compile(rf"({_DEGREES})°?\s*[|;/]\s*({_DEGREES})°?\Z"),
    re.compile(rf"({_DEGREES})°?,?\s+({_DEGREES})°?\Z"),
    re.compile(rf"({_DEGREES_WITH_POINT})°?,({_DEGREES_WITH_POINT})°?\Z"),
]


def position_of(latitude, longitude):
    """Return both numbers, or None twice. One cell may hold both, latitude first."""
    if not latitude and not longitude:
        return None, None
    if latitude and (not longitude or longitude == latitude) and not _ONE_NUMBER.match(latitude):
        pairs = [match for pattern in _TWO_NUMBERS if (match := pattern.match(latitude))]
        if pairs:
            latitude, longitude = pairs[0].groups()
    if not latitude or not longitude:
        raise Wrong(_("a position has a latitude and a longitude"))
    north, east = _degrees(latitude), _degrees(longitude)
    if not -90 <= north <= 90:
        raise Wrong(_("a latitude is from -90 to 90"))
    if not -180 <= east <= 180:
        raise Wrong(_("a longitude is from -180 to 180"))
    return north, east


def _degrees(text):
    match = _ONE_NUMBER.match(text)
    if not match:
        raise Wrong(_("not a position in degrees: write numbers such as 6.4969 and 2.6289"))
    return float(match[1].replace(",", ".").replace("−", "-"))
