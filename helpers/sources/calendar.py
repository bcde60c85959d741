"""Calendars (iCalendar): what was held, what is announced, and what merely repeats.

Rules are read by `recurrence.py` and near today only: one may name an event every second since
1970, and a file thousands of them.
"""

import datetime

from django.utils.translation import gettext_lazy as _
from icalendar import Calendar

from groups.text import fold

from .dates import local_day
from .markup import refuse_page, text_of
from .reading import (
    MOST_ITEMS,
    Coming,
    Kind,
    Reading,
    Seen,
    Unreadable,
    body_of,
    name_of,
)
from .recurrence import Recurrence

KIND = Kind(
    "calendar",
    _("Calendar"),
    _(
        "One sign of life for each meeting that a person wrote into the calendar, once its day has"
        " passed, unless it was cancelled. A repetition that nobody touches announces a rhythm and"
        " proves nothing; holidays and birthdays do not count."
    ),
)

# Occurrences of an untouched repetition are listed this far ahead: enough to know the next one.
_REPEATED_AHEAD = datetime.timedelta(days=62)
_MOST_OCCURRENCES = 70
_MOST_RULES = 100
# Twenty years of a lively calendar; its parser takes seconds for more.
_MOST_LINES = 60_000
_MOST_DATES = 500
# Gaps under a week are forgotten by the arithmetic, and a rhythm beyond two years is none.
_RHYTHMS = (7, 732)
_OF_HOLIDAYS = ("jours feries", "holidays", "vacances scolaires")
_HOLIDAY_WORDS = (
    "jour ferie",
    "jours feries",
    "public holiday",
    "holiday",
    "holidays",
    "observance",
    "celebration",
    "vacances",
    "vacances scolaires",
    "birthday",
    "birthdays",
    "anniversaire",
    "anniversaires",
)
_HOLIDAYS = (
    "noel",
    "christmas",
    "jour de l an",
    "nouvel an",
    "new year",
    "paques",
    "lundi de paques",
    "easter",
    "ascension",
    "pentecote",
    "lundi de pentecote",
    "whit monday",
    "assomption",
    "assumption",
    "toussaint",
    "all saints",
    "armistice",
    "fete du travail",
    "fete nationale",
    "labour day",
    "labor day",
    "independence day",
    "thanksgiving",
    "aid el",
    "eid al",
    "tabaski",
    "korite",
    "mawlid",
    "maouloud",
)
# A rule that cannot be followed still makes of its event a repetition, which proves nothing.
_LONG_AGO = datetime.date(1970, 1, 1)
_NEVER = Recurrence({"FREQ": "DAILY", "UNTIL": _LONG_AGO}, _LONG_AGO)
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


def read(ask, url, context):
    """Return what was held and what is announced."""
    body = body_of(ask(url))
    refuse_page(body)
    return reading_of_calendar(text_of(body), context)


def reading_of_calendar(text, context):
    """Return the reading of a calendar's text. Raises `Unreadable`."""
    if "BEGIN:VCALENDAR" not in text[:5000].upper():
        raise Unreadable("not_a_calendar")
    if text.count("\n") > _MOST_LINES:
        raise Unreadable("too_large")
    events, is_of_holidays = _events_of(text, context.time_zone)
    overrides = {(event.uid, event.replaces) for event in events if event.replaces}
    seen, coming, rhythms = {}, {}, []
    rules = 0
    for event in events:
        if is_of_holidays or _is_no_meeting(event):
            continue
        for day in event.written_days():
            _note(event, day, context, seen, coming)
        if event.rule and not event.is_cancelled and rules < _MOST_RULES:
            rules += 1
            days = event.repeated_days(context)
            if days:
                rhythms.append(event.rule.usual_days)
            for day in days:
                name = name_of(event.uid, day)
                if (event.uid, day) not in overrides and name not in coming:
                    coming[name] = Coming(name, day, is_confirmed=False)
    low, high = _RHYTHMS
    return Reading(
        tuple(sorted(seen.values(), key=lambda each: (each.day, each.outside_id))),
        tuple(sorted(coming.values(), key=lambda each: (each.day, each.outside_id))),
        had_items=bool(events),
        lists_coming=True,
        declared_days=max(low, min(rhythms)) if rhythms and min(rhythms) <= high else None,
    )


def _note(event, day, context, seen, coming):
    """Note a day a person wrote: seen if it has passed, announced if it is to come."""
    name = name_of(event.uid, day)
    if event.is_cancelled:
        # A day that passed is told too: it may be announced still, and must not become evidence.
        if context.first_day <= day <= context.last_day:
            coming[name] = Coming(name, day, is_cancelled=True)
            seen.pop(name, None)
    elif context.today <= day <= context.last_day:
        coming[name] = Coming(name, day)
    elif context.wants(day):
        seen[name] = Seen(name, day)


class _Event:
    """One VEVENT, with the days it names in the group's time zone."""

    def __init__(self, component, zone):
        self.uid = str(component.get("UID", ""))[:500]
        self.start = component["DTSTART"].dt
        self.zone = zone
        self.is_all_day = not isinstance(self.start, datetime.datetime)
        self.is_cancelled = str(component.get("STATUS", "")).upper() == "CANCELLED"
        self.title = str(component.get("SUMMARY", ""))[:300]
        self.about = f"{component.get('DESCRIPTION', '')}"[:300]
        self.categories = _categories(component)
        self.uid = self.uid or name_of(self.title, self.start)
        rule = component.get("RRULE")
        self.rule = self._recurrence(rule[0] if isinstance(rule, list) else rule)
        replaced = component.get("RECURRENCE-ID")
        self.replaces = self.day_of(replaced.dt) if replaced is not None else None
        self.added = [self.day_of(moment) for moment in _dates(component, "RDATE")]
        self.excepted = {self.day_of(moment) for moment in _dates(component, "EXDATE")}

    def _recurrence(self, rule):
        """Return the rule; None where there is none, or one that is too fine or makes no sense."""
        if not rule:
            return None
        own = self.start.date() if isinstance(self.start, datetime.datetime) else self.start
        try:
            recurrence = Recurrence(rule, own)
            if recurrence.until:
                zone = getattr(self.start, "tzinfo", None) or self.zone
                recurrence.until = _end_of(recurrence.until, zone)
            return recurrence
        except _MALFORMED:
            return _NEVER

    def day_of(self, moment):
        if isinstance(moment, datetime.datetime) and moment.tzinfo:
            return local_day(moment, self.zone)
        return moment.date() if isinstance(moment, datetime.datetime) else moment

    def written_days(self):
        """Return the days a person named one by one: all but those of a rule."""
        if self.replaces and self.is_cancelled:
            return [self.replaces]
        own = [] if self.rule and not self.is_cancelled else [self.day_of(self.start)]
        return [day for day in own + self.added if day not in self.excepted]

    def repeated_days(self, context):
        """Return the next days of the rule, none where it ended, is too fine or makes no sense."""
        # The rule counts in the event's own days; for the group they may be the next, or before.
        own = self.start.date() if isinstance(self.start, datetime.datetime) else self.start
        shift = self.day_of(self.start) - own
        first, last = context.today, context.today + _REPEATED_AHEAD
        days = {day + shift for day in self.rule.between(first - shift, last - shift)}
        return sorted(days - self.excepted)[:_MOST_OCCURRENCES]


def _events_of(text, zone):
    """Return (events, whether the whole calendar says it holds holidays)."""
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        components = [each for calendar in calendars for each in calendar.walk("VEVENT")]
        names = [fold(str(calendar.get("X-WR-CALNAME", ""))[:200]) for calendar in calendars]
    except (*_MALFORMED, RecursionError) as error:
        raise Unreadable("not_a_calendar") from error
    if not calendars:
        raise Unreadable("not_a_calendar")
    events = []
    for component in components[:MOST_ITEMS]:
        try:
            events.append(_Event(component, zone))
        # One event that makes no sense hides none of the others.
        except _MALFORMED:
            continue
    return events, any(word in name for name in names for word in _OF_HOLIDAYS)


def _is_no_meeting(event):
    """Tell holidays, birthdays and days of remembrance, which a program put there, from meetings.

    They last all day, and say so in their category, in their text or by their name; or they come
    back every year.
    """
    if not event.is_all_day:
        return False
    if event.rule and event.rule.frequency == "YEARLY":
        return True
    said = {fold(word) for word in (event.about, event.title, *event.categories)}
    return bool(said & set(_HOLIDAY_WORDS)) or fold(event.title).startswith(_HOLIDAYS)


def _categories(component):
    found = component.get("CATEGORIES", [])
    lists = found if isinstance(found, list) else [found]
    return [str(word)[:100] for each in lists for word in getattr(each, "cats", [])][:20]


def _dates(component, name):
    found = component.get(name, [])
    lists = found if isinstance(found, list) else [found]
    moments = [each.dt for dates in lists for each in getattr(dates, "dts", [])][:_MOST_DATES]
    # A period begins at its first part.
    return [moment[0] if isinstance(moment, tuple) else moment for moment in moments]


def _end_of(until, zone):
    """Return the last day of a rule, its UNTIL being a day or a moment."""
    if isinstance(until, datetime.datetime):
        return local_day(until, zone) if until.tzinfo else until.date()
    return until
