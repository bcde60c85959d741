"""Groups that are perhaps the same: one site, or nearly one name in one place.

Only published groups are ever suspected: of the others nobody learns anything.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import connection

from .models import Group
from .public import CARD_FIELDS, PublicCard, public_cards
from .search import HIGHEST, NAME
from .text import fold, search_words, site_key

SHOWN = 5
# Two words that have so much in common are one, for a hurried writer.
ALIKE_FROM = 0.8
NEARBY = 0.6  # degrees: some sixty kilometres
# Articles and the like make no two names alike.
SHORTEST_WORD = 4
MOST_WORDS = 6
# Of the groups whose names share a word, so many are read at all, and so many looked at.
READ = 20_000
LOOKED_AT = 60
# Ranges a statement may look into: SQLite joins 500 selects at most.
MOST_AT_ONCE = 400


@dataclass(frozen=True)
class Duplicate:
    """A published group that may be the one somebody is about to register."""

    card: PublicCard
    is_same_site: bool


@dataclass(frozen=True)
class _Sketch:
    """What two groups are compared by."""

    pk: int | None
    name: str
    site: str
    country: str
    latitude: float | None
    longitude: float | None


def duplicates_of(entry):
    """Return the `Duplicate`s of the entry of a new group, the surest first. Three queries."""
    sketch = _Sketch(
        None,
        fold(entry["name"]),
        site_key(entry["services"].get("home", "")),
        entry["country"],
        entry["latitude"],
        entry["longitude"],
    )
    found = _suspects([sketch])[None]
    rows = Group.objects.published().filter(pk__in=found).values_list(*CARD_FIELDS)
    cards = {row[0]: card for row, card in zip(rows, public_cards(rows), strict=True)}
    return [Duplicate(cards[pk], is_same) for pk, is_same in found.items() if pk in cards]


def suspected(groups):
    """Return ``{pk: [published groups that may be the same]}`` of these groups. Three queries."""
    sketches = [
        _Sketch(g.pk, fold(g.name), g.site_key, g.country, g.latitude, g.longitude) for g in groups
    ]
    found = _suspects(sketches)
    known = Group.objects.published().in_bulk({pk for each in found.values() for pk in each})
    return {sketch.pk: [known[pk] for pk in found[sketch.pk] if pk in known] for sketch in sketches}


def _suspects(sketches):
    """Return ``{pk: {pk of a suspect: whether it has the same site}}``, the surest first."""
    sharing = _sharing_words(sketches)
    sites = {sketch.site for sketch in sketches if sketch.site}
    read = {pk for pks in sharing.values() for pk in pks}
    fields = ("pk", "name", "site_key", "country", "latitude", "longitude")
    published = Group.objects.published()
    rows = published.filter(pk__in=read).union(published.filter(site_key__in=sites))
    others = {row[0]: _Sketch(row[0], fold(row[1]), *row[2:]) for row in rows.values_list(*fields)}
    at_site = defaultdict(list)
    for other in others.values():
        at_site[other.site].append(other.pk)
    found = {}
    for sketch in sketches:
        same_site = dict.fromkeys(at_site[sketch.site] if sketch.site else (), True)
        alike = [
            pk
            for pk in sharing[sketch.pk]
            if pk in others and pk not in same_site and _may_be_same(sketch, others[pk])
        ]
        alike = dict.fromkeys(sorted(alike, key=lambda pk: -_likeness(sketch, others[pk])), False)
        suspects = {pk: same for pk, same in (same_site | alike).items() if pk != sketch.pk}
        found[sketch.pk] = dict(list(suspects.items())[:SHOWN])
    return found


def _sharing_words(sketches):
    """Return ``{pk: [pk of the groups whose names share most words with it]}``. One query."""
    ranges = {sketch.pk: _ranges(sketch.name) for sketch in sketches}
    carriers = _carriers(sorted({each for own in ranges.values() for each in own}))
    sharing = {}
    for key, own in ranges.items():
        shared = Counter(pk for each in own for pk in carriers[each])
        sharing[key] = [pk for pk, _n in shared.most_common(LOOKED_AT)]
    return sharing


def _carriers(ranges):
    """Return ``{range: [pk of groups with such a word in their name]}``. One query, or a few."""
    one_range = (
        "SELECT * FROM (SELECT %s AS number, group_id FROM groups_searchword"
        " WHERE shelf IN (1, 2) AND tier = %s AND word >= %s AND word < %s LIMIT %s) r"
    )
    carriers = defaultdict(list)
    for start in range(0, len(ranges), MOST_AT_ONCE):
        asked = ranges[start : start + MOST_AT_ONCE]
        limit = max(LOOKED_AT, READ // len(asked))
        values = [
            value
            for number, (first, end) in enumerate(asked)
            for value in (number, NAME, first, end, limit)
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ".join([one_range] * len(asked)), values)
            for number, pk in cursor.fetchall():
                carriers[asked[number]].append(pk)
    return carriers


def _ranges(name):
    """Return the ranges of words that are like the longest ones of a name: (first, end) pairs.

    Each word itself, and all that begin like it: an s or an e at the end is nothing.
    """
    words = sorted(_telling(name) or search_words(name), key=len, reverse=True)[:MOST_WORDS]
    stems = [word[: max(SHORTEST_WORD, len(word) - 2)] for word in words]
    # No word has a space in it: nothing but the word itself lies before the word and a space.
    return {(word, f"{word} ") for word in words} | {(stem, stem + HIGHEST) for stem in stems}


def _telling(name):
    """Return the words by which a name is told from others: the longer ones, and numbers."""
    words = search_words(name)
    return {word for word in words if len(word) >= SHORTEST_WORD or word.isdigit()}


def _may_be_same(one, other):
    return _are_near(one, other) and _are_alike(one.name, other.name)


def _likeness(one, other):
    return SequenceMatcher(None, one.name, other.name).ratio()


def _are_alike(one, other):
    """Say whether two folded names differ in letters only, or in one word of three or more."""
    fewer, more = sorted((_telling(one), _telling(other)), key=len)
    if not fewer:
        return SequenceMatcher(None, one, other).ratio() >= ALIKE_FROM
    if len(more) - len(fewer) > (len(fewer) > 1):
        return False
    return all(
        word in more or any(SequenceMatcher(None, word, w).ratio() >= ALIKE_FROM for w in more)
        for word in fewer
    )


def _are_near(one, other):
    """Say whether two groups may be in one place, as far as they tell."""
    if one.latitude is not None and other.latitude is not None:
        north = abs(one.latitude - other.latitude)
        east = abs(one.longitude - other.longitude)
        if max(north, min(east, 360 - east)) <= NEARBY:
            return True
        if not (one.country and other.country):
            return False
    return not (one.country and other.country) or one.country == other.country
