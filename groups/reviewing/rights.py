"""Who may see and decide what waits. Asked of the database each time: a role withdrawn is gone."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ..models import Facilitator, Membership, Person, Role, Task

# After so long it is the operators' too.
OPERATORS_AFTER = timedelta(days=7)
ACCEPTED = Membership.Status.ACCEPTED


@dataclass(frozen=True)
class Reviewer:
    """Somebody who reads what waits, with the roles they have now."""

    person: Person
    is_operator: bool
    helped: frozenset[int]
    curated: frozenset[int]

    @property
    def ecosystems(self):
        return self.helped | self.curated

    def sees_private_links_of(self, accepted):
        """Say whether they see the private links and the people of a group.

        ``accepted`` are the ecosystems that have accepted it.
        """
        return self.is_operator or bool(self.helped & set(accepted))


def reviewer_of(person):
    """Return the `Reviewer` that ``person`` is, or None for whoever has no role."""
    if not person.is_authenticated:
        return None
    held = defaultdict(set)
    roles = Role.objects.filter(person=person, withdrawn_at=None)
    for kind, ecosystem_id in roles.values_list("kind", "ecosystem_id"):
        held[kind].add(ecosystem_id)
    is_operator = person.is_operator()
    if not (held or is_operator):
        return None
    helped, curated = (frozenset(held[kind]) for kind in (Role.Kind.HELPER, Role.Kind.CURATOR))
    return Reviewer(person, is_operator, helped, curated)


def tasks_of(reviewer):
    """Keep the tasks ``reviewer`` may see, decided or not.

    Helpers and curators see those of the groups their ecosystems have accepted, helpers those of
    groups that no ecosystem has accepted; only curators see who asks to join theirs. Operators see
    all.
    """
    if reviewer.is_operator:
        return Task.objects.all()
    accepted = Membership.objects.filter(group=OuterRef("group"), status=ACCEPTED)
    may = Q(Exists(accepted.filter(ecosystem__in=reviewer.ecosystems)))
    if reviewer.helped:
        may |= ~Exists(accepted)
    is_membership = Q(kind=Task.Kind.MEMBERSHIP)
    asking = is_membership & Q(ecosystem__in=reviewer.curated)
    return Task.objects.filter(asking | (~is_membership & may))


def open_tasks_for(person, now):
    """Keep what waits for ``person`` now, the oldest first; nothing for whoever has no role."""
    reviewer = reviewer_of(person)
    return open_tasks_of(reviewer, now) if reviewer else Task.objects.none()


def open_tasks_of(reviewer, now):
    tasks = tasks_of(reviewer).filter(decided_at=None, shown_from__lte=now)
    return with_marks(tasks, reviewer, now).order_by("opened_at", "pk")


def with_marks(tasks, reviewer, now):
    """Add whether each task is about the reviewer (`is_own`), and for operators too (`is_late`)."""
    own = Facilitator.objects.filter(group=OuterRef("group"), person=reviewer.person, ended_at=None)
    return tasks.annotate(
        is_own=Exists(own) | Q(person__isnull=False, person=reviewer.person),
        is_late=_is_late(now),
    )


def waiting_for_roles_of(person, now):
    """Keep what ``person`` may decide now by their roles, without what operators may besides."""
    reviewer = reviewer_of(person)
    if reviewer is None:
        return Task.objects.none()
    return open_tasks_of(replace(reviewer, is_operator=False), now).filter(is_own=False)


def waiting_for_operators(now):
    """Keep what operators have to look at: it waited for a week, or nobody else may decide it."""
    return Task.objects.filter(_is_late(now), decided_at=None, shown_from__lte=now)


def _is_late(now):
    return Q(opened_at__lte=now - OPERATORS_AFTER) | ~reviewers_exist()


def reviewers_exist():
    """Return the condition that somebody who is no operator may decide a task."""
    facilitating = Facilitator.objects.filter(
        group=OuterRef(OuterRef("group")), person=OuterRef("person"), ended_at=None
    )
    reviewers = (
        Role.objects.filter(withdrawn_at=None, person__is_active=True)
        .exclude(person=Coalesce(OuterRef("person"), Value(0)))
        .exclude(Exists(facilitating))
    )
    accepted = Membership.objects.filter(group=OuterRef("group"), status=ACCEPTED)
    entrusted = reviewers.filter(
        ecosystem__in=Membership.objects.filter(
            group=OuterRef(OuterRef("group")), status=ACCEPTED
        ).values("ecosystem")
    )
    curators = reviewers.filter(kind=Role.Kind.CURATOR, ecosystem=OuterRef("ecosystem"))
    helpers = reviewers.filter(kind=Role.Kind.HELPER)
    is_membership = Q(kind=Task.Kind.MEMBERSHIP)
    return (is_membership & Exists(curators)) | (
        ~is_membership & (Exists(entrusted) | (Exists(helpers) & ~Exists(accepted)))
    )


def hindrance(task, reviewer):
    """Return why ``reviewer``, who may see ``task``, may not decide it; "" if they may.

    ``task`` comes from `with_marks`.
    """
    if task.is_own and not reviewer.is_operator:
        return _(
            "You are of this group, or it is about you: somebody else decides. "
            "If there is nobody, the operators do."
        )
    return ""
