"""Groups × five indicators: which groups, in which order, and what each cell says."""

from dataclasses import dataclass, field

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from groups.countries import COUNTRIES
from groups.models import Membership

from .access import groups_for
from .indicators import Indicator, Status
from .local_days import today_in
from .models import Follow, Rhythm
from .sentences import short_sentence

PAGE = 24
LAST_PAGE = 100
SORTS = ("need", "name", "quiet")
# How much a status asks for somebody.
NEED = {
    Status.SILENT: 6,
    Status.TOO_BUSY: 5,
    Status.LATE: 4,
    Status.UNKNOWN: 3,
    Status.PAUSED: 1,
    Status.ON_TRACK: 1,
    Status.ARCHIVED: 0,
}


@dataclass(frozen=True)
class Wanted:
    """Which groups were asked for; made of what an address says, whatever that is."""

    ecosystem: str = ""
    helper: int | None = None
    status: str = ""
    country: str = ""
    sort: str = "need"
    page: int = 1

    @classmethod
    def from_query(cls, query, viewer):
        slugs = {slug for slug, _name in viewer.helped.values()}
        ecosystem, helper = query.get("ecosystem", ""), query.get("helper", "")
        status, country = query.get("status", ""), query.get("country", "").upper()
        helper = (
            int(helper) if helper.isascii() and helper.isdecimal() and len(helper) < 10 else None
        )
        sort, page = query.get("sort", ""), query.get("page", "")
        page = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 1
        return cls(
            ecosystem if ecosystem in slugs else "",
            helper if helper in viewer.colleagues else None,
            status if status in Status.values else "",
            country if country in COUNTRIES else "",
            sort if sort in SORTS else "need",
            min(max(page, 1), LAST_PAGE),
        )

    @property
    def is_filtered(self):
        return bool(self.ecosystem or self.helper or self.status or self.country)


@dataclass
class Cell:
    rhythm: Rhythm
    words: str


@dataclass
class Row:
    group: object
    is_followed: bool
    cells: list = field(default_factory=list)


def scope(viewer, wanted):
    """Keep the groups of the page: those followed, or those of an ecosystem or of a colleague.

    Each begins at an index: whatever the size of the directory, only these are read.
    """
    groups = groups_for(viewer)
    if wanted.ecosystem:
        members = Membership.objects.filter(
            ecosystem__keyword__slug=wanted.ecosystem, status=Membership.Status.ACCEPTED
        )
        groups = groups.filter(pk__in=members.values("group"))
    if wanted.helper or not wanted.ecosystem:
        who = wanted.helper or viewer.person.pk
        followed = Follow.objects.filter(person=who, ended_at=None)
        groups = groups.filter(pk__in=followed.values("group"))
    if wanted.country:
        groups = groups.filter(country=wanted.country)
    return groups


def numbers_of(groups):
    """Return ``{indicator: {status: how many of groups}}``."""
    numbers = {indicator: dict.fromkeys(Status.values, 0) for indicator in Indicator.values}
    rows = Rhythm.objects.filter(group__in=groups).values_list("indicator", "status")
    for indicator, status, count in rows.annotate(count=Count("pk")):
        numbers[indicator][status] = count
    return numbers


def rows_of(groups, viewer, wanted, now):
    """Return one page of rows, and whether another follows. Two queries."""
    if wanted.status:
        groups = groups.filter(
            Exists(Rhythm.objects.filter(group=OuterRef("pk"), status=wanted.status))
        )
    first = (wanted.page - 1) * PAGE
    found = list(ordered(groups, viewer, wanted)[first : first + PAGE + 1])
    rows = table_of(found[:PAGE], now)
    return rows, len(found) > PAGE and wanted.page < LAST_PAGE


def ordered(groups, viewer, wanted):
    rhythms = Rhythm.objects.filter(group=OuterRef("pk")).order_by().values("group")
    follows = Follow.objects.filter(group=OuterRef("pk"), person=viewer.person, ended_at=None)
    groups = groups.annotate(is_followed=Exists(follows))
    if wanted.sort == "need":
        whens = [When(status=status, then=Value(need * need)) for status, need in NEED.items()]
        need = Case(*whens, default=Value(0), output_field=IntegerField())
        most = rhythms.annotate(need=Max(need)).values("need")
        groups = groups.annotate(need=Coalesce(Subquery(most), Value(0)))
        return groups.order_by("-need", "name_key", "pk")
    if wanted.sort == "quiet":
        newest = rhythms.annotate(newest=Max("last_on")).values("newest")
        groups = groups.annotate(newest=Subquery(newest))
        return groups.order_by(F("newest").asc(nulls_first=True), "name_key", "pk")
    return groups.order_by("name_key", "pk")


def table_of(groups, now):
    """Return a `Row` for each of ``groups``. One query."""
    rows = {group.pk: Row(group, group.is_followed) for group in groups}
    found = {}
    for rhythm in Rhythm.objects.filter(group__in=list(rows)):
        found[rhythm.group_id, rhythm.indicator] = rhythm
    for pk, row in rows.items():
        today = today_in(row.group.time_zone, now)
        for indicator in Indicator.values:
            rhythm = found.get((pk, indicator)) or Rhythm(
                group=row.group, indicator=indicator, unknown_reason="no_source"
            )
            row.cells.append(Cell(rhythm, short_sentence(rhythm, today)))
    return list(rows.values())
