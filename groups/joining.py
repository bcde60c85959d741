"""A group joins an ecosystem, or leaves it; its curators decide in `reviewing`."""

from django.db.models import Count, F

from .access import SESSION_KEY, grant_for
from .charters import accept_charters, charter_of
from .derived import changing
from .entries import entries_of, record, save_entry
from .exchange.cleaning import MOST_KEYWORDS
from .models import Ecosystem, Group, Membership, Task
from .tasks import follow_memberships, open_task
from .text import fold

Status = Membership.Status
# Those that ask come first: somebody waits.
ORDER = (Status.ASKED, Status.QUESTIONED, Status.ACCEPTED, Status.REFUSED, Status.LEFT)


class CannotJoin(Exception):
    """``code``: "changed" (another charter was shown), "refused", "full" (of keywords)."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def groups_of(request):
    """Return the groups this browser may act for by somebody's name, as (group, person) pairs."""
    opened = [int(pk) for pk in request.session.get(SESSION_KEY, {})]
    groups = Group.objects.filter(pk__in=opened)
    if request.user.is_authenticated:
        own = {"facilitators__person": request.user, "facilitators__ended_at": None}
        groups |= Group.objects.filter(**own, facilitators__confirmed_at__isnull=False)
    granted = [
        (group, grant_for(request, group)) for group in groups.distinct().order_by("name_key")
    ]
    return [(group, grant.person) for group, grant in granted if grant and grant.person]


def join(group, ecosystem, version, by, now):
    """Let ``group`` ask to join under the charter it was shown. Return its `Membership`.

    Where the keyword alone lists groups, it is accepted at once. Raises `CannotJoin`.
    """
    with changing([group.pk]):
        # The charter may not change between reading and accepting it.
        ecosystem = Ecosystem.objects.select_related("keyword").get(pk=ecosystem.pk)
        if ecosystem.charter_version != version:
            raise CannotJoin("changed")
        known = Membership.objects.filter(group=group, ecosystem=ecosystem).first()
        if known and known.status == Status.REFUSED:
            raise CannotJoin("refused")
        _write_keyword(group, ecosystem.keyword, by, now)
        accept_charters(group, [charter_of(ecosystem)], now, by=by)
        follow_memberships([group.pk], now=now)
        record([group], by=by, why="charter_accepted", now=now)
        return Membership.objects.get(group=group, ecosystem=ecosystem)


def _write_keyword(group, keyword, by, now):
    keywords = entries_of([group])[group.pk]["keywords"]
    if keyword.name_key in {fold(name) for name in keywords}:
        return
    if len(keywords) >= MOST_KEYWORDS:
        raise CannotJoin("full")
    entry = {"keywords": [*keywords, keyword.name]}
    save_entry(entry, group=Group.objects.get(pk=group.pk), by=by, why="joined_ecosystem", now=now)


def leave(group, ecosystem, by, now):
    """Take ``group`` out of ``ecosystem`` at its own wish, and the keyword from its entry.

    Return whether it was in it, or asked to be.
    """
    with changing([group.pk]):
        memberships = Membership.objects.filter(group=group, ecosystem=ecosystem)
        is_in = memberships.filter(status__in=[Status.ASKED, Status.QUESTIONED, Status.ACCEPTED])
        left = is_in.update(
            status=Status.LEFT, decided_at=now, decided_by=None, renew_by=None, reason=""
        )
        key = ecosystem.keyword.name_key
        keywords = entries_of([group])[group.pk]["keywords"]
        kept = [name for name in keywords if fold(name) != key]
        if kept != keywords:
            entry = {"keywords": kept}
            own = Group.objects.get(pk=group.pk)
            save_entry(entry, group=own, by=by, why="left_ecosystem", now=now)
        elif left:
            record([group], by=by, why="left_ecosystem", now=now)
        follow_memberships([group.pk], now=now, by=by)
    return bool(left) or kept != keywords


def reconsider(membership, by, now):
    """Take back what was decided about a membership: it waits to be decided again.

    Return whether there was something to take back.
    """
    with changing([membership.group_id]):
        decided = Membership.objects.filter(
            pk=membership.pk, status__in=[Status.ACCEPTED, Status.REFUSED]
        )
        if not decided.update(status=Status.ASKED, reason="", decided_at=None, decided_by=None):
            return False
        record([membership.group], by=by, why="membership", now=now)
        ecosystem = membership.ecosystem
        open_task(Task.Kind.MEMBERSHIP, membership.group, ecosystem=ecosystem, now=now)
    return True


def membership_counts(ecosystem):
    """Return ``{status: how many}`` of the memberships of ``ecosystem``, in the order of pages."""
    counted = Membership.objects.filter(ecosystem=ecosystem).values_list("status")
    counts = dict(counted.annotate(n=Count("pk")).order_by())
    return {status: counts.get(status, 0) for status in ORDER}


def memberships_of(ecosystem, status):
    """Keep the memberships of one status, with what their page shows; whoever waits longest first.

    Of those decided, the last decision first.
    """
    people = ("group", "decided_by", "charter_accepted_by")
    memberships = Membership.objects.filter(ecosystem=ecosystem, status=status)
    is_open = status in (Status.ASKED, Status.QUESTIONED)
    # What has still to be renewed stands first.
    renewed = F("renew_by").asc(nulls_last=True)
    order = ("asked_at", "pk") if is_open else (renewed, "-decided_at", "-pk")
    return memberships.select_related(*people).order_by(*order)


def tasks_about(ecosystem, memberships):
    """Return ``{group id: the open task}`` about these memberships. One query."""
    groups = [membership.group_id for membership in memberships]
    tasks = Task.objects.filter(kind=Task.Kind.MEMBERSHIP, ecosystem=ecosystem, decided_at=None)
    return {task.group_id: task for task in tasks.filter(group__in=groups)}
