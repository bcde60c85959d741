import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.exchange.cleaning import clean_row
from groups.exchange.columns import COLUMNS
from groups.exchange.reading import read
from groups.exchange.writing import write_csv, write_geojson, write_json

WRITERS = {"csv": write_csv, "json": write_json, "geojson": write_geojson}
ENTRY = {
    "short_name": "bal",
    "name": "Le « bal », l’été",
    "tagline": "=1+1",
    "kind": "thematic",
    "description": 'Un "bal"\n\n- deux ; trois',
    "keywords": ["danse", "musique"],
    "country": "BJ",
    "region": "@Ouémé",
    "latitude": -6.4969,
    "longitude": 2.6289,
    "member_count": 180,
    "activity": "active",
    "contact_email": "bal@example.org",
    "services": {"home": "https://bal.example/", "follow_up": "https://bal.example/suivi"},
    "partners": [{"name": "Ville", "url": "https://ville.example/"}, {"name": "Lycée", "url": ""}],
}
EMPTY = {
    "description": "",
    "keywords": [],
    "country": "",
    "region": "",
    "latitude": None,
    "longitude": None,
    "member_count": None,
    "contact_email": "",
    "services": {},
    "partners": [],
}


def written(format, entries):
    stream = io.StringIO(newline="")
    WRITERS[format](iter(entries), stream)
    return stream.getvalue()


def read_again(format, entries):
    rows = read(written(format, entries).encode(), f"export.{format}").rows
    results = [clean_row(row) for _, row in rows]
    assert [result.errors for result in results] == [[] for _ in results]
    return [EMPTY | result.entry for result in results]


@pytest.mark.parametrize("format", WRITERS)
def test_entries_come_back_as_they_were(format):
    bare = EMPTY | {"short_name": "x2", "name": "X", "tagline": "'x", "kind": "support"}

    assert read_again(format, [ENTRY, bare]) == [ENTRY, bare]


def test_csv_has_the_columns_first_and_nothing_a_spreadsheet_would_run():
    lines = list(csv.reader(io.StringIO(written("csv", [ENTRY]), newline="")))

    assert lines[0] == list(COLUMNS)
    row = dict(zip(*lines, strict=True))
    assert row["tagline"] == "'=1+1"
    assert row["region"] == "'@Ouémé"
    assert row["latitude"] == "-6.4969"
    assert row["keywords"] == "danse, musique"
    assert row["partners"] == "Ville|https://ville.example/; Lycée"


class Pieces(list):
    """A stream that keeps each piece it is given."""

    write = list.append


@pytest.mark.parametrize("format", WRITERS)
def test_every_piece_written_ends_its_line(format):
    # The output of a command adds an end of line where there is none.
    pieces = Pieces()

    WRITERS[format]([ENTRY, ENTRY], pieces)

    assert len(pieces) > 2
    assert all(piece.endswith("\n") for piece in pieces)


def test_json_has_every_column_with_its_type():
    [item] = json.loads(written("json", [ENTRY]))

    assert list(item) == list(COLUMNS)
    assert item["keywords"] == ["danse", "musique"]
    assert item["member_count"] == 180
    assert item["home_url"] == "https://bal.example/"
    assert item["partners"] == ENTRY["partners"]


def test_geojson_has_points_and_no_geometry_where_there_is_no_position():
    data = json.loads(written("geojson", [ENTRY, EMPTY | {"name": "X"}]))

    first, second = data["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [2.6289, -6.4969]}
    assert "latitude" not in first["properties"]
    assert second["geometry"] is None


@pytest.mark.parametrize(("format", "items"), [("json", []), ("geojson", None)])
def test_no_entries_are_still_valid_json(format, items):
    data = json.loads(written(format, []))

    assert data == ([] if items == [] else {"type": "FeatureCollection", "features": []})


CELL = st.text(
    st.characters(codec=None) | st.sampled_from("'=+-@\t\r\n\",;|<>&#\u2028\u00a0"), max_size=20
)
ROW = st.fixed_dictionaries(
    {
        **dict.fromkeys(["description", "keywords", "region", "partners"], CELL),
        "name": CELL.map(lambda text: f"{text}x"),
        "tagline": CELL.map(lambda text: f"{text}x"),
        "kind": st.sampled_from(["thematic", "support"]),
        "latitude": st.floats(-90, 90).map(repr),
        "longitude": st.floats(-180, 180).map(repr),
        "member_count": st.integers(0, 10_000_000).map(str),
        "home_url": st.text(st.characters(codec="utf-8"), max_size=10).map(
            "https://x.org/{}".format
        ),
    }
)


@pytest.mark.parametrize("format", WRITERS)
@given(rows=st.lists(ROW, min_size=1, max_size=3))
def test_whatever_was_clean_comes_back_as_it_was(format, rows):
    results = [clean_row(row) for row in rows]
    entries = [EMPTY | result.entry for result in results if not result.errors]

    if entries:
        assert read_again(format, entries) == entries
