from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from groups.models import Pause
from helpers import recording, seasons
from helpers.models import Rhythm, Season, SeasonAnswer
from tests.factories import make_ecosystem, make_group, make_membership, make_person

from .factories import DAY, NOW, TODAY, every

pytestmark = pytest.mark.django_db


def proposed(group, today):
    return [(each.key, each.first_on, each.last_on) for each in seasons.proposals_for(group, today)]


AUGUST = ("summer", date(2026, 8, 1), date(2026, 8, 31))
NEW_YEAR = ("year_end", date(2026, 12, 20), date(2027, 1, 4))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 7, 1), []),
        (date(2026, 7, 2), [AUGUST]),
        (date(2026, 8, 24), [AUGUST]),
        (date(2026, 8, 25), []),
        (date(2026, 12, 1), [NEW_YEAR]),
        (date(2026, 12, 28), [NEW_YEAR]),
        (date(2026, 12, 29), []),
    ],
)
def test_country_proposes_its_seasons_from_a_month_before_to_a_week_before_the_end(today, expected):
    assert proposed(make_group(country="FR"), today) == expected


@pytest.mark.parametrize(
    ("country", "today", "expected"),
    [
        ("SN", date(2027, 1, 15), ["ramadan"]),
        ("SN", date(2027, 7, 20), []),
        ("CA", date(2026, 7, 1), ["summer"]),
        ("", date(2026, 8, 1), []),
    ],
)
def test_each_country_has_its_own(country, today, expected):
    assert [key for key, *_days in proposed(make_group(country=country), today)] == expected


def test_ecosystem_proposes_to_the_groups_it_has_accepted():
    ecosystem = make_ecosystem()
    season = Season.objects.create(
        name="Vendanges", ecosystem=ecosystem, first_on=TODAY, last_on=TODAY + 20 * DAY
    )
    member, asking = make_group(), make_group()
    make_membership(member, ecosystem)
    make_membership(asking, ecosystem, status="asked")

    assert proposed(member, TODAY) == [(f"season-{season.pk}", TODAY, TODAY + 20 * DAY)]
    assert proposed(asking, TODAY) == []


def test_yearly_season_of_a_country_comes_every_year():
    Season.objects.create(
        name="Harmattan",
        country="BJ",
        first_on=date(2024, 2, 29),
        last_on=date(2024, 3, 20),
        is_yearly=True,
    )

    group = make_group(country="BJ")
    assert [day for _key, day, _last in proposed(group, date(2027, 2, 20))] == [date(2027, 2, 28)]


def test_yes_is_a_pause_of_those_days_and_is_asked_once():
    group, ada = make_group(country="FR"), make_person()
    recording.see(group, "meetings", every(30, last=date(2026, 7, 20)), now=NOW)
    today = date(2026, 7, 25)
    moment = NOW - (TODAY - today)

    assert seasons.answer(group, "summer", accepts=True, by=ada, now=moment, today=today)
    assert not seasons.answer(group, "summer", accepts=True, by=ada, now=moment, today=today)

    pause = Pause.objects.get()
    assert (pause.from_day, pause.until_day, pause.created_by) == (*AUGUST[1:], ada)
    rhythm = Rhythm.objects.get(group=group, indicator="meetings")
    assert (rhythm.paused_from, rhythm.paused_until) == AUGUST[1:]
    # 61 days without August's 31.
    assert rhythm.silent_on == date(2026, 7, 20) + 92 * DAY
    assert proposed(group, date(2027, 7, 10)) != []


def test_no_is_remembered_for_that_season():
    group = make_group(country="FR")
    seasons.answer(group, "summer", accepts=False, by=None, now=NOW, today=date(2026, 7, 25))

    assert not Pause.objects.exists()
    assert SeasonAnswer.objects.get().accepted is False
    assert proposed(group, date(2026, 8, 10)) == []


@pytest.mark.parametrize(
    ("pause", "expected"),
    [
        ({"from_day": date(2026, 8, 20), "until_day": date(2026, 9, 5)}, []),
        ({"from_day": date(2026, 9, 1), "until_day": date(2026, 9, 5)}, [AUGUST]),
        (
            {"from_day": date(2024, 8, 1), "until_day": date(2024, 8, 15), "is_yearly": True},
            [],
        ),
    ],
)
def test_group_that_pauses_then_is_not_asked(pause, expected):
    group = make_group(country="FR")
    Pause.objects.create(group=group, **pause)

    assert proposed(group, date(2026, 8, 1)) == expected


@pytest.mark.parametrize("activity", ["asleep", "archived"])
def test_group_that_rests_already_is_not_asked(activity):
    assert proposed(make_group(country="FR", activity=activity), date(2026, 8, 1)) == []


@pytest.mark.parametrize(
    "wrong", [{"country": "FR", "of_ecosystem": True}, {"country": "", "of_ecosystem": False}]
)
def test_season_is_of_one_place(wrong):
    ecosystem = make_ecosystem() if wrong["of_ecosystem"] else None
    with pytest.raises(IntegrityError, match="helpers_season_of_one_place"):
        Season.objects.create(
            name="x", country=wrong["country"], ecosystem=ecosystem, first_on=TODAY, last_on=TODAY
        )


def test_season_ends_after_it_begins():
    with pytest.raises(IntegrityError, match="helpers_season_ends_after_it_begins"):
        Season.objects.create(name="x", country="FR", first_on=TODAY, last_on=TODAY - DAY)


@pytest.mark.parametrize("wrong", [{"country": "ZZ"}, {"last_on": TODAY + 200 * DAY}])
def test_season_that_means_nothing_is_said_so(wrong):
    fields = {"name": "x", "country": "FR", "first_on": TODAY, "last_on": TODAY} | wrong
    with pytest.raises(ValidationError):
        Season(**fields).full_clean()


def test_answer_is_kept_once():
    group = make_group()
    first = {"group": group, "key": "summer", "first_on": TODAY}
    SeasonAnswer.objects.create(**first, accepted=True)
    with pytest.raises(IntegrityError):
        SeasonAnswer.objects.create(**first, accepted=False)
