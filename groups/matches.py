"""Which groups answer a listing's filters, how many there are, and what narrows them further.

Without a search the numbers come from the counts kept on write and the groups from one index
range. A search reads at most its first 1,000 matches and counts them here. What is neither (two
keywords, an area, several facets at once) is counted by the database.
"""

import math
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef

from . import rows, search
from .filters import ACTIVITIES, KINDS, LAST_PAGE, around_the_world
from .models import Group, Tagging
from .public import CARD_FIELDS

PAGE_SIZE = 24
KEYWORDS_SHOWN = 12
# How many groups are looked at to count their keywords, where no count was kept.
COUNTED_AT_MOST = 200
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
    most frequent as (name, slug, how many; None if that would take too long to count), ``rows`` the
    values of CARD_FIELDS of one page. With ``more``, only the first `search.LIMIT` were counted.
    """

    cube: list[tuple[str, str, str, int]]
    keywords: list[tuple[str, str, int | None]]
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
    in_kinds = set(filters.kind or KINDS)
    in_activities = _activities(filters)
    for kind, activity, country, n in cube:
        is_in_country = not filters.country or country in filters.country
        if kind in in_kinds:
            if is_in_country:
                activities[activity] += n
            if activity in in_activities:
                countries[country] += n
        if is_in_country and activity in in_activities:
            kinds[kind] += n
    return kinds, activities, countries


def total_of(cube, filters):
    """Return how many groups of the cube answer the facets in use."""
    kinds, activities = set(filters.kind or KINDS), _activities(filters)
    countries = filters.country
    return sum(
        n
        for kind, activity, country, n in cube
        if activity in activities and kind in kinds and (not countries or country in countries)
    )


def _activities(filters):
    """Return the activities a listing shows: archived groups only when asked for."""
    return set(filters.activity) if filters.activity else set(ACTIVITIES) - {"archived"}


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
        keywords = rows.top_keywords(scope, _asked(facets), KEYWORDS_SHOWN + 1)
    else:
        ids = groups_for(filters, [keyword] if keyword else []).order_by().values("pk")
        keywords = _frequent_keywords(ids, total, scope, facets)
    start = (page - 1) * PAGE_SIZE
    shown = rows.cards(scope, filters.shelves, facets, filters.sort or "name", start, PAGE_SIZE)
    return Matches(cube, keywords, total, shown, page)


def _asked(facets):
    """Return the values of the first facet in use as the kept counts name them, or ""."""
    return [f"{name}:{value}" for name, values in list(facets.items())[:1] for value in values] or [
        ""
    ]


# ── Counted by the database ─────────────────────────────────────────────────────────────────────


def _computed(filters, keywords):
    """Return the matches under several keywords, in an area, or near a place."""
    is_of_area = filters.bbox or filters.near
    if is_of_area:
        found, prefix, key = _before_facets(filters, keywords), "", "pk"
    else:
        found, prefix, key = _carrying(keywords), "content_object__", "content_object"
    cube = found.filter(shelf__gt=0).order_by().values_list("kind", "activity", "country")
    cube = list(cube.annotate(n=Count("pk")))
    total = total_of(cube, filters)
    page = min(filters.page, last_page(total))
    narrowed = {f"{name}__in": values for name, values in filters.facets.items()}
    found = found.filter(shelf__in=filters.shelves, **narrowed)
    if filters.near and not filters.sort:
        ordered = _nearest(found, filters.near, page)
    else:
        *order, _pk = ORDERS[filters.sort or "name"]
        ordered = found.order_by(*order, key)
    shown = ordered.values_list(*[prefix + name for name in CARD_FIELDS])[_slice(page)]
    scope = keywords[0].pk if keywords else 0
    frequent = _frequent_keywords(found.order_by().values(key), total, scope, filters.facets)
    return Matches(cube, frequent, total, list(shown), page)


def _carrying(keywords):
    """Return the taggings of the rarest of ``keywords`` whose groups carry all the others."""
    rarest, *others = sorted(keywords, key=lambda each: getattr(each, "listed_count", math.inf))
    taggings = Tagging.objects.filter(tag=rarest.pk)
    for other in others:
        also = Tagging.objects.filter(
            content_object=OuterRef("content_object"), tag=other.pk, shelf__gt=0
        )
        taggings = taggings.filter(Exists(also))
    return taggings


def _frequent_keywords(group_ids, total, scope, facets):
    """Return (name, slug, how many) of the keywords these groups carry most.

    Where there are many groups, the words come from the kept counts of the nearest listing, and how
    many is left open: unknown is not a number.
    """
    if total > COUNTED_AT_MOST:
        top = rows.top_keywords(scope, _asked(facets), KEYWORDS_SHOWN + 1)
        return [(name, slug, None) for name, slug, _n in top]
    return rows.frequent_keywords(group_ids, KEYWORDS_SHOWN + 1)


def _nearest(groups, near, page):
    """Order groups by distance, looking no farther than it takes to fill the page."""
    squeeze = squeeze_at(near)
    wanted = page * PAGE_SIZE
    for radius in RADII:
        # A box holds a circle; whoever is nearest lies in that circle once the box inside the
        # circle holds a page.
        inner = groups.within(*box_around(near, radius / math.sqrt(2), squeeze))
        if radius == RADII[-1] or inner.order_by()[:wanted].count() >= wanted:
            break
    around = groups.within(*box_around(near, radius, squeeze))
    return around.by_distance(*near, squeeze)


def squeeze_at(near):
    """Return how short a degree is at a place, eastwards."""
    return max(math.cos(math.radians(near[0])), 0.05)


def _distance(latitude, longitude, near):
    apart = abs(longitude - near[1])
    return math.hypot(latitude - near[0], min(apart, 360 - apart) * squeeze_at(near))


def box_around(near, radius, squeeze):
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
    counts = Counter([match.facet for match in found.matches.values()])
    cube = [(*search.values_of(facet), n) for facet, n in counts.items()]
    if found.more and filters.facets:
        # The first matches were counted; the page shows the first that answer the filters too.
        found = search.find(words, among=groups_for(filters, keywords), shelves=shelves)
    kept = _under_facets(found.matches.values(), filters.facets)
    total = len(kept)
    page = min(filters.page, last_page(total))
    scope = keywords[0].pk if keywords else 0
    return Matches(
        cube,
        _frequent_keywords([m.pk for m in kept], total, scope, filters.facets),
        total,
        _page_of(kept, filters, _slice(page)),
        page,
        found.more,
    )


def _under_facets(matches, facets):
    """Keep the matches that answer the facets in use."""
    if not facets:
        return list(matches)
    names = ("kind", "activity", "country")
    answers = {
        facet: all(
            value in facets.get(name, (value,))
            for name, value in zip(names, search.values_of(facet), strict=True)
        )
        for facet in {match.facet for match in matches}
    }
    return [match for match in matches if answers[match.facet]]


def _page_of(matches, filters, page):
    """Return one page of ``matches`` in the order asked for, as values of CARD_FIELDS."""
    if filters.sort in ("new", "confirmed", "members"):
        name = {"new": "created_at", "confirmed": "confirmed_at", "members": "member_count"}
        values = _values_of(matches, name[filters.sort])
        # Absent dates and counts come last.
        ordered = sorted(values, key=lambda pk: (values[pk] is None, _reversed(values[pk]), pk))
    elif filters.near and not filters.sort:
        places = _values_of(matches, "latitude", "longitude")
        ordered = sorted(places, key=lambda pk: (_distance(*places[pk], filters.near), pk))
    else:
        return _page_by_name(matches, page, is_ranked=filters.sort != "name")
    ids = ordered[page]
    by_pk = {row[0]: row for row in Group.objects.filter(pk__in=ids).values_list(*CARD_FIELDS)}
    return [by_pk[pk] for pk in ids if pk in by_pk]


def _page_by_name(matches, page, *, is_ranked):
    """Return one page of matches by tier (if ranked), then name.

    Only groups whose names begin like those on the page are read.
    """
    # A match sorts by itself: tier, beginning of the name, group.
    ordered = sorted(matches if is_ranked else [match._replace(tier=0) for match in matches])
    shown = ordered[page]
    if not shown:
        return []
    first, last = shown[0], shown[-1]
    start = bisect_left(ordered, (first.tier, first.name_rank))
    end = bisect_left(ordered, (last.tier, last.name_rank + 1))
    tiers = {match.pk: match.tier for match in ordered[start:end]}
    found = Group.objects.filter(pk__in=tiers).values_list("name_key", *CARD_FIELDS)
    alike = sorted(found, key=lambda row: (tiers[row[1]], row[0], row[1]))
    return [row[1:] for row in alike[page.start - start : page.stop - start]]


def _values_of(matches, *names):
    """Return ``{id: value}`` of matches, a tuple of values for several names."""
    found = Group.objects.filter(pk__in=[m.pk for m in matches]).values_list("pk", *names)
    return {pk: values if len(names) > 1 else values[0] for pk, *values in found}


def _reversed(value):
    if value is None:
        return 0
    return -(value if isinstance(value, int) else value.timestamp())


def _slice(page):
    return slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
