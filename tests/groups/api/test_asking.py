"""What may be asked, and that anything else is refused by its name."""

from datetime import UTC, datetime

import pytest

from groups.api.asking import LATEST, GroupsAsked
from tests.factories import make_group

pytestmark = pytest.mark.django_db


def refused(client, query, address="groups"):
    """Return what the API says of each parameter it refuses."""
    response = client.get(f"/api/v1/{address}?{query}")
    assert response.status_code == 422, response.text
    errors = response.json()["errors"]
    assert all(each["detail"].strip() for each in errors)
    return [each["parameter"] for each in errors]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=", "limit"),
        ("limit=1.0", "limit"),
        ("limit=%2B1", "limit"),
        ("limit=1_0", "limit"),
        ("limit=٣", "limit"),
        ("limit=1&limit=1", "limit"),
        ("kind=round", "kind"),
        ("kind=thematic&kind=", "kind"),
        ("activity=busy", "activity"),
        ("country=ZZ", "country"),
        ("country=fr", "country"),
        ("keyword=", "keyword"),
        ("&".join(f"keyword=k{n}" for n in range(13)), "keyword"),
        (f"q={'x' * 201}", "q"),
        ("near=1", "near"),
        ("near=a,b", "near"),
        ("near=nan,inf", "near"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,1e9", "bbox"),
        ("updated_since=yesterday", "updated_since"),
        ("updated_since=2026-01-01", "updated_since"),
        ("updated_since=2026-01-01T00:00:00", "updated_since"),
        ("updated_since=1700000000", "updated_since"),
        ("updated_since=2026-13-01T00:00:00Z", "updated_since"),
        ("cursor=", "cursor"),
        ("cursor=1", "cursor"),
        ("cursor=1-2-x", "cursor"),
        ("cursor=1-2-3-4", "cursor"),
        (f"cursor=1-2-{'9' * 19}", "cursor"),
        ("sort=name", "sort"),
        ("page=2", "page"),
        ("country[]=FR", "country[]"),
        ("Q=x", "Q"),
    ],
)
def test_what_means_nothing_is_refused_by_its_name(client, query, parameter):
    make_group()

    assert refused(client, query) == [parameter]


def test_everything_that_is_wrong_is_named_at_once(client):
    assert refused(client, "limit=0&near=1&kind=round") == ["limit", "kind", "near"]


@pytest.mark.parametrize(
    "address",
    ["groups/jardins", "ecosystems", "ecosystems/eau", "ecosystems/eau/groups", "keywords"],
)
def test_every_address_refuses_what_it_does_not_know(client, address):
    make_group(short_name="jardins", keywords=["eau"])

    assert refused(client, "fields=name", address) == ["fields"]


def test_a_refusal_says_what_there_is(client):
    said = client.get("/api/v1/keywords?q=x").json()["errors"]

    assert said[0]["detail"] == "There is no such parameter. Known are limit, cursor."


def test_a_list_of_all_countries_is_not_recited(client):
    said = client.get("/api/v1/groups?country=ZZ").json()["errors"]

    assert len(said[0]["detail"]) < 100


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-01T00:00:00Z", NEW_YEAR),
        ("2026-01-01t00:00:00z", NEW_YEAR),
        ("2026-01-01 00:00:00Z", NEW_YEAR),
        ("2026-01-01T01:00:00+01:00", NEW_YEAR),
        # An unescaped + of an address.
        ("2026-01-01T01:00:00 01:00", NEW_YEAR),
        ("2026-01-01T00:00:00.5Z", NEW_YEAR.replace(microsecond=500_000)),
        ("2026-01-01T00:00:00.123456789Z", NEW_YEAR.replace(microsecond=123_456)),
        ("2026-01-01T00:00:60Z", NEW_YEAR.replace(second=59)),
        ("0001-01-01T00:00:00+14:00", datetime(1970, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59-14:00", LATEST),
    ],
)
def test_a_moment_is_read_as_rfc_3339_writes_it(text, moment):
    assert GroupsAsked(updated_since=text).updated_since == moment


@pytest.mark.parametrize(
    ("asked", "near"),
    [("6.4,2.4", (6.4, 2.4)), ("-95,0", (-90, 0)), ("0,190", (0, -170)), ("0,-180", (0, -180))],
)
def test_a_place_lies_on_earth(asked, near):
    assert GroupsAsked(near=asked).near == near
