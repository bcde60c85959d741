"""Read the sources that are due."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import ngettext

from helpers.checking import follow_links
from helpers.collecting import AT_ONCE, run, summary
from helpers.handing_out import hand_out


class Command(BaseCommand):
    help = (
        "Read the sources that are due, and check the links that are, many sites at a time. Safe "
        "to run twice at once, and to stop at any moment. It ends with status 1 only if something "
        "of ours failed: a site that cannot be read is noted with its source."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--at-once",
            type=int,
            default=AT_ONCE,
            metavar="N",
            help=f"ask N sites at a time (default: {AT_ONCE})",
        )

    def handle(self, *, at_once, **options):
        follow_links(timezone.now())
        if settings.SOURCE_WORKERS == "tasks":
            count = hand_out(timezone.now())
            self.stdout.write(
                ngettext("%s site handed to the workers.", "%s sites handed to the workers.", count)
                % count
            )
            return
        tally = run(at_once=max(at_once, 1))
        self.stdout.write(summary(tally))
        if faults := tally["faults"]:
            raise CommandError(
                ngettext(
                    "%s source met a fault of ours; the log says why.",
                    "%s sources met a fault of ours; the log says why.",
                    faults,
                )
                % faults
            )
