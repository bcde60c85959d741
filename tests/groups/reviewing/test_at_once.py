"""Two who decide the same thing at once: one of them has, the other is told so."""

from datetime import UTC, datetime

import pytest

from groups.entries import save_entry
from groups.models import Group, Mail, Task
from groups.reviewing import changed, claims, submitted, verdicts
from groups.tasks import open_task
from tests.factories import make_facilitator, make_group, make_person
from tests.sharing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_of_two_decisions_at_once_one_counts(shared):
    group = make_group(review="pending")
    make_facilitator(group)
    task = submitted(group, NOON)
    ada, grace = make_person(), make_person("grace@example.org")

    def accept():
        verdicts.accept(Task.objects.get(pk=task.pk), ada, NOON)

    def refuse():
        verdicts.refuse(Task.objects.get(pk=task.pk), grace, "No.", NOON)

    errors = at_once(shared, accept, refuse)

    assert [type(error) for error in errors] == [claims.DecidedAlready]
    task.refresh_from_db()
    decided = {"accepted": "published", "refused": "refused"}
    assert Group.objects.get().review == decided[task.decision]
    assert Mail.objects.count() == 1


def test_deciding_and_editing_at_once_do_not_lock_up(shared):
    group = make_group()
    task = open_task("look", group, revision=group.revisions.first(), now=NOON)
    ada = make_person()

    def look():
        for _ in range(4):
            current = Task.objects.filter(group=group, decided_at=None).first()
            if current:
                verdicts.seen(current, ada, NOON)

    def edit():
        for number in range(4):
            fresh = Group.objects.get(pk=group.pk)
            before = fresh.revisions.first()
            saved = save_entry({"tagline": f"Line {number}."}, group=fresh, why="edited")
            changed(saved, before, None, NOON)

    assert at_once(shared, look, edit) == []
    task.refresh_from_db()
    assert task.decision in ("", "seen")
