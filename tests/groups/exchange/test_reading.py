import codecs
import json
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from groups.exchange.csv_file import MOST_LINES_IN_A_ROW
from groups.exchange.reading import read
from groups.exchange.rows import UNFIT, Unreadable

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def rows_of(text, name=""):
    return read(text.encode(), name).rows


def test_csv_of_our_own():
    reading = read(b"short_name,name,colour\nfour,Four du Bourg,red\n\nbal,Bal,\n")

    assert reading.format == "CSV"
    assert reading.mapping == {"short_name": "short_name", "name": "name"}
    assert reading.ignored == ["colour"]
    assert reading.notes == []
    assert reading.rows == [
        (2, {"short_name": "four", "name": "Four du Bourg"}),
        (4, {"short_name": "bal", "name": "Bal"}),
    ]


def test_csv_saved_by_excel_in_french():
    reading = read(DATA / "excel_windows.csv")

    assert reading.rows == [
        (
            2,
            {
                "name": 'Les ateliers du "Bourg"',
                "tagline": "Réparer ensemble, même l’été",
                "kind": "territorial",
                "latitude": "48,1173",
                "longitude": "-1,6778",
                "member_count": "1 200",
                "home_url": "www.ateliers.example",
            },
        ),
        (
            4,
            {
                "name": "Café des langues",
                "tagline": "Parler",
                "kind": "",
                "latitude": "",
                "longitude": "",
                "member_count": "",
                "home_url": "",
            },
        ),
    ]
    assert reading.notes == ["Line 3 is not UTF-8; such letters were read as Windows wrote them."]


@pytest.mark.parametrize(
    "data",
    [
        "name\nÉcole\n".encode(),
        codecs.BOM_UTF8 + "name\nÉcole\n".encode(),
        "\ufeffname\nÉcole\n".encode("utf-16-le"),
        "\ufeffname\nÉcole\n".encode("utf-16-be"),
        "name\nÉcole\n".encode("cp1252"),
        "name\rÉcole\r".encode(),
        "name\r\nÉc\0ole\r\n".encode(),
    ],
)
def test_csv_in_any_encoding(data):
    assert read(data).rows == [(2, {"name": "École"})]


def test_csv_in_two_encodings_at_once():
    data = "name,tagline\nÉcole,".encode() + "été\n".encode("cp1252")

    assert read(data).rows == [(2, {"name": "École", "tagline": "été"})]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_delimiter_is_the_one_that_makes_sense_of_the_header(delimiter):
    header = delimiter.join(["name", '"tagline"', "couleur, forme; fond"][:2])

    assert rows_of(f'{header}\na{delimiter}"b, c; d"\n') == [
        (2, {"name": "a", "tagline": "b, c; d"})
    ]


def test_csv_titles_above_the_header_are_passed_over():
    assert rows_of("Nos groupes, 2026\n\nNom,Pays\nBal,FR\n") == [
        (4, {"name": "Bal", "country": "FR"})
    ]


def test_csv_cell_may_hold_lines():
    assert rows_of('name,description\nBal,"un\n\ndeux"\nFour,x\n') == [
        (2, {"name": "Bal", "description": "un\n\ndeux"}),
        (3, {"name": "Four", "description": "x"}),
    ]


def test_csv_row_with_too_many_cells_says_so():
    [(number, row)] = rows_of("name,tagline\nBal,danser, rire,\n")

    assert number == 2
    assert row[UNFIT][0] == " rire"
    assert "more cells" in row[UNFIT][1]


def test_csv_empty_cells_at_the_end_are_none():
    assert rows_of("name,tagline\nBal,danser,,\n") == [(2, {"name": "Bal", "tagline": "danser"})]


def test_csv_column_named_twice_is_the_first():
    assert rows_of("name,name\nBal,Autre\n") == [(2, {"name": "Bal"})]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1+1", "=1+1"),
        ("'-a", "-a"),
        ("''a", "'a"),
        ("'''a", "''a"),
        ("'a", "'a"),
        ("=1+1", "=1+1"),
        ("'", "'"),
    ],
)
def test_csv_apostrophe_against_formulas_is_taken_away(cell, text):
    assert rows_of(f"name\n{cell}\n") == [(2, {"name": text})]


def test_csv_several_columns_of_keywords_make_one_list():
    assert rows_of("name;tags;thèmes\nBal;a,b;c\nFour;;d\nCafé;e;\n") == [
        (2, {"name": "Bal", "keywords": "a,b, c"}),
        (3, {"name": "Four", "keywords": "d"}),
        (4, {"name": "Café", "keywords": "e"}),
    ]


@pytest.mark.parametrize(
    "data",
    [
        [{"name": "Bal"}],
        {"groups": [{"name": "Bal"}]},
        {"count": 1, "items": [{"name": "Bal"}]},
        {"bal": {"name": "Bal"}},
        {"name": "Bal"},
    ],
)
def test_json_in_the_shapes_lists_are_sent_in(data):
    reading = read(json.dumps(data).encode())

    assert reading.format == "JSON"
    assert reading.rows == [(1, {"name": "Bal"})]


def test_json_values_become_texts():
    item = {
        "name": "Bal",
        "latitude": 48.1,
        "member_count": 12,
        "country": None,
        "region": True,
        "keywords": ["danse", "musique", ["x"], 3],
        "services": {"home": "https://bal.example/"},
        "partners": [{"name": "A", "url": "https://a.example/"}, "B", 3],
        "tagline": ["a", "b"],
    }

    assert rows_of(json.dumps([item])) == [
        (
            1,
            {
                "name": "Bal",
                "latitude": "48.1",
                "member_count": "12",
                "country": "",
                "region": "",
                "keywords": "danse, musique, 3",
                "home_url": "https://bal.example/",
                "partners": "A|https://a.example/; B; ",
                "tagline": "a, b",
            },
        )
    ]


def test_json_position_may_be_an_object():
    item = {"name": "Bal", "location": {"lat": 1, "lng": 2, "zoom": 3}}

    assert rows_of(json.dumps([item])) == [(1, {"name": "Bal", "latitude": "1", "longitude": "2"})]


def test_json_item_that_is_no_object_is_a_row_that_does_not_fit():
    assert rows_of('[{"name": "Bal"}, 7]')[1] == (2, {UNFIT: ("7", "this is not a group")})


def test_json_half_a_character_is_replaced():
    assert rows_of(r'[{"name": "Bal \ud83d!"}]') == [(1, {"name": "Bal ?!"})]


def test_geojson_features_have_their_position():
    reading = read(DATA / "umap.geojson")

    assert reading.format == "GeoJSON"
    assert reading.ignored == ["_umap_options"]
    assert reading.notes == ["1 shape is not a point: its middle was taken."]
    positions = [
        (row["name"], row.get("latitude"), row.get("longitude")) for _, row in reading.rows
    ]
    assert positions == [
        ("Four du Bourg", "48.1173", "-1.6778"),
        ("Rives de l’Ouémé", "6.7", "2.5"),
        ("Nulle part", None, None),
    ]


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        7,
        {"type": "Point"},
        {"type": "Point", "coordinates": "2,6"},
        {"type": "Point", "coordinates": [True, None]},
        {"type": "Point", "coordinates": [float("nan"), 10**400]},
        {"type": "Polygon", "coordinates": [[[]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": []}]},
    ],
)
def test_geojson_geometry_without_a_place_gives_none(geometry):
    feature = {"type": "Feature", "properties": {"name": "Bal"}, "geometry": geometry}

    assert rows_of(json.dumps(feature)) == [(1, {"name": "Bal"})]


def test_yeswiki_entries():
    reading = read(DATA / "yeswiki_bazar.json")

    assert reading.format == "YesWiki Bazar"
    assert reading.mapping == {
        "bf_titre": "name",
        "bf_description": "description",
        "bf_site_internet": "home_url",
        "bf_mail": "contact_email",
        "bf_ville": "region",
        "bf_latitude": "latitude",
        "bf_longitude": "longitude",
        "checkboxListeThematiques": "keywords",
        "bf_tags": "keywords",
    }
    first, second = (row for _, row in reading.rows)
    assert first["keywords"] == "jardins, écoles, Jardins,agroécologie"
    assert first["home_url"] == "jardins-lagune.example"
    assert (first["latitude"], first["longitude"]) == ("6.4969", "2.6289")
    assert (second["latitude"], second["longitude"]) == ("48.1173", "-1.6778")
    assert second["keywords"] == "pain"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \n", "The file is empty."),
        (
            b"PK\x03\x04\x14",
            "This is a spreadsheet, a document or an archive: save it as CSV first.",
        ),
        (
            b"<!DOCTYPE html><p>",
            "This is a web page, not a list: look for its export as CSV or JSON.",
        ),
        (b'[{"name": "Bal"},\n {"name" "x"}]', "This is not valid JSON: line 2, column 10."),
        (b"[" * 100_000, "This JSON is nested too deeply or has too long a number."),
        (b"[" + b"9" * 5000 + b"]", "This JSON is nested too deeply or has too long a number."),
        (b"[]", "The file holds no group."),
        (
            b"hue,edge\nred,2\n",
            "No column holds the names of the groups: one must be called “name”. Found: hue, edge.",
        ),
        (
            b"[7]",
            "No column holds the names of the groups: one must be called “name”. Found: nothing.",
        ),
        (
            b'name,tagline\nBal,x\nFour,"y\n' + b"a,b\n" * (MOST_LINES_IN_A_ROW + 1),
            "Row 3 does not end: a quotation mark seems to be opened there and never closed.",
        ),
        (
            b'name,tagline\nBal,"' + b"x" * 200_000,
            "Row 2 does not end: a quotation mark seems to be opened there and never closed.",
        ),
    ],
)
def test_unreadable_file_ends_with_one_sentence(data, sentence):
    with pytest.raises(Unreadable) as raised:
        read(data)

    assert str(raised.value) == sentence


def test_file_that_is_not_there_is_the_systems_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.csv")


@given(st.binary(max_size=200) | st.text("[]{}\":,;\n\t'sep=name 7", max_size=80).map(str.encode))
def test_any_bytes_are_read_or_unreadable(data):
    try:
        reading = read(data)
    except Unreadable:
        return
    assert "name" in reading.mapping.values()


FIELDS = [
    *["name", "type", "features", "properties", "geometry", "coordinates", "services"],
    *["partners", "keywords", "latitude", "longitude", "bf_titre", "checkboxListeTags"],
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@example("")
@given(JSON)
def test_any_json_is_read_or_unreadable(data):
    try:
        reading = read(json.dumps(data).encode(), "x.json")
    except Unreadable:
        return
    for _number, row in reading.rows:
        assert all(isinstance(text, str) for column, text in row.items() if column != UNFIT)
