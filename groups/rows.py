"""The questions every listing asks, in SQL.

Each is one range of one index. Building them with the ORM costs several times what the database
takes to answer, and a listing asks them all; everything rarer is asked in the ORM's words.
"""

import json
import math
from typing import NamedTuple

from django.db import connection

from .public import CARD_FIELDS

# `pk` is the column `id`; the rest bear the names of their fields.
CARD_COLUMNS = ", ".join(f"g.{'id' if name == 'pk' else name}" for name in CARD_FIELDS)
FACETS = ("kind", "activity", "country")
ORDERS = {
    "name": "{t}.name_key",
    "new": "{t}.created_at DESC",
    "confirmed": "{t}.confirmed_at DESC NULLS LAST",
    "members": "{t}.member_count DESC NULLS LAST",
}


class KeywordRow(NamedTuple):
    """A keyword, as far as a listing needs it."""

    pk: int
    name: str
    slug: str
    # How many groups carry it; more than any, where nobody asked.
    listed_count: float = math.inf


class EcosystemRow(NamedTuple):
    """What an ecosystem's page shows of its record."""

    pk: int
    name: str
    tagline: str
    description: str
    accent: str
    banner: str
    charter_version: int


class Version(NamedTuple):
    """What a page is about, and the version of what it shows."""

    scope: int
    # The slug or short name of today; "" for the whole directory.
    name: str
    token: str
    # That of the whole directory, for what depends on more than its own scope.
    everywhere: str
    # Of an ecosystem: its name, its colour, and the sites that may show its widget.
    title: str = ""
    accent: str = ""
    allowed_origins: tuple[str, ...] = ()


VERSIONS = (
    " LEFT JOIN groups_pageversion v ON v.scope = {scope}"
    " LEFT JOIN groups_pageversion a ON a.scope = 0"
)


def directory_version():
    """Return the `Version` of the whole directory."""
    found = _fetch("SELECT token FROM groups_pageversion WHERE scope = 0", [])
    token = found[0][0] if found else ""
    return Version(0, "", token, token)


def keyword_version(slug):
    """Return the `Version` of the listing of a keyword, None if there is none of this slug."""
    found = _fetch(
        "SELECT k.id, k.slug, v.token, a.token, COALESCE(e.name, k.name), e.accent,"
        " e.allowed_origins FROM groups_keyword k"
        f" LEFT JOIN groups_ecosystem e ON e.keyword_id = k.id{VERSIONS.format(scope='k.id')}"
        " WHERE k.slug = %s",
        [slug],
    )
    for pk, name, token, everywhere, title, accent, origins in found:
        allowed = tuple(json.loads(origins)) if origins else ()
        return Version(pk, name, token or "", everywhere or "", title, accent or "", allowed)
    return None


def group_version(short_name):
    """Return the `Version` of a published group, None if there is none of this short name."""
    found = _fetch(
        f"SELECT -g.id, v.token, a.token FROM groups_group g{VERSIONS.format(scope='-g.id')}"
        " WHERE g.short_name = %s AND g.shelf > 0",
        [short_name],
    )
    for scope, token, everywhere in found:
        return Version(scope, short_name, token or "", everywhere or "")
    return None


def ecosystem_page(slug):
    """Return (Version, KeywordRow, EcosystemRow or None, card of the core group or None), or None.

    The core group comes only if it is published.
    """
    found = _fetch(
        "SELECT k.id, k.name, k.slug, e.id, e.name, e.tagline, e.description, e.accent, e.banner,"
        f" e.charter_version, v.token, a.token, {CARD_COLUMNS} FROM groups_keyword k"
        " LEFT JOIN groups_ecosystem e ON e.keyword_id = k.id"
        " LEFT JOIN groups_group g ON g.id = e.core_group_id AND g.shelf > 0"
        f"{VERSIONS.format(scope='k.id')} WHERE k.slug = %s",
        [slug],
    )
    if not found:
        return None
    row = found[0]
    record = EcosystemRow(*row[3:10]) if row[3] is not None else None
    core = _with_cards([row[12:]])[0] if row[12] is not None else None
    version = Version(row[0], row[2], row[10] or "", row[11] or "")
    return version, KeywordRow(*row[:3]), record, core


def keywords_by_slug(slugs):
    """Return ``{slug: KeywordRow}`` of the keywords that have a page, by slug, today's or former.

    As `Keyword.objects.shown()`: a published group carries them, or they have a record.
    """
    columns = "k.id, k.name, k.slug, COALESCE(t.n, 0)"
    one = (
        " LEFT JOIN groups_keywordtally t"
        " ON t.scope = 0 AND t.filter = '' AND t.keyword_id = k.id"
        f" WHERE {{slug}} IN {_marks(slugs)}"
        " AND (EXISTS (SELECT 1 FROM groups_tagging g WHERE g.tag_id = k.id AND g.shelf > 0)"
        " OR EXISTS (SELECT 1 FROM groups_ecosystem e WHERE e.keyword_id = k.id))"
    )
    found = _fetch(
        f"SELECT f.slug, {columns} FROM groups_formerkeywordslug f"
        f" JOIN groups_keyword k ON k.id = f.keyword_id{one.format(slug='f.slug')}"
        f" UNION ALL SELECT k.slug, {columns} FROM groups_keyword k{one.format(slug='k.slug')}",
        [*slugs, *slugs],
    )
    return {asked: KeywordRow(*keyword) for asked, *keyword in found}


def frequent_keywords(groups, limit):
    """Return (name, slug, how many) of the keywords these groups carry most.

    ``groups`` is a list of identifiers or a query set of them, of a few hundred at most.
    """
    if isinstance(groups, list):
        inner, values = ", ".join(["%s"] * len(groups)) or "NULL", groups
    else:
        inner, values = groups.query.sql_with_params()
    # The sum keeps SQLite from walking an index of keywords instead: that is, through all groups.
    return _fetch(
        "SELECT k.name, k.slug, c.n FROM (SELECT t.tag_id + 0 AS tag_id, COUNT(*) AS n"
        f" FROM groups_tagging t WHERE t.content_object_id IN ({inner}) AND t.shelf > 0"
        " GROUP BY t.tag_id + 0 ORDER BY n DESC, 1 LIMIT %s) c"
        " JOIN groups_keyword k ON k.id = c.tag_id ORDER BY c.n DESC, c.tag_id",
        [*values, limit],
    )


def charter(ecosystem_id, version):
    """Return the lines of one version of a charter, in order."""
    lines = _fetch(
        "SELECT text FROM groups_charterrule WHERE ecosystem_id = %s AND version = %s"
        " ORDER BY position",
        [ecosystem_id, version],
    )
    return tuple(line for (line,) in lines)


def cube(scope):
    """Return (kind, activity, country, groups, members) of a keyword, or of all for 0."""
    return _fetch(
        "SELECT kind, activity, country, n, members FROM groups_facettally"
        " WHERE scope = %s AND n > 0",
        [scope],
    )


def top_keywords(scope, asked, limit):
    """Return (name, slug, groups) of the keywords most groups carry.

    ``asked`` holds the values of one facet (`kind:thematic`), or "" for all.
    """
    return _fetch(
        "SELECT k.name, k.slug, SUM(t.n) AS total FROM groups_keywordtally t"
        " JOIN groups_keyword k ON k.id = t.keyword_id"
        f" WHERE t.scope = %s AND t.filter IN {_marks(asked)} AND t.n > 0"
        " GROUP BY t.keyword_id, k.name, k.slug ORDER BY total DESC, t.keyword_id LIMIT %s"
        if len(asked) > 1
        else "SELECT k.name, k.slug, t.n FROM groups_keywordtally t"
        " JOIN groups_keyword k ON k.id = t.keyword_id"
        f" WHERE t.scope = %s AND t.filter IN {_marks(asked)} AND t.n > 0"
        " ORDER BY t.n DESC, t.keyword_id LIMIT %s",
        [scope, *asked, limit],
    )


def cards(keyword_id, shelves, facets, sort, start, length):
    """Return the values of CARD_FIELDS of one page of a listing.

    ``keyword_id`` is 0 for the whole directory; ``facets`` holds {name: values}.
    """
    # The through table carries copies of what a listing sorts and filters by.
    table, key = ("t", "t.content_object_id") if keyword_id else ("g", "g.id")
    source = "groups_group g"
    if keyword_id:
        source = "groups_tagging t JOIN groups_group g ON g.id = t.content_object_id"
    conditions = [f"{table}.shelf IN {_marks(shelves)}"]
    values = [*shelves]
    if keyword_id:
        conditions.insert(0, "t.tag_id = %s")
        values.insert(0, keyword_id)
    for name in FACETS:
        if name in facets:
            conditions.append(f"{table}.{name} IN {_marks(facets[name])}")
            values += facets[name]
    order = ORDERS[sort].format(t=table)
    return _with_cards(
        _fetch(
            f"SELECT {CARD_COLUMNS} FROM {source} WHERE {' AND '.join(conditions)}"
            f" ORDER BY {order}, {key} LIMIT %s OFFSET %s",
            [*values, length, start],
        )
    )


def card(group_id):
    """Return the values of CARD_FIELDS of one published group, None if there is none."""
    found = _with_cards(
        _fetch(
            f"SELECT {CARD_COLUMNS} FROM groups_group g WHERE g.id = %s AND g.shelf > 0",
            [group_id],
        )
    )
    return found[0] if found else None


def cloths(keyword_ids, bands):
    """Return ``{keyword id: short names}`` of the first groups of each, whose bands are sewn."""
    one = (
        "SELECT * FROM (SELECT t.tag_id, g.short_name FROM groups_tagging t"
        " JOIN groups_group g ON g.id = t.content_object_id"
        " WHERE t.tag_id = %s AND t.shelf = 1"
        " ORDER BY t.name_key, t.content_object_id LIMIT %s) s"
    )
    found = {keyword_id: [] for keyword_id in keyword_ids}
    if found:
        values = [value for keyword_id in keyword_ids for value in (keyword_id, bands)]
        for keyword_id, name in _fetch(" UNION ALL ".join([one] * len(found)), values):
            found[keyword_id].append(name)
    return found


def cells(scope, asked, level, first, last):
    """Return (cell, groups, sums of latitudes, of longitudes, of ids) of a range of cells."""
    return _fetch(
        "SELECT cell, n, latitudes, longitudes, ids FROM groups_celltally"
        " WHERE scope = %s AND filter = %s AND level = %s AND cell BETWEEN %s AND %s AND n > 0",
        [scope, asked, level, first, last],
    )


def markers(ids):
    """Return (short name, name, tagline, latitude, longitude, is approximate) of groups."""
    return _fetch(
        "SELECT short_name, name, tagline, latitude, longitude, position_is_approximate"
        f" FROM groups_group WHERE id IN {_marks(ids)} AND shelf > 0",
        ids,
    )


def _with_cards(rows):
    """Return rows whose last value, the card, is read from its text."""
    return [(*row[:-1], json.loads(row[-1])) for row in rows]


def _fetch(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _marks(values):
    return f"({', '.join(['%s'] * len(values))})"
