import pytest
from django.urls import reverse

from groups import versions
from groups.access import SESSION_KEY
from groups.entries import save_entry
from groups.models import Group, Revision, Task
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)
from tests.markup import problems_of

pytestmark = pytest.mark.django_db

GATE = "/en/groups/jardins/edit/"


@pytest.fixture
def group():
    services = {"home": "https://h.example.org/", "follow_up": "https://private.example.org/"}
    return make_group(short_name="jardins", name="Jardins", services=services)


@pytest.fixture
def facilitator(group):
    return make_facilitator(group, make_person(name="Ada")).person


def history_of(group="jardins", language="en"):
    return f"/{language}/groups/{group}/history/"


def address_of(revision):
    return f"{history_of()}{revision.pk}/"


def rename(group, name="Jardin", by=None, **fields):
    """Save another version; return the one before it."""
    before = versions.newest_of(group)
    save_entry({"name": name, **fields}, group=group, by=by, why="edited")
    return before


def bring_back(client, revision, group, **data):
    data = {"base": versions.newest_of(group).pk, **data}
    return client.post(address_of(revision), data)


def sign_in_by_link(client, group, person=None):
    """Give this browser the session a link opens."""
    session = client.session
    given = {"person": person and person.pk, "only_edit": person is None}
    session[SESSION_KEY] = {str(group.pk): {**given, "until": "2999-01-01T00:00:00+00:00"}}
    session.save()


# ── Who reads it ────────────────────────────────────────────────────────────────────────────────


def test_a_visitor_is_led_to_the_gate(client, group):
    revision = rename(group)

    for address in (history_of(), address_of(revision)):
        response = client.get(address)
        assert (response.status_code, response.url) == (302, GATE)
        assert "private" not in response.text


@pytest.mark.parametrize("short_name", ["nobody", "jardins"])
def test_the_gate_does_not_say_whether_there_is_such_a_group(client, short_name):
    make_group(short_name="jardins", review="pending")

    response = client.get(history_of(short_name))

    assert (response.status_code, response.url) == (302, f"/en/groups/{short_name}/edit/")


def test_somebody_who_is_signed_in_and_nothing_else_is_led_to_the_gate(client, group):
    client.force_login(make_person())
    revision = rename(group)

    assert client.get(history_of()).url == GATE
    assert client.get(address_of(revision)).url == GATE


@pytest.mark.parametrize("fields", [{"confirmed_at": None}, {"ended_at": "2026-01-01T00:00Z"}])
def test_who_is_not_or_no_longer_a_facilitator_is_led_to_the_gate(client, group, fields):
    client.force_login(make_facilitator(group, **fields).person)

    assert client.get(history_of()).url == GATE


def test_a_facilitator_reads_it_signed_in_or_by_a_link(client, group, facilitator):
    client.force_login(facilitator)
    assert client.get(history_of()).status_code == 200

    client.logout()
    sign_in_by_link(client, group, facilitator)
    response = client.get(address_of(versions.newest_of(group)))

    assert "https://private.example.org/" in response.text


def test_who_holds_the_kept_link_reads_it(client, group):
    sign_in_by_link(client, group)

    assert "https://private.example.org/" in client.get(address_of(versions.newest_of(group))).text


def test_an_operator_reads_it(client, group, settings):
    settings.DEMO = True
    client.force_login(make_person(is_staff=True, is_superuser=True))

    assert client.get(history_of()).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "reads", "sees_private"),
    [
        ("helper", "accepted", True, True),
        ("curator", "accepted", True, False),
        ("curator", "asked", True, False),
        ("curator", "questioned", True, False),
        ("curator", "left", False, False),
        ("curator", "refused", False, False),
        ("helper", "asked", True, False),
        ("helper", None, True, False),
        ("curator", None, False, False),
    ],
)
@pytest.mark.parametrize("review", ["published", "pending"])
def test_who_has_a_role_reads_what_they_answer_for(
    client, group, kind, status, reads, sees_private, review
):
    Group.objects.update(review=review)
    group.refresh_from_db()
    ecosystem = make_ecosystem()
    person = make_role(ecosystem, kind)
    if status:
        reason = {"reason": "Not open."} if status == "refused" else {}
        make_membership(group, ecosystem, status=status, **reason)
    client.force_login(person)
    rename(group)

    response = client.get(address_of(versions.newest_of(group)))

    assert response.status_code == (200 if reads else 302)
    assert ("https://private.example.org/" in response.text) is sees_private
    assert ("https://h.example.org/" in response.text) is reads
    # A role lets see what visitors do not, and nothing of what they would not.
    visible = Group.objects.visible_to(person).filter(pk=group.pk).exists()
    assert visible is (reads or review == "published")


def test_a_helper_of_another_ecosystem_does_not_read_it(client, group):
    make_membership(group, make_ecosystem())
    client.force_login(make_role(make_ecosystem("cyou", name="Cyou")))

    assert client.get(history_of()).url == GATE


def test_no_address_of_a_person_is_shown(client, group, facilitator):
    nameless = make_facilitator(group).person
    rename(group, by=nameless)
    client.force_login(facilitator)

    text = client.get(history_of()).text

    assert "by a facilitator" in text
    assert "@example.org" not in text


def test_the_history_is_kept_by_nobody_and_found_by_nobody(client, group, facilitator):
    client.force_login(facilitator)

    for address in (history_of(), address_of(versions.newest_of(group))):
        response = client.get(address)
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow"


# ── What it shows ───────────────────────────────────────────────────────────────────────────────


def test_each_version_says_when_who_why_and_what(client, group, facilitator):
    rename(group, by=facilitator, keywords=["solar"], description="We sow\nand reap.")
    client.force_login(facilitator)

    text = " ".join(client.get(history_of()).text.split())

    assert "by Ada" in text
    assert "<h2>Edited</h2>" in text
    assert '<del><span class="sr">removed: </span>Jardins</del>' in text
    assert '<ins><span class="sr">added: </span>Jardin</ins>' in text
    assert '<ins><span class="sr">added: </span>solar</ins>' in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_are_sound(client, group, facilitator, language):
    for number in range(30):
        rename(group, name=f"Name {number}", description=f"We sow and reap {number} times.")
    client.force_login(facilitator)
    prefix = "/en" if language == "en" else ""
    history = f"{prefix}/groups/jardins/history/"
    first = Revision.objects.earliest("pk")

    for address in (history, f"{history}?page=2", f"{history}{first.pk}/"):
        assert problems_of(client.get(address).text, language=language) == []


def test_what_somebody_typed_is_shown_as_text(client, group, facilitator):
    rename(group, name="<script>alert(1)</script>", description="<b>&amp;")
    client.force_login(facilitator)

    for address in (history_of(), address_of(versions.newest_of(group))):
        text = client.get(address).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_it_costs_as_many_queries_for_one_version_as_for_fifty(
    client, group, facilitator, django_assert_num_queries
):
    client.force_login(facilitator)

    def visit():
        # The session and who it is; the group, whether they facilitate it, an offer for it; how
        # many versions, those of the page, who ever facilitated it.
        with django_assert_num_queries(8):
            assert client.get(history_of()).status_code == 200

    visit()
    for number in range(50):
        rename(group, name=f"Name {number}", by=make_person(f"{number}@example.org"))
    visit()


@pytest.mark.parametrize("page", ["2", "1", "99", "x", "-1", "", "²", "9" * 50, "\0"])
def test_the_pages_of_it_are_reached_and_none_is_missing(client, group, facilitator, page):
    for number in range(30):
        rename(group, name=f"Name {number}")
    client.force_login(facilitator)

    response = client.get(history_of(), {"page": page})

    assert response.status_code == 200
    assert ("Older" in response.text) is (page not in ("2", "99"))


def test_an_earlier_short_name_leads_to_the_page_of_today(client, group, facilitator):
    revision = rename(group, short_name="verger")
    client.force_login(facilitator)

    assert client.get(history_of()).url == history_of("verger")
    assert client.get(address_of(revision)).url == f"{history_of('verger')}{revision.pk}/"


@pytest.mark.parametrize("pk", [0, 10**6, 10**40])
def test_a_version_that_is_not_there_is_not_found(client, group, facilitator, pk):
    client.force_login(facilitator)

    assert client.get(f"{history_of()}{pk}/").status_code == 404
    assert client.post(f"{history_of()}{pk}/").status_code == 404


def test_a_version_of_another_group_is_not_found_here(client, group, facilitator):
    other = versions.newest_of(make_group(name="Not yours", review="pending"))
    client.force_login(facilitator)

    assert client.get(address_of(other)).status_code == 404
    assert client.post(address_of(other), {"base": other.pk}).status_code == 404


def test_the_version_of_now_has_nothing_to_bring_back(client, group, facilitator):
    client.force_login(facilitator)

    assert "<form" not in client.get(address_of(versions.newest_of(group))).text


def test_a_helper_reads_a_version_and_has_no_button(client, group):
    revision = rename(group)
    client.force_login(make_role(make_ecosystem()))

    text = client.get(address_of(revision)).text

    assert "If it came back" in text
    assert "<form" not in text


# ── The way back ────────────────────────────────────────────────────────────────────────────────


def test_a_version_is_brought_back_with_one_button(client, group, facilitator):
    revision = rename(group)
    client.force_login(facilitator)
    assert "Bring this version back" in client.get(address_of(revision)).text

    response = bring_back(client, revision, group)

    assert (response.status_code, response.url) == (302, history_of())
    assert "This version is back." in client.get(history_of()).text
    assert Group.objects.get().name == "Jardins"
    assert versions.newest_of(group).by == facilitator


def test_after_it_the_page_lies_where_the_short_name_leads(client, group, facilitator):
    revision = rename(group, short_name="verger")
    client.force_login(facilitator)

    response = client.post(
        reverse("groups:group_revision", args=["verger", revision.pk]),
        {"base": versions.newest_of(group).pk},
    )

    assert response.url.endswith("/groups/jardins/history/")


def test_without_a_facilitator_it_is_sent_in(client, group):
    revision = rename(group)
    sign_in_by_link(client, group)
    assert "Somebody reads it before it is shown." in client.get(address_of(revision)).text

    bring_back(client, revision, group)

    assert "Sent: somebody reads it" in client.get(history_of()).text
    assert Group.objects.get().name == "Jardin"
    assert Task.objects.get().kind == "edit"


def test_whoever_saved_meanwhile_is_not_overwritten(client, group, facilitator):
    revision = rename(group)
    base = versions.newest_of(group).pk
    rename(group, name="Verger")
    client.force_login(facilitator)

    response = bring_back(client, revision, group, base=base)

    assert response.status_code == 422
    assert "Somebody saved the entry while you were reading." in response.text
    assert "Verger" in response.text
    assert f'name="base" value="{versions.newest_of(group).pk}"' in response.text
    assert Group.objects.get().name == "Verger"

    bring_back(client, revision, group)

    assert Group.objects.get().name == "Jardins"


@pytest.mark.parametrize("base", ["", "x", "\0", "-1", "9" * 400, "²"])
def test_nonsense_for_a_base_changes_nothing(client, group, facilitator, base):
    revision = rename(group)
    client.force_login(facilitator)

    assert bring_back(client, revision, group, base=base).status_code == 422
    assert Group.objects.get().name == "Jardin"


def test_a_version_that_breaks_a_rule_of_today_is_explained(client, group, facilitator):
    revision = rename(group)
    revision.entry["kind"] = "club"
    revision.save()
    client.force_login(facilitator)

    response = bring_back(client, revision, group)

    assert response.status_code == 422
    assert "older than a rule" in response.text


def test_nobody_else_brings_anything_back(client, group):
    revision = rename(group)
    ecosystem = make_ecosystem()
    make_membership(group, ecosystem)
    people = [make_role(ecosystem, kind) for kind in ("helper", "curator")]
    people += [make_facilitator(make_group()).person, make_person()]

    assert bring_back(client, revision, group).status_code == 403
    for person in people:
        client.force_login(person)
        assert bring_back(client, revision, group).status_code == 403
    assert client.post(f"{history_of('nobody')}1/").status_code == 403
    assert Revision.objects.filter(group=group).count() == 2


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_the_list_is_only_read(client, group, facilitator, method):
    client.force_login(facilitator)

    assert getattr(client, method)(history_of()).status_code == 405
