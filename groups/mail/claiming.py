"""Who may send what: a mail is claimed for a while by a conditional update, and given back.

Whoever dies leaves what they claimed to the next one, once the while is over.
"""

import random
import secrets
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from ..models import Mail

MOST_JOINED = 30
LASTS = timedelta(minutes=2)
# A person gets one mail a day that they did not just ask for.
DAY = timedelta(days=1)
SOON = timedelta(minutes=1)

Outcome = Mail.Outcome


def claim(now, most):
    """Claim mails that are due, for a while. Return them in parcels: lists for one receiver each.

    What was asked for comes first, each by itself; of the rest, all that waits for a receiver.
    """
    due = Mail.objects.filter(outcome=Outcome.QUEUED, due_at__lte=now).filter(
        Q(lease_until=None) | Q(lease_until__lte=now)
    )
    asked = due.filter(is_asked=True).order_by("due_at", "pk")[:most].values_list("pk", flat=True)
    if chosen := list(asked):
        mine = _claim(due.filter(pk__in=chosen), now)
        return [[mail] for mail in mine.order_by("due_at", "pk")]
    unasked = due.filter(is_asked=False)
    first = unasked.order_by("due_at", "pk")[:most].values_list("receiver", flat=True)
    if not first:
        return []
    mine = _claim(unasked.filter(receiver__in=set(first)), now).order_by("receiver", "due_at", "pk")
    parcels = [list(mails) for _, mails in groupby(mine, key=lambda mail: mail.receiver)]
    return [parcel[:MOST_JOINED] for parcel in parcels]


def _claim(chosen, now):
    token = secrets.token_hex(16)
    with transaction.atomic():
        # Locked in one order, so that two senders wait for each other instead of locking up; what
        # the first has claimed, the second no longer finds.
        locked = chosen.select_for_update().order_by("pk").values_list("pk", flat=True)
        chosen.filter(pk__in=list(locked)).update(claim=token, lease_until=now + LASTS)
    return Mail.objects.filter(claim=token).select_related("person")


def release(parcels):
    """Give back what was claimed and not sent."""
    tokens = {parcel[0].claim for parcel in parcels}
    mine = Mail.objects.filter(claim__in=tokens, outcome=Outcome.QUEUED)
    mine.update(claim="", lease_until=None)


def dropped(parcel):
    """Forget mails nobody asked for, if their receiver has said no meanwhile. Return whether."""
    person = parcel[0].person
    if person is None or (person.wants_reminders and person.is_active):
        return False
    held(parcel).delete()
    return True


def postponed(parcel, now):
    """Put off mails nobody asked for, if their receiver had some today. Return whether.

    Asked after claiming: of two senders that claimed at once, at least one sees the other.
    """
    others = Mail.objects.filter(receiver=parcel[0].receiver, is_asked=False)
    others = others.exclude(claim=parcel[0].claim)
    last = others.filter(sent_at__gt=now - DAY).order_by("-sent_at").first()
    claimed = others.filter(outcome=Outcome.QUEUED, lease_until__gt=now)
    if last and last.outcome != Outcome.HANDING_OVER:
        until = last.sent_at + DAY
    elif last or claimed.exists():
        until = now + SOON * random.uniform(0.5, 1.5)
    else:
        return False
    held(parcel).update(due_at=until, claim="", lease_until=None)
    return True


def held(parcel):
    """Return the mails of ``parcel`` that are still ours to send."""
    return claimed(parcel).filter(outcome=Outcome.QUEUED)


def claimed(parcel):
    """Return the mails of ``parcel`` that nobody else has claimed meanwhile."""
    return Mail.objects.filter(pk__in=[mail.pk for mail in parcel], claim=parcel[0].claim)
