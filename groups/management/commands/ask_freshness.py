"""Ask the facilitators whether the entries of their groups are still right."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.freshness import MOST, ask_freshness


class Command(BaseCommand):
    help = (
        "Ask facilitators whether the entries of their groups are still right: twice a year, once "
        "more after two weeks; after two more it becomes a task for helpers. The mails go into "
        "the queue. Safe to run twice at once, and to stop at any moment."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--most",
            type=int,
            default=MOST,
            metavar="N",
            help=f"at most N groups, the oldest first (default: {MOST})",
        )

    def handle(self, *, most, **options):
        tally = ask_freshness(timezone.now(), most=most)
        self.stdout.write(
            _("%(groups)s groups asked by %(mails)s mails; %(tasks)s left to helpers.")
            % {
                "groups": tally["groups"],
                "mails": tally["mails"],
                "tasks": tally["stale"] + tally["orphan"],
            }
        )
