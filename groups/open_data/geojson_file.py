"""GeoJSON (RFC 7946): a feature a group, without geometry where it gives no position."""

import json

from ..public_entries import as_plain

CONTENT_TYPE = "application/geo+json"


def lines(source, batches):
    """Yield the file bit by bit."""
    head = {
        "type": "FeatureCollection",
        "title": source.title,
        "url": source.page_url,
        "licence": source.licence,
    }
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "features": [\n'
    before = ""
    for batch in batches:
        for pk, entry in batch:
            yield f"{before}{json.dumps(feature(pk, entry), ensure_ascii=False)}"
            before = ",\n"
    yield "\n]}\n"


def feature(pk, entry):
    """Return a group as a GeoJSON feature, its longitude before its latitude."""
    properties = as_plain(entry)
    latitude, longitude = properties.pop("latitude"), properties.pop("longitude")
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    return {
        "type": "Feature",
        "id": pk,
        "geometry": None if latitude is None else point,
        "properties": properties,
    }
