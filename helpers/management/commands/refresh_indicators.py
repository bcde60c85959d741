"""Bring the five indicators of all groups up to date."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from helpers.rebuilding import most_processes, rebuild
from helpers.refreshing import refresh


class Command(BaseCommand):
    help = (
        "Learn the five indicators of all groups again from their evidence and say how they stand "
        "today. Safe to run twice, and while others record; what is right already is not written. "
        "The worker runs it with --today every quarter of an hour."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--today",
            action="store_true",
            help="only compare what was learned with the day it is: enough from day to day",
        )

    def handle(self, *, today, **options):
        now = timezone.now()
        if today:
            tally = refresh(now)
            said = _("%(changed)s statuses changed.") % {"changed": tally["statuses"]}
        else:
            rhythms, changed = rebuild(now, processes=most_processes())
            said = _("%(rhythms)s indicators looked at, %(changed)s changed.") % {
                "rhythms": rhythms,
                "changed": changed,
            }
        self.stdout.write(said)
