"""Sending what waits: safe to run twice at once, and to kill at any moment.

`claiming` says who sends what, `composing` what is sent, `server` how, `fates` what became of it.
"""

import logging
from collections import Counter

from django.utils import timezone
from django.utils.translation import gettext as _

from .claiming import claim, dropped, postponed, release
from .composing import compose
from .fates import (
    mark_handing_over,
    mark_lost,
    mark_refused,
    mark_sent,
    mark_unknown,
    put_off,
    put_off_while_away,
)
from .server import FateUnknown, MailServer, NotDelivered, ReceiverRefused, ServerAway, envelope

logger = logging.getLogger(__name__)

MOST = 200
BATCH = 20


def send_due(*, most=MOST, clock=timezone.now, stop=lambda: False):
    """Send at most ``most`` of the mails that are due. Return how many became what.

    ``stop`` is asked between two mails. "failed" counts what failed through our own fault.
    """
    tally = Counter(unknown=mark_lost(clock()))
    left = most
    with MailServer() as server:
        while left > 0 and not stop():
            parcels = claim(clock(), min(BATCH, left))
            if not parcels:
                break
            left -= sum(len(parcel) for parcel in parcels)
            try:
                for parcel in parcels:
                    if stop():
                        break
                    server.open()
                    tally.update(send_one(parcel, server, clock))
            except ServerAway as error:
                logger.warning("The mail server is away: %s", error)
                tally["put off"] += put_off_while_away(parcels, error, clock())
                break
            finally:
                release(parcels)
    return +tally


def send_one(parcel, server, clock):
    """Send the mails of ``parcel`` as one. Return how many became what."""
    now = clock()
    if not parcel[0].is_asked:
        if dropped(parcel):
            return {"dropped": len(parcel)}
        if postponed(parcel, now):
            return {"waiting": len(parcel)}
    try:
        message = compose(parcel)
        envelope(message)
    except Exception:
        # One mail that cannot be written must not stop the others; mended, we write it later.
        logger.exception("Mail %s could not be written.", parcel[0].pk)
        put_off(parcel, _("It could not be written; the log says why."), now)
        return {"failed": len(parcel)}
    if not mark_handing_over(parcel, now):
        return {}
    return hand_over(parcel, message, server, clock)


def hand_over(parcel, message, server, clock):
    """Give ``message`` to the server, and note what it said. Return how many became what."""
    try:
        server.hand_over(message)
    except ReceiverRefused as error:
        mark_refused(parcel, str(error))
        return {"refused": len(parcel)}
    except FateUnknown as error:
        mark_unknown(parcel, str(error))
        return {"unknown": len(parcel)}
    except NotDelivered as error:
        given_up = put_off(parcel, str(error), clock())
        return {"refused": given_up, "put off": len(parcel) - given_up}
    mark_sent(parcel, clock())
    return {"sent": 1, "joined": len(parcel) - 1}
