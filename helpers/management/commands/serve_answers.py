"""Answer for all the sites of the demo, on this machine."""

import os
import threading
import time
from http.server import ThreadingHTTPServer

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from helpers.demo.agreeing import agree
from helpers.demo.answering import Answering
from helpers.models import Source

LOOK_EVERY = 1  # second


class Command(BaseCommand):
    help = (
        "In the demo: answer in the place of every site, on this machine and to it alone, so that "
        "what is read by itself can be seen without anybody being contacted."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--beside",
            type=int,
            metavar="PID",
            help="stop when this process, which started it, is gone",
        )

    def handle(self, *, beside, **options):
        if not settings.DEMO:
            raise CommandError(_("Only the demo has saved answers: set DEMO=1."))
        if not Source.objects.exists():
            agree(timezone.now())
        with ThreadingHTTPServer(("127.0.0.1", settings.ANSWERS_PORT), Answering) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            while beside in (None, os.getppid()):
                time.sleep(LOOK_EVERY)
            server.shutdown()
