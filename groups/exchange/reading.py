"""From a file to rows: CSV, JSON, GeoJSON, and the JSON export of YesWiki's Bazar.

A row is ``(number, {column: text})`` with the columns of `columns.COLUMNS`. Nothing is judged here:
`cleaning.clean_row` does that. The number is what a spreadsheet shows beside the row; in JSON the
place in the list, from 1.
"""

import codecs
import csv
import io
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .columns import keywords_cell, partners_cell, understand

# Where a row keeps what fits no column: (what stands there, the reason why it is wrong).
UNFIT = "cells"

DELIMITERS = ",;\t"
# A title or two may stand above the names of the columns.
MOST_ROWS_ABOVE_HEADER = 10
# A row over more lines than this is a quotation mark somebody forgot to close.
MOST_LINES_IN_A_ROW = 1000


class Unreadable(Exception):
    """The file makes no sense as a whole. The message is one sentence for its sender."""


@dataclass
class Reading:
    """What a file was understood to be, before any row of it is judged."""

    format: str
    mapping: dict
    ignored: list
    rows: list
    notes: list = field(default_factory=list)


def read(source, name=""):
    """Read a path or bytes as a `Reading`. ``name`` tells the kind of file where there is no path.

    Raises `Unreadable`, or OSError if there is no such file.
    """
    if isinstance(source, bytes):
        data = source
    else:
        data = Path(source).read_bytes()
        name = name or str(source)
    text, notes = _decoded(data)
    starts = text.lstrip()[:1]
    if not starts:
        raise Unreadable(_("The file is empty."))
    if starts in "[{" and not name.lower().endswith((".csv", ".tsv")):
        reading = _read_json(text)
    else:
        reading = _read_csv(text)
    reading.notes[:0] = notes
    if "name" not in reading.mapping.values():
        found = ", ".join(header[:40] for header in [*reading.mapping, *reading.ignored][:12])
        raise Unreadable(
            _("No column holds the names of the groups: one must be called “name”. Found: %s.")
            % (found or _("nothing"))
        )
    return reading


# --- Bytes ---------------------------------------------------------------------------------------

# How spreadsheets, archives and documents begin.
_OTHER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF")


def _decoded(data):
    """Return (text, notes). Bytes that are not UTF-8 are read as what Windows wrote for long."""
    if data.startswith(_OTHER_FILES):
        raise Unreadable(
            _("This is a spreadsheet, a document or an archive: save it as CSV first.")
        )
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _without_marks(data.decode("utf-16", "replace")), []
    try:
        return _without_marks(data.decode("utf-8")), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    note = _("Line %s is not UTF-8; such letters were read as Windows wrote them.") % line
    return _without_marks(data.decode("utf-8", "groups-windows")), [note]


def _without_marks(text):
    text = text.replace("\0", "").lstrip("\ufeff")
    if re.match(r"\s*<(?:!doctype|html)", text, re.IGNORECASE):
        raise Unreadable(_("This is a web page, not a list: look for its export as CSV or JSON."))
    return text


def _as_windows(error):
    """Decode what is not UTF-8 byte by byte, so that a file in two encodings comes out right."""
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("groups-windows", _as_windows)


# --- CSV -----------------------------------------------------------------------------------------

_SEPARATOR_LINE = re.compile(r"\"?sep=([,;\t|])\"?[ ;,\t]*(?:\r\n|\r|\n)", re.IGNORECASE)


def _read_csv(text):
    chosen = _SEPARATOR_LINE.match(text)
    if chosen:
        # Excel's own line, which Excel does not show: it counts for no row.
        text = text[chosen.end() :]
    delimiters = chosen[1] if chosen else DELIMITERS
    delimiter, header_number, headers = _find_header(text, delimiters)
    mapping, ignored = understand(headers)
    places = [
        (place, mapping[header])
        for place, header in enumerate(headers)
        if header in mapping and headers.index(header) == place
    ]
    rows = [
        (number, _csv_row(cells, places, len(headers)))
        for number, cells in _records(text, delimiter)
        if number > header_number and any(cell.strip() for cell in cells)
    ]
    return Reading("CSV", mapping, ignored, rows)


def _find_header(text, delimiters):
    """Return (delimiter, row number, headers) of the row that says most as names of columns."""
    best = None
    for delimiter in delimiters:
        for number, cells in _records(text, delimiter, most=MOST_ROWS_ABOVE_HEADER):
            headers = [cell.strip() for cell in cells]
            known = understand(headers)[0].values()
            worth = ("name" in known, len(set(known)), -number, len(headers))
            if any(headers) and (best is None or worth > best[0]):
                best = (worth, delimiter, number, headers)
    return best[1:]


def _records(text, delimiter, most=None):
    """Yield (row number, cells)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = line = 0
    while most is None or number < most:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _unclosed(number) from error
        if cells is None:
            return
        if reader.line_num - line > MOST_LINES_IN_A_ROW:
            raise _unclosed(number)
        line = reader.line_num
        yield number, cells


def _unclosed(number):
    return Unreadable(
        _("Row %s does not end: a quotation mark seems to be opened there and never closed.")
        % number
    )


def _csv_row(cells, places, width):
    row = {}
    for place, column in places:
        text = _without_guard(cells[place]) if place < len(cells) else ""
        _put(row, column, text)
    surplus = [cell for cell in cells[width:] if cell.strip()]
    if surplus:
        row[UNFIT] = (
            " | ".join(surplus),
            _("more cells than columns: is there a separator in a text without quotation marks?"),
        )
    return row


def _without_guard(cell):
    """Take away the apostrophe that keeps a spreadsheet from running the cell as a formula."""
    if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t'"):
        return cell[1:]
    return cell


def _put(row, column, text):
    """Put a text into its column; several columns of keywords make one list."""
    if column == "keywords" and row.get(column):
        row[column] = f"{row[column]}, {text}" if text.strip() else row[column]
    else:
        row[column] = text


# --- JSON ----------------------------------------------------------------------------------------

_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
_LISTS = ("groups", "features", "items", "entries", "results", "records", "data")


def _read_json(text):
    try:
        data = json.loads(text)
        if _HALF_PAIR.search(text):
            # JSON may escape half a character; nothing we could save or print holds one.
            whole = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
            data = json.loads(whole)
    except json.JSONDecodeError as error:
        raise Unreadable(
            _("This is not valid JSON: line %(line)s, column %(column)s.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except (RecursionError, ValueError) as error:
        raise Unreadable(_("This JSON is nested too deeply or has too long a number.")) from error
    notes = []
    if _is_bazar(data):
        kind = "YesWiki Bazar"
        items = [_bazar_entry(item) for item in _items(data)]
    elif isinstance(data, dict) and data.get("type") in ("FeatureCollection", "Feature"):
        kind = "GeoJSON"
        features = data.get("features") if data["type"] == "FeatureCollection" else [data]
        items, notes = _from_features(features if isinstance(features, list) else [])
    else:
        kind = "JSON"
        items = _items(data)
    if not items:
        raise Unreadable(_("The file holds no group."))
    return _json_reading(kind, items, notes)


def _items(data):
    """Return the list of groups in any of the shapes lists are sent in."""
    if isinstance(data, list):
        return data
    if not isinstance(data, dict):
        return []
    for name in _LISTS:
        if isinstance(data.get(name), list):
            return data[name]
    if data and all(isinstance(value, dict) for value in data.values()):
        return list(data.values())
    return [data]


def _json_reading(kind, items, notes):
    items = [_flat(item) if isinstance(item, dict) else item for item in items]
    headers = dict.fromkeys(key for item in items if isinstance(item, dict) for key in item)
    mapping, ignored = understand(list(headers))
    rows = []
    for number, item in enumerate(items, start=1):
        row = {}
        if isinstance(item, dict):
            for header, value in item.items():
                if header in mapping:
                    _put(row, mapping[header], _text_of(value, mapping[header]))
        else:
            row[UNFIT] = (json.dumps(item, ensure_ascii=False)[:60], _("this is not a group"))
        rows.append((number, row))
    return Reading(kind, mapping, ignored, rows, notes)


def _flat(item):
    """Return an item with its links and its position among the other fields."""
    flat = {}
    for key, value in item.items():
        if key == "services" and isinstance(value, dict):
            flat.update({f"{kind}_url": url for kind, url in value.items()})
        elif isinstance(value, dict) and _is_position(value):
            for name, number in value.items():
                flat.setdefault(name, number)
        else:
            flat[key] = value
    return flat


def _is_position(value):
    return {"latitude", "longitude"} <= set(understand(list(value))[0].values())


def _text_of(value, column):
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool | dict):
        return ""
    if isinstance(value, int | float):
        return str(value)
    if column == "partners":
        return partners_cell([_partner_of(each) for each in value])
    texts = [_text_of(each, "").strip() for each in value if not isinstance(each, list)]
    texts = [text for text in texts if text]
    return keywords_cell(texts) if column == "keywords" else ", ".join(texts)


def _partner_of(value):
    if isinstance(value, dict):
        texts = {key: value.get(key) for key in ("name", "url")}
        return {key: text if isinstance(text, str) else "" for key, text in texts.items()}
    return {"name": value if isinstance(value, str) else "", "url": ""}


# --- GeoJSON -------------------------------------------------------------------------------------


def _from_features(features):
    """Return (items, notes): the properties of each feature with its position."""
    items, elsewhere = [], 0
    for feature in features:
        if not isinstance(feature, dict):
            items.append(feature)
            continue
        properties = feature.get("properties")
        item = dict(properties) if isinstance(properties, dict) else {}
        geometry = feature.get("geometry")
        points = list(_points_of(geometry))
        if points:
            longitudes, latitudes = zip(*points, strict=True)
            item["longitude"] = (min(longitudes) + max(longitudes)) / 2
            item["latitude"] = (min(latitudes) + max(latitudes)) / 2
            elsewhere += geometry.get("type") != "Point"
        items.append(item)
    notes = []
    if elsewhere:
        notes.append(
            ngettext(
                "%s shape is not a point: its middle was taken.",
                "%s shapes are not points: their middle was taken.",
                elsewhere,
            )
            % elsewhere
        )
    return items, notes


def _points_of(geometry):
    """Yield every (longitude, latitude) of a geometry, whatever its type."""
    waiting = [geometry]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [part.get("coordinates"), part.get("geometries")]
        elif isinstance(part, list):
            if len(part) >= 2 and all(map(_is_degree, part[:2])):
                yield part[0], part[1]
            else:
                waiting += part


def _is_degree(number):
    # Not a number too long to divide, nor NaN, which is in no range.
    return isinstance(number, int | float) and -1e6 < number < 1e6


# --- YesWiki -------------------------------------------------------------------------------------

# `url` is the wiki page of the entry, not the site it tells of.
_OF_THE_WIKI = {"url", "id_fiche", "id_typeannonce", "html_output", "semantic", "owner", "user"}


def _is_bazar(data):
    """Tell whether these are entries of a Bazar: a list of them, or each under its identifier."""
    items = _items(data)
    first = items[0] if items else None
    return isinstance(first, dict) and ("bf_titre" in first or "id_typeannonce" in first)


def _bazar_entry(entry):
    if not isinstance(entry, dict):
        return entry
    plain = {key: value for key, value in entry.items() if key not in _OF_THE_WIKI}
    # Before 2020 a position was one text.
    latitude, bar, longitude = str(plain.pop("carte_google", "")).partition("|")
    if bar:
        plain = {"bf_latitude": latitude, "bf_longitude": longitude} | plain
    for key, value in plain.items():
        if key.startswith(("checkbox", "liste", "radio")):
            choices = value if isinstance(value, list) else str(value or "").split(",")
            # A list of the wiki may be kept by number; a number is no keyword.
            plain[key] = [each for each in choices if not str(each).strip().isdigit()]
    return plain
