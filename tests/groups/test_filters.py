from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from groups.countries import COUNTRIES
from groups.filters import ACTIVITIES, KINDS, Filters, notes_for, read_box, read_filters
from groups.text import one_line

EVERYTHING = (
    "q=jardin&kind=thematic&kind=support&activity=active&country=BJ&country=FR&keyword=velo"
    "&keyword=bus&near=6.5,2.6&bbox=-5,40,10,52&sort=new&view=map&page=3"
)


def read(query):
    return read_filters(QueryDict(query))


def unknown(query):
    filters = read(query)
    assert filters == Filters(), "an unknown value narrows nothing"
    return filters.unknown


# What is read


def test_an_address_without_a_query_asks_for_everything():
    assert read("") == Filters(
        q="",
        kind=(),
        activity=(),
        country=(),
        keyword=(),
        near=None,
        bbox=None,
        sort="",
        view="list",
        page=1,
    )


def test_everything_that_may_be_asked_is_read():
    assert read(EVERYTHING) == Filters(
        q="jardin",
        kind=("thematic", "support"),
        activity=("active",),
        country=("BJ", "FR"),
        keyword=("velo", "bus"),
        near=(6.5, 2.6),
        bbox=(-5.0, 40.0, 10.0, 52.0),
        sort="new",
        view="map",
        page=3,
    )


def test_values_given_twice_count_once():
    filters = read("kind=support&kind=support&country=BJ&country=bj&keyword=a&keyword=a")

    assert (filters.kind, filters.country, filters.keyword) == (("support",), ("BJ",), ("a",))


def test_a_country_may_be_written_small():
    assert read("country=bj").country == ("BJ",)


def test_empty_values_ask_for_nothing():
    assert read("q=&kind=&activity=&country=&keyword=&near=&bbox=&sort=&view=&page=") == Filters()
    assert read("kind=&sort=").unknown == ()


def test_parameters_nobody_knows_are_dropped():
    assert read("utm_source=x&fbclid=y&limit=3&theme=dark") == Filters()
    assert read("utm_source=x").unknown == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=local", (("kind", "local"),)),
        ("kind=THEMATIC", (("kind", "THEMATIC"),)),
        ("activity=dead", (("activity", "dead"),)),
        ("country=XX", (("country", "XX"),)),
        ("country=Bénin", (("country", "BÉNIN"),)),
        ("sort=random", (("sort", "random"),)),
        ("view=cards", (("view", "cards"),)),
        ("near=here", (("near", "here"),)),
        ("near=91,0", (("near", "91,0"),)),
        ("near=1,2,3", (("near", "1,2,3"),)),
        ("near=nan,0", (("near", "nan,0"),)),
        ("near=0,inf", (("near", "0,inf"),)),
        ("bbox=1,2,3", (("bbox", "1,2,3"),)),
        ("bbox=0,10,0,-10", (("bbox", "0,10,0,-10"),)),
        ("bbox=0,-91,0,0", (("bbox", "0,-91,0,0"),)),
        ("kind=a&country=b", (("kind", "a"), ("country", "B"))),
        ("kind=" + "x" * 500, (("kind", "x" * 60),)),
    ],
)
def test_an_unknown_value_is_noted_and_narrows_nothing(query, expected):
    assert unknown(query) == expected


def test_known_values_beside_unknown_ones_still_narrow():
    filters = read("kind=local&kind=support")

    assert (filters.kind, filters.unknown) == (("support",), (("kind", "local"),))


def test_nothing_invisible_is_read():
    filters = read("q=jar%00din%E2%80%AE&kind=%00support&keyword=ve%00lo&country=B%00J")

    assert filters == Filters(q="jardin", kind=("support",), keyword=("velo",), country=("BJ",))


def test_a_search_is_cut_at_200_characters():
    assert read("q=" + "é" * 10_000).q == "é" * 200


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1", 1),
        ("100", 100),
        ("101", 100),
        ("0", 1),
        ("-1", 1),
        ("", 1),
        ("two", 1),
        ("1.5", 1),
        ("²", 1),
        ("٣", 1),
        ("9" * 5000, 100),
        (" 7 ", 7),
    ],
)
def test_a_page_is_a_number_from_1_to_100(number, expected):
    query = QueryDict(mutable=True)
    query["page"] = number

    assert read_filters(query).page == expected


def test_the_nearest_first_is_the_order_wherever_there_is_a_place():
    assert read("sort=near") == Filters()
    assert read("sort=near&near=6.5,2.6") == read("near=6.5,2.6")


@pytest.mark.parametrize(
    ("value", "box"),
    [
        ("-5,40,10,52", (-5.0, 40.0, 10.0, 52.0)),
        ("170,-20,-170,-10", (170.0, -20.0, -170.0, -10.0)),
        ("170,-20,190,-10", (170.0, -20.0, -170.0, -10.0)),
        ("-190,0,-170,10", (170.0, 0.0, -170.0, 10.0)),
        ("-200,-90,200,90", (-180.0, -90.0, 180.0, 90.0)),
        ("-180,-90,180,90", (-180.0, -90.0, 180.0, 90.0)),
    ],
)
def test_a_box_may_go_round_the_world(value, box):
    assert read_box(value) == box


@pytest.mark.parametrize("value", ["", "a,b,c,d", "1,2,3", "1,2,3,4,5", "0,9,0,-9", "nan,0,1,1"])
def test_what_is_no_box_is_refused(value):
    with pytest.raises(ValueError, match=r"number|float|box"):
        read_box(value)


def test_a_place_may_lie_beyond_the_date_line():
    assert read("near=-17,190").near == (-17.0, -170.0)


# What it is called


def test_every_unknown_value_gets_a_sentence():
    filters = read("kind=a&activity=b&country=XX&near=d&bbox=e&sort=f&view=g")

    assert len(notes_for([*filters.unknown, ("keyword", "h")])) == 8
    assert all(len(note) > 10 for note in notes_for(filters.unknown))


def test_count_says_how_many_values_narrow():
    assert read("").count == 0
    assert read("sort=new&view=map&page=3").count == 0
    assert read(EVERYTHING).count == 10


@pytest.mark.parametrize(
    ("query", "shelves"),
    [
        ("", (1,)),
        ("activity=active", (1,)),
        ("activity=archived", (2,)),
        ("activity=archived&activity=active", (1, 2)),
    ],
)
def test_the_archive_is_read_only_when_asked_for(query, shelves):
    assert read(query).shelves == shelves


# Addresses


def test_an_address_says_it_all_in_one_order_without_defaults():
    assert read(EVERYTHING).address("/groups/", page=3) == (
        "/groups/?q=jardin&kind=thematic&kind=support&activity=active&country=BJ&country=FR"
        "&keyword=velo&keyword=bus&near=6.5%2C2.6&bbox=-5%2C40%2C10%2C52&sort=new&view=map&page=3"
    )
    assert Filters().address("/groups/") == "/groups/"


def test_a_changed_listing_begins_at_its_first_page():
    assert read("kind=support&page=3").address("/g/", sort="new") == "/g/?kind=support&sort=new"


def test_one_value_or_a_whole_filter_may_be_taken_away():
    filters = read("kind=support&kind=thematic&q=a")

    assert filters.address("/", **filters.without("kind", "support")) == "/?q=a&kind=thematic"
    assert filters.address("/", **filters.without("kind")) == "/?q=a"
    assert filters.address("/", **filters.without("q")) == "/?kind=support&kind=thematic"


degrees = st.floats(-90, 90).map(lambda number: round(number, 4) + 0.0)
values = st.builds(
    Filters,
    q=st.text(max_size=30).map(one_line),
    kind=st.lists(st.sampled_from(KINDS), unique=True).map(tuple),
    activity=st.lists(st.sampled_from(ACTIVITIES), unique=True).map(tuple),
    country=st.lists(st.sampled_from(COUNTRIES), unique=True, max_size=4).map(tuple),
    keyword=st.lists(st.from_regex(r"\A[a-z0-9-]{1,20}\Z"), unique=True, max_size=3).map(tuple),
    near=st.none() | st.tuples(degrees, degrees),
    bbox=st.none()
    | st.tuples(degrees, degrees, degrees, degrees).filter(lambda box: box[1] <= box[3]),
    sort=st.sampled_from(["", "name", "new", "confirmed", "members"]),
    view=st.sampled_from(["list", "map"]),
    page=st.integers(1, 100),
)


@given(values)
def test_what_is_written_as_an_address_is_read_back_the_same(filters):
    address = filters.address("/groups/", page=filters.page)

    assert read(urlsplit(address).query) == filters


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "q",
                    "kind",
                    "activity",
                    "country",
                    "keyword",
                    "near",
                    "bbox",
                    "sort",
                    "view",
                    "page",
                ]
            ),
            st.text(max_size=40),
        ),
        max_size=12,
    )
)
def test_anything_is_read_as_filters_of_a_closed_set(pairs):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)

    filters = read_filters(query)

    assert set(filters.kind) <= set(KINDS)
    assert set(filters.activity) <= set(ACTIVITIES)
    assert set(filters.country) <= set(COUNTRIES)
    assert filters.sort in ("", "name", "new", "confirmed", "members")
    assert filters.view in ("list", "map")
    assert 1 <= filters.page <= 100
    assert len(filters.q) <= 200
    written = filters.address("/", page=filters.page)
    assert read(urlsplit(written).query).address("/", page=filters.page) == written
