"""From a file to rows. Nothing is judged here: `cleaning.clean_row` does that."""

import codecs
import re
from pathlib import Path

from django.utils.translation import gettext as _

from .csv_file import read_csv
from .json_file import read_json
from .rows import Unreadable

# How spreadsheets, archives and documents begin.
_OTHER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF")


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
        reading = read_json(text)
    else:
        reading = read_csv(text)
    reading.notes[:0] = notes
    if "name" not in reading.mapping.values():
        found = ", ".join(header[:40] for header in [*reading.mapping, *reading.ignored][:12])
        raise Unreadable(
            _("No column holds the names of the groups: one must be called “name”. Found: %s.")
            % (found or _("nothing"))
        )
    return reading


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
