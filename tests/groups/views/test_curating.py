from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from groups.charters import charters_of
from groups.curating import record_of, version_of
from groups.forms.ecosystems import RequestForm
from groups.founding import open_ecosystem
from groups.guards import make_stamp
from groups.joining import CannotJoin, join, leave
from groups.models import (
    CharterRule,
    Ecosystem,
    EcosystemRequest,
    Link,
    Mail,
    Membership,
    Role,
)
from groups.renewing import ask_renewal
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_keyword,
    make_membership,
    make_person,
    make_role,
)
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
PAGES = ("ecosystem_edit", "ecosystem_members", "ecosystem_people")


@pytest.fixture
def rivages():
    return make_ecosystem(rules=["Open to all.", "Shares."], admission="reviewed")


@pytest.fixture
def curator(rivages):
    return make_role(rivages, "curator")


def at(name, slug="rivages"):
    return reverse(f"groups:{name}", args=[slug])


def typed(ecosystem, **changed):
    """Return what the form of the record sends, with ``changed`` fields."""
    record = record_of(ecosystem)
    return {
        "base": version_of(record),
        "name": record["name"],
        "tagline": record["tagline"],
        "description": record["description"],
        "charter": "\n".join(record["charter"]),
        "admission": record["admission"],
        "accent": record["accent"],
        "keyword": record["keyword"],
        "slug": record["slug"],
        "allowed_origins": "\n".join(record["allowed_origins"]),
        **changed,
    }


# Who may


@pytest.mark.parametrize("name", PAGES)
def test_curators_pages_are_for_curators_and_operators_only(client, rivages, curator, name):
    other = make_ecosystem("other", name="Other")
    outsiders = [
        make_facilitator(make_group()).person,
        make_role(rivages, "helper"),
        make_role(other, "curator"),
        make_role(rivages, "curator", withdrawn_at=NOON),
    ]
    operator = make_person("op@example.org", is_staff=True, is_superuser=True)

    assert client.get(at(name)).status_code == 302
    assert client.post(at(name), {"do": "give"}).status_code == 302
    for person in outsiders:
        client.force_login(person)
        assert client.get(at(name)).status_code == 403
        assert client.post(at(name), {"do": "give"}).status_code == 403
    for person in (curator, operator):
        client.force_login(person)
        response = client.get(at(name))
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"


def test_the_page_of_requests_is_for_operators_only(client, curator):
    page = reverse("groups:ecosystem_requests")

    assert client.get(page).status_code == 302
    client.force_login(curator)
    assert client.get(page).status_code == 403
    client.force_login(make_person("op@example.org", is_staff=True, is_superuser=True))
    assert client.get(page).status_code == 200


# The record


def test_a_curator_changes_the_record_and_its_old_address_leads_to_the_new_one(
    client, rivages, curator
):
    make_membership(make_group(keywords=["rivages"]), rivages)
    client.force_login(curator)

    sent = typed(rivages, name="Les Rivages", keyword="Rivages", slug="les-rivages", accent="prune")
    response = client.post(at("ecosystem_edit"), sent)

    assert response["Location"] == at("ecosystem_edit", "les-rivages")
    rivages.refresh_from_db()
    assert (rivages.name, rivages.accent, rivages.keyword.name) == (
        "Les Rivages",
        "prune",
        "Rivages",
    )
    assert client.get("/ecosystems/rivages/")["Location"] == "/ecosystems/les-rivages/"
    assert client.get(at("ecosystem_edit"))["Location"] == at("ecosystem_edit", "les-rivages")
    assert made_again() == kept()


def test_an_unchanged_charter_stays_the_same_version(client, rivages, curator):
    client.force_login(curator)

    client.post(at("ecosystem_edit"), typed(rivages, tagline="New."))

    rivages.refresh_from_db()
    assert (rivages.tagline, rivages.charter_version) == ("New.", 1)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Give the ecosystem its name."),
        ("keyword", "autre", "That would be another word"),
        ("slug", "Été", "small letters"),
        ("slug", "new", "another page"),
        ("slug", "taken", "belongs to another word"),
        ("allowed_origins", "https://a.org/page", "beginning of the address"),
        ("allowed_origins", "javascript://x", "beginning of the address"),
        ("allowed_origins", "https://localhost", "not the address of a site"),
        ("charter", "\n".join("abcdefghijklm"), "more than 12 lines"),
        ("core_group", "nobody", "No group here"),
        ("accent", "pink", "Choose one of the six"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    client, rivages, curator, field, value, sentence
):
    make_keyword("taken")
    client.force_login(curator)

    response = client.post("/en" + at("ecosystem_edit"), typed(rivages, **{field: value}))

    assert response.status_code == 422
    assert sentence in response.text
    assert made_again() == kept()


def test_allowed_sites_are_kept_as_origins(client, rivages, curator):
    client.force_login(curator)

    sites = "Example.org\nhttps://*.asso.example/\nhttps://example.org"
    client.post(at("ecosystem_edit"), typed(rivages, allowed_origins=sites))

    rivages.refresh_from_db()
    assert rivages.allowed_origins == ["https://example.org", "https://*.asso.example"]


def test_the_second_editor_is_told_and_shown_both(client, rivages, curator):
    client.force_login(curator)
    mine = typed(rivages, tagline="Mine.")
    client.post(at("ecosystem_edit"), typed(rivages, tagline="Theirs."))

    response = client.post(at("ecosystem_edit"), mine)

    assert response.status_code == 409
    assert "Mine." in response.text
    assert "Theirs." in response.text
    rivages.refresh_from_db()
    assert rivages.tagline == "Theirs."
    again = {**mine, "base": version_of(record_of(rivages))}
    assert client.post(at("ecosystem_edit"), again).status_code == 302
    rivages.refresh_from_db()
    assert rivages.tagline == "Mine."


def test_reviewing_from_now_on_takes_in_those_that_are_listed(client, curator, rivages):
    Ecosystem.objects.filter(pk=rivages.pk).update(admission="open")
    rivages.refresh_from_db()
    listed = make_group(keywords=["rivages"])
    client.force_login(curator)

    client.post(at("ecosystem_edit"), typed(rivages, admission="reviewed"))

    assert Membership.objects.get(group=listed).status == "accepted"
    assert listed.name in client.get("/ecosystems/rivages/").text
    assert made_again() == kept()


# A changed charter


def test_a_changed_charter_asks_again_and_takes_the_mark_after_ninety_days(
    client, rivages, curator
):
    group = make_group(keywords=["rivages"])
    person = make_facilitator(group).person
    accepted = {"charter_version": 1, "charter_accepted_at": NOON}
    membership = make_membership(group, rivages, **accepted)
    client.force_login(curator)

    client.post(at("ecosystem_edit"), typed(rivages, charter="Open to all.\nShares more."))

    membership.refresh_from_db()
    rivages.refresh_from_db()
    assert rivages.charter_version == 2
    assert CharterRule.objects.filter(ecosystem=rivages, version=1).count() == 2
    assert "Shares." in client.get(at("ecosystem_edit")).text
    last = membership.renew_by
    moment = timedelta(microseconds=1)
    assert membership.has_mark(last - moment)
    assert not membership.has_mark(last)

    begun = last - timedelta(days=90)
    assert ask_renewal(begun) == 1
    assert ask_renewal(begun + timedelta(days=1)) == 0
    assert ask_renewal(last - timedelta(days=14)) == 1
    assert ask_renewal(last) == 0
    mails = Mail.objects.filter(person=person)
    assert set(mails.values_list("is_asked", flat=True)) == {False}
    # Nothing is delisted by a clock.
    assert group.name in client.get("/ecosystems/rivages/").text


def test_accepting_the_changed_charter_brings_the_mark_back(client, rivages):
    group = make_group(keywords=["rivages"])
    make_membership(group, rivages, charter_version=1, charter_accepted_at=NOON, renew_by=NOON)
    CharterRule.objects.create(ecosystem=rivages, version=2, position=1, text="Open.")
    Ecosystem.objects.filter(pk=rivages.pk).update(charter_version=2)
    client.force_login(make_facilitator(group).person)

    page = client.get(at("join_ecosystem")).text
    assert "<del>" in page
    sent = {"group": group.pk, "version": 2, "accept": "yes", "do": "join"}
    client.post(at("join_ecosystem"), sent)

    membership = Membership.objects.get()
    assert (membership.status, membership.charter_version) == ("accepted", 2)
    assert membership.has_mark(NOON)


# Members


def test_a_group_joins_is_accepted_with_one_tap_and_leaves(client, rivages, curator):
    group = make_group(keywords=["repair"])
    person = make_facilitator(group).person
    client.force_login(person)
    sent = {"group": group.pk, "version": 1, "do": "join"}

    assert client.post(at("join_ecosystem"), sent).status_code == 422
    client.post(at("join_ecosystem"), {**sent, "accept": "yes"})

    membership = Membership.objects.get()
    assert (membership.status, membership.charter_version) == ("asked", 1)
    assert membership.charter_accepted_by == person
    client.force_login(curator)
    assert group.name in client.get(at("ecosystem_members")).text
    client.post(at("ecosystem_members"), {"membership": membership.pk, "deed": "accept"})
    membership.refresh_from_db()
    assert (membership.status, membership.decided_by) == ("accepted", curator)
    assert group.name in client.get("/ecosystems/rivages/").text
    assert Mail.objects.filter(person=person, key__startswith="membership_accepted").exists()

    client.force_login(person)
    client.post(at("join_ecosystem"), {"group": group.pk, "do": "leave"})
    membership.refresh_from_db()
    assert membership.status == "left"
    assert group.name not in client.get("/ecosystems/rivages/").text
    assert made_again() == kept()


def test_curators_ask_refuse_with_a_reason_and_take_it_back(client, rivages, curator):
    group = make_group(keywords=["rivages"])
    make_facilitator(group)
    membership = Membership.objects.get()
    client.force_login(curator)
    page = at("ecosystem_members")

    client.post(page, {"membership": membership.pk, "deed": "ask", "question": "Who are you?"})
    membership.refresh_from_db()
    assert membership.status == "questioned"
    sent = {"membership": membership.pk, "deed": "refuse", "phrase": "", "words": ""}
    assert client.post(page, sent).status_code == 422
    client.post(page, {**sent, "words": "Not yet."})
    membership.refresh_from_db()
    assert (membership.status, membership.reason) == ("refused", "Not yet.")
    client.post(page, {"membership": membership.pk, "deed": "reconsider"})
    membership.refresh_from_db()
    assert membership.status == "asked"
    assert made_again() == kept()


def test_nobody_decides_about_their_own_group_nor_in_another_ecosystem(client, rivages, curator):
    group = make_group(keywords=["rivages"])
    membership = Membership.objects.get()
    other = make_role(make_ecosystem("other", name="Other"), "curator")
    sent = {"membership": membership.pk, "deed": "accept"}
    client.force_login(other)
    assert client.post(at("ecosystem_members", "other"), sent).status_code == 422
    make_facilitator(group, curator)
    client.force_login(curator)
    assert client.post(at("ecosystem_members"), sent).status_code == 403
    membership.refresh_from_db()
    assert membership.status == "asked"


@pytest.mark.parametrize("members", [1, 3])
def test_members_cost_the_same_for_any_number(
    client, rivages, curator, members, django_assert_max_num_queries
):
    for _ in range(members):
        make_group(keywords=["rivages"])
    client.force_login(curator)

    with django_assert_max_num_queries(14):
        client.get(at("ecosystem_members"))


# Joining


def test_only_with_ones_own_group(client, rivages):
    group = make_group()
    sent = {"group": group.pk, "version": 1, "accept": "yes", "do": "join"}

    assert client.get(at("join_ecosystem")).status_code == 200
    assert client.post(at("join_ecosystem"), sent).status_code == 403
    client.force_login(make_facilitator(make_group()).person)
    assert client.post(at("join_ecosystem"), sent).status_code == 403
    assert client.post(at("join_ecosystem"), {**sent, "do": "leave"}).status_code == 403
    assert not Membership.objects.exists()
    named = client.get(at("join_ecosystem"), {"group": group.short_name})
    assert named["Location"] == reverse("groups:group_edit", args=[group.short_name])
    assert client.get(at("join_ecosystem"), {"group": "nobody"}).status_code == 404


def test_the_charter_that_was_shown_is_the_one_accepted(rivages):
    group = make_group()
    person = make_facilitator(group).person
    full = make_group(keywords=[f"word {number}" for number in range(12)])
    refused = make_group(keywords=["rivages"])
    make_membership(refused, rivages, status="refused", reason="No.")

    for each, version, code in ((group, 2, "changed"), (full, 1, "full"), (refused, 1, "refused")):
        with pytest.raises(CannotJoin) as reason:
            join(each, rivages, version, person, NOON)
        assert reason.value.code == code
    assert not leave(group, rivages, person, NOON)
    assert made_again() == kept()


def test_joining_an_open_ecosystem_is_enough():
    ecosystem = make_ecosystem()
    group = make_group()

    membership = join(group, ecosystem, 1, make_person(), NOON)

    assert membership.status == "accepted"
    assert charters_of(["rivages"])[0].ecosystem == ecosystem
    assert made_again() == kept()


# Roles


def test_roles_are_given_and_withdrawn_with_who_and_when(client, rivages, curator):
    client.force_login(curator)
    page = at("ecosystem_people")

    client.post(page, {"do": "give", "email": "new@example.org", "kind": "helper"})

    role = Role.objects.get(person__email="new@example.org")
    assert (role.kind, role.given_by) == ("helper", curator)
    assert Mail.objects.filter(person=role.person).count() == 1
    client.post(page, {"do": "withdraw", "role": role.pk})
    role.refresh_from_db()
    assert role.withdrawn_by == curator
    assert role.withdrawn_at is not None


def test_the_last_curator_stays_and_no_role_of_others_is_touched(client, rivages, curator):
    stranger = make_role(make_ecosystem("other", name="Other"), "curator")
    client.force_login(curator)
    page = at("ecosystem_people")
    own, others = Role.objects.get(person=curator), Role.objects.get(person=stranger)

    assert client.post(page, {"do": "withdraw", "role": own.pk}).status_code == 409
    client.post(page, {"do": "withdraw", "role": others.pk})

    assert Role.objects.filter(withdrawn_at=None).count() == 2


# Asking for an ecosystem


def test_anybody_asks_confirms_by_mail_and_becomes_curator(client):
    operator = make_person("op@example.org", is_staff=True, is_superuser=True)
    listed = make_group(keywords=["jardins"])
    page = reverse("groups:new_ecosystem")
    form = client.get(page, {"keyword": "jardins"}).context["form"]
    sent = {
        "website": "",
        "stamp": form.stamp,
        "keyword": "Jardins",
        "name": "Les jardins",
        "tagline": "",
        "words": "We are many.",
        "sender": "Ada",
        "email": "ada@example.org",
    }
    assert client.post(page, sent).status_code == 422  # Quicker than people are.
    sent["stamp"] = make_stamp(RequestForm, form.now - timedelta(minutes=1))
    assert client.post(page, sent)["Location"].endswith("?sent=mail")
    assert not EcosystemRequest.objects.exists()

    link = Link.objects.get(purpose="ecosystem")
    mail = Mail.objects.get(person=link.person)
    path = mail.text.partition("/l/")[2].split()[0]
    assert "ystem" in client.get(f"/l/{path}").text
    assert client.post(f"/l/{path}")["Location"].endswith("?sent=confirmed")
    request = EcosystemRequest.objects.get()
    assert Mail.objects.filter(person=operator).count() == 1

    client.force_login(operator)
    client.post(reverse("groups:ecosystem_requests"), {"request": request.pk, "do": "open"})

    ecosystem = Ecosystem.objects.get()
    assert (ecosystem.name, ecosystem.keyword.slug) == ("Les jardins", "jardins")
    assert Role.objects.get().person == link.person
    assert listed.name in client.get("/ecosystems/jardins/").text
    assert open_ecosystem(request, operator, NOON) is None
    assert made_again() == kept()


def test_an_operator_refuses_with_a_reason(client, rivages):
    person = make_person()
    request = EcosystemRequest.objects.create(keyword="x", name="X", words="Y", person=person)
    client.force_login(make_person("op@example.org", is_staff=True, is_superuser=True))
    page = reverse("groups:ecosystem_requests")

    assert client.post(page, {"request": request.pk, "do": "refuse"}).status_code == 422
    client.post(page, {"request": request.pk, "do": "refuse", "reason": "Too early."})

    request.refresh_from_db()
    assert (request.decision, request.reason) == ("refused", "Too early.")
    assert "Too early." in Mail.objects.get(person=person).text
    assert client.get(page).status_code == 200


# The network


@pytest.mark.parametrize("ecosystems", [2, 4])
def test_the_network_costs_the_same_for_any_number(
    client, ecosystems, django_assert_max_num_queries
):
    words = [f"word {number}" for number in range(ecosystems)]
    for word in words:
        make_ecosystem(word, name=word.title())
    make_group(name="Helping hands", kind="support", keywords=words, country="BJ")
    make_group(keywords=["gardens", words[0]], country="SN")

    with django_assert_max_num_queries(12):
        text = client.get("/en/network/").text

    assert "Helping hands" in text
    assert "Register the first group about gardens in Benin" in text
    assert "keywords=gardens&amp;country=BJ" in text
    assert "style=" not in text


def test_an_invitation_prefills_the_registration(client):
    form = client.get("/groups/new/", {"keywords": "gardens", "country": "BJ", "name": "x"})

    assert form.context["form"]["keywords"].value() == "gardens"
    assert form.context["form"]["country"].value() == "BJ"
    assert not form.context["form"]["name"].value()


def test_a_group_that_is_hidden_is_not_in_the_network(client):
    for word in ("one", "two"):
        make_ecosystem(word, name=word)
    make_group(name="Hidden hands", kind="support", keywords=["one", "two"], review="pending")

    assert "Hidden hands" not in client.get("/network/").text
