"""JSON: lists of groups however they are wrapped, GeoJSON, the export of a YesWiki."""

import json
import re

from django.utils.translation import gettext as _

from . import bazar, geojson
from .columns import keywords_cell, partners_cell, understand
from .rows import UNFIT, Reading, Unreadable, put

_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
_LISTS = ("groups", "features", "items", "entries", "results", "records", "data")


def read_json(text):
    """Return the `Reading` of JSON in any of the shapes we know."""
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
    if bazar.is_export(_items(data)):
        kind = "YesWiki Bazar"
        items = [bazar.plain_entry(item) for item in _items(data)]
    elif isinstance(data, dict) and data.get("type") in ("FeatureCollection", "Feature"):
        kind = "GeoJSON"
        features = data.get("features") if data["type"] == "FeatureCollection" else [data]
        items, notes = geojson.from_features(features if isinstance(features, list) else [])
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
                    put(row, mapping[header], _text_of(value, mapping[header]))
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
