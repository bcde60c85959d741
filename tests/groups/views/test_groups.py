import re
from datetime import timedelta

import pytest
from django.utils import timezone

from groups.entries import save_entry
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_keyword,
    make_membership,
)

pytestmark = pytest.mark.django_db

FULL = {
    "kind": "support",
    "country": "BJ",
    "keywords": ["velo", "bus"],
    "latitude": 6.5,
    "longitude": 2.6,
    "member_count": 12,
    "services": {"home": "https://example.org/", "join": "https://example.org/join"},
}


# The directory


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ("", 3),  # counts, keywords, cards
        ("?kind=support&sort=new", 3),  # the same
        ("?kind=support&country=BJ", 3),  # the same
        ("?keyword=velo", 4),  # and the keyword
        ("?keyword=velo&keyword=bus", 4),  # the keywords, counts, keywords, cards
        ("?q=velo", 3),  # words, cards, keywords
        ("?q=velo+bus", 4),  # and the second word
        ("?q=velo&kind=support", 3),  # words, cards, keywords
        ("?q=velo&keyword=bus", 5),  # the keyword, its groups, words, cards, keywords
        ("?bbox=2,6,3,7", 3),  # counts, cards, keywords
        ("?view=map", 3),  # counts, keywords, cards
        ("?keyword=nowhere", 4),  # the keyword, now and formerly, counts, keywords, cards
    ],
)
def test_the_directory_costs_the_same_for_any_number_of_groups(
    client, django_assert_num_queries, groups, query, queries
):
    for _ in range(groups):
        make_group(name="Velo", **FULL)

    with django_assert_num_queries(queries):
        response = client.get(f"/groups/{query}")

    assert response.text.count('class="card__title"') == groups


@pytest.mark.parametrize("groups", [1, 3])
def test_the_costliest_search_stays_within_the_budget(
    client, django_assert_max_num_queries, groups
):
    for _ in range(groups):
        make_group(name="un deux trois quatre cinq six sept huit", **FULL)
    query = "q=un+deux+trois+quatre+cinq+six+sept+huit&keyword=velo&kind=support&bbox=2,6,3,7"

    with django_assert_max_num_queries(8):
        response = client.get(f"/groups/?{query}")

    assert response.text.count('class="card__title"') == groups


def test_the_directory_shows_groups_by_name(client):
    for name in ["Zèbre", "Éclair", "Abeille"]:
        make_group(name=name)

    text = client.get("/groups/").text

    assert text.index("Abeille") < text.index("Éclair") < text.index("Zèbre")


def test_the_directory_says_which_values_it_left_out(client):
    make_group(name="Abeille")

    text = client.get("/en/groups/?kind=local").text

    assert "“local” is not a known kind; it was left out." in text
    assert "Abeille" in text


def test_a_page_beyond_the_last_shows_the_last(client):
    make_group(name="Abeille")

    assert "Abeille" in client.get("/groups/?page=99").text


@pytest.mark.parametrize(
    ("query", "robots"), [("", False), ("?kind=support", True), ("?q=a", True)]
)
def test_only_filtered_addresses_are_kept_from_search_engines(client, query, robots):
    response = client.get(f"/groups/{query}")

    assert ('content="noindex, nofollow"' in response.text) == robots
    assert 'rel="canonical" href="http://127.0.0.1:8000/groups/"' in response.text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("address", ["/groups/", "/groups/jardins/", "/jardins/"])
def test_reading_pages_are_only_read(client, method, address):
    make_group(short_name="jardins")

    assert getattr(client, method)(address).status_code == 405


# One group


@pytest.mark.parametrize("items", [1, 3])
def test_a_group_costs_the_same_whatever_it_has(client, django_assert_num_queries, items):
    for number in range(items):
        make_ecosystem(f"word {number}", name=f"Ecosystem {number}")
    kinds = ["home", "join", "news"][:items]
    make_group(
        short_name="jardins",
        started_in=make_group(name="Parent"),
        keywords=[f"word {number}" for number in range(items)],
        services=dict.fromkeys(kinds, "https://example.org/"),
        partners=[{"name": f"Partner {number}", "url": ""} for number in range(items)],
    )

    # The group and where it began, services, partners, ecosystems, memberships, whether anybody
    # facilitates it.
    with django_assert_num_queries(6):
        response = client.get("/groups/jardins/")

    assert response.text.count("Partner ") == items
    assert "Parent" in response.text


def make_marked(group, ecosystem, **fields):
    accepted = {"charter_version": 1, "charter_accepted_at": timezone.now()}
    return make_membership(group, ecosystem, **{**accepted, **fields})


def test_a_group_says_whose_charter_it_accepted(client):
    rivages = make_ecosystem("rivages", name="Rivages", rules=["Ouvert à tous."])
    make_ecosystem("bus", name="Les bus", rules=["Ouvert à tous."])
    group = make_group(short_name="jardins", keywords=["rivages", "bus"])
    make_marked(group, rivages)

    group = client.get("/groups/jardins/").context["group"]
    text = client.get("/en/groups/jardins/").text

    assert [(each.name, each.has_mark) for each in group.ecosystems] == [
        ("Les bus", False),
        ("Rivages", True),
    ]
    assert text.count("charter accepted") == 1
    assert text.index("Les bus</a>") < text.index("Rivages</a>") < text.index("charter accepted")


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "asked"},
        {"status": "questioned"},
        {"status": "left"},
        {"status": "refused", "reason": "Not open."},
        {"charter_version": None, "charter_accepted_at": None},
        {"renew_by": timezone.now() - timedelta(seconds=1)},
    ],
)
def test_a_group_without_the_mark_says_nothing_of_a_charter(client, fields):
    rivages = make_ecosystem("rivages", rules=["Ouvert à tous."])
    make_marked(make_group(short_name="jardins", keywords=["rivages"]), rivages, **fields)

    assert "charter" not in client.get("/en/groups/jardins/").text


def test_the_mark_stays_while_a_new_charter_may_be_accepted(client):
    rivages = make_ecosystem("rivages", rules=["Ouvert à tous."])
    group = make_group(short_name="jardins", keywords=["rivages"])
    make_marked(group, rivages, renew_by=timezone.now() + timedelta(days=1))

    assert "charte acceptée" in client.get("/groups/jardins/").text


def test_a_group_is_found_in_any_case(client):
    make_group(short_name="jardins")

    response = client.get("/groups/JARDINS/")

    assert (response.status_code, response["Location"]) == (301, "/groups/jardins/")


def test_an_old_name_leads_to_the_group_in_either_language(client):
    group = make_group(short_name="jardin")
    save_entry({"short_name": "jardins"}, group=group, why="test")

    for prefix in ("", "/en"):
        response = client.get(f"{prefix}/groups/jardin/")
        assert (response.status_code, response["Location"]) == (301, f"{prefix}/groups/jardins/")


def test_the_short_address_leads_to_the_group_for_now(client):
    make_group(short_name="jardins")

    for address in ("/jardins/", "/JARDINS/"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, "/groups/jardins/")


def test_the_short_address_of_an_old_name_leads_there_too(client):
    save_entry({"short_name": "jardins"}, group=make_group(short_name="jardin"), why="test")

    response = client.get("/jardin/")

    assert (response.status_code, response["Location"]) == (302, "/groups/jardins/")


def test_an_archived_group_keeps_its_page(client):
    make_group(short_name="jardins", activity="archived")

    assert client.get("/groups/jardins/").status_code == 200


def test_a_description_cannot_bring_html(client):
    make_group(
        short_name="jardins",
        name="<b>Jardins</b>",
        tagline="<script>alert(1)</script>",
        description='<img src=x onerror="alert(1)"> [x](javascript:alert(1)) **fort**',
    )

    text = client.get("/groups/jardins/").text

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert 'href="javascript' not in text
    assert "<b>Jardins" not in text
    assert "<strong>fort</strong>" in text


@pytest.mark.parametrize(
    ("days", "prefix", "words"),
    [
        (0, "/en", "checked today"),
        (21, "/en", "checked three weeks ago"),
        (21, "", "vérifiée il y a trois semaines"),
        (800, "/en", "checked two years ago"),
    ],
)
def test_a_group_says_in_words_when_it_was_checked(client, days, prefix, words):
    make_group(short_name="jardins", confirmed_at=timezone.now() - timedelta(days=days))

    assert words in client.get(f"{prefix}/groups/jardins/").text


def test_a_group_nobody_ever_checked_says_nothing_of_it(client):
    make_group(short_name="jardins")

    assert "checked" not in client.get("/en/groups/jardins/").text


def test_a_group_does_not_say_who_checked_it(client):
    facilitator = make_facilitator(make_group(short_name="jardins", confirmed_at=timezone.now()))
    facilitator.person.name = "Ada Facilitator"
    facilitator.person.save()

    text = client.get("/en/groups/jardins/").text

    assert facilitator.person.name not in text
    # Names of linked data begin with the same sign.
    assert not re.search(r"[\w.-]@", text)


@pytest.mark.parametrize(
    ("fields", "is_offered"),
    [
        ({}, True),
        ({"confirmed_at": None}, False),
        ({"ended_at": timezone.now()}, False),
    ],
)
def test_a_group_offers_to_write_to_its_facilitators_where_it_has_some(client, fields, is_offered):
    make_facilitator(make_group(short_name="jardins"), **fields)

    assert ("/groups/jardins/contact/" in client.get("/groups/jardins/").text) == is_offered


def test_a_group_leads_to_a_report_and_to_its_upkeep(client):
    make_group(short_name="jardins")

    text = client.get("/groups/jardins/").text

    assert 'href="/groups/jardins/report/"' in text
    assert 'href="/groups/jardins/edit/"' in text


@pytest.mark.parametrize(
    ("activity", "is_offered"),
    [("asleep", True), ("active", False), ("preparing", False), ("archived", False)],
)
def test_a_sleeping_group_may_be_taken_over(client, activity, is_offered):
    make_group(short_name="jardins", activity=activity)

    assert ("/groups/jardins/take-over/" in client.get("/groups/jardins/").text) == is_offered


@pytest.mark.parametrize("address", ["/en/", "/en/groups/", "/en/groups/jardins/", "/en/about/"])
def test_every_page_leads_to_registering_a_group(client, address):
    make_group(short_name="jardins")

    bar = client.get(address).text.partition("<nav")[2].partition("</nav>")[0]

    assert '<a href="/en/groups/new/">Register<span class="site__more"> my group</span></a>' in bar


@pytest.mark.parametrize("address", ["/en/", "/en/groups/"])
def test_the_home_page_and_the_directory_call_for_groups(client, address):
    assert (
        '<a class="button button--solid" href="/en/groups/new/">Register my group</a>'
        in client.get(address).text
    )


def test_the_empty_directory_invites_its_first_group(client):
    text = client.get("/en/groups/").text

    assert '<a class="button" href="/en/groups/new/">Register my group</a>' in text


def test_the_partner_without_an_address_is_no_link(client):
    make_group(short_name="jardins", partners=[{"name": "Fonds", "url": ""}])

    assert 'href=""' not in client.get("/groups/jardins/").text


@pytest.mark.parametrize(
    "address",
    [
        "/groups/%00/",
        "/groups/a%00b/",
        "/groups/%F0%9F%8C%B1/",
        "/groups/..%2F..%2Fetc/",
        "/groups/%FF/",
        "/groups/" + "x" * 3000 + "/",
        "/a%00b/",
        "/ecosystems/a%00b/",
        "/groups/a%00b/pattern.svg",
        "/media/a%00b",
        "/map/nothing",
        "/groups/jardins/nothing/",
    ],
)
def test_an_address_of_nothing_is_a_404(client, address):
    assert client.get(address).status_code == 404


PARAMETERS = "q kind activity country keyword near bbox sort view page zoom".split()


@pytest.mark.parametrize("path", ["/groups/", "/ecosystems/velo/", "/map/groups.geojson"])
@pytest.mark.parametrize(
    "value",
    ["%00", "%FF%FE", "%F0%9F%8C%B1", "'%22%3E%3Cscript%3E", "x" * 5000, "1e999", "-1", "a%00b"],
)
def test_no_value_breaks_a_page(client, path, value):
    make_group(keywords=["velo"])

    for names in (PARAMETERS, PARAMETERS[1:], ["keyword"], ["q"]):
        response = client.get(f"{path}?" + "&".join(f"{name}={value}" for name in names))
        assert response.status_code == 200
        assert "\x00" not in response.text
        assert "<script>" not in response.text


def test_a_keyword_on_a_card_leads_to_its_page(client):
    make_group(keywords=["Énergie solaire"])
    keyword = make_keyword("Énergie solaire")

    assert f'href="/en/ecosystems/{keyword.slug}/"' in client.get("/en/groups/").text
