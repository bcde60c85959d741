"""Pages of groups: by their numbers, by their distance, or by when they changed.

Whoever reads to the end and then asks for what changed since ``as_of`` misses nothing, whatever
changes meanwhile: what changes behind the reader is told then.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from .. import search
from ..directory import chosen_keywords
from ..matches import RADII, box_around, groups_for, squeeze_at
from ..models import Group, SearchWord, Tombstone
from ..open_data.reading import Gone, numbered
from ..querysets import FINENESS
from .cursors import Cursor, microsecond, moment_of

# A change is dated before its transaction ends, and shows only then: two words of thousands of
# groups that are made one take a while.
WRITING_TAKES = timedelta(minutes=10)


@dataclass(frozen=True)
class Page:
    """Groups as (number, `PublicEntry`), what is gone, and the cursor of the next page or None."""

    groups: list
    gone: list[Gone]
    as_of: datetime
    following: Cursor | None


class Event(NamedTuple):
    """A group that changed, or is gone."""

    moment: datetime
    pk: int
    is_gone: bool


def read_page(asked, keyword=None):
    """Return the `Page` that ``asked`` (a `GroupsAsked`) names; of one keyword's groups if given.

    At most ten queries, whatever is asked for.
    """
    filters = asked.filters()
    keywords, unknown = chosen_keywords(filters, keyword)
    start = asked.cursor or Cursor(_as_of())
    with_words = _words_of(filters)

    def among(groups):
        if unknown:
            # A word no group shows: nobody carries all of them.
            return groups.none()
        return with_words(groups & groups_for(filters, keywords))

    if asked.updated_since:
        at, pk = max((start.at, start.pk), (microsecond(asked.updated_since), 0))
        start = replace(start, at=at, pk=pk)
        return _changed(among, start, asked.limit, keyword)
    if asked.near:
        return _nearest(among, start, asked.limit, asked.near)
    return _numbered(among, start, asked.limit)


def _numbered(among, start, limit):
    """Return a page in the order of numbers: new groups come last."""
    rows = list(among(Group.objects.filter(pk__gt=start.pk)).order_by("pk")[: limit + 1])
    shown = rows[:limit]
    following = replace(start, pk=shown[-1].pk) if len(rows) > limit else None
    return Page(numbered(shown), [], start.as_of, following)


def _nearest(among, start, limit, near):
    """Return a page in the order of distance, looking no farther than it takes to fill it."""
    squeeze = squeeze_at(near)
    beyond = Q(far__gt=start.at) | Q(far=start.at, pk__gt=start.pk)
    for radius in RADII:
        around = Group.objects.within(*box_around(near, radius, squeeze))
        if radius != RADII[-1]:
            # The corners of the box are farther than some of what lies beyond its sides.
            around = around.with_distance(*near, squeeze).filter(far__lte=radius**2 * FINENESS)
        rows = among(around).with_distance(*near, squeeze).filter(beyond).order_by("far", "pk")
        rows = list(rows[: limit + 1])
        if len(rows) > limit:
            break
    shown = rows[:limit]
    following = replace(start, at=shown[-1].far, pk=shown[-1].pk) if len(rows) > limit else None
    return Page(numbered(shown), [], start.as_of, following)


def _changed(among, start, limit, keyword):
    """Return a page of what changed: what is asked for as it is now, of the rest its number."""
    events = _events(start, limit + 1, keyword)
    shown = events[:limit]
    found = {
        group.pk: group
        for group in among(Group.objects.filter(pk__in=[e.pk for e in shown if not e.is_gone]))
    }
    gone = [Gone(event.pk, event.moment) for event in shown if event.pk not in found]
    rows = [found[event.pk] for event in shown if event.pk in found]
    following = None
    if len(events) > limit:
        following = replace(start, at=microsecond(shown[-1].moment), pk=shown[-1].pk)
    return Page(numbered(rows), gone, start.as_of, following)


def _events(start, count, keyword):
    """Return the first ``count`` events after a cursor: one range of an index a shelf, and one."""
    groups = Group.objects.in_ecosystem(keyword) if keyword else Group.objects.all()
    ranges = [
        _after(groups.filter(shelf=shelf), "changed_at", "pk", start)
        for shelf in (Group.Shelf.LISTED, Group.Shelf.ARCHIVE)
    ]
    tombstones = Tombstone.objects.filter(scope=keyword.pk if keyword else 0)
    ranges.append(_after(tombstones, "gone_at", "group_id", start))
    events = [[Event(*row, each.model is Tombstone) for row in each[:count]] for each in ranges]
    return list(islice(merge(*events), count))


def _after(rows, moment, pk, start):
    """Keep what comes after a cursor, in its order, as (moment, number)."""
    since = moment_of(start.at)
    later = Q(**{f"{moment}__gt": since}) | Q(**{f"{pk}__gt": start.pk})
    rows = rows.filter(later, **{f"{moment}__gte": since})
    return rows.order_by(moment, pk).values_list(moment, pk)


def _words_of(filters):
    """Return what keeps of a query set the groups that have all words of a search. One query.

    A search that finds few names them; one that finds many looks at each group's words.
    """
    words = search.query_words(filters.q)
    if not words:
        return lambda groups: groups
    # Among all groups this is a few ranges of an index; among some of them it may be a long walk.
    found = search.find(words, shelves=filters.shelves)
    if not found.more:
        return lambda groups: groups.filter(pk__in=list(found.matches))
    said = [
        Exists(
            SearchWord.objects.filter(
                group=OuterRef("pk"), word__gte=word, word__lt=word + search.HIGHEST
            )
        )
        for word in words
    ]
    return lambda groups: groups.filter(*said)


def _as_of():
    """Return the moment up to which everything is written now, by the whole minute."""
    return (timezone.now() - WRITING_TAKES).replace(second=0, microsecond=0)
