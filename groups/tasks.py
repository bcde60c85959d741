"""The queue of what waits for a human: opened here, shown and decided in `reviewing`."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from .models import Group, Membership, Task


def open_task(kind, group, *, now=None, **fields):
    """Put something into the queue. Return the task.

    Of most kinds a group has at most one open task: a second one joins the first, which keeps its
    age and takes what is new. Reports always stand apart.
    """
    now = now or timezone.now()
    fields.setdefault("shown_from", now)
    if kind == Task.Kind.REPORT:
        return Task.objects.create(kind=kind, group=group, opened_at=now, **fields)
    if kind == Task.Kind.LOOK:
        # What changed since somebody last looked, not since the last change.
        before = fields.pop("revision", None)
        create = {"opened_at": now, "revision": before, **fields}
    else:
        create = {"opened_at": now, **fields}
    task, _made = Task.objects.update_or_create(
        kind=kind,
        group=group,
        decided_at=None,
        **({"ecosystem": fields["ecosystem"]} if kind == Task.Kind.MEMBERSHIP else {}),
        defaults=fields,
        create_defaults=create,
    )
    return task


def settle_tasks(group, *kinds, now=None):
    """Close the open tasks of these kinds that life has settled by itself."""
    now = now or timezone.now()
    Task.objects.filter(group=group, kind__in=kinds, decided_at=None).update(
        decision=Task.Decision.SETTLED, decided_at=now
    )


def settle_reviews(groups, *, by, now):
    """Let the queue follow what was decided about whole groups, wherever that was."""
    ids = [group.pk for group in groups]
    waiting = Task.objects.filter(group__in=ids, decided_at=None)
    new = waiting.filter(kind=Task.Kind.NEW)
    done = {"decided_at": now, "decided_by": by}
    new.filter(group__review=Group.Review.PUBLISHED).update(decision=Task.Decision.ACCEPTED, **done)
    for group in Group.objects.filter(pk__in=ids, review=Group.Review.REFUSED):
        new.filter(group=group).update(
            decision=Task.Decision.REFUSED, decision_reason=group.review_reason, **done
        )
    # Nobody looks at the changes, the age or the people of an entry that is not shown.
    moot = [Task.Kind.EDIT, Task.Kind.LOOK, Task.Kind.STALE, Task.Kind.ORPHAN]
    waiting.filter(kind__in=moot, group__review=Group.Review.REFUSED).update(
        decision=Task.Decision.SETTLED, **done
    )
    follow_memberships(ids, now=now, by=by)


def follow_memberships(group_ids=None, *, now, by=None):
    """Let the queue follow the memberships of these groups (None: of all).

    Whoever asks an ecosystem waits in the queue of its curators; what was decided or taken back
    elsewhere waits no more. Groups that were refused ask nobody.
    """
    memberships = Membership.objects.filter(
        status__in=[Membership.Status.ASKED, Membership.Status.QUESTIONED]
    ).exclude(group__review=Group.Review.REFUSED)
    tasks = Task.objects.filter(kind=Task.Kind.MEMBERSHIP, decided_at=None)
    if group_ids is not None:
        memberships = memberships.filter(group__in=group_ids)
        tasks = tasks.filter(group__in=group_ids)
    same = {"group": OuterRef("group"), "ecosystem": OuterRef("ecosystem")}
    tasks.exclude(Exists(memberships.filter(**same))).update(
        decision=Task.Decision.SETTLED, decided_at=now, decided_by=by
    )
    waiting = Task.objects.filter(kind=Task.Kind.MEMBERSHIP, decided_at=None, **same)
    asking = memberships.exclude(Exists(waiting))
    Task.objects.bulk_create(
        [
            Task(
                kind=Task.Kind.MEMBERSHIP,
                group_id=group_id,
                ecosystem_id=ecosystem_id,
                opened_at=now,
                shown_from=now,
            )
            for group_id, ecosystem_id in asking.values_list("group_id", "ecosystem_id")
        ],
        # Somebody may have asked at the same moment.
        ignore_conflicts=True,
    )
