"""Pages of groups: their filters, their order, and that nobody who reads on misses anything."""

import random
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from groups import search
from groups.deciding import delete_groups, publish, refuse
from groups.entries import save_entry
from groups.models import FormerKeywordSlug, Group, Keyword
from tests.factories import make_ecosystem, make_group, make_membership

from .reading import deleted, names, pages, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def some():
    """Make groups of every kind that filters tell apart, one of them hidden."""
    make_group(short_name="lagune", name="Jardins", country="BJ", keywords=["compost", "eau"])
    make_group(short_name="velo", kind="thematic", country="FR", keywords=["compost"])
    make_group(short_name="sleeping", activity="asleep", latitude=6.4, longitude=2.4)
    make_group(short_name="over", activity="archived", country="BJ")
    make_group(short_name="hidden", review="pending", country="BJ", keywords=["compost"])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["lagune", "velo", "sleeping"]),
        ({"q": "JARDÍN"}, ["lagune"]),
        ({"q": "jardin velo"}, []),
        ({"kind": "thematic"}, ["velo"]),
        ({"kind": ["thematic", "territorial"]}, ["lagune", "velo", "sleeping"]),
        ({"activity": "archived"}, ["over"]),
        ({"activity": ["asleep", "archived"]}, ["sleeping", "over"]),
        ({"country": ["BJ", "FR"]}, ["lagune", "velo"]),
        ({"country": "BJ", "kind": "thematic"}, []),
        ({"keyword": "compost"}, ["lagune", "velo"]),
        ({"keyword": ["compost", "eau"]}, ["lagune"]),
        ({"bbox": "2,6,3,7"}, ["sleeping"]),
        ({"bbox": "2,7,3,6"}, ["sleeping"]),
        ({"bbox": "3,6,2,7"}, []),
        ({"bbox": "-500,-500,500,500"}, ["sleeping"]),
        ({"near": "48.1,-1.7"}, ["sleeping"]),
    ],
)
def test_a_list_answers_the_filters_of_the_directory(client, some, asked, expected):
    assert names(read(client, "groups", **asked)) == expected


@pytest.mark.parametrize("word", ["nothing", "secret"])
def test_a_word_no_group_shows_finds_nothing_whoever_may_have_written_it(client, some, word):
    make_group(review="pending", keywords=["secret"])

    assert names(read(client, "groups", keyword=[word, "compost"])) == []


def test_a_former_slug_finds_what_it_is_called_now(client, some):
    keyword = Keyword.objects.get(slug="compost")
    FormerKeywordSlug.objects.create(slug="composting", keyword=keyword)

    assert names(read(client, "groups", keyword="composting")) == ["lagune", "velo"]


def test_an_ecosystem_lists_the_groups_it_admitted_and_narrows_them(client):
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    for name in ("one", "two", "asks"):
        group = make_group(short_name=name, keywords=["rivages", name])
        make_membership(group, ecosystem, status="asked" if name == "asks" else "accepted")
    make_group(short_name="elsewhere")

    assert names(read(client, "ecosystems/rivages/groups")) == ["one", "two"]
    assert names(read(client, "ecosystems/rivages/groups", keyword="two")) == ["two"]
    assert names(read(client, "groups", keyword="rivages")) == ["one", "two"]
    assert deleted(read(client, "ecosystems/rivages/groups", updated_since=A_DAY_AGO)) == []


A_DAY_AGO = (timezone.now() - timedelta(days=1)).isoformat()


@pytest.mark.parametrize("asked", [{}, {"updated_since": A_DAY_AGO}, {"q": "group"}])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_hold_every_group_once(client, asked, limit):
    made = [make_group().short_name for _ in range(7)]

    read_pages = pages(client, "groups", limit=limit, **asked)

    assert names(*read_pages) == made
    assert len(read_pages) == -(-7 // limit)


def test_the_nearest_come_first_on_every_page(client):
    places = [(0, 0), (0, 0), (0.1, 0), (-0.2, 0.2), (1, 1), (3, -3), (10, 0), (0, 179), (-80, 170)]
    places += [(round(each / 7, 4), round(each / 9, 4)) for each in range(-30, 30, 4)]
    random.Random(4).shuffle(places)
    for latitude, longitude in places:
        make_group(latitude=latitude, longitude=longitude)
    make_group(short_name="nowhere")

    read_pages = pages(client, "groups", near="0,-0.5", limit=4)
    whole = read(client, "groups", near="0,-0.5")

    assert names(*read_pages) == names(whole)
    found = [(group["latitude"], group["longitude"]) for group in whole["groups"]]
    assert found[0] == (-0.2857, -0.2222)
    apart = [
        latitude**2 + min(abs(lon + 0.5), 360 - abs(lon + 0.5)) ** 2 for latitude, lon in found
    ]
    assert apart == sorted(apart)
    assert len(found) == len(places)


def test_a_search_with_more_matches_than_are_looked_at_at_once_is_read_to_its_end(
    client, monkeypatch
):
    monkeypatch.setattr(search, "LIMIT", 3)
    made = [make_group(tagline="We repair bicycles.").short_name for _ in range(8)]
    make_group(tagline="We repair.")

    assert names(*pages(client, "groups", q="bicyc repair", limit=3)) == made


# ── What changes meanwhile ──────────────────────────────────────────────────────────────────────


class Copy:
    """A copy of a list, kept as the document says: all pages once, then what changed."""

    def __init__(self, client, address, **asked):
        self.client, self.address, self.asked = client, address, asked
        self.groups = {}
        self.as_of = None

    def step(self, page):
        for group in page["groups"]:
            self.groups[group["id"]] = group
        for each in page.get("deleted", []):
            self.groups.pop(each["id"], None)

    def read(self, between=lambda: None):
        since = {"updated_since": self.as_of} if self.as_of else {}
        page = read(self.client, self.address, limit=2, **self.asked, **since)
        self.as_of = page["as_of"]
        self.step(page)
        while page["next"]:
            between()
            page = read(self.client, page["next"])
            self.step(page)

    def is_right(self):
        whole = pages(self.client, self.address, limit=100, **self.asked)
        return self.groups == {group["id"]: group for page in whole for group in page["groups"]}


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("groups", {}),
        ("groups", {"country": "BJ"}),
        ("groups", {"keyword": "rivages", "activity": "active"}),
        ("groups", {"q": "garden"}),
        ("ecosystems/rivages/groups", {}),
        ("ecosystems/rivages/groups", {"kind": "thematic"}),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_a_copy_misses_no_group_and_no_end_whatever_changes_while_it_is_read(
    client, address, asked, seed
):
    chance = random.Random(seed)
    make_ecosystem("rivages")

    def entry():
        return {
            "country": chance.choice(["BJ", "FR", ""]),
            "kind": chance.choice(["thematic", "territorial"]),
            "activity": chance.choice(["active", "asleep", "archived"]),
            "tagline": chance.choice(["A garden.", "A workshop."]),
            "keywords": chance.choice([["rivages"], ["rivages", "eau"], []]),
        }

    def change():
        clock.shift(timedelta(seconds=chance.choice([0, 1, 900])))
        group = chance.choice(list(Group.objects.order_by("pk")))
        deed = chance.choice(["edit", "edit", "edit", "new", "delete", "refuse", "publish"])
        if deed == "edit":
            save_entry(entry(), group=group, why="test")
        elif deed == "new":
            make_group(**entry())
        elif deed == "delete" and Group.objects.count() > 3:
            delete_groups([group])
        elif deed == "refuse":
            refuse([group], by=None, reason="No.")
        else:
            publish(Group.objects.filter(pk=group.pk), by=None)

    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(8):
            make_group(**entry())
        copy = Copy(client, address, **asked)
        for _round in range(4):
            copy.read(between=change)
            for _ in range(3):
                change()
        copy.read()

        assert copy.is_right()


def test_what_is_written_by_a_slow_transaction_is_told_the_next_time(client):
    """It is dated before others can see it: as of then is ten minutes and more ago."""
    group = make_group()
    as_of = read(client, "groups")["as_of"]
    just_before = timezone.now() - timedelta(minutes=9)
    Group.objects.filter(pk=group.pk).update(changed_at=just_before)

    assert names(read(client, "groups", updated_since=as_of)) == [group.short_name]


def test_changes_come_in_their_order_and_name_what_is_gone(client):
    first, second, third = (make_group() for _ in range(3))
    save_entry({"tagline": "Else"}, group=first, why="edited")
    refuse([second], by=None, reason="No.")
    since = timezone.now() - timedelta(hours=1)

    page = read(client, "groups", updated_since=since.isoformat())

    assert names(page) == [third.short_name, first.short_name]
    assert deleted(page) == [second.pk]
    assert page["deleted"][0].keys() == {"id", "deleted_on"}
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    nothing = read(client, "groups", updated_since=later)
    assert (names(nothing), deleted(nothing), nothing["next"]) == ([], [], None)


def test_what_no_longer_answers_the_filters_is_among_the_deleted(client):
    group = make_group(country="BJ")
    make_group(short_name="stays", country="BJ")
    save_entry({"country": "FR"}, group=group, why="edited")

    page = read(client, "groups", country="BJ", updated_since=A_DAY_AGO)

    assert (names(page), deleted(page)) == (["stays"], [group.pk])


def test_what_was_never_shown_is_not_among_the_deleted(client):
    delete_groups([make_group(review="pending")])
    make_group(review="pending")
    refused = make_group(review="refused")
    save_entry({"tagline": "Else"}, group=refused, why="edited")

    assert deleted(read(client, "groups", updated_since=A_DAY_AGO)) == []


# ── What it costs ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "queries"),
    [
        # The version, the limit (two), the groups, and three of their entries.
        ({}, 7),
        ({"country": "BJ", "kind": "territorial"}, 7),
        # The keywords.
        ({"keyword": "eau"}, 8),
        # The search.
        ({"q": "group"}, 8),
        ({"near": "6,2"}, 11),
        # What changed on two shelves, and what is gone.
        ({"updated_since": A_DAY_AGO}, 10),
        ({"updated_since": A_DAY_AGO, "q": "group", "keyword": "eau"}, 12),
    ],
)
def test_a_page_costs_as_many_queries_with_many_groups(
    client, django_assert_num_queries, asked, queries
):
    read(client, "groups")  # makes the key of the day
    for count in (1, 3):
        for _ in range(count):
            make_group(country="BJ", keywords=["eau"], latitude=6, longitude=2)
        with django_assert_num_queries(queries):
            page = read(client, "groups", **asked)
        assert page["groups"]
