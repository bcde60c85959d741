"""Which groups a file holds, read a batch at a time."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from .. import search
from ..directory import chosen_keywords
from ..matches import groups_for
from ..models import Group, Tombstone
from ..public_entries import public_entries

BATCH = 500
LATEST = 50
GONE_AT_MOST = 1000


@dataclass(frozen=True)
class Gone:
    """A group that was shown here and is no more: its number, and since when."""

    id: int
    gone_at: datetime


@dataclass(frozen=True)
class Source:
    """What a file is about: its title, the page it is made from, its own address."""

    title: str
    page_url: str
    own_url: str
    gone: tuple[Gone, ...]

    @property
    def licence(self):
        """The address of the licence of the data."""
        return settings.DATA_LICENCE


def chosen_groups(filters, keyword=None):
    """Return the query set of the groups that answer ``filters``, all of them published.

    A keyword that no group shows is left out, as a listing leaves it out. At most three queries.
    """
    keywords, _unknown = chosen_keywords(filters, keyword)
    groups = groups_for(filters, keywords)
    words = search.query_words(filters.q)
    if words:
        found = search.find(words, among=groups, shelves=filters.shelves)
        groups = Group.objects.published().filter(pk__in=list(found.matches))
    return groups


def batches(groups):
    """Yield lists of (number, `PublicEntry`), in the order of the numbers. Four queries a batch."""
    last = 0
    while True:
        rows = list(groups.filter(pk__gt=last).order_by("pk")[:BATCH])
        if not rows:
            return
        yield numbered(rows)
        last = rows[-1].pk


def latest(groups):
    """Yield one list of (number, `PublicEntry`): what changed last comes first."""
    yield numbered(list(groups.order_by("-changed_at", "-pk")[:LATEST]))


def numbered(rows):
    return list(zip([row.pk for row in rows], public_entries(rows), strict=True))


def gone_from(scope):
    """Return what is gone from a keyword's listing (0: from the directory), the latest first."""
    rows = Tombstone.objects.filter(scope=scope).order_by("-gone_at", "-group_id")[:GONE_AT_MOST]
    return tuple(Gone(pk, at) for pk, at in rows.values_list("group_id", "gone_at"))
