import pytest

from groups.entries import save_entry
from tests.factories import make_ecosystem, make_group

pytestmark = pytest.mark.django_db

QUIET = "no territorial group is awake there yet"
AROUND = "No territorial group is awake around here yet."
PLACE = {"latitude": 6.5, "longitude": 2.6}


def said(client, query, path="/en/groups/"):
    """Return what the listing says of a quiet territory, "" for nothing."""
    text = client.get(f"{path}?{query}").text
    return text.partition('class="note quiet">')[2].partition("</div>")[0]


@pytest.mark.parametrize(
    ("group", "is_quiet"),
    [
        ({"activity": "active"}, False),
        ({"activity": "preparing"}, False),
        ({"activity": "asleep"}, True),
        ({"activity": "archived"}, True),
        ({"activity": "active", "kind": "thematic"}, True),
        ({"activity": "active", "country": "TG"}, True),
        ({"activity": "active", "review": "pending"}, True),
    ],
)
def test_a_country_is_quiet_while_no_territorial_group_of_it_is_awake(client, group, is_quiet):
    make_group(**{"country": "BJ", **group})

    assert (f"Benin: {QUIET}" in said(client, "country=BJ")) == is_quiet


def test_a_country_is_quiet_again_when_its_last_group_falls_asleep(client):
    group = make_group(country="BJ")
    assert said(client, "country=BJ") == ""

    save_entry({"activity": "asleep"}, group=group, why="test")

    assert QUIET in said(client, "country=BJ")


def test_it_offers_to_start_a_group_there(client):
    assert 'href="/en/groups/new/?country=BJ"' in said(client, "country=BJ")


def test_where_some_sleep_it_leads_to_them(client):
    make_group(country="BJ", activity="asleep", name="Dormeur")
    make_group(country="BJ", kind="thematic", name="Veilleuse")
    sleeping = "/en/groups/?kind=territorial&amp;activity=asleep&amp;country=BJ"

    assert f'href="{sleeping}"' in said(client, "country=BJ")
    text = client.get(sleeping.replace("&amp;", "&")).text
    assert "Dormeur" in text
    assert "Veilleuse" not in text


def test_where_they_are_listed_already_it_does_not_lead_to_them_again(client):
    make_group(country="BJ", activity="asleep")

    found = said(client, "country=BJ&activity=asleep")

    assert QUIET in found
    assert "activity=asleep" not in found


def test_it_is_said_where_nothing_is_found_too(client):
    text = client.get("/en/groups/?country=BJ").text

    assert QUIET in text
    assert "No group answers to all of this at once." in text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "country=BJ&country=TG",
        "country=BJ&q=velo",
        "country=BJ&keyword=velo",
        "country=BJ&bbox=0,0,9,9",
        "country=BJ&kind=thematic",
        "country=BJ&activity=archived",
        "country=BJ&near=6.5,2.6",
        "country=ZZ",
    ],
)
def test_whoever_asks_for_something_else_is_told_nothing(client, query):
    make_group(country="BJ", kind="thematic", keywords=["velo"], name="Velo", **PLACE)

    assert said(client, query) == ""


@pytest.mark.parametrize(
    "query", ["country=BJ&kind=territorial", "country=BJ&kind=support&kind=territorial"]
)
def test_whoever_asks_for_territorial_groups_too_is_told(client, query):
    assert QUIET in said(client, query)


def test_in_an_ecosystem_it_is_about_its_own_groups(client):
    make_ecosystem("rivages", name="Rivages")
    make_group(country="BJ", kind="support", keywords=["rivages"])
    make_group(country="BJ")

    assert "Benin: no territorial group of “rivages” is awake there yet." in said(
        client, "country=BJ", "/en/ecosystems/rivages/"
    )
    assert said(client, "country=BJ") == ""


# Near a place


@pytest.mark.parametrize(
    ("group", "is_quiet"),
    [
        ({}, False),
        ({"latitude": 7.1}, True),
        ({"longitude": 3.2}, True),
        ({"activity": "asleep"}, True),
        ({"kind": "thematic"}, True),
        ({"review": "pending"}, True),
    ],
)
def test_a_place_is_quiet_while_no_territorial_group_near_it_is_awake(client, group, is_quiet):
    make_group(**{**PLACE, **group})

    assert (AROUND in said(client, "near=6.5,2.6")) == is_quiet


def test_near_a_place_it_leads_to_those_that_sleep_there(client):
    make_group(**PLACE, activity="asleep")

    found = said(client, "near=6.5,2.6")

    assert "near=6.5%2C2.6" in found
    assert "activity=asleep" in found
    assert 'href="/en/groups/new/"' in found


def test_the_surroundings_of_a_place_go_over_the_date_line(client):
    make_group(latitude=-18, longitude=179.8)

    assert said(client, "near=-18,-179.9") == ""
    assert AROUND in said(client, "near=-18,-178")


def test_near_a_place_an_ecosystem_says_nothing(client):
    make_group(keywords=["rivages"], activity="asleep", **PLACE)

    assert said(client, "near=6.5,2.6", "/en/ecosystems/rivages/") == ""


@pytest.mark.parametrize("groups", [1, 3])
def test_a_country_costs_nothing_and_a_place_one_query(client, django_assert_num_queries, groups):
    for _ in range(groups):
        make_group(country="BJ", **PLACE)

    with django_assert_num_queries(3):  # counts, keywords, cards
        client.get("/groups/?country=BJ")
    # Counts, how far to look (4), the nearest, their keywords, who is awake.
    with django_assert_num_queries(8):
        client.get("/groups/?near=6.5,2.6")
