"""The scenes that banners show: one module each, with `SKY` and `draw(pen, dice)`, 1920 by 160."""

from types import MappingProxyType

from . import (
    lagoon,
    library,
    lighthouse,
    maples,
    market,
    night_town,
    river,
    rooftops,
    terraces,
    workshop,
)

SCENES = MappingProxyType(
    {
        "lagoon": lagoon,
        "library": library,
        "lighthouse": lighthouse,
        "maples": maples,
        "market": market,
        "night_town": night_town,
        "river": river,
        "rooftops": rooftops,
        "terraces": terraces,
        "workshop": workshop,
    }
)
