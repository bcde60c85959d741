"""What happens to the queue by itself: nothing is forgotten, and whoever may decide is told."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from ..models import Group, Mail, Person, Role, Task
from ..tasks import follow_memberships
from . import telling
from .rights import waiting_for_operators, waiting_for_roles_of

# Before that most of it is decided without a word.
REVIEWERS_AFTER = timedelta(days=2)


def remind_operators(now):
    """Tell operators what waits for them. Return how many were told.

    What waits without a task, because it was made by hand or came before there were any, gets one.
    """
    queue_what_waits(now)
    waiting = waiting_for_operators(now).aggregate(count=Count("pk"), oldest=Min("opened_at"))
    if not waiting["count"]:
        return 0
    today = timezone.localdate(now)
    operators = Person.objects.filter(is_staff=True, is_active=True)
    told = [
        telling.remind(person, waiting["count"], waiting["oldest"], now, today)
        for person in operators.order_by("pk")
    ]
    return len(list(filter(None, told)))


def remind_reviewers(now):
    """Tell helpers and curators what has waited two days for them. Return how many were told."""
    held = Role.objects.filter(person=OuterRef("pk"), withdrawn_at=None)
    people = Person.objects.filter(Exists(held), is_active=True, wants_reminders=True)
    told = [_remind_reviewer(person, now) for person in people.order_by("pk")]
    return len(list(filter(None, told)))


def _remind_reviewer(person, now):
    """Tell ``person`` if something waits that they were not told of before; once is enough."""
    since = now - REVIEWERS_AFTER
    waiting = waiting_for_roles_of(person, now).filter(opened_at__lt=since, shown_from__lt=since)
    told = Mail.objects.filter(person=person, key__startswith=f"review:{person.pk}:")
    if told_at := told.aggregate(last=Max("created_at"))["last"]:
        known = told_at - REVIEWERS_AFTER
        # It waits for them from the later of the two.
        if not waiting.filter(Q(opened_at__gte=known) | Q(shown_from__gte=known)).exists():
            return None
    kinds = Counter(waiting.values_list("kind", flat=True))
    return telling.remind_reviewer(person, kinds, now, timezone.localdate(now)) if kinds else None


def queue_what_waits(now):
    """Open a task for every group and membership that waits without one."""
    with transaction.atomic():
        waiting = Task.objects.filter(kind=Task.Kind.NEW, decided_at=None)
        forgotten = Group.objects.filter(review=Group.Review.PENDING).exclude(
            pk__in=waiting.values("group")
        )
        Task.objects.bulk_create(
            [
                Task(kind=Task.Kind.NEW, group=group, opened_at=group.created_at, shown_from=now)
                for group in forgotten
            ],
            # Somebody may open one at the same moment.
            ignore_conflicts=True,
        )
        follow_memberships(now=now)
