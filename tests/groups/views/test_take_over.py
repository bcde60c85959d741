import re

import pytest
from django.test import Client

from groups.access import is_facilitator
from groups.forms.upkeep import TakeOverForm
from groups.models import Group, Mail, Person, Task
from groups.tasks import open_task
from tests.factories import make_facilitator, make_group, make_person, stamped
from tests.markup import problems_of

pytestmark = pytest.mark.django_db

ADDRESS = "/en/groups/estran/take-over/"


def make_estran(**fields):
    return make_group(**{"short_name": "estran", "name": "Estran", "activity": "asleep", **fields})


def offer(**fields):
    return stamped(
        {"name": "Bo", "email": "bo@example.org", "words": "I live next door.", **fields},
        TakeOverForm,
    )


def secret_in(mail, number=0):
    return re.findall(r"/l/([\w-]+)/", mail.text)[number]


def test_a_sleeping_group_may_be_offered_to_be_taken_over_from_end_to_end(client):
    group, ada = make_estran(), make_person(language="en")
    make_facilitator(group, ada)

    sent = client.post(ADDRESS, offer(), follow=True)
    assert "Look into your mail" in sent.text
    client.post(f"/en/l/{secret_in(Mail.objects.get())}/")
    asked = Mail.objects.get(receiver="ada@example.org")
    Client().post(f"/en/l/{secret_in(asked, 1)}/", {"leaves": "on"})

    bo = Person.objects.get(email="bo@example.org")
    assert is_facilitator(bo, group)
    assert not is_facilitator(ada, group)
    given = Mail.objects.filter(receiver="bo@example.org").first()
    response = client.post(f"/en/l/{secret_in(given)}/", follow=True)
    assert 'name="tagline"' in response.text
    assert Group.objects.get().activity == "asleep"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 200),
        ({"review": "pending"}, 404),
        ({"review": "refused"}, 404),
    ],
)
def test_only_public_groups_have_the_page(client, fields, code):
    make_estran(**fields)

    assert client.get(ADDRESS).status_code == code
    assert client.post(ADDRESS, offer()).status_code in (302, 404)


def test_a_group_that_is_awake_is_not_offered(client):
    make_facilitator(make_estran(activity="active"))

    assert "This group is awake and in good hands." in client.get(ADDRESS).text
    assert client.post(ADDRESS, offer()).status_code == 409
    assert not Mail.objects.exists()


def test_a_group_that_was_offered_for_waits(client):
    group = make_estran()
    open_task(Task.Kind.TAKE_OVER, group, person=make_person(), words="First.")

    page = client.get(ADDRESS).text

    assert "the answer is awaited" in page
    assert "First." not in page
    assert client.post(ADDRESS, offer()).status_code == 409
    assert not Mail.objects.exists()


def test_the_page_is_sound_and_sets_no_session(client):
    make_estran()

    response = client.get(ADDRESS)

    assert problems_of(response.text, language="en") == []
    assert "session" not in client.cookies
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Write your name."),
        ({"email": "bo"}, "This is not an e-mail address yet."),
        ({"words": " "}, "Write a few words: it is people who decide."),
        ({"website": "x"}, "press the button once more"),
        ({"stamp": ""}, "Press the button once more."),
        ({"words": "x" * 1001}, "1000"),
        ({"name": "\x00"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, fields, sentence):
    make_estran()

    response = client.post(ADDRESS, {**offer(email="bo@example.org"), **fields})

    assert response.status_code == 422
    assert sentence in response.text
    if "words" not in fields:
        assert "I live next door." in response.text
    assert not Mail.objects.exists()


def test_offers_are_limited(client):
    make_estran()

    codes = [
        client.post(ADDRESS, offer(email=f"{number}@example.org")).status_code
        for number in range(6)
    ]

    assert codes == [302] * 5 + [429]


def test_a_former_name_leads_to_the_group(client):
    group = make_estran()
    Group.objects.update(short_name="dunes")
    group.former_short_names.create(short_name="estran")

    assert client.get(ADDRESS)["Location"] == "/en/groups/dunes/take-over/"
