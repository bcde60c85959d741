"""Write groups out, in the columns the import reads."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from groups.entries import entries_of
from groups.exchange import writing
from groups.models import Facilitator, Group, Keyword, Service
from groups.public import public_links

WRITERS = {
    "csv": writing.write_csv,
    "json": writing.write_json,
    "geojson": writing.write_geojson,
}
BATCH = 500


class Command(BaseCommand):
    help = "Export the published groups to standard output, in the columns the import reads."

    def add_arguments(self, parser):
        parser.add_argument("--ecosystem", metavar="SLUG", help="only the groups of this keyword")
        parser.add_argument("--format", choices=list(WRITERS), default="csv")
        parser.add_argument(
            "--with-private",
            action="store_true",
            help="also contact_email and the links kept from visitors; mind who gets such a file",
        )

    def handle(self, *, ecosystem, format, with_private, **options):
        groups = Group.objects.published()
        if ecosystem:
            keyword = Keyword.objects.filter(slug=ecosystem).first()
            if keyword is None:
                raise CommandError(_("No keyword has the slug “%s”.") % ecosystem)
            groups = groups.in_ecosystem(keyword)
        WRITERS[format](_entries(groups, with_private), self.stdout)


def _entries(groups, with_private):
    """Yield the entries of ``groups`` by name, a few hundred at a time."""
    ids = list(groups.order_by("name_key", "pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        part = Group.objects.in_bulk(ids[start : start + BATCH])
        entries = entries_of(part.values())
        emails = _first_addresses(part) if with_private else {}
        open_members = _groups_with_open_members(part)
        for pk in ids[start : start + BATCH]:
            entry = entries[pk] | {"contact_email": emails.get(pk, "")}
            if not with_private:
                entry["services"] = public_links(entry["services"], pk in open_members)
                # The card holds the words of those ecosystems only that have admitted the group.
                entry["keywords"] = [name for name, _slug in part[pk].card["keywords"]]
            yield entry


def _groups_with_open_members(groups):
    rows = Service.objects.filter(group__in=groups, kind=Service.Kind.MEMBERS, is_open=True)
    return set(rows.values_list("group_id", flat=True))


def _first_addresses(groups):
    rows = Facilitator.objects.filter(group__in=groups, ended_at=None).order_by("-pk")
    return dict(rows.values_list("group_id", "person__email"))
