"""Tables: commas, semicolons or tabs, and what Excel and LibreOffice make of them."""

import csv
import io
import re

from django.utils.translation import gettext as _

from .columns import understand
from .rows import UNFIT, Reading, Unreadable, put

DELIMITERS = ",;\t"
# A title or two may stand above the names of the columns.
MOST_ROWS_ABOVE_HEADER = 10
# A row over more lines than this is a quotation mark somebody forgot to close.
MOST_LINES_IN_A_ROW = 1000

_SEPARATOR_LINE = re.compile(r"\"?sep=([,;\t|])\"?[ ;,\t]*(?:\r\n|\r|\n)", re.IGNORECASE)


def read_csv(text):
    """Return the `Reading` of a table whose separator is whatever makes sense of its header."""
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
    if best is None:
        raise Unreadable(_("The file is empty."))
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
        put(row, column, text)
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
