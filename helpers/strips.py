"""Eighteen months of one indicator on a line of time: what is drawn, and the same in words.

x is a percentage of the line, sizes are pixels: the picture stretches without distortion.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .indicators import Status
from .pauses import laid_out
from .recording.keeping import pauses_of
from .sentences import day_in_words, sentence

MONTHS_BACK = 18
DAYS_AHEAD = 45


@dataclass(frozen=True)
class Mark:
    """Something that happened on one day, or between two."""

    kind: str
    x: str
    width: str
    title: str


@dataclass(frozen=True)
class Strip:
    rhythm: object
    marks: list[Mark]
    months: list[tuple[str, str]]
    sentence: str
    label: str
    # The signs of life that are shown, the newest first.
    days: list[date]


class Line:
    """The line of time: from eighteen months ago to some weeks ahead."""

    def __init__(self, today):
        self.today = today
        years, month = divmod(today.year * 12 + today.month - 1 - MONTHS_BACK, 12)
        self.start = date(years, month + 1, 1)
        self.end = today + timedelta(days=DAYS_AHEAD)
        self.length = (self.end - self.start).days

    def at(self, day):
        return f"{100 * (day - self.start).days / self.length:.2f}%"

    def mark(self, kind, day, title, until=None):
        """Return what is on the line of ``day`` (to ``until``), or None where it lies outside."""
        first, last = max(day, self.start), min(until or day, self.end)
        if first > last:
            return None
        width = f"{100 * ((last - first).days + 1) / self.length:.2f}%"
        return Mark(kind, self.at(first), width, title)

    def months(self):
        """Return every third month with its place."""
        named, day = [], self.start
        while day < self.today:
            year = f" {day.year % 100:02}" if not named or day.month <= 3 else ""
            named.append((self.at(day), f"{MONTHS_3[day.month]}{year}"))
            month = day.month + 2
            day = date(day.year + month // 12, month % 12 + 1, 1)
        return named


def strips_of(group, rhythms, sightings, announcements, alerts, nudges, today):
    """Return the `Strip` of each of ``rhythms``. Costs one query, for the pauses."""
    line = Line(today)
    pauses = [
        (date.fromordinal(first), date.fromordinal(last))
        for first, last in laid_out(pauses_of(group), today)
    ]
    return [
        _strip(line, rhythm, pauses, sightings, announcements, alerts, nudges) for rhythm in rhythms
    ]


def _strip(line, rhythm, pauses, sightings, announcements, alerts, nudges):
    today = line.today
    days = sorted({s.day for s in sightings if s.indicator == rhythm.indicator}, reverse=True)

    def say(day):
        return day_in_words(day, today)

    marks = [
        line.mark("pause", first, _("Pause from %s") % say(first), last) for first, last in pauses
    ]
    if rhythm.status in {Status.LATE, Status.SILENT} and rhythm.late_on:
        until = min(rhythm.silent_on, today) if rhythm.silent_on else today
        marks.append(
            line.mark("late", rhythm.late_on, _("Late since %s") % say(rhythm.late_on), until)
        )
    if rhythm.status == Status.SILENT and rhythm.silent_on:
        title = _("Silent since %s") % say(rhythm.silent_on)
        marks.append(line.mark("silent", rhythm.silent_on, title, today))
    marks += [line.mark("event", day, _("Sign of life on %s") % say(day)) for day in days]
    for each in announcements:
        if each.indicator == rhythm.indicator:
            what = _("Announced for %s") if each.kind == "date" else _("Date poll open since %s")
            marks.append(line.mark("announced", each.day, what % say(each.day)))
    if rhythm.expected_on and rhythm.status != Status.ARCHIVED:
        title = _("Expected by %s") % say(rhythm.expected_on)
        marks.append(line.mark("expected", rhythm.expected_on, title))
    for alert in alerts:
        if alert.rhythm_id == rhythm.pk:
            marks.append(
                line.mark("alert", alert.opened_on, _("Alert on %s") % say(alert.opened_on))
            )
    for nudge in nudges:
        if nudge.alert_id is None or nudge.alert.rhythm_id == rhythm.pk:
            day = nudge.sent_at.date()
            marks.append(line.mark("nudge", day, _("Kind word on %s") % say(day)))
    return Strip(
        rhythm,
        [mark for mark in marks if mark],
        line.months(),
        sentence(rhythm, today),
        _label(rhythm, days, today),
        days,
    )


def _label(rhythm, days, today):
    """Return the picture in words."""
    name = rhythm.get_indicator_display()
    shown = [day for day in days if day >= Line(today).start]
    if not shown:
        return _("%(name)s: no sign of life in eighteen months") % {"name": name}
    count = len(shown)
    text = ngettext(
        "%(name)s: %(count)s day with a sign of life in eighteen months, the last on %(day)s",
        "%(name)s: %(count)s days with signs of life in eighteen months, the last on %(day)s",
        count,
    )
    return text % {"name": name, "count": count, "day": day_in_words(shown[0], today)}
