"""Finding groups by their words, alike on both databases.

Every word of a published group is a row (`SearchWord`) with the best tier it occurs in. A search
walks the tiers in order and stops at `LIMIT` matches, each tier being one index range, so that a
word every group carries costs no more in a directory of 100,000 than in one of 1,000. What is
counted and sorted by lies in the same index, as two numbers.
"""

from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from django.db import connection

from . import countries
from .filters import ACTIVITIES, KINDS
from .text import query_words, search_words

__all__ = ["LIMIT", "TIERS", "Found", "Match", "find", "query_words", "rows_of"]

LIMIT = 1000
TIERS = NAME, TAGLINE, KEYWORDS, DESCRIPTION = 1, 2, 3, 4
HIGHEST = "\U0010ffff"
COLUMNS = ("group_id", "word", "tier", "shelf", "facet", "name_rank")
RANKED_BYTES = 7  # of a folded name: as many as a number of the database holds


class Match(NamedTuple):
    """A group a search found. Matches sort as they are listed, but for names that begin alike."""

    tier: int
    name_rank: int
    pk: int
    facet: int


@dataclass
class Found:
    """The matches of a search, by group, and whether there were more than `LIMIT`."""

    matches: dict[int, Match] = field(default_factory=dict)
    more: bool = False


def rows_of(group, keywords):
    """Return the rows (values of COLUMNS) of a published group with the names of its keywords."""
    places = [group.region, *(countries.country_name(group.country, each) for each in ("fr", "en"))]
    texts = [
        (DESCRIPTION, group.description),
        (KEYWORDS, " ".join([*keywords, *places])),
        (TAGLINE, group.tagline),
        (NAME, f"{group.name} {group.short_name}"),
    ]
    tiers = {word: tier for tier, text in texts for word in search_words(text)}
    facet = facet_of(group.kind, group.activity, group.country)
    rank = name_rank(group.name_key)
    return [(group.pk, word, tier, group.shelf, facet, rank) for word, tier in tiers.items()]


def facet_of(kind, activity, country):
    """Return one number for a kind, an activity and a country ("" for none)."""
    place = (ord(country[0]) - 64) * 32 + ord(country[1]) - 64 if country else 0
    return (KINDS.index(kind) * len(ACTIVITIES) + ACTIVITIES.index(activity)) * 1024 + place


def values_of(facet):
    """Return the (kind, activity, country) that `facet_of` made a number of."""
    rest, place = divmod(facet, 1024)
    kind, activity = divmod(rest, len(ACTIVITIES))
    country = chr(place // 32 + 64) + chr(place % 32 + 64) if place else ""
    return KINDS[kind], ACTIVITIES[activity], country


def name_rank(name_key):
    """Return a number that sorts as the beginning of a folded name does."""
    return int.from_bytes(name_key.encode()[:RANKED_BYTES].ljust(RANKED_BYTES, b"\0"))


def find(words, *, among=None, shelves=(1, 2)):
    """Return the `Found` for folded ``words``; all must match, each by its start.

    ``among``, a query set of groups, narrows the search. A group's tier is that of its worst word:
    all words in the name come before some in the name and some in the tagline.
    """
    found = Found()
    if not words:
        return found
    first, *others = sorted(words, key=len, reverse=True)
    narrowing, values = _narrowing(others, among)
    # A group may match one beginning by several of its words: then more rows than groups are read.
    for rows in (LIMIT + LIMIT // 5, LIMIT * 20):
        read = _read(first, shelves, narrowing, values, rows)
        found.matches = {}
        for row in read:
            found.matches.setdefault(row[2], row)
        found.more = len(found.matches) > LIMIT
        if found.more or len(read) < rows:
            break
    first_of_each = islice(found.matches.values(), LIMIT)
    found.matches = {match.pk: match for match in map(Match._make, first_of_each)}
    _lower_to(found.matches, others)
    return found


def _narrowing(others, among):
    """Return the SQL and values that keep the words ``s`` of groups with all the ``others``."""
    sql, values = "", []
    for word in others:
        sql += (
            " AND EXISTS (SELECT 1 FROM groups_searchword o"
            " WHERE o.group_id = s.group_id AND o.word >= %s AND o.word < %s)"
        )
        values += [word, word + HIGHEST]
    if among is not None:
        # Looking at each of a few groups beats walking through a word many others carry.
        few = list(among.order_by().values_list("pk", flat=True)[: LIMIT + 1])
        if len(few) <= LIMIT:
            sql += f" AND s.group_id IN ({', '.join(['%s'] * len(few)) or 'NULL'})"
            values += few
        else:
            inner, inner_values = among.order_by().values("pk").query.sql_with_params()
            sql += f" AND s.group_id IN ({inner})"
            values += inner_values
    return sql, values


def _read(word, shelves, narrowing, values, limit):
    """Return up to ``limit`` rows (the fields of `Match`), tier by tier, in the index's order."""
    one_range = (
        "SELECT * FROM (SELECT s.tier, s.name_rank, s.group_id, s.facet FROM groups_searchword s"
        " WHERE s.shelf = %s AND s.tier = %s AND s.word >= %s AND s.word < %s"
        f"{narrowing} ORDER BY s.word, s.group_id LIMIT %s) r"
    )
    ranges = [(shelf, tier) for tier in TIERS for shelf in shelves]
    arms = [(shelf, tier, word, word + HIGHEST, *values, limit) for shelf, tier in ranges]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({' UNION ALL '.join([one_range] * len(arms))}) u LIMIT %s",
            [value for arm in arms for value in arm] + [limit],
        )
        return cursor.fetchall()


def _lower_to(matches, words):
    """Lower each match to the best tier of whichever of the ``words`` its group says last."""
    if not (matches and words):
        return
    one_word = (
        "SELECT group_id, MIN(tier) FROM groups_searchword"
        f" WHERE group_id IN ({', '.join(['%s'] * len(matches))}) AND word >= %s AND word < %s"
        " GROUP BY group_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([one_word] * len(words)),
            [value for word in words for value in (*matches, word, word + HIGHEST)],
        )
        for pk, tier in cursor.fetchall():
            if tier > matches[pk].tier:
                matches[pk] = matches[pk]._replace(tier=tier)
