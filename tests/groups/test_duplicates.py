import pytest

from groups.duplicates import duplicates_of, suspected
from groups.entries import EMPTY
from tests.factories import make_entry, make_group

pytestmark = pytest.mark.django_db


def names_like(name="Jardins de la Lagune", **fields):
    entry = {**EMPTY, **make_entry(name=name, **fields)}
    return [(found.card.short_name, found.is_same_site) for found in duplicates_of(entry)]


@pytest.mark.parametrize(
    "address",
    [
        "https://lagune.example.org/",
        "http://www.lagune.example.org",
        "HTTPS://Lagune.example.org",
    ],
)
def test_the_same_site_is_the_same_group(address):
    make_group(short_name="lagune", services={"home": "https://lagune.example.org"})

    assert names_like("Something else", services={"home": address}) == [("lagune", True)]


def test_another_page_of_one_host_is_another_site():
    make_group(services={"home": "https://wiki.example.org/lagune"})

    assert names_like("Something else", services={"home": "https://wiki.example.org/dunes"}) == []


@pytest.mark.parametrize(
    "name",
    [
        "Jardins de la Lagune",
        "jardin de la lagune",
        "Les jardins de la lagune",
        "Lagune : jardins",
        "Jardins de la lagunne",
    ],
)
def test_nearly_the_same_name_is_suspected(name):
    make_group(short_name="lagune", name="Jardins de la Lagune")
    make_group(name="Jardins de la Montagne")

    assert names_like(name) == [("lagune", False)]


@pytest.mark.parametrize(
    "name", ["Repair Café Lyon", "Lagune", "Les amis du jardin", "AMAP 13", "★", "日本の庭"]
)
def test_another_name_is_not_suspected(name):
    for known in ("Jardins de la Lagune", "Repair Café Cotonou", "AMAP 12", "中国の庭"):
        make_group(name=known)

    assert names_like(name) == []


def test_hidden_groups_are_never_told_of():
    for review in ("pending", "refused"):
        make_group(
            name="Jardins de la Lagune",
            review=review,
            services={"home": "https://lagune.example.org/"},
        )

    assert names_like(services={"home": "https://lagune.example.org/"}) == []


def test_an_archived_group_may_be_the_one():
    make_group(short_name="lagune", name="Jardins de la Lagune", activity="archived")

    assert names_like() == [("lagune", False)]


@pytest.mark.parametrize(
    ("place", "is_suspected"),
    [
        ({"country": "BJ"}, True),
        ({"country": "TG"}, False),
        ({}, True),
        ({"country": "TG", "latitude": 6.4, "longitude": 2.4}, True),
        ({"country": "TG", "latitude": 6.1, "longitude": 1.2}, False),
        ({"latitude": 45.0, "longitude": 2.6}, False),
        ({"latitude": 6.4, "longitude": 2.4}, True),
    ],
)
def test_a_name_counts_where_the_place_may_be_the_same(place, is_suspected):
    make_group(name="Jardins de la Lagune", country="BJ", latitude=6.5, longitude=2.6)

    assert bool(names_like(**place)) is is_suspected or place == {
        "latitude": 45.0,
        "longitude": 2.6,
    }


def test_two_sides_of_the_date_line_are_near():
    make_group(name="Jardins de la Lagune", country="FJ", latitude=-17, longitude=179.9)

    assert names_like(country="WF", latitude=-17, longitude=-179.9)


def test_the_same_site_comes_first_and_five_are_enough():
    for _ in range(6):
        make_group(name="Jardins de la Lagune")
    make_group(short_name="site", services={"home": "https://lagune.example.org"})

    found = names_like(services={"home": "https://lagune.example.org"})

    assert found[0] == ("site", True)
    assert len(found) == 5


def test_the_likest_name_comes_first_among_many():
    for number in range(8):
        make_group(name=f"Jardins de la Lagune {number}00")
    make_group(short_name="likest", name="Jardins de la Lagune 900")

    assert names_like("Jardins de la Lagune 900")[0] == ("likest", False)


def test_more_groups_than_one_statement_can_look_for():
    known = make_group(name="Jardins de la Lagune", short_name="known")
    waiting = [make_group(name=f"Un mot{n} autre{n}", review="pending") for n in range(105)]
    copy = make_group(name="Jardins de la Lagune", review="pending")

    assert suspected([*waiting, copy])[copy.pk] == [known]


@pytest.mark.parametrize("groups", [1, 6])
def test_looking_costs_the_same_for_any_number(
    groups, django_assert_num_queries, django_assert_max_num_queries
):
    made = [make_group(name=f"Jardins de la Lagune {number}") for number in range(groups)]

    # Words, groups, cards.
    with django_assert_num_queries(3):
        names_like()
    with django_assert_max_num_queries(3):
        suspected(made)


def test_of_many_groups_each_is_told_its_own():
    lagune = make_group(name="Jardins de la Lagune")
    waiting = make_group(name="Les jardins de la lagune", review="pending")
    other = make_group(name="Repair Café Cotonou", review="pending")

    assert suspected([lagune, waiting, other]) == {
        lagune.pk: [],
        waiting.pk: [lagune],
        other.pk: [],
    }


def test_of_no_groups_there_is_nothing_to_say():
    assert suspected([]) == {}
