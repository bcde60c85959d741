"""Bring groups in from a file."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from groups.exchange.importing import import_file
from groups.exchange.reading import Unreadable
from groups.models import Group

NOTES_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Import groups from CSV, JSON, GeoJSON or a YesWiki Bazar export. New short names are "
        "added and published, known ones left alone. The same file twice changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="the file to read")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and do nothing"
        )
        parser.add_argument(
            "--keyword", metavar="K", default="", help="a keyword every row is given"
        )
        parser.add_argument(
            "--kind", choices=Group.Kind.values, default="", help="for rows that name no kind"
        )
        parser.add_argument(
            "--update", action="store_true", help="change the groups that are here already"
        )

    def handle(self, *, file, dry_run, keyword, kind, update, **options):
        try:
            report = import_file(
                file,
                keyword=keyword,
                kind=kind,
                update=update,
                dry_run=dry_run,
                why="import",
                understood=self.say_what_was_understood,
                progress=self.show_progress,
            )
        except (Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        self.say_notes(report.notes)
        for number, problem in report.problems:
            self.stderr.write(
                _("row %(row)s, %(column)s “%(value)s”: %(reason)s")
                % {
                    "row": number,
                    "column": problem.column,
                    "value": str(problem.value)[:60],
                    "reason": problem.reason,
                }
            )
        self.stdout.write(
            _(
                "%(added)s added, %(changed)s changed, %(unchanged)s unchanged, "
                "%(left_out)s left out."
            )
            % {
                "added": report.added,
                "changed": report.changed,
                "unchanged": report.unchanged,
                "left_out": len({number for number, _problem in report.problems}),
            }
        )
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing was saved."))

    def say_what_was_understood(self, reading):
        """Say first how the file was read, so that a wrong guess is seen before its result."""
        self.stdout.write(_("Read as %s.") % reading.format)
        for header, column in reading.mapping.items():
            self.stdout.write(f"  {header} → {column}")
        if reading.ignored:
            self.stdout.write(_("Left out: %s") % ", ".join(map(str, reading.ignored)))
        for note in reading.notes:
            self.stdout.write(str(note))

    def say_notes(self, notes):
        for number, note in notes[:NOTES_SHOWN]:
            self.stdout.write(_("row %(row)s: %(note)s") % {"row": number, "note": note})
        if len(notes) > NOTES_SHOWN:
            self.stdout.write(_("… and %s more notes.") % (len(notes) - NOTES_SHOWN))

    def show_progress(self, done, total):
        """Draw a bar on a terminal; a log gets none."""
        if sys.stderr.isatty():
            filled = "█" * (30 * done // total)
            end = "\n" if done == total else ""
            sys.stderr.write(f"\r{filled:<30} {done}/{total}{end}")
            sys.stderr.flush()
