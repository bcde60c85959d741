"""The grid the map counts groups on. Values in, values out.

The world is cut into cells of equal degrees, at three levels made for the zooms of a web map. A
cell is a number, row by row from the south-west, so that a band of latitudes is one range.
"""

import math

# Degrees a side at each level; a cell is about 32 pixels wide at zoom 2, 4 and 6.
CELL_DEGREES = (11.25, 2.8125, 0.703125)
LEVELS = range(len(CELL_DEGREES))
# From this zoom on, groups are read one by one: a screen holds few enough of them.
CLOSE_ZOOM = 7


def columns(level):
    """Return how many cells go around the world."""
    return round(360 / CELL_DEGREES[level])


def rows(level):
    return round(180 / CELL_DEGREES[level])


def cell_at(latitude, longitude, level):
    """Return the number of the cell that holds a position."""
    size = CELL_DEGREES[level]
    x = min(int((longitude + 180) / size), columns(level) - 1)
    y = min(int((latitude + 90) / size), rows(level) - 1)
    return y * columns(level) + x


def level_for(zoom):
    """Return the level and how many cells a side to merge (1 or 2) at ``zoom``."""
    if zoom <= 2:
        return 0, 2 if zoom <= 1 else 1
    if zoom <= 4:
        return 1, 2 if zoom == 3 else 1
    return 2, 2 if zoom == 5 else 1


def row_range(south, north, level):
    """Return the numbers of the first and last cell of the rows between two latitudes."""
    size = CELL_DEGREES[level]
    first = max(0, math.floor((south + 90) / size))
    last = min(rows(level) - 1, math.floor((north + 90) / size))
    return first * columns(level), (last + 1) * columns(level) - 1


def box_of(x, y, size):
    """Return (west, south, east, north) of the cell at column ``x`` and row ``y``."""
    return -180 + x * size, -90 + y * size, -180 + (x + 1) * size, -90 + (y + 1) * size
