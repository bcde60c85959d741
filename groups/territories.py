"""A territory without an awake group: said kindly, with the way to start one or to wake one."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from .countries import country_name
from .filters import around_the_world
from .models import Group

AWAKE = {Group.Activity.ACTIVE, Group.Activity.PREPARING}
# How far around a place a group is of that place, in degrees: about fifty kilometres.
AROUND = 0.5


@dataclass(frozen=True, slots=True)
class QuietTerritory:
    """What a listing says of a territory nobody is awake in."""

    sentence: str
    start_url: str
    # "" where none sleeps, or where those that do are what is listed.
    asleep_url: str


def quiet_territory(filters, cube, path, language, own_keyword=None):
    """Return the `QuietTerritory` a listing asks for, None where somebody is awake there.

    A territory is one country, or in the whole directory the surroundings of a place; whoever asks
    for more than that (a word, another kind, the archive) asks for something else. ``cube`` counts
    what the listing shows before its facets; a place costs one query.
    """
    if filters.q or filters.keyword or filters.bbox or not _asks_for_groups_there(filters):
        return None
    if filters.near and not filters.country and not own_keyword:
        activities = _activities_around(filters.near)
        sentence = _("No territorial group is awake around here yet.")
        start = {}
    elif len(filters.country) == 1 and not filters.near:
        [country] = filters.country
        activities = {
            activity
            for kind, activity, where, _count in cube
            if (kind, where) == (Group.Kind.TERRITORIAL, country)
        }
        sentence = _sentence(country_name(country, language), own_keyword)
        start = {"country": country}
    else:
        return None
    if activities & AWAKE:
        return None
    sleepers = Group.Activity.ASLEEP in activities and filters.activity != ("asleep",)
    new_group = reverse("groups:new_group")
    return QuietTerritory(
        sentence,
        f"{new_group}?{urlencode(start)}" if start else new_group,
        filters.address(path, kind=("territorial",), activity=("asleep",)) if sleepers else "",
    )


def _asks_for_groups_there(filters):
    is_of_kind = not filters.kind or Group.Kind.TERRITORIAL in filters.kind
    return is_of_kind and (not filters.activity or set(filters.activity) != {"archived"})


def _activities_around(place):
    latitude, longitude = place
    west, east = (around_the_world(longitude + step) for step in (-AROUND, AROUND))
    box = (west, latitude - AROUND, east, latitude + AROUND)
    there = Group.objects.listed().within(*box).filter(kind=Group.Kind.TERRITORIAL)
    return set(there.order_by().values_list("activity", flat=True).distinct())


def _sentence(country, keyword):
    # The country stands alone: in French its article would depend on it.
    if keyword:
        return _("%(country)s: no territorial group of “%(keyword)s” is awake there yet.") % {
            "country": country,
            "keyword": keyword.name,
        }
    return _("%(country)s: no territorial group is awake there yet.") % {"country": country}
