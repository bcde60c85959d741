"""What is done every hour: throwing away what has had its time, and minding what waits too long.

Nothing about anybody is kept for longer than it is needed. Each kind goes in a statement of its
own: stopped between two, or run twice at once, nothing is wrong.
"""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q

from .models import (
    CacheRow,
    Draft,
    EcosystemRequest,
    Facilitator,
    Limit,
    Link,
    Mail,
    NetworkKey,
    Person,
    Role,
    Submission,
    Task,
    Tombstone,
)
from .models.access import DRAFT_KEPT
from .pictures import delete_orphans
from .reviewing import remind_operators, remind_reviewers

# A link that opens nothing any more still says so, and offers another, for as long.
LINKS_KEPT = timedelta(days=30)
SUBMISSIONS_KEPT = timedelta(days=30)
STRANGERS_KEPT = timedelta(days=30)
REPORTERS_KEPT = timedelta(days=30)
MAILS_KEPT = timedelta(days=90)
# What did not arrive, or may not have, is shown to the operator for a year.
PROBLEMS_KEPT = timedelta(days=365)
# Who keeps a copy of the open data and asks less often than that begins anew.
TOMBSTONES_KEPT = timedelta(days=2 * 365)


def tidy(now):
    """Throw away what has had its time, and tell people what waits for them.

    Returns how many of what, as ``{what: count}``. Questions nobody answered come back into the
    queue by themselves (`Task.shown_from`).
    """
    counts = {}
    for what, old in _old(now).items():
        _all, deleted = old.delete()
        counts[what] = deleted.get(old.model._meta.label, 0)
    return counts | {
        "pictures": delete_orphans(now),
        "reporters": _forget_reporters(now),
        "operators": remind_operators(now),
        "reviewers": remind_reviewers(now),
    }


def _old(now):
    """Return the rows that go, as ``{what: query set}``, in an order in which they may."""
    arrived = Q(outcome__in=[Mail.Outcome.SENT, Mail.Outcome.JOINED])
    lost = Q(outcome__in=[Mail.Outcome.REFUSED, Mail.Outcome.UNKNOWN])
    return {
        "drafts": Draft.objects.filter(created_at__lt=now - DRAFT_KEPT),
        "links": Link.objects.filter(
            Q(used_at__lt=now - LINKS_KEPT)
            | Q(ended_at__lt=now - LINKS_KEPT)
            | Q(expires_at__lt=now - LINKS_KEPT)
        ),
        "submissions": Submission.objects.filter(created_at__lt=now - SUBMISSIONS_KEPT),
        "mails": Mail.objects.filter(
            arrived & Q(sent_at__lt=now - MAILS_KEPT) | lost & Q(created_at__lt=now - PROBLEMS_KEPT)
        ),
        "people": _strangers(now),
        "tombstones": Tombstone.objects.filter(gone_at__lt=now - TOMBSTONES_KEPT),
        "limits": Limit.objects.filter(ends_at__lte=now),
        "network_keys": NetworkKey.objects.filter(day__lt=now.date()),
        "sessions": Session.objects.filter(expire_date__lt=now),
        "cache_rows": CacheRow.objects.filter(expires__lt=now),
    }


def _strangers(now):
    """Return the people of addresses somebody typed once, and that nobody ever confirmed.

    Whoever is named as a facilitator stays: they may still confirm.
    """
    named = Facilitator.objects.filter(person=OuterRef("pk"))
    named = named.filter(Q(ended_at=None) | Q(confirmed_at__isnull=False))
    spoke = Task.objects.filter(person=OuterRef("pk"))
    waited_for = Mail.objects.filter(person=OuterRef("pk"), outcome=Mail.Outcome.QUEUED)
    return Person.objects.filter(
        ~Exists(named),
        ~Exists(spoke),
        ~Exists(waited_for),
        ~Exists(EcosystemRequest.objects.filter(person=OuterRef("pk"))),
        ~Exists(Role.objects.filter(person=OuterRef("pk"))),
        is_staff=False,
        last_login=None,
        created_at__lt=now - STRANGERS_KEPT,
    )


def _forget_reporters(now):
    """Forget the addresses of those who reported, once that was decided and told."""
    told = Task.objects.filter(decided_at__lt=now - REPORTERS_KEPT).exclude(reporter="")
    return told.update(reporter="")
