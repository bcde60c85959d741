import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from groups.access import is_facilitator
from groups.links import make_link
from groups.models import (
    Draft,
    Facilitator,
    Group,
    Link,
    Mail,
    Pause,
    Person,
    Revision,
    Task,
)
from groups.tasks import open_task
from tests.factories import make_facilitator, make_group, make_person
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FACILITATORS = "edit people hand_over still_right sleep pause wake archive answer".split()
EVERY_PURPOSE = [*FACILITATORS, "confirm", "erase", "take_over", "keep", "let_go", "draft", "kept"]


def make_some_link(purpose, **fields):
    """Return the secret of a link whose deed is possible, and its person and group."""
    person = make_person(language="en")
    group = make_group(name="Estran", short_name="estran", activity="asleep", **fields)
    facilitator = make_facilitator(group, person)
    draft = task = None
    if purpose == "confirm":
        Facilitator.objects.filter(pk=facilitator.pk).update(confirmed_at=None)
    if purpose in ("keep", "let_go"):
        bo = make_person("bo@example.org", name="Bo")
        task = open_task(Task.Kind.TAKE_OVER, group, person=bo, words="I live next door.")
    if purpose == "take_over":
        draft = Draft.objects.create(email=person.email, typed={"name": "A", "words": "Yes."})
    if purpose == "draft":
        draft = Draft.objects.create(email=person.email, typed={"name": "Half a group"})
    secret = make_link(
        purpose,
        person=None if purpose in ("kept", "draft") else person,
        group=None if purpose in ("erase", "draft") else group,
        draft=draft,
        task=task,
    )
    return secret, person, group


def press(client, secret, **data):
    return client.post(f"/en/l/{secret}/", data)


def everything():
    """Return every row of every table that a link could change."""
    rows = {}
    with connection.cursor() as cursor:
        for model in (Group, Facilitator, Link, Mail, Pause, Person, Revision, Task, Draft):
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY 1")
            rows[model.__name__] = cursor.fetchall()
        cursor.execute("SELECT * FROM django_session")
        rows["sessions"] = cursor.fetchall()
    return rows


# Looking


@pytest.mark.parametrize("purpose", EVERY_PURPOSE)
def test_looking_at_a_link_changes_nothing(client, purpose):
    secret, _person, _group = make_some_link(purpose)
    before = everything()

    for language in ("", "/en"):
        for ask in (client.get, client.head, client.options):
            ask(f"{language}/l/{secret}/")
    shown = client.get(f"/en/l/{secret}/", headers={"Purpose": "prefetch"})

    assert shown.status_code == 200
    assert everything() == before
    assert "session" not in client.cookies


@pytest.mark.parametrize("purpose", EVERY_PURPOSE)
def test_the_page_of_a_link_says_what_it_does_and_has_one_button(client, purpose):
    secret, _person, _group = make_some_link(purpose)

    page = client.get(f"/en/l/{secret}/").text
    main = page[page.index("<main") : page.index("</main")]

    assert main.count("<button") == 1
    assert main.count("<form") == 1
    if purpose not in ("erase", "draft"):
        assert "Estran" in main


@pytest.mark.parametrize("purpose", EVERY_PURPOSE)
def test_a_link_is_kept_from_caches_search_engines_and_other_sites(client, purpose):
    secret, _person, _group = make_some_link(purpose)

    for response in (
        client.get(f"/l/{secret}/"),
        press(client, secret),
        client.get("/l/" + "x" * 30 + "/"),
    ):
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "private, no-store"
        assert "noindex" in response["X-Robots-Tag"]
        addresses = re.findall(r'(?:src|href)="(https?://[^"]+)"', response.text)
        assert addresses == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, method):
    secret, _person, _group = make_some_link("edit")

    assert getattr(client, method)(f"/l/{secret}/").status_code == 405


def test_a_button_needs_the_token_of_its_page():
    secret, _person, _group = make_some_link("sleep")
    client = Client(enforce_csrf_checks=True)
    assert press(client, secret).status_code == 403
    assert Link.objects.get().used_at is None

    # What a browser sends from a page that tells no referrer.
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(f"/en/l/{secret}/").text
    )
    response = client.post(
        f"/en/l/{secret}/", {"csrfmiddlewaretoken": token[1]}, headers={"Origin": "null"}
    )

    assert response.status_code == 302


def test_a_button_on_another_site_is_refused():
    secret, _person, _group = make_some_link("sleep")
    client = Client(enforce_csrf_checks=True)
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(f"/en/l/{secret}/").text
    )

    for data, origin in [
        ({"csrfmiddlewaretoken": token[1]}, "https://elsewhere.example"),
        ({}, "null"),
    ]:
        answer = client.post(f"/en/l/{secret}/", data, headers={"Origin": origin})
        assert answer.status_code == 403
    assert Link.objects.get().used_at is None


# Pressing


@pytest.mark.parametrize(
    ("purpose", "target"),
    [
        ("confirm", "/en/groups/estran/edit/"),
        ("edit", "/en/groups/estran/edit/"),
        ("answer", "/en/groups/estran/edit/"),
        ("people", "/en/groups/estran/edit/people/"),
        ("hand_over", "/en/groups/estran/edit/people/"),
        ("still_right", "/en/groups/estran/edit/"),
        ("sleep", "/en/groups/estran/edit/activity/"),
        ("wake", "/en/groups/estran/edit/"),
        ("archive", "/en/groups/estran/edit/activity/"),
        ("keep", "/en/groups/estran/edit/activity/"),
        ("let_go", "/en/groups/estran/edit/"),
        ("kept", "/en/groups/estran/edit/"),
    ],
)
def test_the_button_opens_the_group_in_this_browser_and_leads_on(client, purpose, target):
    secret, _person, _group = make_some_link(purpose)

    response = press(client, secret)

    assert (response.status_code, response["Location"]) == (302, target)
    page = client.get(target)
    assert page.status_code == 200
    assert 'aria-label="Upkeep"' in page.text
    # And no other browser.
    assert 'aria-label="Upkeep"' not in Client().get(target, follow=True).text


@pytest.mark.parametrize(
    ("purpose", "activity", "why", "said"),
    [
        ("still_right", "asleep", "still_right", "says that it was checked today"),
        ("sleep", "asleep", "asleep", "is asleep now"),
        ("wake", "active", "awake", "is awake"),
        ("archive", "archived", "archived", "is archived"),
        ("keep", "asleep", "still_right", "You keep “Estran”"),
        ("confirm", "asleep", "address_confirmed", "Thank you: your address is confirmed"),
    ],
)
def test_the_button_does_its_deed_says_so_and_records_by_whom(client, purpose, activity, why, said):
    secret, person, group = make_some_link(purpose)

    response = client.post(f"/en/l/{secret}/", follow=True)

    assert said in unescape(response.text)
    assert Group.objects.get().activity == activity
    revision = group.revisions.first()
    assert (revision.why, revision.by) == (why, person)
    assert is_facilitator(person, group)


def test_a_pause_is_asked_until_when(client):
    secret, person, _group = make_some_link("pause")
    day = timezone.localdate() + timedelta(days=30)
    before = everything()

    refused = press(client, secret, day="soon")

    assert refused.status_code == 422
    assert "Write the day like this" in refused.text
    assert 'value="soon"' in refused.text
    assert everything() == before

    done = press(client, secret, day=day.isoformat(), reason="Holidays")

    assert done["Location"] == "/en/groups/estran/edit/activity/"
    pause = Pause.objects.get()
    assert (pause.until_day, pause.reason, pause.created_by) == (day, "Holidays", person)


def test_who_lets_a_group_go_may_leave_it_and_gets_no_session(client):
    secret, person, group = make_some_link("let_go")

    response = press(client, secret, leaves="on")

    assert not is_facilitator(person, group)
    assert is_facilitator(Person.objects.get(email="bo@example.org"), group)
    assert 'aria-label="Upkeep"' not in client.get(response["Location"]).text


def test_the_page_of_an_answer_shows_who_offers_what(client):
    secret, _person, _group = make_some_link("keep")

    page = client.get(f"/en/l/{secret}/").text

    assert "Bo" in page
    assert "I live next door." in page
    assert "bo@example.org" not in page


def test_an_offer_is_confirmed(client):
    secret, person, _group = make_some_link("take_over")

    response = client.post(f"/en/l/{secret}/", follow=True)

    task = Task.objects.get()
    assert (task.kind, task.person, task.words) == ("take_over", person, "Yes.")
    assert response.redirect_chain[0][0] == "/en/groups/estran/take-over/"
    assert "Your offer is on its way" in response.text


def test_an_offer_that_came_second_changes_nothing_and_says_so(client):
    secret, _person, group = make_some_link("take_over")
    open_task(Task.Kind.TAKE_OVER, group, person=make_person("cy@example.org"), words="First.")

    response = press(client, secret)

    assert response.status_code == 410
    assert "There was nothing left to do" in response.text
    assert Task.objects.get().words == "First."


def test_a_draft_is_resumed_in_its_form(client):
    secret, _person, _group = make_some_link("draft")

    response = client.post(f"/en/l/{secret}/", follow=True)

    assert "Half a group" in response.text


def test_erasing_shows_what_goes_then_erases_and_ends_the_session(client):
    secret, person, group = make_some_link("erase")
    page = client.get(f"/en/l/{secret}/").text
    assert "Estran" in page

    response = press(client, secret)

    assert "Your data are erased" in response.text
    assert not Person.objects.filter(pk=person.pk).exists()
    assert Group.objects.filter(pk=group.pk).exists()
    assert press(client, secret).status_code == 404


def test_the_last_operator_is_not_erased_and_the_link_stays(client):
    secret, person, _group = make_some_link("erase")
    Person.objects.update(is_staff=True, is_superuser=True)

    response = press(client, secret)

    assert response.status_code == 422
    assert "You are the last operator" in response.text
    assert Person.objects.filter(pk=person.pk).exists()
    assert Link.objects.get().used_at is None


def test_the_kept_link_works_again_and_may_only_edit(client):
    secret, _person, _group = make_some_link("kept")
    Facilitator.objects.all().delete()

    for _ in range(3):
        assert press(client, secret).status_code == 302
    page = client.get("/en/groups/estran/edit/").text

    assert 'name="tagline"' in page
    activity = client.post("/en/groups/estran/edit/activity/", {"do": "archive"})
    assert activity["Location"] == "/en/groups/estran/edit/"
    assert Group.objects.get().activity == "asleep"


# Used up, too old, ended, nobody's


@pytest.mark.parametrize("purpose", [p for p in EVERY_PURPOSE if p not in ("kept", "erase")])
def test_a_link_does_its_deed_once(client, purpose):
    secret, _person, _group = make_some_link(purpose)
    data = {"day": timezone.localdate().isoformat()} if purpose == "pause" else {}
    assert press(client, secret, **data).status_code == 302
    before = everything()

    again = press(Client(), secret, **data)

    assert again.status_code == 410
    assert "This link has done its work" in again.text
    after = everything()
    for table in before.keys() - {"sessions"}:
        assert after[table] == before[table]


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_do_it_once(shared):
    secret, _person, group = make_some_link("wake")
    codes = []

    def press_it():
        codes.append(press(Client(), secret).status_code)

    assert at_once(shared, press_it, press_it, press_it) == []

    assert sorted(codes) == [302, 410, 410]
    assert group.revisions.filter(why="awake").count() == 1


@pytest.mark.parametrize("purpose", FACILITATORS)
def test_whoever_was_taken_off_the_list_cannot_act(client, purpose):
    secret, _person, _group = make_some_link(purpose)
    shown = client.get(f"/en/l/{secret}/").text
    Facilitator.objects.update(ended_at=NOON)
    tokens = re.compile(r'value="\w{64}"')
    # The page says the same: looking tells nobody who facilitates.
    assert tokens.sub("", client.get(f"/en/l/{secret}/").text) == tokens.sub("", shown)
    before = everything()

    response = press(client, secret, day=timezone.localdate().isoformat())

    assert response.status_code == 410
    assert "There was nothing left to do" in response.text
    after = everything()
    for table in before.keys() - {"Link"}:
        assert after[table] == before[table]
    assert 'aria-label="Upkeep"' not in client.get("/en/groups/estran/edit/").text


def test_whoever_was_taken_off_before_they_confirmed_stays_off(client):
    secret, person, group = make_some_link("confirm")
    Facilitator.objects.update(ended_at=NOON)

    assert press(client, secret).status_code == 410

    assert not is_facilitator(person, group)


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("expires_at", "This link is too old"),
        ("used_at", "This link has done its work"),
        ("ended_at", "This link is over"),
    ],
)
def test_a_closed_link_says_why_and_does_nothing(client, field, title):
    secret, _person, group = make_some_link("wake")
    Link.objects.update(**{field: timezone.now() - timedelta(seconds=1)})

    for response in (client.get(f"/en/l/{secret}/"), press(client, secret)):
        assert response.status_code == 410
        assert title in response.text
    assert Group.objects.get().activity == "asleep"
    assert not group.revisions.filter(why="awake").exists()


def test_an_unknown_secret_leads_to_the_groups(client):
    response = client.get("/en/l/abcdefghijklmnopqrstuvwxyz/")

    assert response.status_code == 404
    assert "This link opens nothing" in response.text
    assert 'href="/en/groups/"' in response.text


@pytest.mark.parametrize("field", ["expires_at", "used_at"])
@pytest.mark.parametrize("purpose", FACILITATORS)
def test_a_new_link_goes_to_the_same_address(client, purpose, field):
    secret, person, _group = make_some_link(purpose)
    Link.objects.update(**{field: timezone.now() - timedelta(seconds=1)})
    assert "Send me a new one" in client.get(f"/en/l/{secret}/").text

    response = client.post(f"/en/l/{secret}/", {"another": "1"}, follow=True)

    assert "a new link is on its way to the same address" in response.text
    mail = Mail.objects.get()
    assert (mail.receiver, mail.is_asked) == (person.email, True)
    new = re.search(r"/l/([\w-]+)/", mail.text)[1]
    assert Link.objects.latest("pk").purpose == purpose
    assert client.get(f"/en/l/{new}/").status_code == 200


def test_whoever_facilitates_no_more_is_told_the_same_and_gets_nothing(client):
    secret, _person, _group = make_some_link("edit")
    Link.objects.update(used_at=NOON)
    Facilitator.objects.update(ended_at=NOON)

    response = client.post(f"/en/l/{secret}/", {"another": "1"}, follow=True)

    assert "a new link is on its way to the same address" in response.text
    assert not Mail.objects.exists()


@pytest.mark.parametrize(("confirmed_at", "purpose"), [(None, "confirm"), (NOON, "edit")])
def test_an_old_confirmation_is_renewed_as_long_as_it_is_needed(client, confirmed_at, purpose):
    secret, _person, _group = make_some_link("confirm")
    Facilitator.objects.update(confirmed_at=confirmed_at)
    Link.objects.update(used_at=NOON)

    client.post(f"/en/l/{secret}/", {"another": "1"})

    assert Link.objects.latest("pk").purpose == purpose
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("purpose", ["erase", "draft", "take_over"])
def test_other_links_are_renewed_too(client, purpose):
    secret, person, _group = make_some_link(purpose)
    Link.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    client.post(f"/en/l/{secret}/", {"another": "1"})

    assert Link.objects.latest("pk").purpose == purpose
    assert Mail.objects.get().receiver == person.email


def test_new_links_are_limited(client):
    secret, _person, _group = make_some_link("edit")
    Link.objects.update(used_at=NOON)

    codes = [client.post(f"/en/l/{secret}/", {"another": "1"}).status_code for _ in range(4)]

    assert codes == [302, 302, 302, 429]
    assert Mail.objects.count() == 3


def test_an_ended_kept_link_leads_to_the_gate(client):
    secret, _person, _group = make_some_link("kept")
    Link.objects.update(ended_at=NOON)

    page = client.get(f"/en/l/{secret}/").text

    assert "Send me a new one" not in page
    assert 'href="/en/groups/estran/edit/"' in page
    client.post(f"/en/l/{secret}/", {"another": "1"})
    assert not Mail.objects.exists()


# What lies in the session


def test_the_session_ends_after_two_hours(client, time_machine):
    time_machine.move_to(NOON, tick=False)
    secret, _person, _group = make_some_link("people")
    press(client, secret)

    time_machine.move_to(NOON + timedelta(minutes=119), tick=False)
    assert "Add a facilitator" in client.get("/en/groups/estran/edit/people/").text
    time_machine.move_to(NOON + timedelta(minutes=120), tick=False)
    response = client.get("/en/groups/estran/edit/people/", follow=True)

    assert "No account and no password" in response.text


def test_the_session_holds_no_secret(client):
    secret, _person, _group = make_some_link("edit")

    press(client, secret)

    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        assert secret not in str(cursor.fetchall())
    assert secret not in str(dict(client.session))
    assert client.cookies[settings.SESSION_COOKIE_NAME]["httponly"]


def test_pressing_the_kept_link_says_that_somebody_is_there(client):
    group = make_group()
    secret = make_link(Link.Purpose.KEPT, group=group)
    task = open_task(Task.Kind.ORPHAN, group)

    client.get(f"/l/{secret}/")
    task.refresh_from_db()
    assert task.decided_at is None
    client.post(f"/l/{secret}/")

    task.refresh_from_db()
    assert task.decision == "settled"
