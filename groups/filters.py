"""What the address of a listing asks for: read, checked, and written back as addresses."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from .countries import COUNTRIES
from .models import Group
from .text import one_line

SORTS = ("name", "new", "confirmed", "members", "near")
VIEWS = ("list", "map")
LAST_PAGE = 100
LONGEST_QUERY = 200
KINDS = tuple(Group.Kind.values)
ACTIVITIES = tuple(Group.Activity.values)


@dataclass(frozen=True)
class Filters:
    """The choices of a reader. Several values of one filter are OR, keywords and filters AND."""

    q: str = ""
    kind: tuple[str, ...] = ()
    activity: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    keyword: tuple[str, ...] = ()
    near: tuple[float, float] | None = None
    bbox: tuple[float, float, float, float] | None = None
    sort: str = ""
    view: str = "list"
    page: int = 1
    # Values that mean nothing, as (parameter, value): they narrow nothing, and the page says so.
    unknown: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def facets(self):
        """The filters that are facets and in use, as {name: values}."""
        chosen = {"kind": self.kind, "activity": self.activity, "country": self.country}
        return {name: values for name, values in chosen.items() if values}

    @property
    def count(self):
        """How many values narrow the listing."""
        values = len(self.kind) + len(self.activity) + len(self.country) + len(self.keyword)
        return values + bool(self.q) + bool(self.near) + bool(self.bbox)

    @property
    def shelves(self):
        """The shelves to read: archived groups are shown only when asked for."""
        if "archived" not in self.activity:
            return (Group.Shelf.LISTED,)
        if self.activity == ("archived",):
            return (Group.Shelf.ARCHIVE,)
        return (Group.Shelf.LISTED, Group.Shelf.ARCHIVE)

    def pairs(self):
        """Return the (parameter, value) pairs of the address, in one order, defaults left out."""
        pairs = [("q", self.q)] if self.q else []
        for name in ("kind", "activity", "country", "keyword"):
            pairs += [(name, value) for value in getattr(self, name)]
        if self.near:
            pairs.append(("near", ",".join(map(_short, self.near))))
        if self.bbox:
            pairs.append(("bbox", ",".join(map(_short, self.bbox))))
        if self.sort:
            pairs.append(("sort", self.sort))
        if self.view != "list":
            pairs.append(("view", self.view))
        if self.page > 1:
            pairs.append(("page", self.page))
        return pairs

    def address(self, path, **changes):
        """Return the address of the same listing with ``changes``; from page 1 unless given."""
        pairs = replace(self, **{"page": 1, **changes}).pairs()
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def without(self, name, value=None):
        """Return the change that takes one value (or a whole filter) away."""
        if value is None:
            return {name: Filters.__dataclass_fields__[name].default}
        return {name: tuple(each for each in getattr(self, name) if each != value)}


def read_filters(query):
    """Return the `Filters` of a QueryDict. Nothing in it is an error; what is unknown is noted."""
    unknown = []

    def known(name, allowed, change=str):
        values = []
        for value in query.getlist(name):
            each = change(one_line(value))
            if each and each not in allowed:
                unknown.append((name, each[:60]))
            elif each and each not in values:
                values.append(each)
        return tuple(values)

    def one(name, read):
        value = one_line(query.get(name, ""))
        try:
            return read(value) if value else None
        except ValueError:
            unknown.append((name, value[:60]))
            return None

    near = one("near", _read_place)
    sort = one("sort", lambda value: SORTS[SORTS.index(value)]) or ""
    return Filters(
        q=one_line(query.get("q", "")[: LONGEST_QUERY * 2])[:LONGEST_QUERY],
        kind=known("kind", KINDS),
        activity=known("activity", ACTIVITIES),
        country=known("country", COUNTRIES, str.upper),
        keyword=tuple(dict.fromkeys(filter(None, map(_slug, query.getlist("keyword"))))),
        near=near,
        bbox=one("bbox", read_box),
        # The nearest come first wherever a place is given and nothing else is asked for.
        sort="" if sort == "near" else sort,
        view=one("view", lambda value: VIEWS[VIEWS.index(value)]) or "list",
        page=_read_page(query.get("page", "")),
        unknown=tuple(unknown),
    )


def notes_for(unknown):
    """Return one sentence for each value that means nothing."""
    labels = {
        "kind": _("kind"),
        "activity": _("activity"),
        "country": _("country"),
        "keyword": _("keyword"),
        "near": _("place"),
        "bbox": _("area"),
        "sort": _("order"),
        "view": _("view"),
    }
    return [
        _("“%(value)s” is not a known %(filter)s; it was left out.")
        % {"value": value, "filter": labels[name]}
        for name, value in unknown
    ]


def read_box(value):
    """Return (west, south, east, north) in degrees. Raises ValueError if it is no box."""
    west, south, east, north = _numbers(value, 4)
    if not (-90 <= south <= north <= 90):
        raise ValueError("A box goes from south to north.")
    if east - west >= 360:
        return -180.0, south, 180.0, north
    return around_the_world(west), south, around_the_world(east), north


def _slug(value):
    return one_line(value)[:70]


def _read_place(value):
    latitude, longitude = _numbers(value, 2)
    if not -90 <= latitude <= 90:
        raise ValueError("A latitude is between -90 and 90.")
    return latitude, around_the_world(longitude)


def _numbers(value, count):
    numbers = [float(each) for each in value.split(",")]
    if len(numbers) != count or not all(abs(each) < 1e6 for each in numbers):
        raise ValueError(f"Expected {count} numbers.")
    return numbers


def around_the_world(longitude):
    """Bring a longitude back into -180 to 180: a map may have been turned round the world."""
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180


def _read_page(value):
    value = value.strip()
    if not (value.isascii() and value.isdigit()):
        return 1
    return min(max(int(value[:6]), 1), LAST_PAGE)


def _short(number):
    return f"{number:.4f}".rstrip("0").rstrip(".")
