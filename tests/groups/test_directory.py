import pytest
from django.http import QueryDict
from django.utils import translation

from groups import search
from groups.directory import list_groups
from groups.filters import read_filters
from groups.models import FormerKeywordSlug
from tests.factories import make_group, make_keyword

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def listing(query="", path="/groups/", keyword=None):
    return list_groups(read_filters(QueryDict(query)), path, keyword)


def facet(found, name):
    [wanted] = [each for each in found.facets if each.name == name]
    return wanted


def counts(found, name):
    each = facet(found, name)
    return {choice.value: choice.count for choice in [*each.choices, *each.folded]}


def names(found):
    return [card.name for card in found.cards]


# Heading and pages


@pytest.mark.parametrize(("groups", "heading"), [(0, "0 groups"), (1, "1 group"), (2, "2 groups")])
def test_the_heading_counts_the_groups(groups, heading):
    for _ in range(groups):
        make_group()

    assert listing().heading == heading


def test_the_heading_of_a_search_that_found_too_much(monkeypatch):
    monkeypatch.setattr(search, "LIMIT", 2)
    for _ in range(3):
        make_group(name="Jardin")

    found = listing("q=jardin")

    assert (found.heading, found.more) == ("More than 2 groups", True)


def test_pages_lead_to_their_neighbours_and_keep_the_filters():
    for _ in range(50):
        make_group(kind="support")

    page = listing("kind=support&page=2").page

    assert (page.number, page.last, page.first_item, page.last_item) == (2, 3, 25, 48)
    assert page.previous_url == "/groups/?kind=support"
    assert page.next_url == "/groups/?kind=support&page=3"


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after():
    for _ in range(25):
        make_group()

    first, last = listing().page, listing("page=99").page

    assert (first.previous_url, first.next_url) == ("", "/groups/?page=2")
    assert (last.number, last.previous_url, last.next_url) == (2, "/groups/", "")
    assert (last.first_item, last.last_item) == (25, 25)


def test_an_empty_listing_has_no_first_item():
    page = listing().page

    assert (page.number, page.last, page.first_item, page.last_item) == (1, 1, 0, 0)


# Facets


def test_facets_count_what_each_choice_would_show():
    make_group(kind="support", country="BJ")
    make_group(kind="support", country="FR")
    make_group(kind="thematic", country="FR", activity="archived")

    found = listing("kind=support")

    assert counts(found, "kind") == {"territorial": 0, "thematic": 0, "support": 2}
    assert counts(found, "country") == {"BJ": 1, "FR": 1}
    assert counts(found, "activity") == {"active": 2, "preparing": 0, "asleep": 0, "archived": 0}
    assert counts(listing(), "activity") == {
        "active": 2,
        "preparing": 0,
        "asleep": 0,
        "archived": 1,
    }


def test_a_search_does_not_say_how_many_are_archived_unless_asked():
    make_group(name="Jardin", activity="archived")
    make_group(name="Jardin")

    assert counts(listing("q=jardin"), "activity")["archived"] is None
    asked = listing("q=jardin&activity=archived&activity=active")
    assert counts(asked, "activity")["archived"] == 1


def test_a_choice_that_shows_nothing_is_disabled_unless_it_is_checked():
    make_group(kind="support")

    choices = {each.value: each for each in facet(listing("kind=thematic"), "kind").choices}

    assert (choices["thematic"].checked, choices["thematic"].disabled) == (True, False)
    assert (choices["support"].checked, choices["support"].disabled) == (False, False)
    assert choices["territorial"].disabled


def test_eight_countries_are_shown_and_the_rest_folded_by_name():
    for code in ["BJ", "BJ", "FR", "BE", "CH", "CI", "SN", "TG", "ML", "NE", "DE"]:
        make_group(country=code)

    country = facet(listing(), "country")

    assert len(country.choices) == 8
    assert (country.choices[0].value, country.choices[0].count) == ("BJ", 2)
    labels = [choice.label for choice in country.folded]
    assert labels == ["Switzerland", "Togo"]


def test_a_chosen_country_is_shown_even_where_no_group_is():
    make_group(country="FR")

    choices = facet(listing("country=BJ"), "country").choices

    assert [(each.value, each.count, each.checked) for each in choices] == [
        ("BJ", 0, True),
        ("FR", 1, False),
    ]


def test_twelve_keywords_are_offered_the_chosen_ones_first():
    words = [f"word {number:02}" for number in range(20)]
    make_group(keywords=words)
    make_group(keywords=["word 07"])

    offered = facet(listing("keyword=word-09"), "keyword").choices

    assert len(offered) == 12
    assert (offered[0].value, offered[0].checked, offered[0].count) == ("word-09", True, 1)
    assert all(not choice.checked for choice in offered[1:])
    assert facet(listing(), "keyword").choices[0].value == "word-07"


def test_the_keyword_of_the_page_is_neither_offered_nor_a_chip():
    make_group(keywords=["velo", "bus"])

    found = listing(path="/ecosystems/velo/", keyword=make_keyword("velo"))

    assert [choice.value for choice in facet(found, "keyword").choices] == ["bus"]
    assert found.chips == []


def test_the_keyword_of_the_page_asked_for_again_changes_nothing():
    make_group(keywords=["velo", "bus"])

    found = listing("keyword=velo&keyword=bus", "/ecosystems/velo/", make_keyword("velo"))

    assert [keyword.name for keyword in found.keywords] == ["velo", "bus"]
    assert [(chip.label, chip.remove_url) for chip in found.chips] == [("bus", "/ecosystems/velo/")]


def test_a_directory_without_countries_and_keywords_has_no_such_facets():
    make_group()

    assert [each.name for each in listing().facets] == ["kind", "activity"]


# Chips, orders, addresses


def test_every_choice_is_a_chip_that_takes_it_away():
    make_group(keywords=["velo"])

    chips = listing(
        "q=jardin&kind=support&kind=thematic&country=BJ&keyword=velo&near=6.5,2.6&bbox=0,0,9,9"
    ).chips

    rest = "&near=6.5%2C2.6&bbox=0%2C0%2C9%2C9"
    assert [(chip.label, chip.remove_url) for chip in chips] == [
        ("“jardin”", f"/groups/?kind=support&kind=thematic&country=BJ&keyword=velo{rest}"),
        ("Support", f"/groups/?q=jardin&kind=thematic&country=BJ&keyword=velo{rest}"),
        ("Thematic", f"/groups/?q=jardin&kind=support&country=BJ&keyword=velo{rest}"),
        ("Benin", f"/groups/?q=jardin&kind=support&kind=thematic&keyword=velo{rest}"),
        ("velo", f"/groups/?q=jardin&kind=support&kind=thematic&country=BJ{rest}"),
        (
            "Near a place",
            "/groups/?q=jardin&kind=support&kind=thematic&country=BJ&keyword=velo"
            "&bbox=0%2C0%2C9%2C9",
        ),
        (
            "An area of the map",
            "/groups/?q=jardin&kind=support&kind=thematic&country=BJ&keyword=velo&near=6.5%2C2.6",
        ),
    ]


def test_the_chip_of_a_former_keyword_takes_it_away():
    make_group(keywords=["velo"])
    FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("velo"))

    found = listing("keyword=bike")

    assert (found.total, found.notes) == (1, [])
    assert [(chip.label, chip.remove_url) for chip in found.chips] == [("velo", "/groups/")]


@pytest.mark.parametrize(
    ("query", "orders", "current"),
    [
        ("", ["", "new", "confirmed", "members"], ""),
        ("sort=name", ["", "new", "confirmed", "members"], ""),
        ("sort=members", ["", "new", "confirmed", "members"], "members"),
        ("q=a", ["", "name", "new", "confirmed", "members"], ""),
        ("near=6,2", ["", "name", "new", "confirmed", "members"], ""),
    ],
)
def test_the_orders_to_choose_from(query, orders, current):
    sorts = listing(query).sorts

    assert [each.value for each in sorts] == orders
    assert [each.value for each in sorts if each.current] == [current]


def test_the_form_keeps_what_it_has_no_field_for():
    assert listing("q=a&kind=support&near=6.5,2.6&bbox=0,0,9,9&page=2").hidden == [
        ("near", "6.5,2.6"),
        ("bbox", "0,0,9,9"),
    ]


def test_list_map_and_data_show_the_same_groups():
    make_group(keywords=["velo"])

    found = listing("q=a&kind=support&keyword=velo&sort=new&page=2&view=map")

    assert found.list_url == "/groups/?q=a&kind=support&keyword=velo&sort=new"
    assert found.map_url == "/groups/?q=a&kind=support&keyword=velo&sort=new&view=map"
    assert found.geojson_url == "/map/groups.geojson?q=a&kind=support&keyword=velo"


def test_the_map_of_an_ecosystem_asks_for_its_keyword():
    make_group(keywords=["velo"])

    found = listing("kind=support", "/ecosystems/velo/", make_keyword("velo"))

    assert found.geojson_url == "/map/groups.geojson?kind=support&keyword=velo"
    assert found.clear_url == found.action_url == "/ecosystems/velo/"


def test_clearing_takes_all_filters_away():
    assert listing("q=a&kind=support").clear_url == "/groups/"


# What means nothing


def test_an_unknown_keyword_narrows_nothing_and_is_noted():
    make_group()

    found = listing("keyword=nowhere&kind=local")

    assert found.total == 1
    assert found.notes == [
        "“local” is not a known kind; it was left out.",
        "“nowhere” is not a known keyword; it was left out.",
    ]


def test_a_keyword_only_unpublished_groups_carry_is_like_an_unknown_one():
    make_group(review="pending", keywords=["secret"])
    make_group()

    known, unknown = listing("keyword=secret"), listing("keyword=nowhere")

    assert known.notes == ["“secret” is not a known keyword; it was left out."]
    assert (known.total, known.chips) == (unknown.total, unknown.chips)


def test_the_same_keyword_twice_is_one():
    make_group(keywords=["velo"])
    FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("velo"))

    assert len(listing("keyword=velo&keyword=bike").keywords) == 1
