"""Rules name the days that dateutil says they name, and cost the same whatever they say."""

import datetime
import time

import pytest
from dateutil.rrule import rrulestr

from helpers.sources.recurrence import Recurrence

FIRST, LAST = datetime.date(2026, 11, 27), datetime.date(2027, 3, 27)


def rule_of(text):
    return {name: value.split(",") for name, value in (p.split("=") for p in text.split(";"))}


@pytest.mark.parametrize("begin", [datetime.date(2026, 1, 6), datetime.date(2024, 2, 29)])
@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3;BYDAY=MO,TU",
        "FREQ=DAILY;COUNT=5",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        "FREQ=WEEKLY;COUNT=150",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=1TU",
        "FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=2",
        "FREQ=MONTHLY;BYDAY=1TU,3TU",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTH=1,3;COUNT=7",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=12;BYDAY=2SA",
        "FREQ=YEARLY;INTERVAL=3;BYMONTH=1;BYMONTHDAY=30",
    ],
)
def test_a_rule_names_the_days_others_say(text, begin):
    start, end = (datetime.datetime.combine(day, datetime.time()) for day in (FIRST, LAST))
    expected = rrulestr(text, dtstart=datetime.datetime.combine(begin, datetime.time()))
    # The first day of a series is written into the calendar by hand; no rule of ours adds it.
    days = [moment.date() for moment in expected.between(start, end, inc=True)]

    assert Recurrence(rule_of(text), begin).between(FIRST, LAST) == days


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY;INTERVAL=24",
        "FREQ=DAILY;BYHOUR=1,2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=OFTEN",
    ],
)
def test_a_rule_too_fine_or_without_sense_is_refused(text):
    with pytest.raises(ValueError, match=r"understood|interval|not in"):
        Recurrence(rule_of(text), FIRST)


def test_a_day_that_does_not_exist_is_not_looked_for_for_ever():
    started = time.process_time()

    days = Recurrence(rule_of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9"), FIRST).between(
        FIRST, LAST
    )

    assert days == []
    assert time.process_time() - started < 0.2
