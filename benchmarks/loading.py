"""A world into databases, fast: everything derived is made here once for all of them, set by set.

What `groups.derived` makes from the records one change at a time is made beside them, by the same
functions; a test compares the two.
"""

import gc
import json
from functools import cache
from itertools import islice

from django.db import connection, transaction

from groups.counts import Change
from groups.models import (
    CellTally,
    CharterRule,
    Ecosystem,
    FacetTally,
    Group,
    Keyword,
    KeywordTally,
    SearchWord,
    Service,
    Tagging,
)
from groups.public import public_position
from groups.search import COLUMNS as SEARCH_COLUMNS
from groups.search import rows_of as search_rows_of
from groups.text import fold, keyword_slug, site_key, sort_key

from .world import ECOSYSTEM

CHUNK = 1000
COLUMNS = {
    Keyword: "id name name_key slug",
    Group: (
        "id short_name name tagline kind activity review description country region latitude"
        " longitude position_is_approximate member_count created_at updated_at confirmed_at"
        " times_asked name_key site_key card review_reason banner time_zone changed_at has_profile"
    ),
    Service: "group_id kind url is_open",
    Tagging: (
        "tag_id content_object_id position shelf name_key kind activity country created_at"
        " confirmed_at member_count"
    ),
    SearchWord: " ".join(SEARCH_COLUMNS),
    FacetTally: "scope kind activity country n members",
    KeywordTally: "scope filter keyword_id n",
    CellTally: "scope filter level cell n latitudes longitudes ids",
}
CHARTER = (
    "The group is open to all who wish.",
    "It works to develop its members’ power to act.",
    "It shares its productions publicly.",
)


def load(world, databases):
    """Fill ``databases``, which are empty, with the first groups of ``world``, each to its size."""
    # There are millions of tuples, and no cycles among them to look for.
    gc.disable()
    try:
        _load(world, databases)
    finally:
        gc.enable()


def _load(world, databases):
    waiting = sorted(databases, key=lambda database: database.size)
    for database in waiting:
        database.open_for_loading()
        with database.in_use():
            insert(Keyword, keyword_rows(world))
    groups, change, done = world.groups(waiting[-1].size), Change(), 0
    while waiting:
        chunk = list(islice(groups, min(CHUNK, waiting[0].size - done)))
        done += len(chunk)
        rows = rows_of(chunk, world, change)
        for database in waiting:
            with database.in_use(), transaction.atomic():
                for model, of_model in rows.items():
                    insert(model, of_model)
        if done == waiting[0].size:
            counted = tally_rows(change)
            while waiting and waiting[0].size == done:
                _finish(waiting.pop(0), counted)


def _finish(database, counted):
    with database.in_use(), transaction.atomic():
        for model, rows in counted.items():
            insert(model, rows)
        add_ecosystem()
    database.settle()


def insert(model, rows):
    """Insert ``rows``, tuples of the values of its `COLUMNS`, into the table of ``model``."""
    columns = COLUMNS[model].split()
    names = ", ".join(map(connection.ops.quote_name, columns))
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            return
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def rows_of(groups, world, change):
    """Return ``{model: rows}`` of groups and what lies beside them; count them in ``change``."""
    rows = {Group: [], Service: [], Tagging: [], SearchWord: []}
    for group in groups:
        group.latitude, group.longitude = public_position(
            group.latitude, group.longitude, group.position_is_approximate
        )
        group.name_key = key = sort_key(group.name)
        names = [world.keywords[each] for each in group.keywords]
        created = moment(group.created_at)
        confirmed = moment(group.confirmed_at) if group.confirmed_at else None
        rows[Group].append(
            (
                *(group.pk, group.short_name, group.name, group.tagline, group.kind),
                *(group.activity, group.review, group.description, group.country, group.region),
                *(group.latitude, group.longitude, group.position_is_approximate),
                *(group.member_count, created, created, confirmed),
                *(0, key, site_key(group.services.get("home", ""))),
                *(json.dumps(card_of(group, names)), "", "", "", created, False),
            )
        )
        rows[Service] += [(group.pk, kind, url, False) for kind, url in group.services.items()]
        rows[Tagging] += [
            (
                *(keyword + 1, group.pk, position, group.shelf, key, group.kind, group.activity),
                *(group.country, created, confirmed, group.member_count),
            )
            for position, keyword in enumerate(group.keywords)
        ]
        if group.shelf:
            tags = [keyword + 1 for keyword in group.keywords]
            change.count(group, tags, 1)
            rows[SearchWord] += search_rows_of(group, names)
    return rows


def card_of(group, names):
    return {
        "keywords": [(name, slug(name)) for name in names],
        "visit": group.services.get("home", ""),
        "join": group.services.get("join", ""),
        "band": "",
    }


def keyword_rows(world):
    return [(pk, name, fold(name), slug(name)) for pk, name in enumerate(world.keywords, start=1)]


def tally_rows(change):
    """Return ``{model: rows}`` of the counts, in the order of their keys."""
    return {
        FacetTally: sorted((*key, *sums) for key, sums in change.facets.items()),
        KeywordTally: sorted((*key, n) for key, n in change.keywords.items()),
        CellTally: sorted((*key, *sums) for key, sums in change.cells.items()),
    }


def add_ecosystem():
    """Give the keyword of the ecosystem its record. It is open: nothing derived changes."""
    ecosystem = Ecosystem.objects.create(
        keyword=Keyword.objects.get(name=ECOSYSTEM),
        name="Bench",
        tagline="A tenth of the groups.",
        description="Groups that carry **one keyword**.\n\nThey know each other.",
        admission=Ecosystem.Admission.OPEN,
        core_group=Group.objects.listed().first(),
    )
    CharterRule.objects.bulk_create(
        CharterRule(ecosystem=ecosystem, position=position, text=text)
        for position, text in enumerate(CHARTER, start=1)
    )


slug = cache(keyword_slug)


@cache
def moment(when):
    """Return a moment (in UTC) as both databases read it."""
    return f"{when:%Y-%m-%d %H:%M:%S}"
