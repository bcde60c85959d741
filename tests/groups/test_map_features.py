import json
import random
from itertools import product

import pytest
from django.http import QueryDict

from groups import map_features
from groups.derived import changing
from groups.entries import save_entries
from groups.filters import read_filters
from groups.map_features import features_for
from groups.models import Group
from tests.factories import make_ecosystem, make_entry, make_group, make_membership

pytestmark = pytest.mark.django_db

WORLD = (-180.0, -90.0, 180.0, 90.0)
FILTERS = [
    "",
    "keyword=velo",
    "kind=support",
    "country=BJ",
    "activity=archived",
    "keyword=velo&kind=support",
    "keyword=velo&keyword=bus",
    "kind=support&country=BJ",
    "kind=support&kind=thematic",
    "activity=archived&activity=active",
    "q=common",
    "q=common&keyword=velo",
]


def features(query="", box=WORLD, zoom=1):
    found = json.loads(features_for(read_filters(QueryDict(query)), box, zoom))
    assert found["type"] == "FeatureCollection"
    return found["features"]


def count(found):
    return sum(each["properties"].get("n", 1) for each in found)


def urls(found):
    return {each["properties"]["url"] for each in found if "url" in each["properties"]}


def in_box(point, box):
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north


@pytest.fixture
def world():
    """Forty groups all over the world, some close together, some nowhere, some not published."""
    chance = random.Random(1)
    facts = [
        {
            "place": chance.choice(
                [
                    (6.5 + chance.uniform(-1, 1), 2.6 + chance.uniform(-1, 1)),
                    (chance.uniform(-60, 60), chance.uniform(-179, 179)),
                    (None, None),
                ]
            ),
            "kind": chance.choice(["support", "thematic"]),
            "activity": chance.choice(["active", "active", "archived"]),
            "country": chance.choice(["BJ", "FR"]),
            "keywords": chance.sample(["velo", "bus"], chance.randint(0, 2)),
            "tagline": chance.choice(["common", "rare"]),
            "review": chance.choice(["published", "published", "pending"]),
        }
        for _ in range(40)
    ]
    for number, each in enumerate(facts):
        each["url"] = f"/groups/g{number}x/"
    for review in ("published", "pending"):
        pairs = [(None, entry_of(each)) for each in facts if each["review"] == review]
        save_entries(pairs, why="test", review=review)
    return facts


def entry_of(fact):
    latitude, longitude = fact["place"]
    return make_entry(
        short_name=fact["url"].split("/")[2],
        latitude=latitude,
        longitude=longitude,
        **{name: fact[name] for name in "kind activity country keywords tagline".split()},
    )


def answers(fact, query):
    asked = QueryDict(query)
    activity = asked.getlist("activity")
    return (
        fact["review"] == "published"
        and fact["place"] != (None, None)
        and (fact["activity"] in activity if activity else fact["activity"] != "archived")
        and (not asked.getlist("kind") or fact["kind"] in asked.getlist("kind"))
        and (not asked.getlist("country") or fact["country"] in asked.getlist("country"))
        and set(asked.getlist("keyword")) <= set(fact["keywords"])
        and (not asked.get("q") or fact["tagline"] == asked["q"])
    )


@pytest.mark.parametrize("query", FILTERS)
def test_every_zoom_shows_each_group_that_answers_once(world, query):
    wanted = {each["url"] for each in world if answers(each, query)}

    assert wanted
    for zoom in (0, 1, 3, 5, 6, 8):
        found = features(query, zoom=zoom)
        assert count(found) == len(wanted), zoom
        assert urls(found) <= wanted
    # Close up every group stands alone.
    places = [each["place"] for each in world if each["url"] in wanted]
    alone = [
        urls(features(query, (east - 0.5, north - 0.5, east + 0.5, north + 0.5), 12))
        for north, east in places
    ]
    assert set().union(*alone) == wanted


def test_a_cluster_stands_within_its_own_box(world):
    clusters = [each for each in features(zoom=3) if "n" in each["properties"]]

    assert clusters
    for each in clusters:
        assert each["properties"]["n"] > 1
        assert in_box(each["geometry"]["coordinates"], each["bbox"])


def test_the_box_of_the_map_narrows_what_is_sent(world):
    box = (1.0, 5.0, 4.0, 8.0)
    inside = {
        each["url"]
        for each in world
        if answers(each, "") and in_box((each["place"][1], each["place"][0]), box)
    }

    assert urls(features(box=box, zoom=12)) == inside


def test_a_box_may_cross_the_date_line():
    make_group(short_name="suva", latitude=-18.14, longitude=178.44)
    make_group(short_name="apia", latitude=-13.83, longitude=-171.76)
    make_group(short_name="paris", latitude=48.85, longitude=2.35)

    for zoom in (4, 6, 9):
        found = features(box=(170.0, -30.0, -165.0, 0.0), zoom=zoom)
        assert urls(found) == {"/groups/suva/", "/groups/apia/"}


@pytest.mark.parametrize(("latitude", "longitude"), [(90, 180), (-90, -180), (0, 0), (90, -180)])
@pytest.mark.parametrize("zoom", [1, 4, 6, 9])
@pytest.mark.parametrize("query", ["", "kind=support&country=BJ"])
def test_the_ends_of_the_world_are_on_the_map(latitude, longitude, zoom, query):
    make_group(latitude=latitude, longitude=longitude, kind="support", country="BJ")

    [feature] = features(query, zoom=zoom)

    assert feature["geometry"]["coordinates"] == [longitude, latitude]


def test_a_single_group_is_named_and_leads_to_its_page():
    make_group(
        short_name="jardins",
        name='Jardins « d’Ève » "1"',
        tagline="Une </script> ligne.",
        latitude=6.4969,
        longitude=2.6289,
    )

    assert features() == [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [2.6289, 6.4969]},
            "properties": {
                "name": 'Jardins « d’Ève » "1"',
                "tagline": "Une </script> ligne.",
                "url": "/groups/jardins/",
            },
        }
    ]


def test_groups_without_a_position_and_groups_nobody_may_see_are_not_on_the_map():
    make_group()
    for fields in ({"review": "pending"}, {"review": "refused"}, {"activity": "archived"}):
        make_group(latitude=6.5, longitude=2.6, **fields)

    for zoom in (1, 6, 10):
        for query in ("", "q=group", "kind=territorial&country="):
            assert features(query, zoom=zoom) == []


def test_a_reviewed_ecosystem_shows_its_members_only():
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    for short_name in ("member", "asking"):
        group = make_group(short_name=short_name, keywords=["rivages"], latitude=1, longitude=1)
        if short_name == "member":
            make_membership(group, ecosystem)

    for zoom in (1, 6, 10):
        assert urls(features("keyword=rivages", zoom=zoom)) == {"/groups/member/"}


# Approximate positions


@pytest.mark.parametrize("zoom", range(0, 13, 2))
@pytest.mark.parametrize("query", ["", "q=group", "kind=territorial&country=FR"])
def test_an_approximate_position_is_shown_to_a_tenth_of_a_degree(zoom, query):
    make_group(latitude=48.123456, longitude=-1.654321, position_is_approximate=True, country="FR")

    [feature] = features(query, zoom=zoom)

    assert feature["geometry"]["coordinates"] == [-1.7, 48.1]


def test_no_box_however_small_tells_more_of_an_approximate_position():
    exact = (48.123456, -1.654321)
    make_group(latitude=exact[0], longitude=exact[1], position_is_approximate=True)

    def around(latitude, longitude, reach=0.001):
        return (longitude - reach, latitude - reach, longitude + reach, latitude + reach)

    assert features(box=around(*exact), zoom=16) == []
    assert count(features(box=around(48.1, -1.7), zoom=16)) == 1


def test_a_position_that_becomes_approximate_is_forgotten_everywhere():
    group = make_group(latitude=48.123456, longitude=-1.654321, keywords=["velo"])

    with changing([group.pk]):
        Group.objects.update(position_is_approximate=True)
    with changing([group.pk]):
        Group.objects.update(position_is_approximate=False)

    assert features(zoom=12)[0]["geometry"]["coordinates"] == [-1.7, 48.1]
    assert features(zoom=2)[0]["geometry"]["coordinates"] == [-1.7, 48.1]


# Size and cost


def test_no_answer_has_more_features_than_it_may(monkeypatch):
    monkeypatch.setattr(map_features, "MOST_FEATURES", 10)
    places = list(product(range(-40, 41, 20), range(-150, 151, 50)))
    save_entries(
        [(None, make_entry(latitude=place[0], longitude=place[1])) for place in places],
        why="test",
        review="published",
    )

    for zoom in (0, 3, 6, 9):
        for query in ("", "q=group"):
            found = features(query, zoom=zoom)
            assert len(found) <= 10
            assert count(found) == len(places)


def test_the_whole_world_cannot_be_asked_for_close_up():
    for number in range(2):
        make_group(latitude=10 + number / 100, longitude=10)

    [cluster] = features(zoom=18)

    assert cluster["properties"] == {"n": 2}


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize(
    ("query", "zoom", "queries"),
    [
        ("", 2, 2),  # cells, single groups
        ("keyword=velo", 2, 3),  # and the keyword
        ("kind=support&country=BJ", 2, 2),  # places, single groups
        ("", 9, 2),  # places, single groups
    ],
)
def test_the_map_costs_the_same_for_any_number_of_groups(
    django_assert_num_queries, groups, query, zoom, queries
):
    for number in range(groups):
        make_group(
            kind="support", country="BJ", keywords=["velo"], latitude=6.5, longitude=2 + 20 * number
        )

    with django_assert_num_queries(queries):
        assert count(features(query, (-20.0, -20.0, 60.0, 20.0), zoom)) == groups
