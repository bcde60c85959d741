"""The network of ecosystems: how large they are, what they share, and where nobody is yet.

All of it is read from the counts kept on write, in a constant number of queries.
"""

import math
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from .countries import country_name
from .counts import EVERYWHERE
from .ecosystem_pages import ecosystem_cards
from .models import FacetTally, Group, Keyword, KeywordTally
from .public import CARD_FIELDS, PublicKeyword, public_cards, public_taggings

# Larger ones than these make neither a table nor a picture that can be read.
MOST_ECOSYSTEMS = 12
MOST_THEMES = 8
MOST_TERRITORIES = 6
MOST_SUPPORT_GROUPS = 24
# The picture: its size, and the ring on which the ecosystems lie.
WIDTH, HEIGHT, RING = 640, 460, 150


@dataclass(frozen=True)
class Knot:
    """An ecosystem in the picture."""

    ecosystem: object
    x: float
    y: float
    radius: float
    label_y: float


@dataclass(frozen=True)
class Thread:
    """What two ecosystems share, in the picture."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True)
class Cell:
    """A theme in a territory: how many groups, or the way to register the first."""

    count: int
    url: str
    territory: str


def network():
    """Return the whole network, as its page shows it. Ten queries at most."""
    ecosystems = ecosystem_cards()
    drawn = ecosystems[:MOST_ECOSYSTEMS]
    slugs = [ecosystem.slug for ecosystem in drawn]
    ids = dict(Keyword.objects.filter(slug__in=slugs).values_list("pk", "slug"))
    shared = _shared(ids)
    return {
        "ecosystems": ecosystems,
        "matrix": matrix(drawn, shared),
        "pairs": pairs(drawn, shared),
        "picture": picture(drawn, shared),
        "support": support_groups([ecosystem.slug for ecosystem in ecosystems]),
        "table": themes_by_territories(),
    }


def _shared(ids):
    """Return ``{(slug, slug): how many groups}`` for both orders of each pair. One query."""
    tallies = KeywordTally.objects.filter(scope__in=ids, filter="", keyword__in=ids, n__gt=0)
    return {
        (ids[scope], ids[keyword]): n
        for scope, keyword, n in tallies.values_list("scope", "keyword", "n")
        if scope != keyword
    }


def matrix(ecosystems, shared):
    """Return (ecosystem, [how many groups with each other one, None with itself]) rows."""
    return [
        (
            row,
            [
                None if row == column else shared.get((row.slug, column.slug), 0)
                for column in ecosystems
            ],
        )
        for row in ecosystems
    ]


def pairs(ecosystems, shared):
    """Return (one, other, how many) of those that share groups, the most first."""
    found = [
        (one, other, n)
        for number, one in enumerate(ecosystems)
        for other in ecosystems[number + 1 :]
        if (n := shared.get((one.slug, other.slug), 0))
    ]
    return sorted(found, key=lambda pair: -pair[2])


def picture(ecosystems, shared):
    """Lay the ecosystems on a ring, as large as they are, with a thread where they share groups."""
    largest = max((each.group_count for each in ecosystems), default=0) or 1
    most = max(shared.values(), default=1)
    knots = {}
    for number, each in enumerate(ecosystems):
        angle = 2 * math.pi * number / len(ecosystems) - math.pi / 2
        # The area says how many groups, so that twice as many look twice as many.
        radius = round(10 + 36 * math.sqrt(each.group_count / largest), 1)
        x = round(WIDTH / 2 + 1.35 * RING * math.cos(angle), 1)
        y = round(HEIGHT / 2 - 10 + RING * math.sin(angle), 1)
        knots[each.slug] = Knot(each, x, y, radius, round(y + radius + 20, 1))
    threads = [
        Thread(
            knots[one.slug].x,
            knots[one.slug].y,
            knots[other.slug].x,
            knots[other.slug].y,
            round(2 + 14 * n / most, 1),
        )
        for one, other, n in pairs(ecosystems, shared)
    ]
    return {
        "knots": list(knots.values()),
        "threads": threads,
        "box": f"0 0 {WIDTH} {HEIGHT}",
        "width": WIDTH,
        "height": HEIGHT,
    }


def support_groups(slugs):
    """Return (card, [ecosystems]) of the support groups in two ecosystems or more. 3 queries."""
    taggings = public_taggings().filter(
        tag__slug__in=slugs, kind=Group.Kind.SUPPORT, shelf=Group.Shelf.LISTED
    )
    counted = taggings.values("content_object").annotate(n=Count("tag")).filter(n__gte=2)
    top = list(counted.order_by("-n", "content_object").values_list("content_object", flat=True))
    top = top[:MOST_SUPPORT_GROUPS]
    served = {}
    names = taggings.filter(content_object__in=top).order_by("tag__ecosystem__name")
    for pk, name, slug in names.values_list("content_object", "tag__ecosystem__name", "tag__slug"):
        url = reverse("groups:ecosystem_detail", args=[slug])
        served.setdefault(pk, []).append(PublicKeyword(name, url, slug))
    groups = Group.objects.listed().filter(pk__in=top)
    by_name = dict(groups.values_list("short_name", "pk"))
    cards = public_cards(groups.order_by("name_key").values_list(*CARD_FIELDS))
    found = [(card, served[by_name[card.short_name]]) for card in cards]
    return sorted(found, key=lambda each: -len(each[1]))


def themes_by_territories():
    """Return the words groups share, by country, with an invitation where there is none.

    Words that are ecosystems are left out: they are no themes. Three queries.
    """
    countries = dict(
        FacetTally.objects.filter(scope=EVERYWHERE, n__gt=0)
        .exclude(country="")
        .exclude(activity=Group.Activity.ARCHIVED)
        .values_list("country")
        .annotate(groups=Sum("n"))
        .order_by()
    )
    top = sorted(countries, key=lambda code: (-countries[code], code))[:MOST_TERRITORIES]
    frequent = KeywordTally.objects.filter(
        scope=EVERYWHERE, filter="", n__gt=0, keyword__ecosystem=None
    )
    themes = list(
        frequent.order_by("-n", "keyword").values_list("keyword", "keyword__name", "keyword__slug")[
            :MOST_THEMES
        ]
    )
    counts = {
        (keyword, wanted.removeprefix("country:")): n
        for keyword, wanted, n in KeywordTally.objects.filter(
            scope=EVERYWHERE,
            filter__in=[f"country:{code}" for code in top],
            keyword__in=[pk for pk, _name, _slug in themes],
        ).values_list("keyword", "filter", "n")
    }
    language = get_language()
    territories = [(code, country_name(code, language)) for code in top]
    return {
        "territories": [name for _code, name in territories],
        "rows": [
            (
                PublicKeyword(name, reverse("groups:ecosystem_detail", args=[slug]), slug),
                [
                    _cell(counts.get((pk, code), 0), name, slug, code, territory)
                    for code, territory in territories
                ],
            )
            for pk, name, slug in themes
        ],
    }


def _cell(count, name, slug, code, territory):
    if count > 0:
        page = reverse("groups:ecosystem_detail", args=[slug])
        return Cell(count, f"{page}?{urlencode({'country': code})}", territory)
    begin = reverse("groups:new_group")
    return Cell(0, f"{begin}?{urlencode({'keywords': name, 'country': code})}", territory)
