"""What is kept is answered by fewer hands, and the same."""

import pytest
from django.db import OperationalError
from django.middleware.common import CommonMiddleware

from groups import kept_pages
from groups.caching import forget_bodies
from groups.derived import changing
from groups.models import Ecosystem, Keyword
from tests.factories import make_ecosystem, make_group, make_membership

pytestmark = pytest.mark.django_db
PAGE, WIDGET = "/en/ecosystems/rivages/", "/ecosystems/rivages/widget/"
CARD = "/groups/jardin/widget/"
ADDRESSES = [PAGE, "/ecosystems/rivages/", WIDGET, f"{WIDGET}?lang=en&view=cards", CARD]


@pytest.fixture
def world():
    forget_bodies()
    ecosystem = make_ecosystem(allowed_origins=["https://example.org"])
    group = make_group(name="Jardin", short_name="jardin", keywords=["rivages"])
    make_membership(group, ecosystem)
    return ecosystem


@pytest.fixture
def asked(monkeypatch):
    """List the addresses that came as far as the views."""
    found = []

    def note(self, request):
        found.append(request.get_full_path())

    monkeypatch.setattr(CommonMiddleware, "process_request", note)
    return found


def said(response):
    """Return all that an answer says."""
    return response.status_code, response.content, dict(response.items())


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_what_is_kept_is_answered_the_same_without_its_view(
    client, world, asked, address, encoding, django_assert_num_queries
):
    first = said(client.get(address, headers={"accept-encoding": encoding}))
    assert asked == [address]

    # The version.
    with django_assert_num_queries(1):
        again = said(client.get(address, headers={"accept-encoding": encoding}))
    assert again == first
    assert asked == [address]

    known = client.get(
        address, headers={"accept-encoding": encoding, "if-none-match": first[2]["ETag"]}
    )
    assert (known.status_code, known.content, asked) == (304, b"", [address])
    kept = {"ETag", "Cache-Control", "Vary", "Content-Security-Policy"}
    assert {name: known[name] for name in kept} == {name: first[2][name] for name in kept}


def test_head_says_as_much(client, world, asked):
    first = client.get(PAGE)
    head = client.head(PAGE)

    assert (head.status_code, head.content, asked) == (200, b"", [PAGE])
    assert dict(head.items()) == dict(first.items())


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_change_is_seen_at_the_next_request(client, world, address):
    group = world.memberships.get().group
    client.get(address)
    with changing([group.pk]):
        group.name = "Verger"
        group.save()

    assert "Verger" in client.get(address).content.decode()


def test_other_sites_are_allowed_at_the_next_request(client, world):
    client.get(WIDGET)
    assert "https://example.org" in client.get(WIDGET)["Content-Security-Policy"]
    record = Ecosystem.objects.get()
    record.allowed_origins = ["https://other.example"]
    record.save()

    policy = client.get(WIDGET)["Content-Security-Policy"]
    assert "https://other.example" in policy
    assert "https://example.org" not in policy


def test_a_word_that_is_renamed_leads_on(client, world):
    client.get(PAGE)
    Keyword.objects.filter(slug="rivages").update(slug="rives")

    assert client.get(PAGE).status_code == 404


def test_what_was_pushed_out_is_made_by_its_view(client, world, asked):
    first = said(client.get(PAGE))
    forget_bodies()

    assert said(client.get(PAGE)) == first
    assert asked == [PAGE, PAGE]


def test_what_concerns_somebody_is_never_remembered(client, world, asked):
    for _ in range(2):
        client.get("/en/groups/jardin/")
        client.get("/en/account/login/")

    assert len(asked) == 4


def test_only_so_many_addresses_are_remembered(client, world, asked, monkeypatch):
    monkeypatch.setattr(kept_pages, "MOST", 1)
    for address in (PAGE, WIDGET, PAGE):
        client.get(address)

    assert asked == [PAGE, WIDGET, PAGE]


def test_while_the_database_is_away_the_view_says_so(client, world, asked, monkeypatch):
    client.get(PAGE)

    def away(slug):
        raise OperationalError("gone")

    monkeypatch.setattr(kept_pages, "keyword_version", away)

    assert client.get(PAGE).status_code == 200
    assert asked == [PAGE, PAGE]
