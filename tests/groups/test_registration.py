from datetime import UTC, datetime, timedelta

import pytest

from groups.charters import charters_of
from groups.forms.entry import EntryForm
from groups.links import find_link, is_open
from groups.models import Draft, Facilitator, Group, Link, Mail, Membership, Submission, Task
from groups.registration import NameTaken, fresh_token, register
from tests.factories import make_ecosystem, make_group
from tests.groups.forms.test_entry import EVERYTHING, FOUR
from tests.kept import kept, made_again
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOKEN = "t" * 32


def form_of(typed=FOUR):
    form = EntryForm(typed)
    assert form.is_valid(), form.errors
    return form


def send(typed=FOUR, *, token=TOKEN, now=NOON, **fields):
    return register(form_of(typed), token=token, language="fr", now=now, **fields)


def test_four_answers_make_a_group_that_waits_and_a_link_to_keep():
    registration = send()

    group = Group.objects.get()
    link = find_link(registration.secret)
    assert (registration.group, group.review) == (group, "pending")
    assert (link.purpose, link.group, link.person) == (Link.Purpose.KEPT, group, None)
    assert [task.kind for task in Task.objects.all()] == [Task.Kind.NEW]
    assert [revision.why for revision in group.revisions.all()] == ["registered"]
    assert not Mail.objects.exists()
    assert made_again() == kept()


def test_with_an_address_a_mail_goes_out_instead_and_gives_no_right_yet():
    registration = send(email="Ada@Example.org", name="Ada")

    facilitator = Facilitator.objects.get()
    assert registration.secret == ""
    assert (facilitator.person.email, facilitator.person.name) == ("ada@example.org", "Ada")
    assert facilitator.confirmed_at is None
    assert Mail.objects.get().receiver == "ada@example.org"
    assert not Link.objects.filter(purpose=Link.Purpose.KEPT).exists()


def test_without_review_first_it_is_published_and_looked_at_later(settings):
    settings.REVIEW_FIRST = False

    group = send().group

    assert Group.objects.get(pk=group.pk).review == "published"
    assert Task.objects.count() == 1
    assert made_again() == kept()


def test_accepted_charters_are_noted_by_nobody():
    make_ecosystem(rules=["Open to all."])

    send(EVERYTHING, charters=charters_of(["rivages"]), email="ada@example.org")

    membership = Membership.objects.get()
    assert (membership.status, membership.charter_version) == ("accepted", 1)
    assert membership.charter_accepted_by is None
    assert made_again() == kept()


def test_the_keyword_of_a_reviewed_ecosystem_asks_for_membership():
    make_ecosystem(rules=["Open to all."], admission="reviewed")

    send(EVERYTHING)

    membership = Membership.objects.get()
    assert (membership.status, membership.charter_version) == ("asked", None)


def test_sent_again_nothing_more_happens_and_another_link_takes_the_place():
    first = send(now=NOON)

    again = register(form_of({**FOUR, "short_name": "other"}), token=TOKEN, language="fr", now=NOON)

    assert again.group == first.group
    assert Group.objects.count() == 1
    assert not is_open(find_link(first.secret), NOON)
    assert is_open(find_link(again.secret), NOON)


def test_sent_again_much_later_no_key_is_given_out():
    first = send(now=NOON)
    later = NOON + timedelta(hours=2)

    again = register(
        form_of({**FOUR, "short_name": "other"}), token=TOKEN, language="fr", now=later
    )

    assert (again.group, again.secret) == (first.group, "")
    assert is_open(find_link(first.secret), later)


def test_sent_again_with_an_address_no_key_is_given_out():
    send(email="ada@example.org")

    again = register(form_of({**FOUR, "short_name": "other"}), token=TOKEN, language="fr", now=NOON)

    assert again.secret == ""
    assert Mail.objects.count() == 1


def test_a_name_taken_meanwhile_is_told_with_another_one_and_nothing_is_written():
    form = form_of()
    make_group(short_name=FOUR["short_name"])

    with pytest.raises(NameTaken, match="jardins-de-la-lagune"):
        register(form, token=TOKEN, language="fr", now=NOON)

    assert Group.objects.count() == 1
    assert not Submission.objects.exists()


def test_nothing_is_written_where_something_fails(monkeypatch):
    monkeypatch.setattr("groups.upkeep.welcome", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send(EVERYTHING, email="ada@example.org")

    for model in (Group, Submission, Task, Mail, Membership, Link):
        assert not model.objects.exists()
    assert made_again() == kept()


def test_the_draft_it_was_finished_from_is_gone_with_its_link():
    draft = Draft.objects.create(email="ada@example.org", typed=FOUR)
    Link.objects.create(
        purpose="draft", draft=draft, secret_hash="x", expires_at=NOON + timedelta(days=1)
    )

    send(draft=draft)

    assert not Draft.objects.exists()
    assert not Link.objects.filter(purpose="draft").exists()


def test_a_token_that_was_sent_is_not_given_again():
    assert fresh_token(TOKEN) == TOKEN
    send()

    assert fresh_token(TOKEN) != TOKEN
    assert fresh_token("short") != "short"
    assert fresh_token("x" * 65) != "x" * 65


@pytest.mark.django_db(transaction=True)
def test_a_double_click_registers_one_group(shared):
    registrations = []
    presses = [pressing(form_of(), registrations, TOKEN) for _ in range(4)]

    assert at_once(shared, *presses) == []
    assert len({registration.group.pk for registration in registrations}) == 1
    assert Group.objects.count() == 1
    assert Link.objects.filter(purpose="kept", ended_at=None).count() == 1
    assert made_again() == kept()


@pytest.mark.django_db(transaction=True)
def test_two_people_with_one_short_name_leave_one_group_and_one_sentence(shared):
    registrations = []
    presses = [pressing(form_of(), registrations, each * 32) for each in "ab"]

    [taken] = at_once(shared, *presses)

    assert isinstance(taken, NameTaken)
    assert len(registrations) == Group.objects.count() == Submission.objects.count() == 1


def pressing(form, registrations, token):
    """Return what a press of the button does with a form that was read before."""
    return lambda: registrations.append(register(form, token=token, language="fr", now=NOON))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_write_the_same_new_words_are_both_registered(shared):
    registrations = []
    forms = [form_of({**EVERYTHING, "short_name": f"group-{each}"}) for each in "ab"]

    presses = [
        pressing(form, registrations, each * 32) for form, each in zip(forms, "ab", strict=True)
    ]

    assert at_once(shared, *presses) == []
    assert Group.objects.count() == 2
    assert made_again() == kept()
