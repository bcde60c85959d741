"""What groups send in: a first entry, a change, an answer. Each of them waits for somebody."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from .. import deciding
from ..derived import changing
from ..entries import record
from ..models import Group, Membership, Revision, Service, Task
from ..tasks import follow_memberships, open_task


class MovedLink(NamedTuple):
    """A link that leads to another host than before."""

    kind: str
    before: str
    after: str


def submitted(group, now):
    """Put a group that has just been registered into the queue. Return the task.

    Where the site publishes first, it is published now, and looked at then.
    """
    with transaction.atomic():
        if not settings.REVIEW_FIRST:
            deciding.publish([group], by=None)
            group.refresh_from_db()
        return open_task(Task.Kind.NEW, group, now=now)


def resubmit(group, by, now):
    """Send a refused group in again. Return the task; None if it was not refused any more."""
    with changing([group.pk]):
        refused = Group.objects.filter(pk=group.pk, review=Group.Review.REFUSED)
        if not refused.update(
            review=Group.Review.PENDING, review_reason="", reviewed_at=None, reviewed_by=None
        ):
            return None
        record([group], by=by, why="sent_again", now=now)
        follow_memberships([group.pk], now=now)
        group.refresh_from_db()
        return open_task(Task.Kind.NEW, group, now=now)


def changed(group, before_revision, by, now):
    """List what ``by`` changed in a group for a look. Return the task, None if nobody has to look.

    ``before_revision`` is the version before the change. Operators are not looked after, unless a
    link leads to another host now. Before a group is published its first review sees everything:
    a question that waited for the change is shown again at once.
    """
    if group.review != Group.Review.PUBLISHED:
        asked = Task.objects.filter(group=group, kind=Task.Kind.NEW, decided_at=None, answer="")
        asked.filter(asked_at__isnull=False, shown_from__gt=now).update(shown_from=now)
        return None
    before = before_revision.entry if before_revision else {}
    after = newest_revision(group).entry
    if before == after or (by and by.is_operator() and not moved_links(before, after)):
        return None
    return open_task(Task.Kind.LOOK, group, revision=before_revision, person=by, now=now)


def propose(group, entry, by, now, *, extras=None):
    """Let a change of a published group that nobody answers for wait. Return the task.

    A later proposal takes the place of the one that waits. ``extras`` is what no entry holds, as
    plain values; what the group has of them now is kept beside, to tell later what was changed.
    """
    beside = {"extras": extras, "extras_before": extras_of(group)} if extras else {}
    return open_task(
        Task.Kind.EDIT,
        group,
        now=now,
        entry={**entry, **beside},
        # What the proposal began with: a change made meanwhile is joined, not undone.
        revision=newest_revision(group),
        person=by,
        question="",
        answer="",
        asked_at=None,
        asked_by=None,
        shown_from=now,
    )


def extras_of(group):
    """Return what no entry holds of ``group``, as plain values."""
    members = group.services.filter(kind=Service.Kind.MEMBERS).first()
    return {
        "position_is_approximate": group.position_is_approximate,
        "members_is_open": members is not None and members.is_open,
        "banner": group.banner.name,
        "started_in": group.started_in_id,
    }


def answer(task, text, by, now):
    """Note what a group answers to a question. Return whether somebody still waited for it.

    The task is shown again at once, whatever the day it was put off to.
    """
    with transaction.atomic():
        waiting = Task.objects.filter(pk=task.pk, decided_at=None, asked_at__isnull=False)
        if not waiting.update(answer=text, shown_from=now):
            return False
        if task.kind == Task.Kind.MEMBERSHIP:
            Membership.objects.filter(
                group=task.group_id,
                ecosystem=task.ecosystem_id,
                status=Membership.Status.QUESTIONED,
            ).update(status=Membership.Status.ASKED)
    task.refresh_from_db()
    return True


def moved_links(before, after):
    """Return the `MovedLink` of each link of ``after`` that had another host in ``before``."""
    olds, news = before.get("services", {}), after.get("services", {})
    return [
        MovedLink(kind, host_of(olds[kind]), host_of(news[kind]))
        for kind in Service.Kind.values
        if olds.get(kind) and news.get(kind) and host_of(olds[kind]) != host_of(news[kind])
    ]


def host_of(address):
    """Return the host of an address as people compare them: the same with or without "www."."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        # What no browser could open was never an address: show it as it is.
        return address
    return host.removeprefix("www.")


def newest_revision(group):
    return Revision.objects.filter(group=group).first()
