"""Where one machine is not enough: each host that is due becomes a task, for any number of workers.

The task engine only says who does what. That nothing is lost or doubled rests on our own leases:
what a worker leaves behind when it is killed is handed out again once its time is over.
"""

import atexit
from datetime import timedelta
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db.models import F, Q

from .claiming import LASTS, hosts_due
from .collecting import Tools, own_fetcher
from .models import Host
from .sources.readers import Readers

# What nobody has done by then is handed out again: the engine may have lost it.
DONE_WITHIN = 2 * LASTS
MOST = 1_000
# A task that says it runs for so long was killed; what ended is forgotten.
DEAD_AFTER, KEPT = timedelta(hours=1), timedelta(days=1)


def hand_out(now):
    """Hand each host where something is due to the task engine, once. Return how many."""
    reap(now)
    task = import_module("helpers.reading_tasks").read_at
    count = 0
    for name in hosts_due(now, most=MOST):
        is_free = Q(queued_until=None) | Q(queued_until__lte=now)
        if Host.objects.filter(is_free, name=name).update(queued_until=now + DONE_WITHIN):
            task.enqueue(name)
            count += 1
    return count


def reap(now):
    """Note that tasks of workers that were killed have failed, and forget what ended a day ago."""
    tasks = apps.get_model("django_tasks_database", "DBTaskResult").objects
    tasks.filter(status="RUNNING", started_at__lt=now - DEAD_AFTER).update(
        status="FAILED", finished_at=F("started_at")
    )
    tasks.filter(finished_at__lt=now - KEPT).delete()


@cache
def tools_of_this_process():
    """Return tools that last as long as this worker: starting readers for each host is slow."""
    fetcher, readers = own_fetcher(), Readers(1)
    atexit.register(readers.close)
    return Tools(fetcher, readers)
