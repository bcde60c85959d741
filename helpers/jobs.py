"""What the worker does for the indicators. Listed by `groups.jobs`."""

import logging
import threading
from datetime import timedelta

from django.conf import settings
from django.db import connections

from groups.jobs import Job, stopping

from .checking import follow_links
from .claiming import hosts_due
from .collecting import run, summary
from .handing_out import hand_out
from .planning import plan_mail
from .refreshing import refresh
from .tidying import tidy

logger = logging.getLogger(__name__)

_collecting = threading.Lock()


def collect_beside(now):
    """Read what is due in a thread beside: a slow site must not keep mail from leaving.

    Where workers of the task engine read, what is due is handed to them.
    """
    if settings.SOURCE_WORKERS == "tasks":
        hand_out(now)
    elif hosts_due(now, most=1) and _collecting.acquire(blocking=False):
        threading.Thread(target=_collect, name="collect").start()


def _collect():
    try:
        if tally := run(stop=stopping.is_set):
            logger.info("Sources: %s", summary(tally))
    finally:
        connections.close_all()
        _collecting.release()


def refresh_indicators(now):
    """Bring every status to today, then say what follows from it."""
    if tally := +refresh(now):
        logger.info("Indicators: %s", ", ".join(f"{n} {what}" for what, n in tally.items()))
    if tally := plan_mail(now):
        logger.info("Mail planned: %s", ", ".join(f"{n} {what}" for what, n in tally.items()))


JOBS = [
    # It costs next to nothing where nothing changed, and every hour is midnight somewhere.
    Job("refresh_indicators", every=timedelta(minutes=15), run=refresh_indicators),
    # Somebody may be waiting for what their site holds. Several at once are safe by themselves.
    Job("collect", every=timedelta(seconds=5), run=collect_beside, is_shared=False),
    Job("tidy_helpers", every=timedelta(days=1), run=tidy),
    Job("follow_links", every=timedelta(hours=6), run=follow_links),
]
