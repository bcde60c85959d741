import random

import pytest

from groups.grid import CELL_DEGREES, LEVELS, box_of, cell_at, columns, level_for, row_range, rows


@pytest.mark.parametrize(("level", "across", "down"), [(0, 32, 16), (1, 128, 64), (2, 512, 256)])
def test_the_world_is_cut_into_whole_cells(level, across, down):
    assert (columns(level), rows(level)) == (across, down)
    assert CELL_DEGREES[level] * across == 360


@pytest.mark.parametrize(
    ("latitude", "longitude", "cell"),
    [
        (-90, -180, 0),
        (-90, 180, 31),
        (90, -180, 15 * 32),
        (90, 180, 16 * 32 - 1),
        (0, 0, 8 * 32 + 16),
        (-0.0001, -0.0001, 7 * 32 + 15),
    ],
)
def test_cells_are_numbered_row_by_row_from_the_south_west(latitude, longitude, cell):
    assert cell_at(latitude, longitude, 0) == cell


@pytest.mark.parametrize("level", LEVELS)
def test_a_position_lies_in_the_box_of_its_cell_and_in_the_range_of_its_rows(level):
    chance = random.Random(level)
    for _ in range(300):
        latitude, longitude = chance.uniform(-90, 90), chance.uniform(-180, 180)
        cell = cell_at(latitude, longitude, level)
        y, x = divmod(cell, columns(level))
        west, south, east, north = box_of(x, y, CELL_DEGREES[level])
        first, last = row_range(latitude, latitude, level)

        assert west <= longitude <= east
        assert south <= latitude <= north
        assert first <= cell <= last
        assert last - first == columns(level) - 1


def test_the_rows_of_the_whole_world_are_all_of_them():
    for level in LEVELS:
        assert row_range(-90, 90, level) == (0, rows(level) * columns(level) - 1)


@pytest.mark.parametrize(
    ("zoom", "expected"),
    [
        (0, (0, 2)),
        (1, (0, 2)),
        (2, (0, 1)),
        (3, (1, 2)),
        (4, (1, 1)),
        (5, (2, 2)),
        (6, (2, 1)),
        (22, (2, 1)),
    ],
)
def test_cells_keep_their_size_on_the_screen_as_the_map_comes_closer(zoom, expected):
    assert level_for(zoom) == expected
