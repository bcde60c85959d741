"""The colours of the demo's pictures: the dyes of the woven bands, and what lies between them."""

COTTON = "#f2ecdd"
INDIGO = "#2c3e94"
GARANCE = "#b0353f"
FEUILLE = "#2f7a52"
OCRE = "#d99a26"
KOLA = "#7a4a2b"
PRUNE = "#7b3f78"
NIGHT = "#1c2345"

AIR = "#c3dde3"
SAND = "#f6d9a0"
HONEY = "#f2c264"
EMBER = "#d9622f"
SAGE = "#7fae86"
PINE = "#1d4a3c"
RIVER = "#3f6fa8"
DEEP = "#2c5590"

INK = "#191d33"
SOFT_INK = "#4c5165"
SURFACE = "#fdfdfa"

BY_NAME = {
    "indigo": INDIGO,
    "garance": GARANCE,
    "feuille": FEUILLE,
    "ocre": OCRE,
    "kola": KOLA,
    "prune": PRUNE,
    "nuit": NIGHT,
    "fleuve": DEEP,
}


def mix(first, second, share):
    """Return the colour that lies `share` (0 to 1) of the way from the first to the second."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour):
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
