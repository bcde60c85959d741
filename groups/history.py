"""What changed between two versions of an entry, and how two changes of one entry join.

Values in, values out: entries in the columns of the export, as revisions hold them. A field is
named as its column is (`home_url`); latitude and longitude are one field, `position`.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .countries import country_name
from .entries import EMPTY
from .exchange.cleaning import MOST_KEYWORDS, MOST_PARTNERS
from .exchange.columns import SERVICE_KINDS
from .models import Group, Service
from .public import PUBLIC_SERVICES
from .text import fold

# Links that only facilitators, the helpers of their ecosystem and operators see.
PRIVATE_FIELDS = frozenset(f"{kind}_url" for kind in SERVICE_KINDS if kind not in PUBLIC_SERVICES)
# What an entry is before anybody wrote anything.
BLANK = {**EMPTY, "activity": ""}
PROSE = ("tagline", "description")
MOST = {"keywords": MOST_KEYWORDS, "partners": MOST_PARTNERS}
# As much of what stayed is shown on each side of a change.
CONTEXT = 40
# Text that has little in common is shown whole, before and after: a patchwork cannot be read.
ALIKE_FROM = 0.3


class Part(NamedTuple):
    """A piece of a text: "same", "removed" or "added"."""

    state: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One field that differs, in the reader's words. "" is nothing.

    A text that changed in places has ``parts``, a list has what was ``removed`` and ``added``;
    ``before`` and ``after`` are always there.
    """

    field: str
    label: str
    before: str
    after: str
    parts: tuple[Part, ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """One field two people changed differently, in the reader's words. "" is nothing."""

    field: str
    label: str
    before: str
    theirs: str
    mine: str


def differences(before, after):
    """Return the `Difference` of every field, in the order of the form.

    ``before`` may be {}: everything is new. What ``after`` leaves out stays as it was.
    """
    before = {**_flat(BLANK), **_flat(before)}
    after = {**before, **_flat(after)}
    return [
        _difference(field, before.get(field), after.get(field))
        for field in labels()
        if not _is_same(field, before.get(field), after.get(field))
    ]


def merge(base, theirs, mine):
    """Return (entry, conflicts): what two people made of ``base``, joined field by field.

    A field one of them changed is taken from that one, one both changed alike from either; links
    are a field each, and of keywords and partners each is. What both changed differently is a
    `Conflict`, and holds in the entry what is mine. What ``theirs`` or ``mine`` leaves out was not
    changed.
    """
    base = {**_flat(BLANK), **_flat(base)}
    theirs, mine = {**base, **_flat(theirs)}, {**base, **_flat(mine)}
    merged, conflicts = {}, []
    for field, label in labels().items():
        values = base.get(field), theirs.get(field), mine.get(field)
        merged[field], is_agreed = _joined(field, *values)
        if not is_agreed:
            conflicts.append(Conflict(field, label, *(_shown(field, value) for value in values)))
    return _entry(merged), conflicts


def take_fields(entry, other, fields):
    """Return ``entry`` with these fields of ``other``: who sees a conflict chooses one by one."""
    taken = _flat(other)
    return _entry({**_flat(entry), **{field: taken.get(field) for field in fields}})


def labels():
    """Return ``{field: its name in the reader's language}``, in the order of the form."""
    return {
        "name": _("Name"),
        "tagline": _("One line"),
        "kind": _("Kind"),
        "short_name": _("Short name"),
        "activity": _("Activity"),
        "description": _("Description"),
        "keywords": _("Keywords"),
        "country": _("Country"),
        "region": _("Region"),
        "position": _("Position on the map"),
        "member_count": _("Number of members"),
        **{
            f"{kind}_url": _("Link: %(kind)s") % {"kind": Service.Kind(kind).label}
            for kind in SERVICE_KINDS
        },
        "partners": _("Partners"),
    }


def _flat(entry):
    """Return ``{field: value}`` of what an entry gives."""
    flat = {name: value for name, value in entry.items() if name in _PLAIN}
    if "description" in flat:
        flat["description"] = flat["description"].replace("\r\n", "\n")
    if "latitude" in entry:
        position = entry["latitude"], entry["longitude"]
        flat["position"] = None if None in position else position
    if "services" in entry:
        flat |= {f"{kind}_url": entry["services"].get(kind, "") for kind in SERVICE_KINDS}
    return flat


_PLAIN = (
    *("name", "tagline", "kind", "short_name", "activity", "description", "keywords", "country"),
    *("region", "member_count", "partners"),
)


def _entry(flat):
    """Return the entry that `_flat` made ``flat`` from."""
    entry = {name: value for name, value in flat.items() if name in _PLAIN}
    entry["latitude"], entry["longitude"] = flat.get("position") or (None, None)
    entry["services"] = {
        kind: flat[f"{kind}_url"] for kind in SERVICE_KINDS if flat.get(f"{kind}_url")
    }
    return entry


def _is_same(field, one, other):
    if field == "keywords":
        return [fold(name) for name in one] == [fold(name) for name in other]
    if field == "partners":
        return list(_items(field, one)) == list(_items(field, other))
    return one == other or (one in ("", None) and other in ("", None))


def _joined(field, base, theirs, mine):
    """Return (value, whether it is agreed on)."""
    if _is_same(field, theirs, mine) or _is_same(field, base, mine):
        return theirs, True
    if _is_same(field, base, theirs):
        return mine, True
    if field in MOST:
        joined = _joined_list(field, base, theirs, mine)
        return (joined, True) if joined is not None else (mine, False)
    return mine, False


def _joined_list(field, base, theirs, mine):
    """Join two changes of a list one by one: theirs in their order, then what is new in mine.

    None where both changed one of them differently, or where they would become too many.
    """
    base, theirs, mine = (_by_identity(field, items) for items in (base, theirs, mine))
    joined = []
    for name in {**theirs, **mine}:
        was, one, other = (_worth(field, items.get(name)) for items in (base, theirs, mine))
        if one in (was, other):
            taken = mine if one == was else theirs
        elif other == was:
            taken = theirs
        else:
            return None
        if name in taken:
            joined.append(taken[name])
    return joined if len(joined) <= MOST[field] else None


def _by_identity(field, items):
    """Return the elements of a list by what makes each itself, whatever else is said of it."""
    return {fold(each if field == "keywords" else each["name"]): each for each in items}


def _worth(field, each):
    """Return what is compared of an element that both lists have; None for one that is absent."""
    if each is None or field == "keywords":
        return each is not None
    return each.get("url", "")


def _difference(field, before, after):
    removed = added = parts = ()
    if field in ("keywords", "partners"):
        olds, news = _items(field, before), _items(field, after)
        removed = tuple(each for key, each in olds.items() if key not in news)
        added = tuple(each for key, each in news.items() if key not in olds)
    elif field in PROSE and before and after:
        parts = _parts(before, after)
    shown = _shown(field, before), _shown(field, after)
    return Difference(field, labels()[field], *shown, parts, removed, added)


def _items(field, value):
    """Return ``{what makes an element itself: how it is shown}``."""
    if field == "keywords":
        return {fold(name): name for name in value}
    return {
        (fold(each["name"]), each.get("url", "")): _partner(each["name"], each.get("url", ""))
        for each in value
    }


def _partner(name, url):
    return f"{name} ({url})" if url else name


def _shown(field, value):
    """Return a value as the reader is shown it."""
    if value in (None, "", []):
        return ""
    if field in ("keywords", "partners"):
        return ", ".join(_items(field, value).values())
    if field == "kind":
        return str(dict(Group.Kind.choices).get(value, value))
    if field == "activity":
        return str(dict(Group.Activity.choices).get(value, value))
    if field == "country":
        return country_name(value, get_language()) or value
    if field == "position":
        latitude, longitude = (number_format(degrees) for degrees in value)
        return _("%(latitude)s, %(longitude)s") % {"latitude": latitude, "longitude": longitude}
    if field == "member_count":
        return number_format(value, use_l10n=True, force_grouping=True)
    return str(value)


def _parts(before, after):
    """Return the pieces of ``before`` and ``after`` word by word, () if little is left."""
    olds, news = (re.findall(r"\s+|\S+", text) for text in (before, after))
    matcher = SequenceMatcher(None, olds, news)
    if matcher.ratio() < ALIKE_FROM:
        return ()
    parts, removed, added = [], "", ""
    codes = matcher.get_opcodes()
    for number, (what, start, end, new_start, new_end) in enumerate(codes):
        old, new = "".join(olds[start:end]), "".join(news[new_start:new_end])
        if what != "equal" or (old.isspace() and 0 < number < len(codes) - 1):
            # What stands between two changed words is changed with them: a patchwork is not read.
            removed, added = removed + old, added + new
            continue
        parts += _changed(removed, added)
        parts.append(Part("same", _shortened(old, number == 0, number == len(codes) - 1)))
        removed = added = ""
    return (*parts, *_changed(removed, added))


def _changed(removed, added):
    """Return the parts of one change; of spaces, only where nothing else changed."""
    if not removed.strip() and not added.strip():
        removed, added = (text.replace(" ", "␣").replace("\n", "¶\n") for text in (removed, added))
    pieces = (("removed", removed), ("added", added))
    return [Part(state, text) for state, text in pieces if text.strip()]


def _shortened(text, is_first, is_last):
    """Return what stayed with its middle left out, or its beginning or end at the edges."""
    if len(text) <= 2 * CONTEXT:
        return text
    head = "" if is_first else text[:CONTEXT].rpartition(" ")[0] + " "
    tail = "" if is_last else " " + text[-CONTEXT:].partition(" ")[2]
    return f"{head}…{tail}"
