"""What `plan_mail` does: alerts, check-ins and digests, each put in the queue of mail once."""

from . import checkins, digests, telling
from .alerts import follow_transitions


def plan_mail(now):
    """Queue what is due. Safe to run at any time, to kill, and to run twice at once.

    Returns how many mails of what.
    """
    follow_transitions(now)
    tally = telling.tell(now)
    tally["check-ins"] = checkins.ask(now)["mails"]
    tally["digests"] = digests.plan(now)
    return +tally
