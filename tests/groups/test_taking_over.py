from datetime import UTC, datetime, timedelta

import pytest

from groups import taking_over
from groups.access import is_facilitator
from groups.links import find_link, make_link
from groups.models import Draft, Facilitator, Group, Link, Mail, Person
from tests.factories import make_facilitator, make_group, make_person
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def make_sleeping_group(*facilitators, **fields):
    group = make_group(name="Estran", activity="asleep", **fields)
    for person in facilitators:
        make_facilitator(group, person)
    return group


def make_offer_link(group, email="bo@example.org", *, name="Bo", words="I live next door."):
    person = Person.objects.filter(email=email).first() or make_person(email, language="en")
    draft = Draft.objects.create(email=email, typed={"name": name, "words": words})
    return find_link(
        make_link(Link.Purpose.TAKE_OVER, person=person, group=group, draft=draft, now=NOON)
    )


def make_offer(group, email="bo@example.org", **fields):
    return taking_over.confirm_offer(make_offer_link(group, email, **fields), NOON)


def receivers():
    return list(Mail.objects.order_by("pk").values_list("receiver", flat=True))


# Which groups


@pytest.mark.parametrize(
    ("fields", "has_facilitator", "has_kept_link", "may_be"),
    [
        ({"activity": "asleep"}, True, False, True),
        ({"activity": "asleep"}, False, True, True),
        ({}, True, False, False),
        ({}, False, False, True),
        ({}, False, True, False),
        ({"activity": "preparing"}, True, False, False),
        ({"activity": "archived"}, False, False, False),
        ({"activity": "asleep", "review": "pending"}, False, False, False),
        ({"activity": "asleep", "review": "refused"}, False, False, False),
    ],
)
def test_a_group_that_sleeps_or_has_nobody_may_be_taken_over(
    fields, has_facilitator, has_kept_link, may_be
):
    group = make_group(**fields)
    if has_facilitator:
        make_facilitator(group)
    if has_kept_link:
        make_link(Link.Purpose.KEPT, group=group, now=NOON)

    assert taking_over.may_be_taken_over(group) is may_be


# Offering


def test_an_offer_asks_nobody_before_its_address_is_confirmed():
    group = make_sleeping_group(make_person())

    taking_over.offer(
        group, name="Bo", email="Bo@example.org", words="I would.", language="en", now=NOON
    )

    assert receivers() == ["bo@example.org"]
    assert Mail.objects.get().subject == "Confirm your offer for “Estran”"
    assert taking_over.open_offer(group) is None
    assert Person.objects.get(email="bo@example.org").name == ""


def test_a_confirmed_offer_asks_the_last_facilitators_and_waits_fourteen_days():
    ada = make_person(language="en", wants_reminders=False)
    group = make_sleeping_group(ada)

    task = make_offer(group)

    assert (task.person.email, task.words) == ("bo@example.org", "I live next door.")
    assert task.shown_from == NOON + timedelta(days=14)
    assert Person.objects.get(email="bo@example.org").name == "Bo"
    mail = Mail.objects.get()
    assert mail.receiver == "ada@example.org"
    assert "Bo offers" in mail.text
    assert "> I live next door." in mail.text
    assert "bo@example.org" not in mail.text + mail.html
    purposes = Link.objects.filter(person=ada).order_by("pk").values_list("purpose", "task")
    assert list(purposes) == [("keep", task.pk), ("let_go", task.pk)]
    # Whoever wants no reminders still learns that their group may change hands.
    assert mail.is_asked


def test_where_nobody_facilitates_helpers_see_the_offer_at_once():
    task = make_offer(make_group())

    assert task.shown_from == NOON
    assert receivers() == []


def test_a_name_somebody_has_is_not_overwritten_by_an_offer():
    make_person("bo@example.org", name="Boris")

    make_offer(make_sleeping_group(), name="Zed")

    assert Person.objects.get(email="bo@example.org").name == "Boris"


def test_an_offer_for_a_group_that_woke_meanwhile_is_none():
    group = make_sleeping_group(make_person())
    link = make_offer_link(group)
    Group.objects.update(activity="active")

    assert taking_over.confirm_offer(link, NOON) is None
    assert receivers() == []


def test_the_first_of_two_offers_counts():
    group = make_sleeping_group()
    task = make_offer(group)

    assert make_offer(group, "cy@example.org") is None

    task.refresh_from_db()
    assert task.person.email == "bo@example.org"


@pytest.mark.django_db(transaction=True)
def test_of_two_offers_at_once_one_counts(shared):
    group = make_sleeping_group()
    links = [make_offer_link(group, f"{name}@example.org") for name in ("bo", "cy")]
    tasks = []

    def confirm(link):
        return lambda: tasks.append(taking_over.confirm_offer(link, NOON))

    assert at_once(shared, *map(confirm, links)) == []
    assert sorted(task is None for task in tasks) == [False, True]


# Answering and deciding


def test_the_facilitators_keep_their_group():
    ada = make_person()
    group = make_sleeping_group(ada)
    task = make_offer(group)
    Mail.objects.all().delete()

    assert taking_over.keep(task, ada, LATER)

    task.refresh_from_db()
    assert (task.decision, task.decided_by, task.decided_at) == ("refused", ada, LATER)
    assert receivers() == ["bo@example.org"]
    assert not is_facilitator(task.person, group)
    # They are there: the entry counts as checked.
    assert Group.objects.get().confirmed_at == LATER
    assert Group.objects.get().activity == "asleep"


@pytest.mark.parametrize("leaves", [True, False])
def test_who_lets_a_group_go_stays_or_leaves_as_they_choose(leaves):
    ada = make_person()
    group = make_sleeping_group(ada)
    task = make_offer(group)

    assert taking_over.let_go(task, ada, LATER, leaves=leaves)

    task.refresh_from_db()
    assert (task.decision, task.decided_by) == ("accepted", ada)
    assert is_facilitator(task.person, group)
    assert is_facilitator(ada, group) is not leaves
    # Never woken by anybody but those who have it.
    assert Group.objects.get().activity == "asleep"
    assert not group.tasks.filter(kind="orphan").exists()


def test_a_helper_gives_the_group_after_the_silence():
    ada, helper = make_person(), make_person("helper@example.org")
    group = make_sleeping_group(ada)
    make_link(Link.Purpose.KEPT, group=group, now=NOON)
    task = make_offer(group)
    Mail.objects.all().delete()

    assert taking_over.give(task, helper, LATER)

    facilitator = Facilitator.objects.get(person=task.person)
    assert (facilitator.confirmed_at, facilitator.added_by) == (LATER, helper)
    assert receivers() == ["bo@example.org", "ada@example.org"]
    assert Link.objects.get(purpose="kept").ended_at == LATER
    revision = group.revisions.first()
    assert (revision.why, revision.by) == ("taken_over", helper)


def test_whoever_was_invited_already_is_confirmed_by_being_given_the_group():
    group = make_sleeping_group()
    make_facilitator(group, make_person("bo@example.org"), confirmed_at=None)
    task = make_offer(group)

    assert taking_over.give(task, None, LATER)

    assert Facilitator.objects.get().confirmed_at == LATER


def test_a_helper_refuses_with_a_reason():
    group, helper = make_sleeping_group(), make_person("helper@example.org")
    task = make_offer(group)

    assert taking_over.refuse(task, helper, "It sells things.", LATER)

    task.refresh_from_db()
    assert (task.decision, task.decided_by) == ("refused", helper)
    assert task.decision_reason == "It sells things."
    assert "It sells things." in Mail.objects.get().text


@pytest.mark.parametrize(
    "second",
    [
        lambda task, ada: taking_over.keep(task, ada, LATER),
        lambda task, ada: taking_over.let_go(task, ada, LATER, leaves=True),
        lambda task, ada: taking_over.give(task, ada, LATER),
        lambda task, ada: taking_over.refuse(task, ada, "No.", LATER),
    ],
)
def test_an_offer_is_decided_once(second):
    ada = make_person()
    group = make_sleeping_group(ada)
    task = make_offer(group)
    taking_over.keep(task, ada, NOON)
    before = receivers()

    assert not second(task, ada)

    task.refresh_from_db()
    assert task.decided_at == NOON
    assert receivers() == before
    assert is_facilitator(ada, group)
    assert not is_facilitator(task.person, group)


def test_an_offer_of_somebody_who_is_gone_settles():
    group = make_sleeping_group()
    task = make_offer(group)
    task.person.delete()
    task.refresh_from_db()

    assert not taking_over.give(task, None, LATER)

    task.refresh_from_db()
    assert task.decision == "settled"
