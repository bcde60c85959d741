"""Calendars: held, announced, repeated, cancelled, and what is no meeting."""

import time
from datetime import date

import pytest

from helpers.sources import calendar
from helpers.sources.reading import SourceError

from . import days_of, reading_of


def announced(reading):
    """Return {day: "announced", "cancelled" or "repeated"}."""
    return {
        each.day.isoformat(): "cancelled"
        if each.is_cancelled
        else "announced"
        if each.is_confirmed
        else "repeated"
        for each in reading.coming
    }


def test_what_was_held_is_evidence_and_what_was_cancelled_is_not():
    reading = reading_of(calendar, "calendar/nextcloud.ics")

    # 23:30 UTC is the next day in Paris; an unknown zone does not lose the day.
    assert days_of(reading) == {"10-24": 1, "11-03": 1, "11-15": 1, "11-20": 1}
    assert announced(reading) == {
        "2026-11-10": "cancelled",
        "2026-12-12": "announced",
        "2026-12-19": "cancelled",
    }
    assert reading.lists_coming


def test_an_endless_weekly_repetition_proves_nothing():
    reading = reading_of(calendar, "calendar/endless_weekly.ics")

    assert reading.seen == ()
    assert set(announced(reading).values()) == {"repeated"}
    assert min(announced(reading)) == "2026-12-01"
    assert len(reading.coming) == 9
    assert reading.declared_days == 7


def test_an_occurrence_somebody_moved_was_held():
    reading = reading_of(calendar, "calendar/exceptions.ics")

    assert days_of(reading) == {"11-05": 1, "11-17": 1}
    # The first Tuesday of December was cancelled, that of January taken out.
    assert announced(reading) == {"2026-12-01": "cancelled"}


def test_holidays_and_birthdays_are_no_meetings():
    reading = reading_of(calendar, "calendar/holidays.ics")

    assert days_of(reading) == {"11-02": 1}
    assert reading.coming == ()


def test_a_repetition_that_ended_announces_nothing():
    reading = reading_of(calendar, "calendar/ended.ics")

    assert (reading.coming, reading.declared_days) == ((), None)
    assert reading.had_items


def test_a_repetition_of_every_second_costs_nothing():
    started = time.process_time()

    reading = reading_of(calendar, "calendar/every_second.ics")

    assert (reading.seen, reading.coming) == ((), ())
    assert time.process_time() - started < 0.5


def test_what_is_announced_keeps_its_name_once_it_was_held():
    ahead = reading_of(calendar, "calendar/nextcloud.ics", today=date(2026, 11, 1))
    after = reading_of(calendar, "calendar/nextcloud.ics")

    names = {each.day: each.outside_id for each in ahead.coming}
    assert {seen.outside_id for seen in after.seen if seen.day.month == 11} <= set(names.values())


@pytest.mark.parametrize("body", [b"", b"<html>", b"BEGIN:VCARD\nEND:VCARD", b"BEGIN:VCALENDAR\n"])
def test_what_is_no_calendar_is_unreadable(body):
    with pytest.raises(SourceError):
        reading_of(calendar, body)
