"""From entries to a file, in the columns the import reads. Nothing is held in memory."""

import csv
import json

from .columns import COLUMNS, SERVICE_KINDS, keywords_cell, partners_cell

# A spreadsheet runs a cell that begins with one of these; reading takes the apostrophe away again.
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "'")
_NUMBERS = ("latitude", "longitude", "member_count")


def write_csv(entries, stream):
    """Write entries as CSV: UTF-8, commas, a first row of column names."""
    # Each row is one call of `stream.write` that ends a line: command output counts on that.
    for line in csv_lines(entries):
        stream.write(line)


def csv_lines(entries):
    """Yield the rows of `write_csv` as text."""
    # `csv` writes to whatever has a `write`; one that gives the text back makes it a function.
    row = csv.writer(_Given()).writerow
    yield row(COLUMNS)
    for entry in entries:
        values = _values(entry)
        values["keywords"] = keywords_cell(values["keywords"])
        values["partners"] = partners_cell(values["partners"])
        yield row(_cell(column, values[column]) for column in COLUMNS)


class _Given:
    def write(self, text):
        return text


def write_json(entries, stream):
    """Write entries as a JSON list, one a line."""
    _write_list(stream, "[\n", map(_values, entries), "]\n")


def write_geojson(entries, stream):
    """Write entries as GeoJSON; one without a position has no geometry."""
    head = '{"type": "FeatureCollection", "features": [\n'
    _write_list(stream, head, map(_feature, entries), "]}\n")


def _write_list(stream, head, items, tail):
    stream.write(head)
    previous = None
    for item in items:
        if previous is not None:
            stream.write(f"{previous},\n")
        previous = json.dumps(item, ensure_ascii=False)
    if previous is not None:
        stream.write(f"{previous}\n")
    stream.write(tail)


def _values(entry):
    """Return the value of every column, empty where the entry has none."""
    services = entry.get("services", {})
    values = {
        **{column: entry.get(column, "") for column in COLUMNS},
        **{column: entry.get(column) for column in _NUMBERS},
        **{f"{kind}_url": services.get(kind, "") for kind in SERVICE_KINDS},
        "keywords": list(entry.get("keywords", [])),
        "partners": list(entry.get("partners", [])),
    }
    return values


def _feature(entry):
    values = _values(entry)
    latitude, longitude = values.pop("latitude"), values.pop("longitude")
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    return {
        "type": "Feature",
        "geometry": None if latitude is None else point,
        "properties": values,
    }


def _cell(column, value):
    if value is None:
        return ""
    # A number may be negative: it is no formula, and must stay a number.
    if column not in _NUMBERS and value.startswith(_RUN_BY_SPREADSHEETS):
        return f"'{value}"
    return value
