"""Send the mail that waits."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups.mail.fates import undecided
from groups.mail.sending import MOST, send_due
from groups.models import Mail


class Command(BaseCommand):
    help = (
        "Send the mail that waits in the queue. Safe to run twice at once, and to stop at any "
        "moment. It ends with status 1 only if something of ours failed: a mail server that is "
        "away delays mail and loses none."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--most", type=int, default=MOST, metavar="N", help=f"at most N mails (default: {MOST})"
        )

    def handle(self, *, most, **options):
        tally = send_due(most=most)
        self.stdout.write(summary(tally))
        if tally["failed"]:
            raise CommandError(
                ngettext(
                    "%s mail could not be written; the log says why.",
                    "%s mails could not be written; the log says why.",
                    tally["failed"],
                )
                % tally["failed"]
            )


def summary(tally):
    """Return in one line what was done, what waits, and what waits for an operator."""
    waiting = Mail.objects.filter(outcome=Mail.Outcome.QUEUED).count()
    line = _(
        "%(sent)s sent, %(joined)s of them joined to others, %(put_off)s put off, %(refused)s "
        "refused, %(waiting)s waiting."
    ) % {
        "sent": tally["sent"] + tally["joined"],
        "joined": tally["joined"],
        "put_off": tally["put off"],
        "refused": tally["refused"],
        "waiting": waiting,
    }
    unknown = undecided(Mail.objects.filter(outcome=Mail.Outcome.UNKNOWN)).count()
    if unknown:
        line += " " + ngettext(
            "The fate of %s mail is unknown: decide in /admin/.",
            "The fate of %s mails is unknown: decide in /admin/.",
            unknown,
        ) % (unknown)
    return line
