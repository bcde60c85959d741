"""Load a world to try everything on."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.demo.loading import add_the_parts_of_others, load_demo
from groups.models import Group


class Command(BaseCommand):
    help = (
        "Load the demo: some fifty invented groups around three ecosystems, and 308 real "
        "OpenStreetMap communities (directory only). It wants an empty directory and contacts "
        "nobody."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if there are groups already"
        )

    def handle(self, *, if_empty, **options):
        if Group.objects.exists():
            if if_empty:
                return
            raise CommandError(_("There are groups already; the demo wants an empty directory."))
        with transaction.atomic():
            invented, real = load_demo()
            add_the_parts_of_others(timezone.now())
        self.stdout.write(
            _("Loaded %(invented)s invented groups and %(real)s real communities.")
            % {"invented": invented, "real": real}
        )
