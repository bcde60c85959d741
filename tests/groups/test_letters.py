"""Each mail about a group and its people, in both languages: whole, and with nobody’s address."""

from datetime import UTC, datetime, timedelta

import pytest

from groups import letters
from groups.models import Draft, Link, Mail, Task
from groups.tasks import open_task
from tests.factories import make_facilitator, make_group, make_person

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAME = "Estran & Fils <3"


def make_cast(language, **fields):
    ada = make_person("ada@example.org", name="Ada & Co", language=language, **fields)
    bo = make_person("bo@example.org", name="Bo", language=language, **fields)
    group = make_group(name=NAME, activity="asleep")
    facilitator = make_facilitator(group, ada)
    return group, ada, bo, facilitator


def make_offer(group, bo):
    return open_task(Task.Kind.TAKE_OVER, group, now=NOON, person=bo, words="Me!\n<b>Me!</b>")


LETTERS = {
    "confirm": lambda group, ada, bo, facilitator: letters.ask_to_confirm(facilitator, NOON),
    "invited": lambda group, ada, bo, facilitator: letters.invite(facilitator, bo, NOON),
    "removed": lambda group, ada, bo, _: letters.tell_removed(group, ada, bo, NOON),
    "handed over": lambda group, ada, bo, _: letters.tell_handed_over(group, ada, bo, NOON),
    "offer": lambda group, ada, bo, _: letters.ask_to_confirm_offer(
        ada, group, Draft.objects.create(email=ada.email), NOON
    ),
    "asked": lambda group, ada, bo, _: letters.ask_last_facilitators(make_offer(group, bo), NOON),
    "kept": lambda group, ada, bo, _: letters.tell_offer_was_kept(make_offer(group, ada), NOON),
    "refused": lambda group, ada, bo, _: letters.tell_offer_was_refused(
        make_offer(group, ada), "It <b>sells</b>.", NOON
    ),
    "given": lambda group, ada, bo, _: letters.tell_taken_over(make_offer(group, ada), NOON),
    "others": lambda group, ada, bo, _: letters.tell_taken_over(make_offer(group, bo), NOON),
    **{
        purpose: lambda group, ada, bo, _, purpose=purpose: letters.send_link(
            purpose, ada, group, NOON
        )
        for purpose in ("edit", "people", "hand_over", "sleep", "pause", "wake", "archive")
    },
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_whole_in_both_languages(letter, language):
    LETTERS[letter](*make_cast(language))

    mail = Mail.objects.get(receiver="ada@example.org")

    assert mail.language == language
    assert NAME in mail.subject
    assert len(mail.subject) < 120
    assert NAME in mail.text or "Voici le lien" in mail.text or "Here is the link" in mail.text
    assert "Estran &amp; Fils &lt;3" in mail.html
    for part in (mail.subject, mail.text, mail.html):
        assert "{" not in part
        assert "example.org" not in part
    assert "<b>" not in mail.html
    assert ("/en/l/" in mail.text) is (language == "en" and "/l/" in mail.text)


def test_two_languages_are_two():
    LETTERS["confirm"](*make_cast("fr"))

    assert "Confirmez votre adresse" in Mail.objects.get().subject


def test_nobody_is_named_by_their_address():
    group, ada, _bo, facilitator = make_cast("en")
    nameless = make_person("nameless@example.org")

    letters.invite(facilitator, nameless, NOON)
    letters.tell_removed(group, ada, nameless, NOON)
    letters.tell_handed_over(group, ada, nameless, NOON)
    letters.ask_last_facilitators(make_offer(group, nameless), NOON)

    for mail in Mail.objects.all():
        assert "nameless" not in mail.text + mail.html


def test_a_link_somebody_waits_for_lasts_two_days_whatever_it_is_for():
    group, ada, _bo, _facilitator = make_cast("en")

    letters.send_link("sleep", ada, group, NOON)

    assert Link.objects.get().expires_at == NOON + timedelta(days=2)
    assert "within 2 days" in Mail.objects.get().text


def test_a_link_without_a_group_says_what_it_is_for():
    ada = make_person(language="en")

    letters.send_link(Link.Purpose.ERASE, ada, None, NOON)

    assert Mail.objects.get().subject == "Erase my data"


@pytest.mark.parametrize(
    ("wants_reminders", "is_asked"), [(True, False), (False, True)], ids=["joined", "at once"]
)
def test_whoever_wants_no_reminders_still_learns_what_became_of_their_group(
    wants_reminders, is_asked
):
    group, ada, bo, _facilitator = make_cast("en", wants_reminders=wants_reminders)

    letters.tell_removed(group, ada, bo, NOON)

    assert Mail.objects.get().is_asked is is_asked


def test_an_offer_of_somebody_erased_is_answered_to_nobody():
    group = make_group()

    letters.tell_offer_was_kept(make_offer(group, None), NOON)

    assert not Mail.objects.exists()
