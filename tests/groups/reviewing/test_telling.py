"""What groups, reporters and operators read: in their language, with who decided and what next."""

from datetime import UTC, datetime

import pytest

from groups.models import Mail
from groups.reviewing import telling
from groups.tasks import open_task
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOLD = {
    "accepted": {},
    "refused": {"reason": "Dites qui vous êtes.", "was_public": False},
    "change_accepted": {},
    "change_refused": {"reason": "Dites qui vous êtes."},
    "brought_back": {"reason": "Dites qui vous êtes."},
    "membership_accepted": {"is_public": True},
    "membership_refused": {"reason": "Dites qui vous êtes."},
    "ended": {"done": "asleep", "words": "Dites qui vous êtes."},
}


@pytest.fixture
def task():
    group = make_group(name="Estran & fils", short_name="estran")
    ecosystem = make_ecosystem("rivages", name="Rivages")
    make_membership(group, ecosystem, status="asked")
    return open_task("membership", group, ecosystem=ecosystem, now=NOON)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("template", TOLD)
def test_a_decision_names_its_author_and_the_next_step(task, template, language, named):
    make_facilitator(task.group, make_person("bea@example.org", language=language))
    ada = make_person("ada@example.org", name="Ada" if named else "")

    assert telling.tell_group(template, task, ada, NOON, **TOLD[template]) == 1

    mail = Mail.objects.get()
    prefix = "/en" if language == "en" else ""
    assert mail.language == language
    assert "Estran & fils" in mail.subject
    assert "Estran & fils" in mail.text
    assert "Estran &amp; fils" in mail.html
    assert ("Ada" in mail.text) is named
    assert "ada@example.org" not in mail.text + mail.html
    assert f"{prefix}/groups/estran/" in mail.text or f"{prefix}/ecosystems/rivages/" in mail.text
    assert ("> Dites qui vous êtes." in mail.text) == ("Dites qui" in str(TOLD[template]))


def test_the_same_is_told_once(task):
    make_facilitator(task.group)

    telling.tell_group("accepted", task, None, NOON)
    telling.tell_group("accepted", task, None, NOON)

    assert Mail.objects.count() == 1


def test_everybody_who_facilitates_is_told_and_nobody_who_has_not_confirmed(task):
    make_facilitator(task.group)
    make_facilitator(task.group)
    make_facilitator(task.group, confirmed_at=None)
    make_facilitator(task.group, ended_at=NOON)

    assert telling.tell_group("accepted", task, None, NOON) == 2


@pytest.mark.parametrize("wants", [True, False])
def test_what_nobody_waited_for_is_told_in_the_days_mail_also_without_reminders(task, wants):
    make_facilitator(task.group, make_person(wants_reminders=wants))

    telling.tell_group("brought_back", task, None, NOON, is_awaited=False, reason="So.")

    assert Mail.objects.get().is_asked is not wants


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("done", ["nothing", "corrected", "asleep", "archived", "taken_out"])
def test_whoever_reported_is_answered_in_their_language(done, language):
    group = make_group(name="Estran")
    task = open_task("report", group, now=NOON, reason="wrong", language=language)

    telling.tell_reporter(task, "eve@example.org", done, "", NOON)

    mail = Mail.objects.get()
    thanks = {"fr": "Merci de nous avoir parlé", "en": "Thank you for telling us"}
    assert thanks[language] in mail.text
    assert (mail.person, mail.receiver, mail.is_asked) == (None, "eve@example.org", True)
