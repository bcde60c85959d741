"""Throw away what has had its time, and tell people what waits for them."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.tidying import tidy


class Command(BaseCommand):
    help = (
        "Throw away what has had its time (drafts, used links, sent mails, ended sessions and "
        "limits, pictures nothing shows), and tell helpers, curators and operators what "
        "waits for them. To be run hourly: so what is kept for a day is not kept for two. Safe to "
        "run twice at once, and to stop at any moment."
    )

    def handle(self, **options):
        counts = tidy(timezone.now())
        operators, reviewers = counts.pop("operators"), counts.pop("reviewers")
        labels = {
            "drafts": _("drafts"),
            "links": _("links"),
            "submissions": _("marks of forms that were sent"),
            "mails": _("mails"),
            "people": _("addresses nobody confirmed"),
            "limits": _("limits"),
            "network_keys": _("keys of networks"),
            "sessions": _("sessions"),
            "cache_rows": _("rows of the cache"),
            "pictures": _("pictures"),
            "reporters": _("addresses of visitors who reported"),
        }
        gone = [f"{labels[what]} {count}" for what, count in counts.items() if count]
        line = _("Thrown away: %s.") % ", ".join(gone) if gone else _("Nothing to throw away.")
        if operators:
            line += " " + _("Operators told that something waits: %s.") % operators
        if reviewers:
            line += " " + _("Helpers and curators told that something waits: %s.") % reviewers
        self.stdout.write(line)
