"""What is inside a widget: groups of an ecosystem, or one group, as a stranger may see them."""

import re
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import rows
from ..licences import licence_name
from ..matches import marginals, total_of
from ..public import PublicCard, edge_url, public_card, reader_words
from .choices import Choices

_ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9.-]+(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Filter:
    """A kind of groups, as a link within the frame."""

    label: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A group in a widget: its card, and its band turned upright."""

    card: PublicCard
    edge_url: str


@dataclass(frozen=True)
class Widget:
    """Everything the widget of an ecosystem shows."""

    choices: Choices
    title: str
    accent: str
    entries: list[Entry]
    total: int
    kinds: list[Filter]
    all_url: str
    map_url: str
    geojson_url: str

    @property
    def heading(self):
        return _("The groups of %(ecosystem)s") % {"ecosystem": self.title}

    @property
    def count_label(self):
        return ngettext("%(count)s group", "%(count)s groups", self.total) % {
            "count": number_format(self.total, force_grouping=True)
        }

    @property
    def all_label(self):
        if self.total <= len(self.entries):
            return _("See them on the map, search, filter")
        return ngettext("See the %(count)s group", "See all %(count)s groups", self.total) % {
            "count": number_format(self.total, force_grouping=True)
        }


def widget_of(version, choices):
    """Return the `Widget` of the keyword of ``version``, None where it says nothing. Two queries.

    A word only unpublished groups carry says nothing, not even that it exists.
    """
    cube = rows.cube(version.scope)
    if not cube and not version.accent:
        return None
    filters = choices.filters
    sizes = [row[:4] for row in cube]
    shown = rows.cards(version.scope, filters.shelves, filters.facets, "name", 0, choices.limit)
    page = reverse("groups:ecosystem_detail", args=[version.name])
    return Widget(
        choices=choices,
        title=version.title,
        accent=version.accent,
        entries=[entry_of(row) for row in shown],
        total=total_of(sizes, filters),
        kinds=_kinds(version, choices, sizes),
        all_url=filters.address(page),
        map_url=filters.address(page, view="map"),
        geojson_url=filters.address("/map/groups.geojson", keyword=(version.name,)),
    )


def entry_of(row):
    """Return the `Entry` of the values of CARD_FIELDS."""
    card = public_card(row, reader_words())
    return Entry(card, edge_url(card.short_name))


def _kinds(version, choices, sizes):
    """Return the kinds to choose among within the frame; none where there is no choice."""
    counts = marginals(sizes, choices.filters)[0]
    chosen = choices.filters.kind
    present = [kind for kind in reader_words().kinds if counts[kind] or kind in chosen]
    if len(present) < 2:
        return []
    path = widget_path(version.name)

    def link(label, count, kinds):
        filters = replace(choices.filters, kind=kinds)
        return Filter(label, count, choices.address(path, filters=filters), chosen == kinds)

    everything = link(_("All"), sum(counts.values()), ())
    labels = reader_words().kinds
    return [everything, *(link(labels[kind], counts[kind], (kind,)) for kind in present)]


def widget_path(slug):
    return reverse("groups-data:ecosystem_widget", args=[slug])


def card_path(short_name):
    return reverse("groups-data:group_widget", args=[short_name])


def source():
    """Return where this comes from, under which licence, and how fresh it is.

    That is: what was true on the day it was made.

    Shown from a copy while we do not answer, it says so by itself.
    """
    day = date_format(timezone.localdate(), "j F Y")
    return {
        "site": settings.SITE_HOST,
        "url": reverse("groups:home"),
        "day": day,
        "licence_url": settings.DATA_LICENCE,
        "licence": licence_name(settings.DATA_LICENCE),
    }


def frame_ancestors(origins):
    """Return who may show a frame: these origins and ourselves, everybody where none is given.

    What is not an origin is left out, or it would write a policy of its own.
    """
    allowed = [origin for origin in origins if _ORIGIN.fullmatch(origin)]
    if origins:
        return ["'self'", *allowed]
    return ["'self'", "*"]
