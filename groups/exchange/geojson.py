"""GeoJSON: from features to plain items with a latitude and a longitude."""

from django.utils.translation import ngettext


def from_features(features):
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
