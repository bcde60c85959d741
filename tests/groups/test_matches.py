"""What a listing finds and counts, against an oracle that looks at every group in Python."""

import math
import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from groups import matches, search
from groups.derived import changing
from groups.entries import save_entries
from groups.filters import Filters
from groups.matches import PAGE_SIZE, last_page, marginals, matches_for
from groups.models import Group, Keyword
from tests.factories import (
    make_ecosystem,
    make_entry,
    make_group,
    make_keyword,
    make_membership,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 3, 10, 12, tzinfo=UTC)
WORDS = ["velo", "bus", "train", "marche", "jardin", "semence", "rivages", "ville"]
PLACES = {"FR": "france", "TG": "togo", "BE": "belgique belgium", "": ""}
KINDS = ["support", "thematic", "territorial"]
ACTIVITIES = ["active", "preparing", "asleep", "archived"]
SORTS = ["", "name", "new", "confirmed", "members"]


def short_names(found):
    return [row[1] for row in found.rows]


# The oracle


class World:
    """Groups made by chance, as records and as plain facts."""

    def __init__(self, seed, size=70):
        self.random = random.Random(seed)
        ecosystem = make_ecosystem("rivages", admission="reviewed")
        self.facts = [self.fact(number) for number in range(size)]
        names = "short_name name tagline kind description keywords country activity member_count"
        saved = save_entries(
            [
                (
                    None,
                    make_entry(
                        latitude=each["place"] and each["place"][0],
                        longitude=each["place"] and each["place"][1],
                        **{name: each[name] for name in names.split()},
                    ),
                )
                for each in self.facts
            ],
            why="test",
        )
        with changing(group.pk for group in saved):
            for group, each in zip(saved, self.facts, strict=True):
                each["pk"] = group.pk
                Group.objects.filter(pk=group.pk).update(
                    review=each["review"],
                    review_reason="No.",
                    created_at=each["created_at"],
                    confirmed_at=each["confirmed_at"],
                )
                if each["is_member"]:
                    make_membership(group, ecosystem)
        for each in self.facts:
            if not each["is_member"] and "rivages" in each["keywords"]:
                each["keywords"].remove("rivages")
        self.keywords = {each.name: each for each in Keyword.objects.all()}

    def fact(self, number):
        chance = self.random
        return {
            "short_name": f"g{number:03}",
            "name": " ".join(chance.choices(WORDS, k=2)).capitalize(),
            "tagline": " ".join(chance.choices(WORDS, k=2)),
            "description": chance.choice(["", " ".join(chance.choices(WORDS, k=3))]),
            "kind": chance.choice(KINDS),
            "activity": chance.choice(ACTIVITIES),
            "country": chance.choice(list(PLACES)),
            "keywords": chance.sample(WORDS, chance.randint(0, 4)),
            "member_count": chance.choice([None, 5, 50, chance.randint(0, 999)]),
            "place": chance.choice(
                [None, (round(chance.uniform(-60, 60), 4), round(chance.uniform(-150, 150), 4))]
            ),
            "review": chance.choice(["published"] * 6 + ["pending", "refused"]),
            "created_at": NOON - timedelta(days=chance.randint(0, 30)),
            "confirmed_at": chance.choice([None, NOON - timedelta(days=chance.randint(0, 30))]),
            "is_member": chance.random() < 0.5,
        }

    def choices(self):
        """Return (filters, names of keywords) somebody might ask for."""
        chance = self.random

        def some(values, most):
            return tuple(chance.sample(values, chance.choice([0, 0, 0, *range(1, most + 1)])))

        south, west = chance.uniform(-60, 40), chance.uniform(-150, 150)
        filters = Filters(
            q=" ".join(
                chance.choices([*WORDS, "v", "ja", "togo", "g0"], k=chance.choice([0, 0, 0, 1, 2]))
            ),
            kind=some(KINDS, 2),
            activity=some(ACTIVITIES, 2),
            country=some(list(PLACES)[:3], 2),
            bbox=chance.choice(
                [None, None, None, (west, south, chance.uniform(-150, 150), south + 60)]
            ),
            sort=chance.choice(SORTS),
            page=chance.choice([1, 1, 2, 3, 9]),
        )
        return filters, chance.sample(WORDS, chance.choice([0, 0, 1, 1, 2]))


def tier_of(fact, word):
    """Return the best tier in which some word begins with ``word``, None where there is none."""
    tiers = [
        f"{fact['name']} {fact['short_name']}",
        fact["tagline"],
        " ".join([*fact["keywords"], PLACES[fact["country"]]]),
        fact["description"],
    ]
    for tier, text in enumerate(tiers, start=1):
        if any(each.startswith(word) for each in re.findall(r"\w+", text.lower())):
            return tier
    return None


def is_inside(place, box):
    if place is None:
        return False
    west, south, east, north = box
    across = west <= place[1] <= east if west <= east else place[1] >= west or place[1] <= east
    return south <= place[0] <= north and across


def has(fact, filters, *names):
    """Tell whether a group answers these facets; the archive is out unless asked for."""
    for name in names:
        chosen = getattr(filters, name)
        if chosen and fact[name] not in chosen:
            return False
        if name == "activity" and not chosen and fact[name] == "archived":
            return False
    return True


def expected(world, filters, keywords):
    """Return what a listing says: (total, kinds, activities, countries, keywords, its page)."""
    words = filters.q.split()
    candidates = [
        fact
        for fact in world.facts
        if fact["review"] == "published"
        and set(keywords) <= set(fact["keywords"])
        and (not filters.bbox or is_inside(fact["place"], filters.bbox))
        and all(tier_of(fact, word) for word in words)
    ]
    kept = [fact for fact in candidates if has(fact, filters, "kind", "activity", "country")]
    carried = Counter(name for fact in kept for name in fact["keywords"])
    for name in keywords:
        del carried[name]
    kept.sort(key=order(filters, words))
    page = min(filters.page, max(math.ceil(len(kept) / PAGE_SIZE), 1))
    return (
        len(kept),
        Counter(f["kind"] for f in candidates if has(f, filters, "activity", "country")),
        Counter(
            f["activity"]
            for f in candidates
            if has(f, filters, "kind", "country")
            and (not words or f["activity"] != "archived" or "archived" in filters.activity)
        ),
        Counter(f["country"] for f in candidates if has(f, filters, "kind", "activity")),
        carried,
        [fact["short_name"] for fact in kept[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
    )


def order(filters, words):
    field = {"new": "created_at", "confirmed": "confirmed_at", "members": "member_count"}
    if name := field.get(filters.sort):

        def newest(fact):
            value = fact[name]
            number = value.timestamp() if isinstance(value, datetime) else value
            return (value is None, -(number or 0), fact["pk"])

        return newest
    if words and not filters.sort:
        return lambda fact: (
            max(tier_of(fact, word) for word in words),
            fact["name"].lower(),
            fact["pk"],
        )
    return lambda fact: (fact["name"].lower(), fact["pk"])


def seen(found, filters, keywords):
    kinds, activities, countries = marginals(found.cube, filters)
    carried = {name: n for name, _slug, n in found.keywords if name not in keywords}
    return (
        found.total,
        +kinds,
        +activities,
        +countries,
        carried,
        short_names(found),
    )


@pytest.mark.parametrize("seed", range(3))
def test_every_listing_says_what_looking_at_every_group_would_say(seed):
    world = World(seed)

    for _ in range(30):
        filters, names = world.choices()
        found = matches_for(filters, [world.keywords[name] for name in names])

        assert seen(found, filters, names) == expected(world, filters, names), (filters, names)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_on_write_says_the_same_as_the_database_counting(seed):
    world = World(seed)

    for _ in range(20):
        filters, names = world.choices()
        filters = Filters(**{**vars(filters), "q": "", "bbox": None})
        keyword = world.keywords[names[0] if names else "velo"]
        kept = matches._kept(filters, keyword, None)
        computed = matches._computed(filters, [keyword])

        assert kept.total == computed.total
        assert sorted(kept.cube) == sorted(computed.cube)
        assert kept.rows == computed.rows
        assert kept.page == computed.page
        assert others(kept, keyword) == others(computed, keyword)


def others(found, keyword):
    return [row for row in found.keywords if row[0] != keyword.name]


def test_the_worlds_of_the_oracle_hold_what_they_should_try():
    """Or the tests above would be true of nothing."""
    world = World(0)
    asked = [world.choices() for _ in range(120)]
    totals = [expected(world, *each)[0] for each in asked]

    assert max(totals) > PAGE_SIZE
    assert sum(total > 0 for total in totals) > 45
    assert any(
        filters.page > 1 and total > PAGE_SIZE
        for (filters, _names), total in zip(asked, totals, strict=True)
    )
    assert {fact["review"] for fact in world.facts} == {"published", "pending", "refused"}


# Pages


@pytest.mark.parametrize(
    ("total", "last"), [(0, 1), (1, 1), (24, 1), (25, 2), (2400, 100), (2401, 100), (10**6, 100)]
)
def test_last_page(total, last):
    assert last_page(total) == last


@pytest.mark.parametrize("q", ["", "jardin"])
@pytest.mark.parametrize("keywords", [0, 2])
def test_a_page_out_of_range_gives_the_nearest(q, keywords):
    words = ["velo", "bus"][:keywords]
    save_entries(
        [(None, make_entry(name="Jardin", keywords=words)) for _ in range(25)],
        why="test",
        review="published",
    )

    for asked, given, shown in [(1, 1, 24), (2, 2, 1), (3, 2, 1), (100, 2, 1)]:
        found = matches_for(Filters(q=q, page=asked), [make_keyword(name) for name in words])
        assert (found.page, len(found.rows)) == (given, shown)


def test_an_empty_directory_has_one_empty_page():
    found = matches_for(Filters(page=5), [])

    assert (found.total, found.page, found.rows, found.more) == (0, 1, [], False)


# Filters


def test_values_of_one_facet_are_alternatives_and_facets_narrow_each_other():
    make_group(short_name="tg-support", kind="support", country="TG")
    make_group(short_name="fr-support", kind="support", country="FR")
    make_group(short_name="fr-local", kind="territorial", country="FR")

    assert short_names(matches_for(Filters(country=("FR", "TG")), [])) == [
        "tg-support",
        "fr-support",
        "fr-local",
    ]
    assert short_names(matches_for(Filters(kind=("support",), country=("FR",)), [])) == [
        "fr-support"
    ]


@pytest.mark.parametrize("q", ["", "common"])
def test_several_keywords_narrow_each_other(q):
    make_group(short_name="both", keywords=["velo", "bus"], tagline="common")
    make_group(short_name="one", keywords=["velo"], tagline="common")

    found = matches_for(Filters(q=q), [make_keyword("velo"), make_keyword("bus")])

    assert short_names(found) == ["both"]


def test_a_keyword_of_a_reviewed_ecosystem_narrows_to_its_members():
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    make_group(short_name="asking", keywords=["rivages", "velo"])

    for others in ([], [make_keyword("velo")]):
        assert matches_for(Filters(), [ecosystem.keyword, *others]).total == 0


@pytest.mark.parametrize("q", ["", "common"])
@pytest.mark.parametrize("area", [None, (-180.0, -90.0, 180.0, 90.0)])
def test_unknown_numbers_and_dates_come_last_whatever_counts_them(q, area):
    for short_name, count in [("none", None), ("few", 0), ("many", 900)]:
        make_group(
            short_name=short_name, member_count=count, tagline="common", latitude=1, longitude=1
        )

    found = matches_for(Filters(q=q, bbox=area, sort="members"), [])

    assert short_names(found) == ["many", "few", "none"]


def test_groups_of_one_name_come_in_the_order_they_were_made_on_every_path():
    made = [make_group(name="Same", tagline="common", keywords=["velo"]) for _ in range(3)]
    names = [group.short_name for group in made]

    for filters in (Filters(), Filters(q="common"), Filters(kind=("territorial",))):
        assert short_names(matches_for(filters, [])) == names
        assert short_names(matches_for(filters, [make_keyword("velo")])) == names


# Near a place


def distance(place, near):
    squeeze = math.cos(math.radians(near[0]))
    east = abs(place[1] - near[1])
    return math.hypot(place[0] - near[0], min(east, 360 - east) * squeeze)


@pytest.mark.parametrize("near", [(48.0, 2.0), (0.0, 0.0), (-33.5, 151.0), (64.0, -21.0)])
def test_the_nearest_come_first_on_every_page(near):
    chance = random.Random(1)
    places = [
        tuple(
            round(degrees + chance.uniform(-1, 1) * chance.choice([0.4, 1.5, 6]), 4)
            for degrees in near
        )
        for _ in range(60)
    ]
    entries = [
        make_entry(short_name=f"g{i:02}", latitude=place[0], longitude=place[1])
        for i, place in enumerate(places)
    ]
    save_entries([(None, entry) for entry in entries], why="test", review="published")
    nearest = sorted(range(60), key=lambda i: distance(places[i], near))

    for number in (1, 2, 3):
        found = matches_for(Filters(near=near, page=number), [])
        assert found.total == 60
        assert short_names(found) == [f"g{i:02}" for i in nearest[(number - 1) * 24 : number * 24]]


def test_whoever_is_nearer_straight_ahead_comes_before_a_page_full_of_corners():
    corners = [(None, make_entry(latitude=0.45, longitude=0.45)) for _ in range(PAGE_SIZE)]
    save_entries(corners, why="test", review="published")
    make_group(short_name="ahead", latitude=0.55, longitude=0)

    assert short_names(matches_for(Filters(near=(0.0, 0.0)), []))[0] == "ahead"


def test_a_search_near_a_place_shows_the_nearest_first_too():
    make_group(short_name="far", name="Jardin", latitude=10, longitude=10)
    make_group(short_name="close", tagline="Un jardin.", latitude=1, longitude=1)
    make_group(short_name="nowhere", name="Jardin")

    found = matches_for(Filters(q="jardin", near=(0.0, 0.0)), [])

    assert short_names(found) == ["close", "far"]


def test_near_the_date_line_both_sides_are_near():
    make_group(short_name="suva", latitude=-18.1, longitude=178.4)
    make_group(short_name="apia", latitude=-13.8, longitude=-171.8)
    make_group(short_name="sydney", latitude=-33.9, longitude=151.2)
    make_group(short_name="nowhere")

    found = matches_for(Filters(near=(-16.0, -179.9)), [])

    assert short_names(found) == ["suva", "apia", "sydney"]
    assert found.total == 3


# What it costs


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize(
    ("filters", "names", "queries"),
    [
        (Filters(), [], 3),  # cube, keywords, cards
        (Filters(), ["velo"], 3),  # the same, of one keyword
        (Filters(kind=("support",), country=("BJ",)), [], 3),  # the keywords are counted
        (Filters(), ["velo", "bus"], 3),  # all of them counted
        (Filters(near=(6.0, 2.0)), [], 7),  # the same, and four looks around the place
        (Filters(q="jardin"), [], 3),  # words with what is counted, cards, names of keywords
        (Filters(q="jardin group"), [], 4),  # and the tiers of the other word
    ],
)
def test_matches_cost_the_same_for_any_number_of_groups(
    django_assert_num_queries, groups, filters, names, queries
):
    for _ in range(groups):
        make_group(
            name="Jardin",
            kind="support",
            country="BJ",
            keywords=["velo", "bus"],
            latitude=6,
            longitude=2,
        )
    keywords = [make_keyword(name) for name in names]

    with django_assert_num_queries(queries):
        assert matches_for(filters, keywords).total == groups


def test_a_search_stops_at_its_limit(monkeypatch):
    monkeypatch.setattr(search, "LIMIT", 2)
    for _ in range(4):
        make_group(name="Jardin")

    found = matches_for(Filters(q="jardin"), [])

    assert (found.total, found.more, len(found.rows)) == (2, True, 2)
