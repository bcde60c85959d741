"""Whose a task is: taken by whoever looks at it, claimed once by whoever decides.

A decision claims its task with one conditional update, in the transaction of all that follows from
it. Whoever comes second changes nothing, and is told who was first.
"""

import json
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from ..models import Group, Task
from .asking import newest_revision

LOOKS_FOR = timedelta(minutes=20)


class NotDone(Exception):
    """Nothing was decided. ``task`` is as it is now."""

    def __init__(self, task):
        self.task = task


class DecidedAlready(NotDone):
    """Somebody was first."""


class TakenByAnother(NotDone):
    """Somebody else is looking at it."""


class ReadAnother(NotDone):
    """The entry changed since it was shown to whoever decides."""


def take(task, person, now):
    """Let ``person`` look at ``task`` for twenty minutes. Return whether nobody else does."""
    until = now + LOOKS_FOR
    if not free(task, person, now).update(taken_by=person, taken_until=until):
        return False
    task.taken_by, task.taken_until = person, until
    return True


def leave(task, person):
    """Leave ``task`` to the others again."""
    Task.objects.filter(pk=task.pk, taken_by=person).update(taken_by=None, taken_until=None)


def version_of(task, revision, group):
    """Return what stands for all that is decided about: it changes with the entry.

    ``revision`` is the newest of the group.
    """
    shown = [revision and revision.entry, task.entry, group.banner.name]
    text = json.dumps(shown, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:16]


@contextmanager
def deciding_on(task, by, decision, now, reason, version):
    """Claim ``task`` for the block, which gets its group. Raises `NotDone` where that is too late.

    The group is locked first, as by whoever edits it: the two wait for each other.
    """
    with transaction.atomic():
        group = Group.objects.select_for_update().get(pk=task.group_id)
        claimed = free(task, by, now).update(
            decision=decision,
            decided_at=now,
            decided_by=by,
            decision_reason=reason,
            taken_by=None,
            taken_until=None,
        )
        if not claimed:
            raise why_not(task, by, now)
        fresh = Task.objects.get(pk=task.pk)
        if version is not None and version != version_of(fresh, newest_revision(group), group):
            # With that the claim is undone, too.
            raise ReadAnother(fresh)
        task.group = group
        yield group


def free(task, person, now):
    """Keep ``task`` if it is undecided, and nobody but ``person`` looks at it."""
    unlocked = Q(taken_until=None) | Q(taken_until__lte=now) | Q(taken_by=person)
    return Task.objects.filter(unlocked, pk=task.pk, decided_at=None)


def why_not(task, person, now):
    fresh = Task.objects.select_related("decided_by", "taken_by").get(pk=task.pk)
    return DecidedAlready(fresh) if fresh.decided_at else TakenByAnother(fresh)
