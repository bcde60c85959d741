"""Do what is due, again and again."""

import os
import signal

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from groups import jobs

LOOK_EVERY = 1  # second


class Command(BaseCommand):
    help = (
        "Run the jobs that are due of every app, in turn, in this one process, until it is told "
        "to stop: mail, reminders, tidying up. Several workers at once do no harm."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run what is due now, and end")
        parser.add_argument(
            "--beside",
            type=int,
            metavar="PID",
            help="stop when this process, which started the worker, is gone",
        )

    def handle(self, *, once, beside, **options):
        found, next_looks = jobs.find_jobs(), {}
        jobs.stopping.clear()
        if once:
            if failed := jobs.run_due(found, timezone.now(), next_looks):
                raise CommandError(_("Failed: %s; the log says why.") % ", ".join(failed))
            return
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, stop)
        while not jobs.stopping.wait(LOOK_EVERY) and beside in (None, os.getppid()):
            look_once(found, next_looks)


def stop(signum, frame):
    """Let the mail or job at hand end, and nothing begin. Told twice, end at once."""
    jobs.stopping.set()
    signal.signal(signum, signal.SIG_DFL)


def look_once(found, next_looks):
    """Run what is due. A database that is away is waited for."""
    close_old_connections()
    try:
        jobs.run_due(found, timezone.now(), next_looks)
    except Error:
        jobs.logger.exception("The database is away.")
        connection.close()
        jobs.stopping.wait(10)
