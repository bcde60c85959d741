"""What a widget may be asked for: a closed set, read from an address and written in one order."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.conf import settings

from ..countries import COUNTRIES
from ..filters import ACTIVITIES, KINDS, Filters

VIEWS = ("list", "cards", "map")
THEMES = ("auto", "light", "dark")
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
LIMIT, MOST = 24, 100
# Several countries are a region; more are the world.
MOST_COUNTRIES = 20


@dataclass(frozen=True)
class Choices:
    """What one widget shows, and how. Two addresses that ask for the same are equal."""

    view: str = "list"
    # Kinds, activities and countries; nothing else of a listing.
    filters: Filters = field(default_factory=Filters)
    limit: int = LIMIT
    theme: str = "auto"
    lang: str = settings.LANGUAGE_CODE

    def pairs(self):
        """Return the (parameter, value) pairs of the address, in one order, defaults left out."""
        plain = Choices()
        view = [("view", self.view)] if self.view != plain.view else []
        rest = [
            (name, getattr(self, name))
            for name in ("limit", "theme", "lang")
            if getattr(self, name) != getattr(plain, name)
        ]
        return [*view, *self.filters.pairs(), *rest]

    def address(self, path, **changes):
        """Return the address of the widget at ``path`` with these choices, and ``changes``."""
        pairs = replace(self, **changes).pairs()
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read_choices(query):
    """Return the `Choices` of a QueryDict: what is unknown is dropped or takes the default."""
    return Choices(
        view=_one(query, "view", VIEWS),
        filters=Filters(
            kind=_several(query, "kind", KINDS),
            activity=_several(query, "activity", ACTIVITIES),
            country=_several(query, "country", COUNTRIES, str.upper)[:MOST_COUNTRIES],
        ),
        limit=_limit(query.get("limit", "")),
        theme=_one(query, "theme", THEMES),
        lang=_one(query, "lang", LANGUAGES),
    )


def read_card_choices(query):
    """Return the `Choices` of the card of one group: it has a theme and a language."""
    return Choices(theme=_one(query, "theme", THEMES), lang=_one(query, "lang", LANGUAGES))


def _one(query, name, allowed):
    value = query.get(name, "")
    return value if value in allowed else getattr(Choices, name)


def _several(query, name, allowed, change=str):
    if name not in query:
        return ()
    asked = {change(value) for value in query.getlist(name)}
    return tuple(value for value in allowed if value in asked)


def _limit(value):
    if value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= MOST:
        return int(value[:4])
    return LIMIT
