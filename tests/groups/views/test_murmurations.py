"""The profile for the Murmurations network: only where it is wanted, and as they want it."""

import json
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings
from django.utils import timezone

from groups import upkeep
from groups.countries import COUNTRIES
from groups.deciding import refuse
from groups.entries import save_entry
from groups.models import Group
from groups.murmurations import STATUSES
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
)

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent.parent / "data"
SCHEMA = json.loads((DATA / "murmurations_organizations_v1.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
PROFILE = "/groups/estran/murmurations.json"
SITE = settings.SITE_URL


def make_estran(**fields):
    return make_group(
        **{
            "short_name": "estran",
            "name": "Estran",
            "tagline": "Au bord.",
            "has_profile": True,
            **fields,
        }
    )


def profile(client):
    """Return the profile as an index reads it, which refuses what its schema does not know."""
    response = client.get(PROFILE)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    read = json.loads(response.content)
    VALIDATOR.validate(read)
    return read


def test_a_profile_says_what_the_page_says(client):
    ecosystem = make_ecosystem("rivages", name="Rivages", admission="reviewed")
    estran = make_estran(
        description="Nous **nageons**.",
        keywords=["rivages", "nage"],
        country="FR",
        latitude=48.63456,
        longitude=-2.0123,
        services={
            "home": "https://estran.example/",
            "join": "https://estran.example/join",
            "members": "https://hidden.example/members",
            "follow_up": "https://hidden.example/follow-up",
        },
    )
    make_membership(estran, ecosystem)
    make_facilitator(estran)

    assert profile(client) == {
        "linked_schemas": ["organizations_schema-v1.0.0"],
        "name": "Estran",
        "nickname": "estran",
        "primary_url": "https://estran.example/",
        "description": "Au bord.\n\nNous nageons.",
        "status": "active",
        "tags": ["rivages", "nage"],
        "urls": [
            {"name": "Page dans l’annuaire", "url": f"{SITE}/groups/estran/"},
            {"name": "Site du groupe", "url": "https://estran.example/"},
            {"name": "S’inscrire", "url": "https://estran.example/join"},
        ],
        "country_iso_3166": "FR",
        "geolocation": {"lat": 48.6346, "lon": -2.0123},
        "relationships": [
            {
                "predicate_url": "https://schema.org/memberOf",
                "object_url": f"{SITE}/ecosystems/rivages/",
            }
        ],
        "contact_details": {"contact_form": f"{SITE}/groups/estran/contact/"},
    }


def test_a_group_that_says_little_has_a_profile_too(client):
    make_estran()

    assert set(profile(client)) == {
        "linked_schemas",
        "name",
        "nickname",
        "primary_url",
        "description",
        "status",
        "urls",
    }


@pytest.mark.parametrize("activity", Group.Activity.values)
def test_every_level_of_activity_has_a_word_of_theirs(client, activity):
    make_estran(activity=activity)

    assert profile(client)["status"] == STATUSES[activity]


def test_every_country_is_one_of_theirs_or_left_out():
    known = set(SCHEMA["properties"]["country_iso_3166"]["enum"])

    assert set(COUNTRIES) - known == {"XK"}


def test_a_country_they_do_not_know_is_left_out(client):
    make_estran(country="XK")

    assert "country_iso_3166" not in profile(client)


def test_an_approximate_position_stays_approximate(client):
    make_estran(latitude=48.63456, longitude=-2.0123, position_is_approximate=True)

    assert profile(client)["geolocation"] == {"lat": 48.6, "lon": -2.0}


@pytest.mark.parametrize(
    "fields", [{"has_profile": False}, {"review": "pending"}, {"review": "refused"}]
)
def test_there_is_no_profile_that_is_not_wanted_or_not_to_be_seen(client, fields):
    estran = make_estran(**fields)
    save_entry({"short_name": "dunes"}, group=estran, why="test")

    for short_name in ("dunes", "estran", "nobody"):
        assert client.get(f"/groups/{short_name}/murmurations.json").status_code == 404


def test_an_old_name_leads_to_the_profile(client):
    save_entry({"short_name": "dunes"}, group=make_estran(), why="test")

    response = client.get(PROFILE)

    assert (response.status_code, response["Location"]) == (301, "/groups/dunes/murmurations.json")


def test_a_profile_may_be_read_by_any_page_and_names_its_licence(client):
    make_estran()

    response = client.get(PROFILE)

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Link"] == f'<{settings.DATA_LICENCE}>; rel="license"'
    assert "Set-Cookie" not in response


def test_a_profile_is_right_at_the_next_request(client):
    estran = make_estran()
    ada, now = make_person(), timezone.now()
    tag = client.get(PROFILE)["ETag"]
    assert client.get(PROFILE, headers={"If-None-Match": tag}).status_code == 304

    save_entry({"tagline": "Au large."}, group=estran, why="test")
    response = client.get(PROFILE, headers={"If-None-Match": tag})
    assert response.json()["description"] == "Au large."

    upkeep.withdraw_profile(estran, by=ada, now=now)
    assert client.get(PROFILE, headers={"If-None-Match": response["ETag"]}).status_code == 404

    upkeep.publish_profile(estran, by=ada, now=now)
    assert client.get(PROFILE).status_code == 200

    refuse([estran], reason="Gone.", by=ada)
    assert client.get(PROFILE).status_code == 404


@pytest.mark.parametrize("items", [1, 3])
def test_a_profile_costs_the_same_whatever_the_group_has(client, django_assert_num_queries, items):
    for number in range(items):
        make_ecosystem(f"word {number}")
    kinds = ["home", "join", "news"][:items]
    make_estran(
        keywords=[f"word {number}" for number in range(items)],
        services=dict.fromkeys(kinds, "https://example.org/"),
    )

    # The version, the group, services, partners, ecosystems, memberships, whether anybody
    # facilitates it.
    with django_assert_num_queries(7):
        assert len(profile(client)["relationships"]) == items
    with django_assert_num_queries(1):
        client.get(PROFILE)
