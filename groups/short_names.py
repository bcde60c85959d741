"""Which short names are free, and which one to propose instead.

Whether a name is taken by a published group, one that waits, or one that is gone, is not told.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from .entries import names_of_others
from .models import Group
from .names import check_short_name
from .text import ascii_slug, short_name_from

LONGEST = 40
# Articles and the like say little in an address.
SHORTEST_WORD = 4


@dataclass(frozen=True)
class Answer:
    """Whether a short name may be had, in one sentence; if not, perhaps another one that may."""

    short_name: str
    is_free: bool
    sentence: str
    proposal: str = ""


def propose_short_name(name, *, region="", country="", group=None):
    """Return a free short name for a group of this name, "" if nothing comes to mind."""
    return _first_free(_proposals(short_name_from(name), name, region, country), group)


def answer_short_name(short_name, *, name="", region="", country="", group=None):
    """Return the `Answer` to somebody who would like ``short_name`` (for ``group``)."""
    try:
        check_short_name(short_name)
    except ValidationError as error:
        reason = error.messages[0]
    else:
        if not _taken([short_name], group):
            return Answer(short_name, True, _("“%(name)s” is free.") % {"name": short_name})
        reason = _("“%(name)s” is already taken.") % {"name": short_name}
    stem = short_name_from(short_name or name)
    proposal = _first_free(_proposals(stem, name, region, country), group)
    remedy = proposal and _("“%(name)s” is free.") % {"name": proposal}
    remedy = remedy or _("Choose another one.")
    return Answer(short_name, False, f"{reason} {remedy}", proposal)


def _proposals(stem, name, region, country):
    """Return names to try, the nicest first."""
    words = ascii_slug(name, 120).split("-")
    telling = [word for word in words if len(word) >= SHORTEST_WORD]
    places = [ascii_slug(region, 20), country.lower()]
    tried = [
        stem,
        "-".join(telling[:3]),
        short_name_from(name) if name else "",
        *(f"{stem[: LONGEST - len(place) - 1]}-{place}" for place in places if place),
        *(f"{stem[: LONGEST - 4].rstrip('-')}-{number}" for number in range(2, 100)),
    ]
    return list(dict.fromkeys(each for each in tried if each and _may_be_given(each)))


def _may_be_given(short_name):
    try:
        check_short_name(short_name)
    except ValidationError:
        return False
    return True


def _first_free(names, group):
    taken = _taken(names, group)
    return next((name for name in names if name not in taken), "")


def _taken(names, group):
    """Return those of ``names`` that lead, or led, to another group than ``group``."""
    pk = group and group.pk
    others = Group.objects.filter(short_name__in=names).exclude(pk=pk)
    return {
        *others.values_list("short_name", flat=True),
        *names_of_others(dict.fromkeys(names, pk), timezone.now()),
    }
