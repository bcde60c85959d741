"""What the worker does by itself, and how often. Each app may list its own in a module like this.

JOBS = [Job("tidy", every=timedelta(days=1), run=tidy)]
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from threading import Event

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.module_loading import module_has_submodule

from .freshness import ask_freshness
from .mail.sending import send_due
from .models import JobRun
from .renewing import ask_renewal
from .tidying import tidy

logger = logging.getLogger(__name__)

# Set when the worker is to stop: a long job asks between two of its steps.
stopping = Event()

# A job that failed is tried again after a while, not at its next turn.
RETRY = timedelta(minutes=10)
# What another worker does is not looked at every second.
LOOK_AGAIN = timedelta(seconds=30)
# Whoever dies in the middle of a job leaves it to the next one after this.
LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class Job:
    """Something to do again and again. ``run`` is given the moment it was found due."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]
    # Of several workers one does it. Otherwise each does, when it likes: the job must not mind.
    is_shared: bool = True


def send_mail(now):
    tally = send_due(stop=stopping.is_set)
    if tally:
        logger.info("Mail: %s", ", ".join(f"{count} {what}" for what, count in tally.items()))


JOBS = [
    # A code to sign in is waited for: seconds matter. Several at once are safe by themselves.
    Job("send_mail", every=timedelta(seconds=3), run=send_mail, is_shared=False),
    # So often that what is kept for a day is not kept for two.
    Job("tidy", every=timedelta(hours=1), run=tidy),
    Job("ask_freshness", every=timedelta(days=1), run=ask_freshness),
    Job("ask_renewal", every=timedelta(days=1), run=ask_renewal),
]


def find_jobs():
    """Return the jobs of every installed app that has some."""
    modules = [
        import_module(f"{app.name}.jobs")
        for app in apps.get_app_configs()
        if module_has_submodule(app.module, "jobs")
    ]
    return [job for module in modules for job in getattr(module, "JOBS", [])]


def run_due(jobs, now, next_looks):
    """Run those of ``jobs`` that are due, one after the other. Return the names of what failed.

    ``next_looks`` remembers, from call to call, when a job is worth a look again.
    """
    failed = []
    for job in jobs:
        if stopping.is_set():
            break
        if next_looks.get(job.name, now) > now:
            continue
        if job.is_shared and not claim(job, now):
            next_looks[job.name] = now + LOOK_AGAIN
            continue
        due_at = now + job.every
        # One that fails must not stop the others; a little later it may do better.
        try:
            job.run(now)
        except Exception:
            logger.exception("The job %s failed.", job.name)
            failed.append(job.name)
            due_at = now + min(20 * job.every, RETRY)
        next_looks[job.name] = due_at
        if job.is_shared:
            JobRun.objects.filter(name=job.name).update(due_at=due_at)
    return failed


def claim(job, now):
    """Take ``job`` if it is due. Return True for exactly one caller, however many try at once."""
    run = JobRun.objects.filter(name=job.name).first()
    if run:
        # The condition is part of the update, or two workers could both have looked before.
        due = JobRun.objects.filter(name=job.name, due_at__lte=now)
        return run.due_at <= now and due.update(due_at=now + LASTS) == 1
    try:
        with transaction.atomic():
            JobRun.objects.create(name=job.name, due_at=now + LASTS)
    except IntegrityError:
        return False
    return True
