"""Who may see and decide what waits, from inside and from outside."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from groups.models import Task
from groups.reviewing import open_tasks_for, waiting_for_operators
from groups.reviewing.rights import hindrance, open_tasks_of, reviewer_of
from groups.tasks import open_task
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
KINDS = [kind.value for kind in Task.Kind if kind != Task.Kind.MEMBERSHIP]


def waiting(kind, group, *, now=NOON, ecosystem=None, **fields):
    fields |= {"reason": "wrong"} if kind == "report" else {}
    fields |= {"entry": {}} if kind == "edit" else {}
    fields |= {"ecosystem": ecosystem} if kind == "membership" else {}
    return open_task(kind, group, now=now, **fields)


def sees(person, now=NOON):
    return set(open_tasks_for(person, now))


def late(now=NOON):
    return set(waiting_for_operators(now))


# Roles


def test_nobody_reviews_without_a_role():
    assert reviewer_of(AnonymousUser()) is None
    assert reviewer_of(make_person()) is None
    assert sees(AnonymousUser()) == set()


def test_a_withdrawn_role_is_none():
    assert reviewer_of(make_role(make_ecosystem(), withdrawn_at=NOON)) is None


def test_an_operator_without_the_second_factor_is_none(settings):
    operator = make_person(is_staff=True)
    settings.OPERATORS_NEED_SECOND_FACTOR = False
    assert reviewer_of(operator).is_operator

    settings.OPERATORS_NEED_SECOND_FACTOR = True
    assert reviewer_of(operator) is None


# Who sees what


@pytest.fixture
def rivages():
    return make_ecosystem("rivages")


@pytest.fixture
def mains():
    return make_ecosystem("mains", name="Mains")


@pytest.mark.parametrize("kind", KINDS)
def test_helpers_and_curators_see_what_concerns_their_members_and_others_do_not(
    kind, rivages, mains
):
    group = make_group()
    make_membership(group, rivages)
    task = waiting(kind, group)

    assert sees(make_role(rivages, "helper")) == {task}
    assert sees(make_role(rivages, "curator")) == {task}
    assert sees(make_role(mains, "helper")) == set()
    assert sees(make_role(mains, "curator")) == set()
    assert sees(make_person()) == set()


@pytest.mark.parametrize("status", ["asked", "questioned", "refused", "left"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_helper_sees_what_concerns_a_group_no_ecosystem_has_accepted(
    kind, status, rivages, mains
):
    group = make_group()
    make_membership(group, rivages, status=status, reason="Because.")
    task = waiting(kind, group)

    assert sees(make_role(rivages, "helper")) == {task}
    assert sees(make_role(mains, "helper")) == {task}
    assert sees(make_role(rivages, "curator")) == set()


def test_only_its_curators_see_who_asks_to_join_an_ecosystem(rivages, mains):
    group = make_group()
    make_membership(group, mains)
    make_membership(group, rivages, status="asked")
    task = waiting("membership", group, ecosystem=rivages)

    assert sees(make_role(rivages, "curator")) == {task}
    assert sees(make_role(rivages, "helper")) == set()
    assert sees(make_role(mains, "curator")) == set()
    assert sees(make_role(mains, "helper")) == set()


def test_a_group_in_two_ecosystems_is_seen_from_both_once(rivages, mains):
    group = make_group()
    make_membership(group, rivages)
    make_membership(group, mains)
    task = waiting("look", group)
    both = make_role(rivages, "helper")
    make_role(mains, "curator", person=both)

    assert list(open_tasks_for(both, NOON)) == [task]


@pytest.mark.parametrize("kind", [kind.value for kind in Task.Kind])
def test_operators_see_everything(kind, rivages):
    group = make_group()
    make_membership(group, rivages)
    task = waiting(kind, group, ecosystem=rivages)

    assert sees(make_person(is_staff=True)) == {task}


def test_what_is_decided_or_hidden_does_not_wait(rivages):
    helper = make_role(rivages)
    waiting("new", make_group(), decision="seen", decided_at=NOON)
    hidden = waiting("new", make_group(), shown_from=NOON)

    assert sees(helper, NOON - MOMENT) == set()
    assert sees(helper, NOON) == {hidden}


def test_the_oldest_comes_first(rivages):
    middle = waiting("new", make_group(), now=NOON - 2 * DAY)
    newest = waiting("new", make_group(), now=NOON - DAY)
    oldest = waiting("new", make_group(), now=NOON - 3 * DAY)

    assert list(open_tasks_for(make_role(rivages), NOON)) == [oldest, middle, newest]


# One's own group


def hindered(person):
    """Return whether ``person`` is told why they may not decide the one task."""
    reviewer = reviewer_of(person)
    return bool(hindrance(open_tasks_of(reviewer, NOON).get(), reviewer))


@pytest.mark.parametrize("confirmed_at", [None, NOON])
def test_nobody_decides_about_a_group_they_facilitate_confirmed_or_not(confirmed_at, rivages):
    group, helper = make_group(), make_role(rivages)
    make_facilitator(group, helper, confirmed_at=confirmed_at)
    waiting("new", group)

    assert hindered(helper)
    assert not hindered(make_role(rivages))


def test_who_no_longer_facilitates_it_may_decide(rivages):
    group, helper = make_group(), make_role(rivages)
    make_facilitator(group, helper, ended_at=NOON)
    waiting("new", group)

    assert not hindered(helper)


def test_nobody_decides_about_their_own_offer(rivages):
    helper = make_role(rivages)
    waiting("take_over", make_group(), person=helper)

    assert hindered(helper)
    assert not hindered(make_role(rivages))


def test_an_operator_may_decide_about_their_own_group():
    group, operator = make_group(), make_person(is_staff=True)
    make_facilitator(group, operator)
    waiting("new", group)

    assert not hindered(operator)


# What waits for the operators


def test_after_seven_days_it_waits_for_the_operators_too(rivages):
    make_role(rivages, "helper")
    task = waiting("new", make_group())

    assert late(NOON + 7 * DAY - MOMENT) == set()
    assert late(NOON + 7 * DAY) == {task}


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_else_may_decide_waits_for_them_at_once(kind, rivages, mains):
    group = make_group()
    make_membership(group, rivages)
    task = waiting(kind, group)
    make_role(mains, "helper")
    assert late() == {task}

    make_role(rivages, "curator")
    assert late() == set()


def test_a_curator_alone_does_not_answer_for_groups_that_no_ecosystem_has(rivages):
    make_role(rivages, "curator")
    task = waiting("new", make_group())
    assert late() == {task}

    make_role(rivages, "helper")
    assert late() == set()


def test_who_asks_to_join_an_ecosystem_without_curators_waits_for_them_at_once(rivages, mains):
    group = make_group()
    make_membership(group, rivages, status="asked")
    task = waiting("membership", group, ecosystem=rivages)
    make_role(rivages, "helper")
    make_role(mains, "curator")
    assert late() == {task}

    make_role(rivages, "curator")
    assert late() == set()


@pytest.mark.parametrize("gone", ["withdrawn", "inactive", "facilitates", "offers"])
def test_somebody_who_may_not_decide_does_not_count(gone, rivages):
    group, helper = make_group(), make_role(rivages)
    waiting("take_over", group, person=helper if gone == "offers" else make_person())
    if gone == "withdrawn":
        helper.roles.update(withdrawn_at=NOON)
    if gone == "inactive":
        helper.is_active = False
        helper.save()
    if gone == "facilitates":
        make_facilitator(group, helper)

    assert len(late()) == 1


def test_what_is_hidden_does_not_wait_for_them_yet(rivages):
    task = waiting("new", make_group(), shown_from=NOON + 14 * DAY)

    assert late(NOON + 14 * DAY - MOMENT) == set()
    assert late(NOON + 14 * DAY) == {task}
