"""CSV: the columns of the export, for spreadsheets and for our own import."""

from ..exchange.writing import csv_lines

CONTENT_TYPE = "text/csv"
# Excel takes a file without it for one in the letters of its own country.
BYTE_ORDER_MARK = "\ufeff"


def lines(_source, batches):
    """Yield the file line by line. No room for a licence: the answer names it in its headers."""
    yield BYTE_ORDER_MARK
    yield from csv_lines(_row(entry) for batch in batches for _pk, entry in batch)


def _row(entry):
    names = ("short_name", "name", "tagline", "kind", "description", "country", "region")
    numbers = ("latitude", "longitude", "member_count", "activity")
    return {
        **{name: getattr(entry, name) for name in (*names, *numbers)},
        "keywords": list(entry.keywords),
        "services": entry.services,
        "partners": [{"name": name, "url": url} for name, url in entry.partners],
    }
