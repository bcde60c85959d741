"""The days of a recurrence near today, by asking each of a few days whether the rule names it.

Libraries go from the first occurrence to the next: every second since 1970, or for ever in
search of a 30 February. Here a rule costs the same whatever it says.
"""

import calendar
import datetime
import functools

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30.4, "YEARLY": 365.25}
# What rules of meetings are made of; hours, week numbers and days of the year are not.
_UNDERSTOOD = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"),
}
# A series that is counted is followed this long; one that goes on longer has no end.
_LONGEST_SERIES = datetime.timedelta(days=3000)


class Recurrence:
    """A rule (as {name: values}) that begins on a day. Raises ValueError if it makes no sense."""

    def __init__(self, rule, begin):
        self.begin = begin
        self.frequency = str(_first(rule, "FREQ", "")).upper()
        if self.frequency not in _DAYS or not set(rule) <= _UNDERSTOOD:
            raise ValueError(f"{self.frequency} is not understood.")
        self.interval = int(_first(rule, "INTERVAL", 1))
        if not 1 <= self.interval <= 1000:
            raise ValueError(f"The interval is {self.interval}.")
        self.count = int(_first(rule, "COUNT", 0))
        self.until = _first(rule, "UNTIL")
        self.months = {int(each) for each in _all(rule, "BYMONTH")}
        self.month_days = {int(each) for each in _all(rule, "BYMONTHDAY")}
        self.positions = {int(each) for each in _all(rule, "BYSETPOS")}
        self.weekdays = {_weekday(str(each)) for each in _all(rule, "BYDAY")}
        starts_week = str(_first(rule, "WKST", "MO")).upper()
        self.week_start = _WEEKDAYS.index(starts_week) if starts_week in _WEEKDAYS else 0
        self.of_month = functools.lru_cache(maxsize=40)(self._of_month)

    @property
    def usual_days(self):
        """How many days lie between two occurrences, about."""
        times = 1 if self.frequency == "DAILY" else len(self.positions or self.weekdays)
        times = max(1, times, len(self.month_days) if self.frequency != "DAILY" else 1)
        return _DAYS[self.frequency] * self.interval / times

    def between(self, first, last):
        """Return the days of the rule from ``first`` to ``last``, both included."""
        if self.until:
            last = min(last, self.until)
        start, left = max(first, self.begin), None
        if self.count > 0:
            if last - self.begin <= _LONGEST_SERIES:
                start, left = self.begin, self.count
            elif self.count * self.usual_days <= _LONGEST_SERIES.days:
                return []
        days = []
        for ordinal in range(start.toordinal(), last.toordinal() + 1):
            day = datetime.date.fromordinal(ordinal)
            if self.names(day):
                if left is not None:
                    left -= 1
                if day >= first:
                    days.append(day)
                if left == 0:
                    break
        return days

    def names(self, day):
        """Tell whether the rule names a day, its count left aside."""
        begin = self.begin
        if self.months and day.month not in self.months:
            return False
        match self.frequency:
            case "DAILY":
                return (
                    (day - begin).days % self.interval == 0
                    and (not self.month_days or _in_month(day) & self.month_days)
                    and (not self.weekdays or day.weekday() in {each for each, _n in self.weekdays})
                )
            case "WEEKLY":
                weeks = (self._week(day) - self._week(begin)) // 7
                weekdays = {each for each, _n in self.weekdays} or {begin.weekday()}
                return weeks % self.interval == 0 and day.weekday() in weekdays
            case "MONTHLY":
                months = (day.year - begin.year) * 12 + day.month - begin.month
                return months % self.interval == 0 and day.day in self.of_month(day.year, day.month)
        if not self.months and day.month != begin.month:
            return False
        years = day.year - begin.year
        return years % self.interval == 0 and day.day in self.of_month(day.year, day.month)

    def _week(self, day):
        return day.toordinal() - (day.weekday() - self.week_start) % 7

    def _of_month(self, year, month):
        """Return the days of a month that the rule names, as numbers."""
        length = calendar.monthrange(year, month)[1]
        days = []
        for number in range(1, length + 1):
            day = datetime.date(year, month, number)
            if self.month_days and not _in_month(day) & self.month_days:
                continue
            nth, from_end = (number - 1) // 7 + 1, -((length - number) // 7 + 1)
            if self.weekdays and not any(
                weekday == day.weekday() and which in (0, nth, from_end)
                for weekday, which in self.weekdays
            ):
                continue
            if not self.month_days and not self.weekdays and number != self.begin.day:
                continue
            days.append(number)
        if self.positions:
            days = [
                days[at - 1 if at > 0 else at]
                for at in self.positions
                if at and -len(days) <= at <= len(days)
            ]
        return set(days)


def _in_month(day):
    """Return the number of a day from the beginning of its month, and from the end."""
    return {day.day, day.day - calendar.monthrange(day.year, day.month)[1] - 1}


def _weekday(text):
    """Return (weekday, which one of the month or 0) for TU, 1TU or -1FR."""
    return _WEEKDAYS.index(text[-2:].upper()), int(text[:-2] or 0)


def _all(rule, name):
    values = rule.get(name, [])
    return (values if isinstance(values, list) else [values])[:40]


def _first(rule, name, default=None):
    values = _all(rule, name)
    return values[0] if values else default
