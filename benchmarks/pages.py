"""The pages that are measured, and what each may cost."""

from dataclasses import dataclass

from groups.text import keyword_slug

from .world import COMMON, ECOSYSTEM, MIDDLING, RARE

CONSTANT = "/constant/"
# How many times longer than in the smallest directory a page may take in the largest.
KEPT, BOUNDED = 1.5, 5.0
# How many times longer than the constant view a page may take with this many groups.
COLD_SIZE = 10_000
LISTING, SEARCH, MAP, WARM = 10.0, 12.0, 4.0, 1.5
MOST_QUERIES = 8
# What the first answer of the map may weigh, compressed.
MAP_BYTES = 50_000
# What static/js/map.js asks for first.
WHOLE_WORLD = "bbox=-180.000,-85.000,180.000,85.000&zoom=1"


@dataclass(frozen=True)
class Page:
    """A page by its name and address, and what it may cost."""

    name: str
    address: str
    growth: float | None = KEPT
    cold: float | None = None
    gzip_bytes: int | None = None
    # Whether its body is kept when it is asked for, and whether whoever asks has it already.
    is_kept: bool = False
    is_known: bool = False
    # Whether the same bytes are asked for as a static file, too, to compare.
    as_file: bool = False


def pages_of(world):
    """Return the pages to measure in any size of ``world``."""
    geojson = "/map/groups.geojson"
    second = keyword_slug(world.keywords[1])
    member = next(group for group in world.groups(1000) if 0 in group.keywords and group.services)
    _name, _country, latitude, longitude = world.towns[0]
    town = f"bbox={longitude - 1:.3f},{latitude - 0.5:.3f},{longitude + 1:.3f},{latitude + 0.5:.3f}"
    eco_page, widget = f"/ecosystems/{ECOSYSTEM}/", f"/ecosystems/{ECOSYSTEM}/widget/"
    eco, kind = f"keyword={ECOSYSTEM}", "kind=thematic"
    return (
        Page("listing", "/groups/"),
        Page("keyword", f"/groups/?{eco}", cold=LISTING),
        Page("keyword and filter", f"/groups/?{eco}&{kind}", cold=LISTING),
        Page("filter", "/groups/?country=FR", BOUNDED),
        Page("two filters", f"/groups/?{kind}&country=FR", BOUNDED),
        Page("two keywords", f"/groups/?{eco}&keyword={second}", BOUNDED),
        Page("page 50", "/groups/?page=50", BOUNDED),
        Page("ecosystem", eco_page, cold=LISTING, as_file=True),
        Page("ecosystem, kept", eco_page, cold=WARM, is_kept=True, as_file=True),
        Page("ecosystem, 304", eco_page, cold=WARM, is_known=True, as_file=True),
        Page("widget", widget, cold=LISTING, as_file=True),
        Page("widget, kept", widget, cold=WARM, is_kept=True, as_file=True),
        Page("widget, 304", widget, cold=WARM, is_known=True, as_file=True),
        Page("group", f"/groups/{member.short_name}/"),
        Page("search: rare", f"/groups/?q={RARE}", cold=SEARCH),
        Page("search: middling", f"/groups/?q={MIDDLING}", cold=SEARCH),
        Page("search: common", f"/groups/?q={COMMON}", cold=SEARCH),
        Page("search: two words", f"/groups/?q={COMMON}+{MIDDLING}", BOUNDED),
        Page("map", f"{geojson}?{WHOLE_WORLD}", gzip_bytes=MAP_BYTES),
        Page("map: keyword", f"{geojson}?{eco}&{WHOLE_WORLD}", cold=MAP),
        Page("map: keyword and filter", f"{geojson}?{eco}&{kind}&{WHOLE_WORLD}", cold=MAP),
        Page("map: a town", f"{geojson}?{town}&zoom=9", growth=None),
    )
