from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from groups.contacting import quoted, relay, too_many_messages
from groups.models import Mail
from tests.factories import make_facilitator, make_group, make_person
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MESSAGE = {"name": "Eve", "email": "eve@example.org", "words": "Hello\n\nMay I join?"}


@pytest.fixture
def group():
    group = make_group(name="Velo", short_name="velo")
    make_facilitator(group, make_person("ada@example.org", language="en"))
    make_facilitator(group, make_person("ben@example.org", language="fr"))
    return group


def test_each_facilitator_gets_the_message_to_be_answered_to_its_sender(group):
    assert relay(group, **MESSAGE, now=NOON)

    first, second = Mail.objects.order_by("receiver")
    assert (first.receiver, second.receiver) == ("ada@example.org", "ben@example.org")
    assert {mail.reply_to for mail in (first, second)} == {"eve@example.org"}
    assert first.subject == "A message for “Velo”"
    assert second.subject == "Un message pour «\u202fVelo\u202f»"
    assert "Eve wrote to those who facilitate “Velo”" in first.text
    assert "\n> Hello\n>\n> May I join?\n" in first.text
    assert first.text.endswith("http://127.0.0.1:8000/en/groups/velo/")
    assert second.text.endswith("http://127.0.0.1:8000/groups/velo/")


def test_a_message_leaves_at_once_whatever_its_receiver_wants_reminders_of(group):
    for facilitator in group.facilitators.select_related("person"):
        facilitator.person.wants_reminders = False
        facilitator.person.save()

    relay(group, **MESSAGE, now=NOON)

    assert list(Mail.objects.values_list("is_asked", "due_at")) == [(True, NOON)] * 2


def test_nobody_learns_the_address_of_another(group):
    relay(group, **MESSAGE, now=NOON)

    for mail, other in zip(
        Mail.objects.order_by("receiver"), ("ben@example.org", "ada@example.org"), strict=True
    ):
        assert other not in mail.subject + mail.text + mail.html + mail.reply_to


def test_a_message_without_a_name_is_somebodys(group):
    relay(group, **{**MESSAGE, "name": ""}, now=NOON)

    assert "Somebody wrote to those who facilitate “Velo”" in Mail.objects.earliest("pk").text


def test_the_words_of_a_stranger_are_only_words(group):
    words = '<a href="https://evil.example">x</a> {{ secret }} https://evil.example'
    relay(group, **{**MESSAGE, "name": "<b>Eve</b>", "words": words}, now=NOON)

    mail = Mail.objects.earliest("pk")
    assert "&lt;a href=" in mail.html
    assert 'href="https://evil.example' not in mail.html
    assert "<b>Eve" not in mail.html
    assert f"> {words}" in mail.text


def test_the_same_message_sent_twice_is_sent_once_a_day(group):
    for now in (NOON, NOON + HOUR):
        assert relay(group, **MESSAGE, now=now)
    assert Mail.objects.count() == 2

    relay(group, **{**MESSAGE, "words": "Another"}, now=NOON)
    assert Mail.objects.count() == 4
    relay(group, **MESSAGE, now=NOON + DAY)
    assert Mail.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_a_double_click_sends_one_message(shared, group):
    assert at_once(shared, *[lambda: relay(group, **MESSAGE, now=NOON)] * 3) == []
    assert Mail.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_at": None},
        {"ended_at": NOON},
        {"person": lambda: make_person("gone@example.org", is_active=False)},
    ],
    ids=["unconfirmed", "ended", "shut out"],
)
def test_without_a_confirmed_facilitator_nobody_is_written_to(fields):
    group = make_group()
    if "person" in fields:
        fields = {"person": fields["person"]()}
    make_facilitator(group, **fields)

    assert not relay(group, **MESSAGE, now=NOON)
    assert not Mail.objects.exists()


def test_the_keys_of_mails_do_not_hold_the_address_of_the_sender(group):
    relay(group, **MESSAGE, now=NOON)

    assert not Mail.objects.filter(key__contains="eve").exists()


@pytest.mark.parametrize(
    ("words", "found"),
    [("", ""), ("a", "> a"), ("a\n\nb", "> a\n>\n> b"), ("> a", "> > a")],
)
def test_words_are_quoted_line_by_line(words, found):
    assert quoted(words) == found


# Limits


def asked_from(address):
    return RequestFactory().post("/", REMOTE_ADDR=address)


def test_a_network_may_send_five_an_hour(group):
    tried = [
        too_many_messages(asked_from(f"203.0.113.{n}"), make_group(), f"{n}@example.org", NOON)
        for n in range(6)
    ]

    assert tried == [False] * 5 + [True]
    late = NOON + HOUR
    assert not too_many_messages(asked_from("203.0.113.1"), group, "eve@example.org", late)


def test_a_sender_may_send_five_a_day_from_wherever():
    tried = [
        too_many_messages(asked_from(f"203.0.{n}.1"), make_group(), address, NOON)
        for n, address in enumerate(["eve@example.org"] * 5 + ["Eve@Example.org"])
    ]

    assert tried == [False] * 5 + [True]


def test_a_group_may_be_sent_twenty_a_day_by_whomever(group):
    tried = [
        too_many_messages(asked_from(f"203.0.{n}.1"), group, f"{n}@example.org", NOON)
        for n in range(21)
    ]

    assert tried == [False] * 20 + [True]
