"""Counts kept on write: facets, frequent keywords and map cells of every listing.

What a group contributes to them is known from the group alone, so a change applies the difference
between before and after, in the same transaction. `groups.derived` calls this; nothing else writes
these tables.
"""

from collections import Counter, defaultdict

from . import grid
from .bulk import add_up
from .models import CellTally, FacetTally, Group, KeywordTally, Tagging
from .public import public_position

EVERYWHERE = 0


def filters_of(kind, activity, country, shelf):
    """Return the filters under which a group is counted: "" for all, or one value of one facet."""
    if shelf == Group.Shelf.ARCHIVE:
        return (f"activity:{activity}",)
    filters = ("", f"kind:{kind}", f"activity:{activity}")
    return (*filters, f"country:{country}") if country else filters


class Change:
    """The difference to apply: take groups away as they were, add them as they are."""

    def __init__(self):
        self.facets = defaultdict(lambda: [0, 0])
        self.keywords = Counter()
        self.cells = defaultdict(lambda: [0, 0, 0, 0])
        self.group_ids = set()

    def take_away(self, group_ids):
        self._count(group_ids, -1)

    def add(self, group_ids):
        self._count(group_ids, 1)

    def _count(self, group_ids, sign):
        taggings = defaultdict(list)
        for group_id, tag_id in Tagging.objects.filter(
            content_object__in=group_ids, shelf__gt=0
        ).values_list("content_object_id", "tag_id"):
            taggings[group_id].append(tag_id)
        fields = (
            "pk kind activity country shelf member_count latitude longitude position_is_approximate"
        )
        for group in Group.objects.published().filter(pk__in=group_ids).only(*fields.split()):
            self.count(group, taggings[group.pk], sign)

    def count(self, group, keywords, sign):
        """Add what one published group contributes (or take it away, with -1). No query."""
        self.group_ids.add(group.pk)
        filters = filters_of(group.kind, group.activity, group.country, group.shelf)
        cells = _cells_of(group)
        for scope in (EVERYWHERE, *keywords):
            facet = self.facets[scope, group.kind, group.activity, group.country]
            facet[0] += sign
            facet[1] += sign * (group.member_count or 0)
            for each in filters:
                for keyword in keywords:
                    if keyword != scope:
                        self.keywords[scope, each, keyword] += sign
                for level, cell, latitude, longitude in cells:
                    sums = self.cells[scope, each, level, cell]
                    sums[0] += sign
                    sums[1] += sign * latitude
                    sums[2] += sign * longitude
                    sums[3] += sign * group.pk

    @property
    def scopes(self):
        """The scopes of the pages that showed these groups, or do now."""
        return {scope for scope, *_values in self.facets} | {-pk for pk in self.group_ids}

    def write(self):
        """Apply the difference. Rows are taken in one order, so that two writers cannot lock up."""
        add_up(FacetTally, [(*key, *sums) for key, sums in self.facets.items() if any(sums)])
        add_up(KeywordTally, [(*key, n) for key, n in self.keywords.items() if n])
        add_up(CellTally, [(*key, *sums) for key, sums in self.cells.items() if any(sums)])


def recount():
    """Count everything again from the groups, in one transaction the caller has opened."""
    for model in (FacetTally, KeywordTally, CellTally):
        model.objects.all().delete()
    change = Change()
    ids = list(Group.objects.published().values_list("pk", flat=True))
    for start in range(0, len(ids), 1000):
        change.add(ids[start : start + 1000])
    change.write()


def _cells_of(group):
    """Return (level, cell, latitude, longitude) of a group's public position, in millionths."""
    latitude, longitude = public_position(
        group.latitude, group.longitude, group.position_is_approximate
    )
    if latitude is None:
        return ()
    return [
        (
            level,
            grid.cell_at(latitude, longitude, level),
            round(latitude * 1e6),
            round(longitude * 1e6),
        )
        for level in grid.LEVELS
    ]
