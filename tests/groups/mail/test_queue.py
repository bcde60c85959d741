"""What goes into the queue: once, in the receiver's language, with the caller's transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from groups.mail import queue_mail
from groups.models import Mail
from tests.factories import make_person
from tests.groups.mail.conftest import write_template
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def queue(words="Good day", **fields):
    given = {"key": "once", "context": {"words": words}, "now": NOON}
    return queue_mail("greeting", **(given | fields))


def test_a_mail_is_rendered_and_waits_for_its_person(templates):
    ada = make_person("ada@example.org", language="en")

    mail = queue(person=ada)

    assert (mail.person, mail.receiver, mail.language) == (ada, "ada@example.org", "en")
    assert (mail.subject, mail.text, mail.html) == (
        "Good day",
        "Text: Good day",
        "<p>Good day</p>",
    )
    assert (mail.outcome, mail.created_at, mail.due_at) == ("queued", NOON, NOON)
    assert not mail.is_asked


def test_an_address_without_a_person_is_folded(templates):
    assert queue(receiver=" Ada@Example.ORG").receiver == "ada@example.org"


def test_a_mail_may_be_due_later(templates):
    assert queue(receiver="a@example.org", due_at=NOON + timedelta(days=1)).due_at > NOON


def test_what_is_asked_for_twice_is_queued_once(templates):
    assert queue(receiver="a@example.org")
    assert queue(receiver="b@example.org") is None
    assert Mail.objects.get().receiver == "a@example.org"


def test_what_was_sent_is_not_queued_again(templates):
    queue(receiver="a@example.org")
    Mail.objects.update(outcome="sent", sent_at=NOON)

    assert queue(receiver="a@example.org") is None


@pytest.mark.django_db(transaction=True)
def test_two_that_ask_at_once_queue_one(templates, shared):
    assert at_once(shared, *[lambda: queue(receiver="a@example.org")] * 4) == []
    assert Mail.objects.count() == 1


def test_another_broken_rule_is_not_taken_for_a_double(templates):
    with pytest.raises(IntegrityError):
        queue(receiver="")


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_sends_nothing(templates):
    with transaction.atomic():
        queue(receiver="a@example.org")
        transaction.set_rollback(True)

    assert not Mail.objects.exists()


@pytest.mark.parametrize("no", [{"wants_reminders": False}, {"is_active": False}])
def test_who_wants_no_reminders_gets_what_they_ask_for_and_nothing_else(templates, no):
    ada = make_person(**no)

    assert queue(person=ada, key="reminder") is None
    assert queue(person=ada, key="code", is_asked=True)


@pytest.mark.parametrize(
    ("person", "given", "page", "expected"),
    [
        ("en", "fr", "fr", "en"),
        ("", "en", "fr", "en"),
        ("", "", "en", "en"),
        ("", "", "fr", "fr"),
        ("", "eo", "en", "fr"),
    ],
)
def test_the_language_is_the_receivers(templates, person, given, page, expected):
    write_template(templates, "greeting", "{% translate 'Groups' %}", "x", "x")
    to = {"person": make_person(language=person)} if person else {"receiver": "a@example.org"}

    with override(page):
        mail = queue(language=given, **to)

    assert (mail.language, mail.subject) == (
        expected,
        {"fr": "Groupes", "en": "Groups"}[expected],
    )


def test_text_is_not_escaped_and_html_is(templates):
    mail = queue("L'île & <b>moi</b>", receiver="a@example.org")

    assert mail.subject == "L'île & <b>moi</b>"
    assert mail.text == "Text: L'île & <b>moi</b>"
    assert mail.html == "<p>L&#x27;île &amp; &lt;b&gt;moi&lt;/b&gt;</p>"


@pytest.mark.parametrize(
    "words",
    ["Hello\nBcc: eve@example.org", "Hello\r\nBcc: eve@example.org", "a\x0b\u2028b\x00\ud800"],
)
def test_a_subject_is_one_line_of_letters(templates, words):
    subject = queue(words, receiver="a@example.org").subject

    assert subject in ("Hello Bcc: eve@example.org", "a b")


def test_a_subject_is_cut_to_its_length(templates):
    assert len(queue("x" * 300, receiver="a@example.org").subject) == 200


def test_no_break_spaces_of_the_french_stay(templates):
    assert queue("Prêt\u202f? Oui\u00a0: tout", receiver="a@example.org").subject == (
        "Prêt\u202f? Oui\u00a0: tout"
    )
