"""Put in the queue of mail what the helpers' part has to say today."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from helpers.planning import plan_mail


class Command(BaseCommand):
    help = (
        "Bring the alerts to how the indicators stand, and put the mails about them and the weekly "
        "digests that are due in the queue. `send_mail` sends them. Safe to run at any time and "
        "twice at once: nothing is queued twice. The worker runs it every quarter of an hour; with "
        "cron, run it after `refresh_indicators`."
    )

    def handle(self, **options):
        tally = plan_mail(timezone.now())
        for what, count in sorted(tally.items()):
            self.stdout.write(f"{what}: {count}")
        if not tally:
            self.stdout.write(_("Nothing to say."))
