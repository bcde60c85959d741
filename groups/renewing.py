"""A charter that changed is brought before the groups again: by mail, with ninety days to accept.

After that the mark of the charter goes, and curators see "to be renewed". Nothing else happens by
a clock: the group stays where it is listed.
"""

from datetime import timedelta

from django.db.models import F

from .access import confirmed_facilitators
from .links import page_address
from .mail import queue_mail
from .models import Group, Membership

RENEW_WITHIN = timedelta(days=90)
REMIND_BEFORE = timedelta(days=14)


def outdated():
    """Keep the memberships that accepted an earlier charter than that of today."""
    return Membership.objects.filter(
        status=Membership.Status.ACCEPTED, charter_version__lt=F("ecosystem__charter_version")
    )


def note_outdated(now, *, ecosystem=None):
    """Give memberships under an earlier charter ninety days from now, once. Return how many.

    A charter that changes again meanwhile gives no more time: what was accepted is as old.
    """
    memberships = outdated().filter(renew_by=None)
    if ecosystem:
        memberships = memberships.filter(ecosystem=ecosystem)
    # A condition on another table does not go into an update on every database.
    ids = list(memberships.values_list("pk", flat=True))
    return Membership.objects.filter(pk__in=ids, renew_by=None).update(renew_by=now + RENEW_WITHIN)


def ask_renewal(now):
    """Ask the facilitators to accept a changed charter, and once more before the mark goes.

    Safe to run at any time and twice at once: each mail has a key. Return how many were queued.
    """
    note_outdated(now)
    waiting = outdated().filter(renew_by__gt=now, group__shelf=Group.Shelf.LISTED)
    waiting = waiting.select_related("group", "ecosystem__keyword").order_by("pk")
    return sum(_ask(membership, now) for membership in waiting.iterator(chunk_size=500))


def _ask(membership, now):
    group, ecosystem = membership.group, membership.ecosystem
    is_again = membership.renew_by - now <= REMIND_BEFORE
    asked = "again" if is_again else "first"
    count = 0
    for facilitator in confirmed_facilitators(group):
        person = facilitator.person
        address = page_address(
            "groups:join_ecosystem", ecosystem.keyword.slug, language=person.language
        )
        mail = queue_mail(
            "charter_changed",
            person=person,
            key=f"charter:{asked}:{membership.pk}:{ecosystem.charter_version}:{person.pk}",
            context={
                "group": group.name,
                "ecosystem": ecosystem.name,
                "version": ecosystem.charter_version,
                "until": membership.renew_by,
                "is_again": is_again,
                "address": f"{address}?group={group.short_name}",
            },
            now=now,
        )
        count += mail is not None
    return count
