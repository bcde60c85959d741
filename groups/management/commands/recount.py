"""Make again everything that is derived from the groups."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from groups.derived import derive_everything


class Command(BaseCommand):
    help = (
        "Make again all counts, search words and copies from the groups. Never needed in daily "
        "use: they are kept on write; for after a repair by hand in the database."
    )

    def handle(self, **options):
        self.stdout.write(_("%s groups counted again.") % derive_everything())
