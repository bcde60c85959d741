"""What becomes of a mail, in the order of its life: handed over, sent, put off, refused, unknown.

Just before the first word to the mail server a mail is marked as being handed over. Found so when
its time is over, nobody knows whether it left: it is marked as unknown, shown to the operator, and
never sent again by itself.
"""

import random
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ..models import Mail
from ..text import one_line
from .claiming import claimed, held

HANDING_OVER = timedelta(minutes=10)
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=6)
# A server that is away is asked again sooner: it costs one connection, whatever waits.
LONGEST_AWAY = timedelta(minutes=10)
# With the delays above, five days.
MOST_ATTEMPTS = 28
# What counts of the time a server was away: nothing is ever given up for that.
ATTEMPTS_WHILE_AWAY = 8

Outcome = Mail.Outcome


def mark_handing_over(parcel, now):
    """Note that the server is about to be told. Return whether the mails were still ours to send.

    From here on it counts as sent today: it may have been.
    """
    with transaction.atomic():
        marked = held(parcel).update(
            outcome=Outcome.HANDING_OVER,
            attempts=F("attempts") + 1,
            sent_at=now,
            lease_until=now + HANDING_OVER,
            problem="",
        )
        if marked < len(parcel):
            transaction.set_rollback(True)
    return marked == len(parcel)


def mark_sent(parcel, now):
    """Note that the server has taken it. The bodies go: they hold links that open something.

    So does the address that answers go to, which is a visitor's.
    The claim stays, as the sign of what left together.
    """
    left = {"sent_at": now, "lease_until": None, "problem": ""}
    if not settings.DEMO:
        left |= {"text": "", "html": "", "reply_to": ""}
    first, *others = (mail.pk for mail in parcel)
    with transaction.atomic():
        mine = handed_over(parcel)
        mine.filter(pk=first).update(outcome=Outcome.SENT, **left)
        mine.filter(pk__in=others).update(outcome=Outcome.JOINED, **left)


def mark_lost(now):
    """Mark the mails whose sender died while handing them over. Return how many there were."""
    lost = Mail.objects.filter(outcome=Outcome.HANDING_OVER, lease_until__lte=now)
    if not lost.exists():
        # An update, even of nothing, would keep other writers of SQLite waiting.
        return 0
    return lost.update(
        outcome=Outcome.UNKNOWN,
        lease_until=None,
        problem=_("Whoever sent it stopped before the mail server had answered."),
    )


def mark_unknown(parcel, problem):
    """Note that it may have left or not."""
    handed_over(parcel).update(
        outcome=Outcome.UNKNOWN, lease_until=None, problem=as_problem(problem)
    )


def mark_refused(parcel, problem):
    """Note that it has not left and will not: it is not tried again by itself."""
    ours(parcel).update(
        outcome=Outcome.REFUSED, lease_until=None, sent_at=None, problem=as_problem(problem)
    )


def put_off(parcel, problem, now):
    """Put mails that have not left back into the queue. Return how many were tried too often."""
    given_up = [mail for mail in parcel if mail.attempts + 1 >= MOST_ATTEMPTS]
    if given_up:
        mark_refused(given_up, problem)
    for mail in parcel:
        if mail not in given_up:
            attempts = mail.attempts + 1
            _put_back(ours([mail]), problem, now + delay(attempts), attempts)
    return len(given_up)


def put_off_while_away(parcels, problem, now):
    """Put off what was claimed and not sent, because the server is away. Return how many."""
    count = 0
    for mail in (mail for parcel in parcels for mail in parcel):
        attempts = max(mail.attempts, min(mail.attempts + 1, ATTEMPTS_WHILE_AWAY))
        due_at = now + delay(attempts, LONGEST_AWAY)
        count += _put_back(held([mail]), problem, due_at, attempts)
    return count


def _put_back(mails, problem, due_at, attempts):
    return mails.update(
        outcome=Outcome.QUEUED,
        due_at=due_at,
        attempts=attempts,
        claim="",
        lease_until=None,
        sent_at=None,
        problem=as_problem(problem),
    )


def delay(attempts, longest=LONGEST_DELAY):
    """Return how long to wait after so many attempts: twice as long each time, never in step."""
    return min(FIRST_DELAY * 2 ** min(attempts - 1, 16), longest) * random.uniform(0.75, 1.25)


def as_problem(problem):
    return one_line(problem)[: Mail._meta.get_field("problem").max_length]


def ours(parcel):
    """Return the mails of ``parcel`` whose fate is ours to say."""
    return held(parcel) | handed_over(parcel)


def handed_over(parcel):
    """Return the mails of ``parcel`` that were handed over, by us.

    Or marked as lost by somebody who thought us dead: we know better.
    """
    return claimed(parcel).filter(outcome__in=[Outcome.HANDING_OVER, Outcome.UNKNOWN])


def sent_with(mail):
    """Return the mails that left, or would leave, as one with ``mail``, as they stood in it."""
    if mail.outcome not in (Outcome.SENT, Outcome.JOINED):
        return [mail]
    together = Mail.objects.filter(claim=mail.claim, receiver=mail.receiver, is_asked=mail.is_asked)
    together = together.filter(outcome__in=[Outcome.SENT, Outcome.JOINED]).select_related("person")
    return [mail] if mail.is_asked else list(together.order_by("due_at", "pk"))


# What an operator decides


def undecided(mails):
    """Keep the mails that wait for an operator's word: to be sent again, or to be let be."""
    return mails.filter(outcome__in=[Outcome.UNKNOWN, Outcome.REFUSED]).exclude(text="")


def send_again(mails, now):
    """Put undecided mails into the queue again. Return how many."""
    return undecided(mails).update(
        outcome=Outcome.QUEUED,
        claim="",
        lease_until=None,
        sent_at=None,
        due_at=now,
        attempts=0,
        problem="",
    )


def let_be(mails):
    """Leave undecided mails as they are, for good: nothing of them is kept. Return how many."""
    return undecided(mails).update(text="", html="")
