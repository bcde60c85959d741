"""Dates as sites write them: standard, day first, in words of several languages, or not at all.

A date that cannot be told for certain is none: a wrong day is worse than a missing one.
"""

import datetime
import re
from email.utils import parsedate_to_datetime

from groups.text import fold

# No date is longer; what is, is not looked at.
_LONGEST = 80
_YEARS = range(1990, 2101)

_ISO = re.compile(
    r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)"
    r"(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_DAY_MONTH_YEAR = re.compile(
    r"(?<!\w)(\d{1,2})(?:er|st|nd|rd|th|e|o)? (?:de |d )?([a-z]{3,12}) (?:de )?(\d{4})(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(r"(?<!\w)([a-z]{3,12}) (\d{1,2})(?:st|nd|rd|th)? (\d{4})(?!\d)")
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?")

# French, English, Spanish, Portuguese, Italian, German, Dutch, Haitian Creole, folded.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january enero janeiro gennaio januar januari janvye jan janv ene gen",
            "fevrier february febrero fevereiro febbraio februar februari fevriye feb fev fevr",
            "mars march marzo marco marz maerz maart mas mar mrt",
            "avril april abril aprile avr apr abr avri",
            "mai may mayo maio maggio mei me mag",
            "juin june junio junho giugno juni jen jun giu",
            "juillet july julio julho luglio juli jiye juil jul lug",
            "aout august agosto augustus out aou aug ago",
            "septembre september septiembre setembro settembre septanm sept sep set",
            "octobre october octubre outubro ottobre oktober oktob oct okt ott",
            "novembre november noviembre novembro novanm nov",
            "decembre december diciembre dezembro dicembre dezember desanm dec dic dez des",
        ),
        start=1,
    )
    for name in names.split()
}


def moment_of(text, *, day_first=True):
    """Return the aware datetime, or the date where no zone is told, that ``text`` names; or None.

    A time without a zone is dropped: it is the site's own clock, and its day is what was meant.
    """
    text = " ".join(str(text).split())
    if not text or len(text) > _LONGEST:
        return None
    try:
        return (
            _iso(text)
            or _standard(text)
            or _numeric(text, day_first)
            or _words(text)
            or _epoch(text)
        )
    # Days that do not exist, and hours that no clock shows.
    except (ValueError, OverflowError):
        return None


def local_day(moment, time_zone):
    """Return the day on which a moment fell for the group; a plain date is one already."""
    if isinstance(moment, datetime.datetime):
        return moment.astimezone(time_zone).date()
    return moment


def puts_month_first(texts):
    """Tell whether numeric dates of one source can only be read month first (09/28/2026)."""
    for text in texts:
        if found := _NUMERIC.search(str(text)[:_LONGEST]):
            first, second = int(found[1]), int(found[3])
            if first <= 12 < second:
                return True
    return False


def _iso(text):
    found = _ISO.fullmatch(text)
    if not found:
        return None
    day = _day(found[1], found[2], found[3])
    if not (found[4] and found[7]) or day is None:
        return day
    hour, minute, second = (int(part or 0) for part in found.group(4, 5, 6))
    # Some write midnight as the end of the day, or a leap second.
    moment = datetime.datetime(day.year, day.month, day.day, tzinfo=_zone(found[7]))
    return moment + datetime.timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _zone(text):
    if text.upper() in ("Z", "UTC", "GMT"):
        return datetime.UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return datetime.timezone(-offset if text[0] == "-" else offset)


def _standard(text):
    """Read what mail and RSS prescribe: Tue, 03 Nov 2026 18:30:00 +0100."""
    if ":" not in text or not text.isascii():
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.year not in _YEARS:
        return None
    # "-0000" tells that the zone is not known, as its absence does.
    return moment if moment.tzinfo else moment.date()


def _numeric(text, day_first):
    found = _NUMERIC.search(text)
    if not found:
        return None
    day, month = (found[1], found[3]) if day_first else (found[3], found[1])
    if int(month) > 12:
        day, month = month, day
    return _day(found[4], month, day)


def _words(text):
    text = re.sub(r"[^\w]+", " ", fold(text))
    for found in _DAY_MONTH_YEAR.finditer(text):
        if month := _MONTHS.get(found[2]):
            return _day(found[3], month, found[1])
    for found in _MONTH_DAY_YEAR.finditer(text):
        if month := _MONTHS.get(found[1]):
            return _day(found[3], month, found[2])
    return None


def _epoch(text):
    if not _EPOCH.fullmatch(text):
        return None
    seconds = int(text) // (1000 if len(text) > 10 else 1)
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment if moment.year in _YEARS else None


def _day(year, month, day):
    return datetime.date(int(year), int(month), int(day)) if int(year) in _YEARS else None
