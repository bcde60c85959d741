from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from groups.ago import ago

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 11), "today"),
        (date(2026, 3, 10), "today"),
        (date(2026, 3, 9), "yesterday"),
        (date(2026, 3, 8), "two days ago"),
        (date(2026, 3, 4), "six days ago"),
        (date(2026, 3, 3), "a week ago"),
        (date(2026, 2, 25), "a week ago"),
        (date(2026, 2, 24), "two weeks ago"),
        (date(2026, 2, 17), "three weeks ago"),
        (date(2026, 2, 11), "three weeks ago"),
        (date(2026, 2, 10), "a month ago"),
        (date(2026, 1, 11), "a month ago"),
        (date(2026, 1, 10), "two months ago"),
        (date(2025, 3, 11), "eleven months ago"),
        (date(2025, 3, 10), "a year ago"),
        (date(2024, 3, 11), "a year ago"),
        (date(2024, 3, 10), "two years ago"),
        (date(2013, 3, 10), "13 years ago"),
    ],
)
def test_time_is_told_in_whole_days_weeks_months_and_years(day, words):
    with override("en"):
        assert ago(day, TODAY) == words


def test_a_long_month_has_four_weeks():
    with override("en"):
        assert ago(date(2026, 1, 3), date(2026, 1, 31)) == "four weeks ago"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "aujourd’hui"),
        (1, "hier"),
        (2, "il y a deux jours"),
        (7, "il y a une semaine"),
        (21, "il y a trois semaines"),
        (40, "il y a un mois"),
        (330, "il y a dix mois"),
        (365, "il y a un an"),
        (800, "il y a deux ans"),
    ],
)
def test_time_is_told_in_french_too(days, words):
    with override("fr"):
        assert ago(TODAY - timedelta(days=days), TODAY) == words


@given(st.dates(), st.dates())
def test_any_two_days_have_words_between_them(day, today):
    assert ago(day, today)
