"""A page of a listing, as its reader sees it: cards, facets with their counts, chips, orders."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import rows, search
from .countries import country_name
from .filters import Filters, notes_for
from .matches import KEYWORDS_SHOWN, PAGE_SIZE, Matches, last_page, marginals, matches_for
from .models import Keyword
from .public import Words, public_card, reader_words
from .territories import quiet_territory
from .text import fold

COUNTRIES_SHOWN = 8
# A directory has at most as many countries as there are; folding them once is enough.
_folded = lru_cache(maxsize=1000)(fold)


class Choice(NamedTuple):
    value: str
    label: str
    count: int | None
    checked: bool

    @property
    def disabled(self):
        return self.count == 0 and not self.checked


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    choices: list[Choice]
    folded: list[Choice]

    @property
    def folded_label(self):
        return ngettext("%(n)s more", "%(n)s more", len(self.folded)) % {"n": len(self.folded)}


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    remove_url: str

    @property
    def without_label(self):
        return _("Without %(filter)s") % {"filter": self.label}


class Sort(NamedTuple):
    value: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    last: int
    first_item: int
    last_item: int
    previous_url: str
    next_url: str

    @property
    def label(self):
        return _("Page %(number)s of %(last)s: groups %(first_item)s to %(last_item)s") % {
            name: number_format(getattr(self, name), force_grouping=True)
            for name in ("number", "last", "first_item", "last_item")
        }


@dataclass
class Listing:
    """Everything a listing shows, ready for its template."""

    filters: Filters
    path: str
    words: Words
    matches: Matches
    keywords: list[Keyword]
    notes: list[str]
    own_keyword: Keyword | None = None

    def __post_init__(self):
        self.cards = [public_card(row, self.words) for row in self.matches.rows]
        self.total = self.matches.total
        self.more = self.matches.more
        self.q = self.filters.q
        self.view = self.filters.view
        self.sort = self.filters.sort
        self.filter_count = self.filters.count
        self.action_url = self.path
        self.clear_url = self.path
        self.page = self._page()
        self.facets = self._facets()
        self.chips = self._chips()
        self.sorts = self._sorts()
        self.hidden = self._hidden()
        self.list_url = self.filters.address(self.path, view="list")
        self.map_url = self.filters.address(self.path, view="map")
        self.geojson_url = self._geojson_url()
        self.territory = quiet_territory(
            self.filters, self.matches.cube, self.path, self.words.language, self.own_keyword
        )

    @property
    def heading(self):
        if self.more:
            return _("More than %(count)s groups") % {"count": number_format(search.LIMIT)}
        return ngettext("%(count)s group", "%(count)s groups", self.total) % {
            "count": number_format(self.total)
        }

    @property
    def filter_label(self):
        if not self.filter_count:
            return _("Filter")
        return _("Filter (%(n)s)") % {"n": self.filter_count}

    def _page(self):
        number, last = self.matches.page, last_page(self.total)
        return Page(
            number,
            last,
            (number - 1) * PAGE_SIZE + 1 if self.total else 0,
            (number - 1) * PAGE_SIZE + len(self.cards),
            self.filters.address(self.path, page=number - 1) if number > 1 else "",
            self.filters.address(self.path, page=number + 1) if number < last else "",
        )

    def _facets(self):
        kinds, activities, countries = marginals(self.matches.cube, self.filters)
        if self.filters.q and "archived" not in self.filters.activity:
            # A search reads the archive only when asked to, so nobody counted it.
            activities["archived"] = None
        shown, folded = self._country_choices(countries)
        facets = [
            Facet("kind", _("Kind"), self._choices("kind", self.words.kinds, kinds), []),
            Facet(
                "activity",
                _("Activity"),
                self._choices("activity", self.words.activities, activities),
                [],
            ),
            Facet("country", _("Country"), shown, folded),
            Facet("keyword", _("Keyword"), self._keyword_choices(), []),
        ]
        return [facet for facet in facets if facet.choices]

    def _choices(self, name, labels, counts):
        chosen = getattr(self.filters, name)
        return [
            Choice(value, label, counts.get(value, 0), value in chosen)
            for value, label in labels.items()
        ]

    def _country_choices(self, counts):
        """Return the most frequent countries, and the rest by name."""
        chosen = self.filters.country
        language = self.words.language
        choices = [
            Choice(code, country_name(code, language), counts.get(code, 0), code in chosen)
            for code in {*counts, *chosen} - {""}
        ]
        choices.sort(key=lambda choice: (not choice.checked, -choice.count, choice.label))
        rest = sorted(choices[COUNTRIES_SHOWN:], key=lambda choice: _folded(choice.label))
        return choices[:COUNTRIES_SHOWN], rest

    def _keyword_choices(self):
        chosen = {keyword.slug for keyword in self.keywords}
        own = {self.own_keyword.slug} if self.own_keyword else set()
        found = [
            Choice(slug, name, n, False)
            for name, slug, n in self.matches.keywords
            if slug not in chosen | own
        ]
        picked = [
            Choice(keyword.slug, keyword.name, self.total, True)
            for keyword in self.keywords
            if keyword.slug not in own
        ]
        return picked + found[: KEYWORDS_SHOWN - len(picked)]

    def _chips(self):
        filters, path = self.filters, self.path
        chips = []
        if filters.q:
            chips.append(Chip(_("“%s”") % filters.q, filters.address(path, **filters.without("q"))))
        labels = {"kind": self.words.kinds, "activity": self.words.activities}
        for name, values in filters.facets.items():
            for value in values:
                label = (
                    country_name(value, self.words.language)
                    if name == "country"
                    else labels[name][value]
                )
                chips.append(Chip(label, filters.address(path, **filters.without(name, value))))
        for keyword in self.keywords:
            if keyword != self.own_keyword:
                change = filters.without("keyword", keyword.slug)
                chips.append(Chip(keyword.name, filters.address(path, **change)))
        if filters.near:
            change = {**filters.without("near"), "sort": ""}
            chips.append(Chip(_("Near a place"), filters.address(path, **change)))
        if filters.bbox:
            chips.append(
                Chip(_("An area of the map"), filters.address(path, **filters.without("bbox")))
            )
        return chips

    def _sorts(self):
        labels = {
            "name": _("Name"),
            "new": _("Newest first"),
            "confirmed": _("Last checked"),
            "members": _("Number of members"),
        }
        sorts = [Sort(value, label, self.sort == value) for value, label in labels.items()]
        if self.filters.near:
            sorts.insert(0, Sort("", _("Nearest first"), not self.sort))
        elif self.q:
            sorts.insert(0, Sort("", _("Best match"), not self.sort))
        else:
            sorts[0] = Sort("", labels["name"], self.sort in ("", "name"))
        return sorts

    def _hidden(self):
        """Return what the form has no field for and must not lose."""
        return [
            (name, value)
            for name, value in self.filters.pairs()
            if name in ("near", "bbox", "view")
        ]

    def _geojson_url(self):
        changes = {"view": "list", "sort": "", "bbox": None, "near": None}
        if self.own_keyword:
            changes["keyword"] = tuple(keyword.slug for keyword in self.keywords)
        return self.filters.address("/map/groups.geojson", **changes)


def list_groups(filters, path, keyword=None, cube=None):
    """Return the `Listing` for ``filters`` at ``path``.

    ``keyword`` is the one whose page this is, ``cube`` its kept one if it was read already. At most
    four queries, whatever is shown.
    """
    keywords, unknown = chosen_keywords(filters, keyword)
    # From here on addresses carry the slugs of today, and those of known keywords only.
    others = tuple(each.slug for each in keywords if not keyword or each.pk != keyword.pk)
    return Listing(
        filters=replace(filters, keyword=others),
        path=path,
        words=reader_words(),
        matches=matches_for(filters, keywords, cube),
        keywords=keywords,
        notes=notes_for([*filters.unknown, *unknown]),
        own_keyword=keyword,
    )


def chosen_keywords(filters, own=None):
    """Return the keywords a listing is narrowed to, its own first, and the unknown ones.

    A word that no group shows is unknown, whoever may have written it.
    """
    keywords = [own] if own else []
    if not filters.keyword:
        return keywords, []
    by_slug = rows.keywords_by_slug(filters.keyword)
    unknown = [("keyword", slug[:60]) for slug in filters.keyword if slug not in by_slug]
    chosen = {each.pk: each for each in keywords}
    for slug in filters.keyword:
        if slug in by_slug:
            chosen.setdefault(by_slug[slug].pk, by_slug[slug])
    return list(chosen.values()), unknown
