import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client

from groups.entries import save_entry
from groups.links import make_link
from groups.models import Group, Link, Mail
from groups.views import gate
from tests.factories import make_facilitator, make_group, make_person

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
EDIT, ACTIVITY, PEOPLE, ASK = (
    f"/en/groups/estran/edit/{part}" for part in ("", "activity/", "people/", "link/")
)
ON_ITS_WAY = "If this address belongs to a facilitator of the group, a link is on its way there."


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    """The gate takes its time; one test looks at that."""
    monkeypatch.setattr(gate, "TAKES", 0)


def make_estran(**fields):
    return make_group(**{"short_name": "estran", "name": "Estran", **fields})


def said(response):
    return unescape(" ".join(re.findall(r'role="status">([^<]*[^<\s])', response.text)))


@pytest.mark.parametrize("review", ["published", "pending", "refused", None])
@pytest.mark.parametrize("address", [EDIT, ACTIVITY, PEOPLE])
def test_whoever_has_no_grant_finds_the_gate(client, address, review):
    if review:
        make_estran(review=review)

    response = client.get(address, follow=True)

    assert response.status_code == 200
    assert "For those who facilitate" in response.text
    assert 'name="tagline"' not in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_the_gate_does_not_tell_whether_a_hidden_group_exists(client, review):
    tokens = re.compile(r'value="\w{64}"')
    absent = tokens.sub("", client.get(EDIT).text)
    make_estran(review=review, name="Hidden name")

    assert tokens.sub("", client.get(EDIT).text) == absent


def test_a_former_name_leads_whoever_may_edit_to_the_new_one(client):
    group = make_estran()
    save_entry({"short_name": "dunes"}, group=group, why="edited")
    make_facilitator(group, ada := make_person())
    client.force_login(ada)

    assert client.get(EDIT)["Location"] == "/en/groups/dunes/edit/"


@pytest.mark.parametrize(
    ("email", "purposes"),
    [
        ("ada@example.org", ["archive"]),
        ("  ADA@Example.org ", ["archive"]),
        ("invited@example.org", ["confirm"]),
        ("gone@example.org", []),
        ("elsewhere@example.org", []),
        ("nobody@example.org", []),
        ("shut@example.org", []),
    ],
)
@pytest.mark.parametrize("review", ["published", "pending"])
def test_a_link_goes_to_facilitators_and_everybody_reads_the_same(client, review, email, purposes):
    group = make_estran(review=review)
    make_facilitator(group, make_person())
    make_facilitator(group, make_person("invited@example.org"), confirmed_at=None)
    make_facilitator(group, make_person("gone@example.org"), ended_at=NOON)
    make_facilitator(group, make_person("shut@example.org", is_active=False))
    make_facilitator(make_group(), make_person("elsewhere@example.org"))

    response = client.post(ASK, {"email": email, "purpose": "archive"}, follow=True)

    assert response.redirect_chain == [(EDIT, 302)]
    assert ON_ITS_WAY in said(response)
    assert list(Link.objects.values_list("purpose", flat=True)) == purposes
    receivers = list(Mail.objects.values_list("receiver", flat=True))
    assert receivers == [email.strip().lower()] * len(purposes)
    assert Group.objects.get(pk=group.pk).activity == "active"


def test_asking_at_the_gate_of_no_group_reads_the_same(client):
    response = client.post(ASK, {"email": "a@example.org", "purpose": "edit"}, follow=True)

    assert ON_ITS_WAY in said(response)


def test_whoever_is_known_may_erase_their_data_from_any_gate(client):
    make_person()

    client.post(ASK, {"email": "ada@example.org", "purpose": "erase"})

    assert Link.objects.get().purpose == "erase"
    assert Mail.objects.get().receiver == "ada@example.org"


def test_the_mail_of_the_gate_is_in_the_language_of_its_receiver(client):
    make_facilitator(make_estran(), make_person(language="fr"))

    client.post(ASK, {"email": "ada@example.org", "purpose": "sleep"})

    mail = Mail.objects.get()
    assert mail.language == "fr"
    assert re.search(r"https?://[^/]+/l/[\w-]{32}/", mail.text)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "", "purpose": "edit"},
        {"email": "ada", "purpose": "edit"},
        {"email": "a" * 300 + "@example.org", "purpose": "edit"},
        {"email": "ada@example.org", "purpose": "kept"},
        {"email": "ada@example.org", "purpose": "nonsense"},
        {"kept_link": ""},
        {"kept_link": "https://example.org/"},
        {"kept_link": "x" * 9000},
    ],
)
def test_a_gate_filled_in_wrongly_says_so_and_keeps_what_was_typed(client, data):
    make_facilitator(make_estran(), make_person())

    response = client.post(ASK, data)

    assert response.status_code == 422
    assert "field--error" in response.text
    assert not Mail.objects.exists()
    if data.get("email") == "ada":
        assert 'value="ada"' in response.text


def test_the_gate_takes_as_long_for_anybody(client, monkeypatch):
    slept = []
    monkeypatch.setattr(gate, "TAKES", 5.0)
    monkeypatch.setattr(gate.time, "sleep", slept.append)
    make_facilitator(make_estran(), make_person())

    for email in ("ada@example.org", "nobody@example.org"):
        client.post(ASK, {"email": email, "purpose": "edit"})

    assert len(slept) == 2
    assert all(4 < seconds <= 5 for seconds in slept)


def test_an_address_is_written_to_five_times_an_hour(client):
    make_facilitator(make_estran(), make_person())
    ask = {"email": "ada@example.org", "purpose": "edit"}

    codes = [
        Client(REMOTE_ADDR=f"192.0.{number}.1").post(ASK, ask).status_code for number in range(6)
    ]

    assert codes == [302] * 5 + [429]
    assert Mail.objects.count() == 5


def test_a_network_asks_twenty_times_an_hour(client):
    make_estran()

    codes = {
        number: client.post(ASK, {"email": f"a{number}@example.org", "purpose": "edit"}).status_code
        for number in range(21)
    }

    assert set(list(codes.values())[:20]) == {302}
    assert codes[20] == 429


def test_a_kept_link_is_pasted_whole_or_with_what_surrounds_it(client):
    secret = make_link(Link.Purpose.KEPT, group=make_estran())

    response = client.post(ASK, {"kept_link": f" http://elsewhere.example/fr/l/{secret}/ "})

    assert response["Location"] == f"/en/l/{secret}/"


def test_a_sleeping_group_offers_to_be_taken_over_at_its_gate(client):
    group = make_estran()
    make_facilitator(group)
    assert "Offer to take the group over" not in client.get(EDIT).text

    Group.objects.update(activity="asleep")

    assert "Offer to take the group over" in client.get(EDIT).text
