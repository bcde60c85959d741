"""Whatever waits has somebody who may act, or a day on which it moves by itself: every kind, state
and cast is walked through."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from groups.models import Group, Task
from groups.reviewing import claims, states_of, waiting_for_operators
from groups.reviewing.reading import DEEDS
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
KINDS = [kind.value for kind in Task.Kind]
STATES = {
    "fresh": {},
    "a week old": {"now": NOON - 7 * DAY},
    "put off": {"shown_from": NOON + 14 * DAY},
    "questioned": {"shown_from": NOON + 14 * DAY, "asked_at": NOON, "question": "Why?"},
    "answered": {"asked_at": NOON, "question": "Why?", "answer": "So."},
    "looked at": {"taken_until": NOON + timedelta(minutes=20)},
}
NEEDS = {"report": {"reason": "wrong"}, "edit": {"entry": {}}}


def cast(name, ecosystem, group):
    """Give roles to people around ``ecosystem``; there is always an operator."""
    people = [make_person("operator@example.org", is_staff=True)]
    if name in ("helper", "both", "own helper"):
        people.append(make_role(ecosystem, "helper"))
    if name in ("curator", "both"):
        people.append(make_role(ecosystem, "curator"))
    if name == "own helper":
        make_facilitator(group, people[-1])
    return people


def waiting(kind, group, ecosystem, state, people):
    fields = {"now": NOON} | NEEDS.get(kind, {}) | STATES[state]
    if kind == "membership":
        fields["ecosystem"] = ecosystem
    if state == "looked at":
        fields["taken_by"] = people[-1]
    return open_task(kind, group, **fields)


def able(people, task, now):
    """Return those who may decide ``task`` at ``now``."""
    found = []
    for person in people:
        reviewer = reviewer_of(person)
        mine = open_tasks_of(reviewer, now).filter(pk=task.pk).first() if reviewer else None
        if mine and not hindrance(mine, reviewer) and claims.take(mine, person, now):
            claims.leave(mine, person)
            found.append(person)
    return found


@pytest.mark.parametrize(
    ("name", "membership"),
    [
        ("nobody", "accepted"),
        ("helper", "none"),
        ("curator", "asked"),
        ("both", "accepted"),
        ("own helper", "accepted"),
    ],
)
def test_somebody_may_act_now_or_on_a_day_that_comes(name, membership):
    ecosystem, group = make_ecosystem(admission="reviewed"), make_group()
    if membership != "none":
        make_membership(group, ecosystem, status=membership)
    people = cast(name, ecosystem, group)

    for kind, state in product(KINDS, STATES):
        task = waiting(kind, group, ecosystem, state, people)
        # Hidden or looked at, it is free again by itself within a fortnight.
        free_at = max(filter(None, [NOON, task.shown_from, task.taken_until]))
        assert free_at <= NOON + 14 * DAY, (kind, state)
        who = able(people, task, free_at)
        assert people[0] in who, (kind, state)
        # The operator is told at once where there is nobody else, else after a week.
        is_alone = who == people[:1]
        told_at = free_at if is_alone else max(free_at, task.opened_at + 7 * DAY)
        assert task in waiting_for_operators(told_at), (kind, state)
        task.delete()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_deeds_that_end_it(kind):
    assert set(DEEDS[kind]) & {"accept", "seen", "end", "archive"}


@pytest.mark.parametrize("review", Group.Review.values)
def test_a_group_always_reads_a_next_step(review):
    ecosystem, group = make_ecosystem(admission="reviewed"), make_group(review=review)
    make_membership(group, ecosystem, status="asked")
    people = [make_person()]

    for kind, state in product(KINDS, STATES):
        task = waiting(kind, group, ecosystem, state, people)
        states = states_of(group)
        assert states, (kind, state)
        assert all(each.sentence and each.next_step for each in states), (kind, state)
        task.delete()
