"""What `plan_mail` does: alerts, check-ins and digests, each put in the queue of mail once."""

from collections import Counter

from . import digests, telling
from .alerts import follow_transitions


def plan_mail(now):
    """Queue what is due. Safe to run at any time, to kill, and to run twice at once.

    Returns how many mails of what.
    """
    follow_transitions(now)
    tally = telling.tell(now)
    tally["digests"] = digests.plan(now)
    return +Counter(tally)
