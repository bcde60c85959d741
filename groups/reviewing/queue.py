"""The queue as its reader sees it: what waits, the oldest first, with what makes one look twice."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import pgettext

from .. import history
from ..ago import ago
from ..models import Group, Membership, Revision, Task
from .asking import moved_links
from .claims import version_of
from .marks import Mark, doubts_about, duplicates_of, kind_label, marks_of, marks_of_moves, taken_by
from .rights import hindrance, tasks_of, with_marks

PAGE_SIZE = 25
SPOKEN_OF = timedelta(days=30)
Kind = Task.Kind


@dataclass(frozen=True)
class Row:
    """One task in the queue."""

    task: Task
    kind_label: str
    url: str
    line: str
    waited: str
    ecosystems: tuple[str, ...]
    # Published groups that may be the same as a new one.
    duplicates: list[Group]
    marks: tuple[Mark, ...]
    # What one tap does, where nothing is suspicious: "accept", "seen" or "".
    deed: str
    version: str


@dataclass(frozen=True)
class Chip:
    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True)
class Queue:
    """A page of the queue."""

    rows: list[Row]
    chips: list[Chip]
    shown: str
    total: int
    number: int
    last: int
    previous_url: str
    next_url: str

    @property
    def query(self):
        """Return what follows the address of a task, so that one comes back to this page."""
        return queue_query(self.shown, self.number)


def queue_for(reviewer, now, *, shown="", page=1):
    """Return the `Queue` of ``reviewer``, narrowed to ``shown``. At most ten queries.

    ``shown`` is a kind, or "operators", "later", "decided"; anything else means all that waits.
    """
    tasks = with_marks(tasks_of(reviewer), reviewer, now)
    views = _views(now)
    shown = shown if shown in views else ""
    counts = tasks.aggregate(
        **{f"n_{name}": Count("pk", filter=condition) for name, condition in views.items()}
    )
    total = counts[f"n_{shown}"]
    last = max(1, -(-total // PAGE_SIZE))
    number = min(max(page, 1), last)
    order = ["-decided_at", "-pk"] if shown == "decided" else ["opened_at", "pk"]
    found = tasks.filter(views[shown]).order_by(*order).select_related(*RELATED)
    start = (number - 1) * PAGE_SIZE
    return Queue(
        rows=rows_of(list(found[start : start + PAGE_SIZE]), reviewer, now),
        chips=_chips(counts, shown, reviewer),
        shown=shown,
        total=total,
        number=number,
        last=last,
        previous_url=queue_address(shown, number - 1) if number > 1 else "",
        next_url=queue_address(shown, number + 1) if number < last else "",
    )


RELATED = (
    "group",
    "ecosystem__keyword",
    "person",
    "taken_by",
    "asked_by",
    "decided_by",
    "revision",
)


def _views(now):
    """Return ``{name: condition}`` of what the queue may be narrowed to; "" is all that waits."""
    waits = Q(decided_at=None, shown_from__lte=now)
    return {
        "": waits,
        **{kind.value: waits & Q(kind=kind) for kind in Kind},
        "operators": waits & Q(is_late=True),
        "later": Q(decided_at=None, shown_from__gt=now),
        "decided": Q(decided_at__gte=now - SPOKEN_OF),
    }


def _chips(counts, shown, reviewer):
    labels = {
        "": pgettext("tasks", "All"),
        Kind.NEW: pgettext("tasks", "New"),
        Kind.EDIT: pgettext("tasks", "To accept"),
        Kind.LOOK: pgettext("tasks", "To look at"),
        Kind.MEMBERSHIP: pgettext("tasks", "Memberships"),
        Kind.REPORT: pgettext("tasks", "Reports"),
        Kind.STALE: pgettext("tasks", "Silent"),
        Kind.TAKE_OVER: pgettext("tasks", "Offers"),
        Kind.ORPHAN: pgettext("tasks", "Without anybody"),
    }
    if reviewer.is_operator:
        labels["operators"] = pgettext("tasks", "For the operators")
    labels |= {
        "later": pgettext("tasks", "Put off"),
        "decided": pgettext("tasks", "Decided lately"),
    }
    return [
        Chip(label, counts[f"n_{name}"], queue_address(name), name == shown)
        for name, label in labels.items()
        if counts[f"n_{name}"] or name in ("", shown)
    ]


def queue_address(shown="", page=1):
    """Return the address of a page of the queue."""
    return reverse("groups:review_queue") + queue_query(shown, page)


def queue_query(shown, page):
    pairs = [f"kind={shown}"] if shown else []
    pairs += [f"page={page}"] if page > 1 else []
    return "?" + "&".join(pairs) if pairs else ""


def rows_of(tasks, reviewer, now):
    """Return the `Row` of each task (see `RELATED` and `with_marks`). At most six queries."""
    ids = {task.group_id for task in tasks}
    newest = newest_revisions(ids)
    memberships = {group_id: [] for group_id in ids}
    for membership in _memberships(ids):
        memberships[membership.group_id].append(membership)
    duplicates = duplicates_of(tasks)
    doubts = doubts_about(tasks, duplicates, memberships)
    return [
        _row(
            task,
            newest.get(task.group_id),
            memberships[task.group_id],
            doubts[task.pk],
            duplicates.get(task.pk, []),
            reviewer,
            now,
        )
        for task in tasks
    ]


def newest_revisions(group_ids):
    """Return ``{group id: its newest revision}``. One query."""
    newest = Revision.objects.filter(group__in=group_ids).values("group").annotate(pk=Max("pk"))
    revisions = Revision.objects.filter(pk__in=newest.values("pk"))
    return {revision.group_id: revision for revision in revisions}


def _memberships(group_ids):
    statuses = [
        Membership.Status.ACCEPTED,
        Membership.Status.ASKED,
        Membership.Status.QUESTIONED,
    ]
    memberships = Membership.objects.filter(group__in=group_ids, status__in=statuses)
    return memberships.select_related("ecosystem").order_by("ecosystem__name")


def _row(task, revision, memberships, doubts, duplicates, reviewer, now):
    accepted = {
        each.ecosystem_id for each in memberships if each.status == Membership.Status.ACCEPTED
    }
    before, after = versions_of(task, revision)
    moves = moved_links(before, after)
    doubts = [*doubts, *marks_of_moves(moves, reviewer.sees_private_links_of(accepted))]
    hindered = bool(task.decided_at or taken_by(task, reviewer, now) or hindrance(task, reviewer))
    return Row(
        task=task,
        kind_label=kind_label(task),
        url=reverse("groups:review_task", args=[task.pk]),
        line=_line(task, before, after),
        waited=ago(localtime(task.decided_at or task.opened_at).date(), localtime(now).date()),
        ecosystems=tuple(each.ecosystem.name for each in memberships),
        duplicates=duplicates,
        marks=(*doubts, *marks_of(task, reviewer, now)),
        deed="" if doubts or hindered else DEEDS_AT_ONCE.get(task.kind, ""),
        version=version_of(task, revision, task.group),
    )


DEEDS_AT_ONCE = {Kind.NEW: "accept", Kind.LOOK: "seen", Kind.MEMBERSHIP: "accept"}


def versions_of(task, revision):
    """Return the entry before and after what a task is about; ({}, {}) where nothing changes.

    ``revision`` is the newest of the group.
    """
    now = revision.entry if revision else {}
    if task.decided_at:
        return {}, {}
    if task.kind == Kind.LOOK and task.revision:
        return task.revision.entry, now
    if task.kind == Kind.EDIT:
        # What was changed since the proposal is no change of the proposal.
        return (task.revision.entry if task.revision else now), task.entry
    return {}, {}


def _line(task, before, after):
    """Return in one line what a task is about."""
    if task.kind in (Kind.EDIT, Kind.LOOK):
        labels = [difference.label for difference in history.differences(before, after)]
        return ", ".join(labels) or task.group.tagline
    if task.kind in (Kind.REPORT, Kind.TAKE_OVER) and task.words:
        return Truncator(task.words).chars(160)
    return task.group.tagline
