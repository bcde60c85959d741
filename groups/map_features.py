"""The features of the map, as GeoJSON: single groups, or cells of the grid with how many they hold.

Far away the cells come from the counts kept on write; close up, or under filters nobody counted,
groups are read one by one and gathered here. No answer has more than `MOST_FEATURES`.
"""

import json

from . import grid, rows, search
from .directory import chosen_keywords
from .matches import groups_for
from .models import Group
from .public import public_position
from .text import query_words

MOST_FEATURES = 2000
# How many groups are read one by one before the grid takes over.
MOST_READ = 20_000
# At a given zoom a screen is about this many pixels wide, of 256 × 2^zoom around the world.
SCREEN = 4096


def features_for(filters, box, zoom):
    """Return a GeoJSON FeatureCollection as text for ``box`` at ``zoom``. At most three queries."""
    keywords, _unknown = chosen_keywords(filters)
    zoom = min(zoom, _zoom_that_fits(box))
    is_kept = not filters.q and len(keywords) <= 1 and len(_asked(filters)) <= 1
    if zoom < grid.CLOSE_ZOOM and is_kept:
        level, merged = grid.level_for(zoom)
        scope = keywords[0].pk if keywords else 0
        cells = _kept_cells(scope, (_asked(filters) or [""])[0], level, box)
        size = grid.CELL_DEGREES[level]
    else:
        places = _places(filters, keywords, box)
        if zoom >= grid.CLOSE_ZOOM and len(places) <= MOST_FEATURES:
            return _collection(_groups([pk for pk, *_position in places]))
        level, merged = grid.level_for(zoom)
        size = grid.CELL_DEGREES[level] / 2 ** max(zoom - 6, 0)
        cells = _gathered(places, size)
    if merged > 1:
        cells, size = _coarser(cells, merged), size * merged
    while len(cells) > MOST_FEATURES:
        cells, size = _coarser(cells, 2), size * 2
    return _collection(_mixed(cells, size))


def _asked(filters):
    return [f"{name}:{value}" for name, values in filters.facets.items() for value in values]


def _zoom_that_fits(box):
    west, _south, east, _north = box
    width = east - west if west <= east else east - west + 360
    zoom = 0
    while zoom < 22 and width * 256 * 2 ** (zoom + 1) / 360 <= SCREEN:
        zoom += 1
    return zoom


def _kept_cells(scope, asked, level, box):
    """Return ``{(x, y): (n, latitudes, longitudes, ids)}`` of the kept counts. One index range."""
    west, south, east, north = box
    first, last = grid.row_range(south, north, level)
    columns, size = grid.columns(level), grid.CELL_DEGREES[level]
    cells = {}
    for cell, *sums in rows.cells(scope, asked, level, first, last):
        y, x = divmod(cell, columns)
        left = -180 + x * size
        if _overlaps(left, left + size, west, east):
            cells[x, y] = sums
    return cells


def _overlaps(left, right, west, east):
    if west <= east:
        return right > west and left < east
    return right > west or left < east


def _places(filters, keywords, box):
    """Return (id, latitude, longitude) of the groups in the box. A query, two for a search."""
    groups = groups_for(filters, keywords)
    words = query_words(filters.q)
    if words:
        groups = Group.objects.filter(pk__in=search.find(words, among=groups).matches)
    # Positions are stored no more exactly than they are shown; reading these alone reads the index.
    places = groups.within(*box).order_by().values_list("pk", "latitude", "longitude")
    return list(places[:MOST_READ])


def _gathered(places, size):
    cells = {}
    for pk, latitude, longitude in places:
        key = int((longitude + 180) / size), int((latitude + 90) / size)
        sums = cells.setdefault(key, [0, 0, 0, 0])
        sums[0] += 1
        sums[1] += round(latitude * 1e6)
        sums[2] += round(longitude * 1e6)
        sums[3] += pk
    return cells


def _coarser(cells, factor):
    merged = {}
    for (x, y), sums in cells.items():
        key = x // factor, y // factor
        kept = merged.get(key)
        merged[key] = [a + b for a, b in zip(kept, sums, strict=True)] if kept else sums
    return merged


def _mixed(cells, size):
    """Yield the features of cells: the group itself where a cell has only one."""
    yield from _groups([ids for n, _lat, _lon, ids in cells.values() if n == 1])
    for (x, y), (n, latitudes, longitudes, _ids) in cells.items():
        if n > 1:
            west, south, east, north = grid.box_of(x, y, size)
            yield (
                f'{{"type":"Feature","bbox":[{west:g},{south:g},{east:g},{north:g}],'
                f'"geometry":{{"type":"Point","coordinates":'
                f"[{longitudes / n / 1e6:.4f},{latitudes / n / 1e6:.4f}]}},"
                f'"properties":{{"n":{n}}}}}'
            )


def _groups(ids):
    """Yield the features of single groups. One query, none for none."""
    if not ids:
        return
    for short_name, name, tagline, *position in rows.markers(ids):
        latitude, longitude = public_position(*position)
        properties = json.dumps(
            {"name": name, "tagline": tagline, "url": f"/groups/{short_name}/"}, ensure_ascii=False
        )
        yield (
            f'{{"type":"Feature","geometry":{{"type":"Point","coordinates":'
            f'[{longitude:.4f},{latitude:.4f}]}},"properties":{properties}}}'
        )


def _collection(features):
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'
