"""The page of a signed-in person: their groups, roles and data, and saying no to mails."""

import json
import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from groups.mail.unsubscribe import unsubscribe_address
from groups.models import Facilitator, Person, Revision, Role, Task
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_person,
    make_role,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOME = "/account/"


@pytest.fixture(autouse=True)
def _french():
    """Begin in French, whatever the last page of an earlier test was in."""
    with override("fr"):
        yield


@pytest.fixture
def person():
    return make_person("ada@example.org", name="Ada")


@pytest.fixture
def client(client, person):
    client.force_login(person)
    return client


ABOUT_ME = {"name": "Ada", "language": "fr", "time_zone": "", "wants_reminders": "on"}


# ── The page ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["account_home", "account_data", "erase_account"])
def test_whoever_is_not_signed_in_is_led_there_and_back(name):
    address = reverse(f"groups:{name}")

    answer = Client().get(address)

    assert answer.url == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("name", ["account_home", "account_data", "erase_account"])
def test_these_pages_are_kept_by_nobody(client, name):
    answer = client.get(reverse(f"groups:{name}"))

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_a_person_sees_their_groups_where_they_stand_and_what_to_do(client, person):
    published, waiting = make_group(name="River"), make_group(name="Forest", review="pending")
    make_facilitator(published, person)
    make_facilitator(waiting, person)
    make_facilitator(make_group(name="Left"), person, ended_at=NOW)
    make_facilitator(make_group(name="Strangers"))

    page = client.get(HOME)

    assert [group.name for group, _state in page.context["groups"]] == ["Forest", "River"]
    assert all(state.sentence in page.text for _group, state in page.context["groups"])
    for group in (published, waiting):
        for what in ("group_edit", "group_activity", "group_people"):
            assert reverse(f"groups:{what}", args=[group.short_name]) in page.text
    assert published.get_absolute_url() in re.findall('href="([^"]*)"', page.text)
    assert waiting.get_absolute_url() not in re.findall('href="([^"]*)"', page.text)
    assert "Left" not in page.text
    assert "Strangers" not in page.text


def test_a_person_without_a_group_is_told_how_to_begin(client):
    assert reverse("groups:new_group") in client.get(HOME).text


def test_a_person_sees_their_roles_and_since_when(client, person):
    ecosystem = make_ecosystem("rivages", name="Rivages")
    given = timezone.datetime(2026, 3, 1, 12, tzinfo=timezone.get_default_timezone())
    Role.objects.create(person=person, ecosystem=ecosystem, kind="helper", given_at=given)
    Role.objects.create(
        person=person, ecosystem=ecosystem, kind="curator", given_at=given, withdrawn_at=NOW
    )

    page = client.get(HOME)

    assert "1 mars 2026" in page.text
    assert [role.kind for role in page.context["roles"]] == ["helper"]
    assert reverse("groups:review_queue") in page.text


def test_whoever_decides_sees_how_much_waits_for_them(client, person):
    asked = make_group(review="pending")
    Task.objects.create(kind="new", group=asked)
    Task.objects.create(kind="new", group=make_group(), decision="accepted", decided_at=NOW)
    link = f'href="{reverse("groups:review_queue")}">Ce qui attend une relecture (1)</a>'
    assert reverse("groups:review_queue") not in client.get(HOME).text

    make_role(make_ecosystem(), person=person)
    assert link in client.get(HOME).text

    operator = Client()
    operator.force_login(make_person("operator@example.org", is_staff=True))
    assert link in operator.get(HOME).text


def test_an_operator_without_the_second_factor_reads_no_number(client, person, settings):
    settings.OPERATORS_NEED_SECOND_FACTOR = True
    Person.objects.filter(pk=person.pk).update(is_staff=True)

    assert ">Ce qui attend une relecture</a>" in client.get(HOME).text


def test_the_page_of_one_person_shows_nothing_of_another(client):
    group = make_group(name="Menhirs")
    make_facilitator(group, make_person("bob@example.org", name="Bob"))

    page = client.get(HOME)

    assert "bob@example.org" not in page.text
    assert "Menhirs" not in page.text


# ── Invitations ─────────────────────────────────────────────────────────────────────────────────


def test_signing_in_confirms_nothing_by_itself(client, person):
    invited = make_facilitator(make_group(name="River"), person, confirmed_at=None)

    page = client.get(HOME)

    assert page.context["invitations"] == [invited]
    assert page.context["groups"] == []
    invited.refresh_from_db()
    assert invited.confirmed_at is None


def test_an_invitation_is_confirmed_by_its_button(client, person):
    group = make_group()
    invited = make_facilitator(group, person, confirmed_at=None)

    answer = client.post(HOME, {"invitation": invited.pk, "answer": "yes"})

    invited.refresh_from_db()
    assert answer.url == HOME
    assert invited.confirmed_at is not None
    assert Revision.objects.filter(group=group, by=person, why="address_confirmed").exists()


def test_an_invitation_is_declined_by_its_other_button(client, person):
    invited = make_facilitator(make_group(), person, confirmed_at=None)

    client.post(HOME, {"invitation": invited.pk, "answer": "no"})

    invited.refresh_from_db()
    assert (invited.confirmed_at, invited.ended_by) == (None, person)


def test_nobody_answers_the_invitation_of_another(client):
    invited = make_facilitator(make_group(), confirmed_at=None)

    answer = client.post(HOME, {"invitation": invited.pk, "answer": "yes"})

    invited.refresh_from_db()
    assert (answer.status_code, invited.confirmed_at) == (302, None)


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 30, "²", "\x00"])
def test_an_invitation_that_is_none_changes_nothing(client, asked):
    assert client.post(HOME, {"invitation": asked, "answer": "yes"}).status_code == 302


def test_an_invitation_taken_back_is_not_confirmed(client, person):
    invited = make_facilitator(make_group(), person, confirmed_at=None, ended_at=NOW)

    client.post(HOME, {"invitation": invited.pk, "answer": "yes"})

    invited.refresh_from_db()
    assert invited.confirmed_at is None


# ── About oneself ───────────────────────────────────────────────────────────────────────────────


def test_a_person_says_how_they_are_written_to(client, person):
    answer = client.post(
        HOME, {"name": "Ada L.", "language": "en", "time_zone": "Africa/Porto-Novo"}
    )

    person.refresh_from_db()
    assert answer.url == HOME
    assert (person.name, person.language) == ("Ada L.", "en")
    assert (person.time_zone, person.wants_reminders) == ("Africa/Porto-Novo", False)


def test_saying_so_changes_nothing_else(client, person):
    Person.objects.filter(pk=person.pk).update(is_staff=False)

    client.post(HOME, {**ABOUT_ME, "email": "eve@example.org", "is_staff": "on"})

    person.refresh_from_db()
    assert (person.email, person.is_staff) == ("ada@example.org", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "xx"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("name", "a" * 121),
        ("name", "a\x00b"),
    ],
)
def test_what_makes_no_sense_is_told_so_and_kept_as_typed(client, person, field, value):
    answer = client.post(HOME, {**ABOUT_ME, field: value})

    person.refresh_from_db()
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert (person.name, person.language, person.time_zone) == ("Ada", "fr", "")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "/etc/passwd", "..", "a\nb"])
def test_a_time_zone_that_nobody_knows_breaks_no_page(client, person, zone):
    Person.objects.filter(pk=person.pk).update(time_zone=zone)

    assert client.get(HOME).status_code == 200


def test_moments_are_shown_in_the_persons_own_time(client, person):
    ecosystem = make_ecosystem()
    late = timezone.datetime(2026, 3, 1, 23, 30, tzinfo=timezone.get_default_timezone())
    Role.objects.create(person=person, ecosystem=ecosystem, kind="helper", given_at=late)
    Person.objects.filter(pk=person.pk).update(time_zone="Asia/Tokyo")

    assert "2 mars 2026" in client.get(HOME).text
    assert timezone.get_current_timezone() == timezone.get_default_timezone()


# ── One's data ──────────────────────────────────────────────────────────────────────────────────


def test_the_data_comes_as_a_file(client, person):
    make_facilitator(make_group(name="Rivière"), person)

    answer = client.get(reverse("groups:account_data"))

    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith("attachment")
    given = json.loads(answer.content)
    assert given["person"]["email"] == "ada@example.org"
    assert "Rivière" in answer.text


def test_erasing_says_first_what_goes_what_stays_and_who_is_left_alone(client, person):
    alone, shared = make_group(name="River"), make_group(name="Forest")
    make_facilitator(alone, person)
    make_facilitator(shared, person)
    make_facilitator(shared)

    page = client.get(reverse("groups:erase_account"))

    assert "River" in page.text
    assert "Forest" not in page.text
    assert Person.objects.filter(pk=person.pk).exists()


def test_erasing_takes_a_box_and_a_button_then_signs_out(client, person):
    group = make_group()
    make_facilitator(group, person)

    without = client.post(reverse("groups:erase_account"))
    done = client.post(reverse("groups:erase_account"), {"sure": "on"})

    assert without.status_code == 422
    assert done.status_code == 200
    assert not Person.objects.filter(pk=person.pk).exists()
    assert SESSION_KEY not in client.session
    assert Task.objects.get().kind == "orphan"
    assert client.get(HOME).status_code == 302


def test_erasing_ends_the_sessions_of_every_browser(client, person):
    other = Client()
    other.force_login(person)

    client.post(reverse("groups:erase_account"), {"sure": "on"})

    assert other.get(HOME).status_code == 302


def test_the_last_operator_is_not_erased(client, person):
    Person.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)

    page = client.get(reverse("groups:erase_account"))
    answer = client.post(reverse("groups:erase_account"), {"sure": "on"})

    assert 'name="sure"' not in page.text
    assert answer.status_code == 422
    assert Person.objects.filter(pk=person.pk).exists()


def test_an_operator_who_erases_somebody_leaves_no_trace_either(person):
    client = Client()
    operator = make_person("operator@example.org", is_staff=True, is_superuser=True)
    client.force_login(operator)
    group = make_group()
    make_facilitator(group, person)

    page = client.post(reverse("admin:groups_person_delete", args=[person.pk]), {"post": "yes"})
    kept = client.get(reverse("admin:groups_person_delete", args=[operator.pk]))

    assert page.status_code == 302
    assert not Person.objects.filter(pk=person.pk).exists()
    assert Task.objects.get(group=group).kind == "orphan"
    client.get(reverse("admin:index"))  # says once that it is done
    assert "Ada" not in client.get(reverse("admin:index")).text
    assert kept.status_code == 403


def test_the_last_operator_stays_when_everybody_is_deleted(person):
    client = Client()
    operator = make_person("operator@example.org", is_staff=True, is_superuser=True)
    client.force_login(operator)

    client.post(
        reverse("admin:groups_person_changelist"),
        {
            "action": "delete_selected",
            "_selected_action": [operator.pk, person.pk],
            "post": "yes",
        },
    )

    assert list(Person.objects.all()) == [operator]


# ── Mails nobody asked for ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def no_more(person):
    return unsubscribe_address(person).partition("://")[2].partition("/")[2].join(["/", ""])


def wants_reminders(person):
    person.refresh_from_db()
    return person.wants_reminders


def test_looking_at_the_page_changes_nothing(no_more, person):
    page = Client().get(no_more)

    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "private, no-store"
    assert wants_reminders(person)


def test_its_button_says_no_and_can_be_taken_back(no_more, person):
    client = Client(enforce_csrf_checks=True)
    token = re.search('name="csrfmiddlewaretoken" value="(.*?)"', client.get(no_more).text)[1]

    client.post(no_more, {"csrfmiddlewaretoken": token}, headers={"origin": "null"})
    after = wants_reminders(person)
    page = client.get(no_more)
    client.post(no_more, {"csrfmiddlewaretoken": token, "again": "1"}, headers={"origin": "null"})

    assert not after
    assert 'name="again"' in page.text
    assert wants_reminders(person)


def test_another_site_cannot_press_the_button(no_more, person):
    answer = Client(enforce_csrf_checks=True).post(no_more, {"again": ""})

    assert answer.status_code == 403
    assert wants_reminders(person)


def test_a_mail_program_says_no_with_one_click_and_no_cookie(no_more, person):
    client = Client(enforce_csrf_checks=True)

    answer = client.post(no_more, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 204
    assert not answer.cookies
    assert not wants_reminders(person)


def test_one_click_says_no_whatever_else_it_says(no_more, person):
    Client().post(no_more, {"List-Unsubscribe": "One-Click", "again": "1"})

    assert not wants_reminders(person)


@pytest.mark.parametrize("token", ["1:forged", "x", "1", "%00"])
def test_an_address_nobody_signed_says_so_kindly(token, person):
    address = f"/account/unsubscribe/{token}/"

    pages = [Client().get(address), Client().post(address, {"List-Unsubscribe": "One-Click"})]

    assert [page.status_code for page in pages] == [404, 404]
    assert "n’est pas entière" in pages[0].text
    assert wants_reminders(person)


def test_the_address_of_somebody_erased_opens_nothing(no_more, person):
    person.delete()

    assert Client().get(no_more).status_code == 404
    assert Client().post(no_more, {"again": "1"}).status_code == 404


def test_a_facilitator_who_signs_in_may_edit(client, person):
    group = make_group()
    make_facilitator(group, person)

    assert client.get(reverse("groups:group_edit", args=[group.short_name])).status_code == 200
    assert Facilitator.objects.get().person == person
