"""Which groups answer a listing's filters, how many there are, and what narrows them further.

Without a search the numbers come from the counts kept on write and the groups from one index
range. A search reads at most its first 1,000 matches and counts them here. What is neither (two
keywords, an area, several facets at once) is counted by the database.
"""

import math
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F

from . import rows, search
from .filters import LAST_PAGE, around_the_world
from .models import Group, Keyword, Tagging
from .public import CARD_FIELDS

PAGE_SIZE = 24
KEYWORDS_SHOWN = 12
# How far around a place to look, in degrees, until a page is full.
RADII = (0.5, 2, 8, 32, 180)

ORDERS = {
    "name": (F("name_key"), F("pk")),
    "new": (F("created_at").desc(), F("pk")),
    "confirmed": (F("confirmed_at").desc(nulls_last=True), F("pk")),
    "members": (F("member_count").desc(nulls_last=True), F("pk")),
}


@dataclass(frozen=True)
class Matches:
    """The groups that answer the filters, before they are shown.

    ``cube`` holds (kind, activity, country, how many) before these three narrow, ``keywords`` the
    most frequent as (name, slug, how many), ``rows`` the values of CARD_FIELDS of one page. With
    ``more``, only the first `search.LIMIT` matches were counted.
    """

    cube: list[tuple[str, str, str, int]]
    keywords: list[tuple[str, str, int]]
    total: int
    rows: list[tuple]
    page: int
    more: bool = False


def matches_for(filters, keywords, cube=None):
    """Return the `Matches` of ``filters`` among the groups that carry all ``keywords``.

    ``cube`` is the kept one of the first keyword, if the caller has read it already.
    """
    words = search.query_words(filters.q)
    if words:
        return _searched(filters, keywords, words)
    if len(keywords) <= 1 and not filters.bbox and not filters.near:
        return _kept(filters, keywords[0] if keywords else None, cube)
    return _computed(filters, keywords)


def kept_cube(keyword=None):
    """Return (kind, activity, country, groups, members) of the directory or of one keyword."""
    return rows.cube(keyword.pk if keyword else 0)


def groups_for(filters, keywords):
    """Return the query set of the groups that answer all filters but the search.

    Archived groups are among them only when asked for.
    """
    narrowed = {f"{name}__in": values for name, values in filters.facets.items()}
    return _before_facets(filters, keywords).filter(shelf__in=filters.shelves, **narrowed)


def last_page(total):
    return min(max(math.ceil(total / PAGE_SIZE), 1), LAST_PAGE)


def marginals(cube, filters):
    """Return the counts {value: n} of kinds, activities and countries.

    Each facet is counted under the others' filters, not its own, since its values are alternatives.
    """
    kinds, activities, countries = Counter(), Counter(), Counter()
    for kind, activity, country, n in cube:
        in_kind = not filters.kind or kind in filters.kind
        in_country = not filters.country or country in filters.country
        if in_kind and in_country:
            activities[activity] += n
        if not _has_activity(activity, filters):
            continue
        if in_country:
            kinds[kind] += n
        if in_kind:
            countries[country] += n
    return kinds, activities, countries


def total_of(cube, filters):
    """Return how many groups of the cube answer the facets in use."""
    return sum(
        n
        for kind, activity, country, n in cube
        if (not filters.kind or kind in filters.kind)
        and (not filters.country or country in filters.country)
        and _has_activity(activity, filters)
    )


def _has_activity(activity, filters):
    return activity in filters.activity if filters.activity else activity != "archived"


def _before_facets(filters, keywords):
    groups = Group.objects.all()
    for keyword in keywords:
        groups = groups.in_ecosystem(keyword)
    if filters.bbox:
        groups = groups.within(*filters.bbox)
    if filters.near:
        groups = groups.filter(latitude__isnull=False)
    return groups


# ── Counted on write ────────────────────────────────────────────────────────────────────────────


def _kept(filters, keyword, cube):
    """Return the matches of the whole directory, or of one keyword: three short index ranges."""
    scope = keyword.pk if keyword else 0
    cube = [row[:4] for row in (kept_cube(keyword) if cube is None else cube)]
    total = total_of(cube, filters)
    page = min(filters.page, last_page(total))
    facets = filters.facets
    if len(facets) <= 1:
        asked = [f"{name}:{value}" for name, values in facets.items() for value in values]
        keywords = rows.top_keywords(scope, asked or [""], KEYWORDS_SHOWN + 1)
    else:
        keywords = _counted_keywords(groups_for(filters, [keyword] if keyword else []))
    start = (page - 1) * PAGE_SIZE
    shown = rows.cards(scope, filters.shelves, facets, filters.sort or "name", start, PAGE_SIZE)
    return Matches(cube, keywords, total, shown, page)


# ── Counted by the database ─────────────────────────────────────────────────────────────────────


def _computed(filters, keywords):
    cube = list(
        _before_facets(filters, keywords)
        .published()
        .order_by()
        .values_list("kind", "activity", "country")
        .annotate(n=Count("pk"))
        .values_list("kind", "activity", "country", "n")
    )
    total = total_of(cube, filters)
    page = min(filters.page, last_page(total))
    groups = groups_for(filters, keywords)
    if filters.near and not filters.sort:
        ordered = _nearest(groups, filters.near, page)
    else:
        ordered = groups.order_by(*ORDERS[filters.sort or "name"])
    shown = ordered.values_list(*CARD_FIELDS)[_slice(page)]
    return Matches(cube, _counted_keywords(groups), total, list(shown), page)


def _counted_keywords(groups):
    return list(
        Tagging.objects.filter(content_object__in=groups.order_by().values("pk"), shelf__gt=0)
        .values("tag")
        .annotate(n=Count("pk"))
        .order_by("-n", "tag_id")
        .values_list("tag__name", "tag__slug", "n")[: KEYWORDS_SHOWN + 1]
    )


def _nearest(groups, near, page):
    """Order groups by distance, looking no farther than it takes to fill the page."""
    squeeze = _squeeze(near)
    wanted = page * PAGE_SIZE
    for radius in RADII:
        # A box holds a circle; whoever is nearest lies in that circle once the box inside the
        # circle holds a page.
        inner = groups.within(*_box_around(near, radius / math.sqrt(2), squeeze))
        if radius == RADII[-1] or inner.order_by()[:wanted].count() >= wanted:
            break
    around = groups.within(*_box_around(near, radius, squeeze))
    return around.by_distance(*near, squeeze)


def _squeeze(near):
    """Return how short a degree is at a place, eastwards."""
    return max(math.cos(math.radians(near[0])), 0.05)


def _distance(fact, near):
    apart = abs(fact["longitude"] - near[1])
    return math.hypot(fact["latitude"] - near[0], min(apart, 360 - apart) * _squeeze(near))


def _box_around(near, radius, squeeze):
    """Return (west, south, east, north), which may cross the date line."""
    latitude, longitude = near
    south, north = max(latitude - radius, -90), min(latitude + radius, 90)
    reach = radius / squeeze
    if reach >= 180:
        return -180, south, 180, north
    return around_the_world(longitude - reach), south, around_the_world(longitude + reach), north


# ── Searched ────────────────────────────────────────────────────────────────────────────────────


def _searched(filters, keywords, words):
    """Return the matches of a search: at most `search.LIMIT`, best tier first, then by name."""
    is_whole = not keywords and not filters.bbox and not filters.near
    shelves = (1, 2) if "archived" in filters.activity else (1,)
    found = search.find(
        words, among=None if is_whole else _before_facets(filters, keywords), shelves=shelves
    )
    facts = _facts(found)
    cube = Counter((fact["kind"], fact["activity"], fact["country"]) for fact in facts.values())
    if found.more and filters.facets:
        # The first matches were counted; the page shows the first that answer the filters too.
        found = search.find(words, among=groups_for(filters, keywords), shelves=shelves)
        facts = _facts(found)
    kept = [
        fact
        for fact in facts.values()
        if all(fact[name] in values for name, values in filters.facets.items())
    ]
    kept.sort(key=_order_of(filters, found.tiers))
    page = min(filters.page, last_page(len(kept)))
    shown = [fact["pk"] for fact in kept[_slice(page)]]
    by_pk = {row[0]: row for row in Group.objects.filter(pk__in=shown).values_list(*CARD_FIELDS)}
    return Matches(
        [(*values, n) for values, n in cube.items()],
        _keywords_of([fact["pk"] for fact in kept]),
        len(kept),
        [by_pk[pk] for pk in shown if pk in by_pk],
        page,
        found.more,
    )


FACTS = (
    "pk",
    "name_key",
    "kind",
    "activity",
    "country",
    "created_at",
    "confirmed_at",
    "member_count",
    "latitude",
    "longitude",
)


def _facts(found):
    facts = Group.objects.filter(pk__in=found.tiers).values(*FACTS)
    return {each["pk"]: each for each in facts}


def _order_of(filters, tiers):
    """Return the key that sorts found groups; absent dates and counts come last."""
    if filters.sort in ("new", "confirmed", "members"):
        name = {"new": "created_at", "confirmed": "confirmed_at", "members": "member_count"}
        field = name[filters.sort]
        return lambda fact: (fact[field] is None, _reversed(fact[field]), fact["pk"])
    if filters.sort == "name":
        return lambda fact: (fact["name_key"], fact["pk"])
    if filters.near:
        return lambda fact: (_distance(fact, filters.near), fact["pk"])
    return lambda fact: (tiers[fact["pk"]], fact["name_key"], fact["pk"])


def _reversed(value):
    if value is None:
        return 0
    return -(value if isinstance(value, int) else value.timestamp())


def _keywords_of(group_ids):
    tags = Tagging.objects.filter(content_object__in=group_ids, shelf__gt=0)
    top = Counter(tags.values_list("tag_id", flat=True)).most_common()
    top.sort(key=lambda pair: (-pair[1], pair[0]))
    counts = dict(top[: KEYWORDS_SHOWN + 1])
    names = {
        pk: (name, slug)
        for pk, name, slug in Keyword.objects.filter(pk__in=counts).values_list(
            "pk", "name", "slug"
        )
    }
    return [(*names[pk], n) for pk, n in counts.items()]


def _slice(page):
    return slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
