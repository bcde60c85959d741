"""Finding groups by their words, alike on both databases.

Every word of a published group is a row (`SearchWord`) with the best tier it occurs in. A search
walks the tiers in order and stops at `LIMIT` matches, each tier being one index range, so that a
word every group carries costs no more in a directory of 100,000 than in one of 1,000.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, Min, OuterRef

from . import countries
from .models import SearchWord
from .text import query_words, search_words

__all__ = ["LIMIT", "TIERS", "Found", "find", "query_words", "words_of"]

LIMIT = 1000
TIERS = NAME, TAGLINE, KEYWORDS, DESCRIPTION = 1, 2, 3, 4
# A group may match one prefix by several of its words, so more rows than groups are read.
ROWS_READ = 3 * LIMIT
HIGHEST = "\U0010ffff"


@dataclass
class Found:
    """The groups a search found: ``{group id: tier}``, and whether there were more than `LIMIT`."""

    tiers: dict[int, int] = field(default_factory=dict)
    more: bool = False


def words_of(group, keywords):
    """Return ``{word: tier}`` for a group's text and the names of its ``keywords``."""
    places = [group.region, *(countries.country_name(group.country, each) for each in ("fr", "en"))]
    texts = [
        (DESCRIPTION, group.description),
        (KEYWORDS, " ".join([*keywords, *places])),
        (TAGLINE, group.tagline),
        (NAME, f"{group.name} {group.short_name}"),
    ]
    return {word: tier for tier, text in texts for word in search_words(text)}


def find(words, *, among=None, shelves=(1, 2)):
    """Return the `Found` for folded ``words``; all must match, each by its start.

    ``among``, a query set of groups, narrows the search. A group's tier is that of its worst word:
    all words in the name come before some in the name and some in the tagline.
    """
    if not words:
        return Found()
    first, *others = sorted(words, key=len, reverse=True)
    found = Found()
    for pk, tier in _rows(first, others, among, shelves):
        if pk not in found.tiers:
            if len(found.tiers) == LIMIT:
                found.more = True
                break
            found.tiers[pk] = tier
    for word in others:
        _lower_to(found.tiers, word)
    return found


def _rows(word, others, among, shelves):
    """Return the first (group id, tier) that carry ``word`` and all ``others``, best tier first."""
    starting = SearchWord.objects.filter(shelf__in=shelves, word__gte=word, word__lt=word + HIGHEST)
    for other in others:
        starting = starting.filter(
            Exists(
                SearchWord.objects.filter(
                    group=OuterRef("group_id"), word__gte=other, word__lt=other + HIGHEST
                )
            )
        )
    if among is not None:
        few = list(among.order_by().values_list("pk", flat=True)[: LIMIT + 1])
        if len(few) <= LIMIT:
            # Looking at each of a few groups beats walking through a word many others carry.
            matches = starting.filter(group__in=few).values_list("group_id", "tier")
            return sorted(matches, key=lambda row: row[1])
        starting = starting.filter(Exists(among.order_by().filter(pk=OuterRef("group_id"))))
    rows = []
    for tier in TIERS:
        in_tier = starting.filter(tier=tier).values_list("group_id", "tier")
        rows += in_tier[: ROWS_READ - len(rows)]
        if len(rows) >= ROWS_READ:
            break
    if len(rows) >= ROWS_READ and len({pk for pk, _tier in rows}) <= LIMIT:
        # A few groups match by many of their words each. Gathering them costs more, and is rare.
        best = starting.values_list("group_id").annotate(best=Min("tier")).order_by("best")
        return list(best[: LIMIT + 1])
    return rows


def _lower_to(tiers, word):
    """Lower each group of ``tiers`` to the best tier in which it carries ``word``."""
    best = {}
    rows = SearchWord.objects.filter(
        group__in=list(tiers), word__gte=word, word__lt=word + HIGHEST
    ).values_list("group_id", "tier")
    for pk, tier in rows:
        best[pk] = min(tier, best.get(pk, tier))
    for pk, tier in best.items():
        tiers[pk] = max(tiers[pk], tier)
