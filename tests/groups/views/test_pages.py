from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_ecosystem, make_group, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("items", [1, 3])
def test_home_costs_the_same_for_any_number_of_groups_and_ecosystems(
    client, django_assert_num_queries, items
):
    for number in range(items):
        make_ecosystem(f"eco {number}", name=f"Ecosystem {number}")
        make_group(keywords=[f"eco {number}"])

    # The numbers, the newest groups; records, their numbers, their cloths.
    with django_assert_num_queries(5):
        response = client.get("/")

    assert [f"Ecosystem {number}" in response.text for number in range(items)] == [True] * items


def test_home_shows_the_six_newest_groups(client):
    now = timezone.now()
    for days in [3, 0, 6, 2, 5, 1, 4, 7]:
        make_group(name=f"Age {days}", created_at=now - timedelta(days=days))
    make_group(name="Archived", activity="archived")
    make_group(name="Pending", review="pending")

    newest = client.get("/").context["newest"]

    assert [card.name for card in newest] == [f"Age {days}" for days in range(6)]


def test_home_counts_what_is_listed(client):
    make_group(country="BJ", member_count=1200)
    make_group(country="BJ", member_count=300)
    make_group(country="TG", activity="archived", member_count=9)
    make_group(country="FR", review="pending", member_count=9)

    totals = client.get("/en/").context["totals"]

    assert (totals["groups"], totals["countries"]) == (2, 1)
    assert totals["members_label"] == "≈ 1,500 members"


def test_an_empty_directory_has_a_home(client):
    response = client.get("/")

    assert response.status_code == 200
    assert response.context["totals"] == {"groups": 0, "countries": 0, "members_label": ""}


def test_about_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/about/").status_code == 200


LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


@pytest.mark.parametrize("path", ["", "groups/", "groups/jardins/", "ecosystems/", "network/"])
@pytest.mark.parametrize(
    ("prefix", "words"), [("/", "Fiches\u00a0: CC BY-SA 4.0"), ("/en/", "Entries: CC BY-SA 4.0")]
)
def test_the_foot_of_public_pages_names_the_licence_of_the_entries(client, prefix, path, words):
    make_group(short_name="jardins")

    assert f'<a href="{LICENCE}" rel="license">{words}</a>' in client.get(prefix + path).text


def test_the_foot_of_other_pages_leads_to_no_other_site(client):
    for address in ("/account/login/", "/groups/new/done/", "/l/" + "x" * 30 + "/"):
        assert LICENCE not in client.get(address).text


@pytest.mark.parametrize(
    ("address", "link"),
    [("/groups/", 'href="/account/"'), ("/en/groups/", 'href="/en/account/"')],
)
def test_the_foot_leads_everybody_to_their_account(client, address, link):
    words = {"/groups/": "Mon compte", "/en/groups/": "My account"}[address]
    visitor = client.get(address)
    client.force_login(make_person())
    person = client.get(address)

    assert f'<a {link} rel="nofollow">{words}</a>' in visitor.text
    # One page for all, which caches may keep.
    assert person.content == visitor.content
    assert "Cookie" not in person.get("Vary", "")
