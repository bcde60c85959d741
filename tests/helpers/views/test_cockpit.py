from datetime import date

import pytest
import time_machine

from groups.models import Pause
from helpers.models import Season, SeasonAnswer
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)

pytestmark = pytest.mark.django_db
AUGUST = {"name": "Vendanges", "first_on": "2027-09-01", "last_on": "2027-09-20"}
SEASONS = "/en/helpers/cockpit/rivages/seasons/"


@pytest.fixture
def curator(client):
    person = make_role(make_ecosystem(), "curator")
    client.force_login(person)
    return person


def test_only_curators_see_the_seasons(client):
    make_role(make_ecosystem(), "helper", person=make_person("bob@example.org"))
    assert client.get(SEASONS).status_code == 302
    client.force_login(make_person("bob2@example.org"))

    assert client.get(SEASONS).status_code == 404
    assert client.post(SEASONS, AUGUST).status_code == 404
    assert not Season.objects.exists()


def test_curator_adds_a_season_and_takes_it_away(client, curator):
    assert "a month before" in client.post(SEASONS, AUGUST, follow=True).content.decode()
    season = Season.objects.get()
    assert (season.name, season.ecosystem.keyword.slug) == ("Vendanges", "rivages")

    assert "Vendanges" in client.get(SEASONS).content.decode()
    client.post(SEASONS, {"gone": season.pk})

    assert not Season.objects.exists()


def test_season_of_another_ecosystem_stays(client, curator):
    other = make_ecosystem("collines", name="Collines")
    season = Season.objects.create(
        name="x", ecosystem=other, first_on=date(2027, 1, 1), last_on=date(2027, 1, 9)
    )
    client.post(SEASONS, {"gone": season.pk})

    assert Season.objects.get() == season


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"last_on": "2027-08-01"}, "It ends before it begins."),
        ({"last_on": "2028-08-01"}, "Half a year is no season"),
        ({"first_on": "soon"}, 'value="soon"'),
    ],
)
def test_what_means_nothing_is_said_and_kept(client, curator, wrong, said):
    response = client.post(SEASONS, AUGUST | wrong)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Season.objects.exists()


@time_machine.travel("2026-07-20T10:00Z")
@pytest.mark.parametrize(("do", "pauses"), [("rest", 1), ("no_rest", 0)])
def test_facilitator_answers_with_one_tap(client, do, pauses):
    group = make_group(country="FR", short_name="jardin")
    client.force_login(make_facilitator(group).person)
    page = client.get("/en/helpers/groups/jardin/").content.decode()
    assert "Summer break, from 1 August to 31 August: does the group rest then?" in page

    client.post("/en/helpers/groups/jardin/note/", {"do": do, "key": "summer"})

    assert (Pause.objects.count(), SeasonAnswer.objects.count()) == (pauses, 1)
    assert "Summer break, from" not in client.get("/en/helpers/groups/jardin/").content.decode()


@time_machine.travel("2026-07-20T10:00Z")
def test_helper_does_not_answer_for_a_group(client):
    group, ecosystem = make_group(country="FR", short_name="jardin"), make_ecosystem()
    make_membership(group, ecosystem)
    client.force_login(make_role(ecosystem))

    assert "Summer break, from" not in client.get("/en/helpers/groups/jardin/").content.decode()
    asked = client.post("/en/helpers/groups/jardin/note/", {"do": "rest", "key": "summer"})

    assert asked.status_code == 403
    assert not SeasonAnswer.objects.exists()
