"""What reading a file gives: rows by column, before any of them is judged."""

from dataclasses import dataclass, field

# Where a row keeps what fits no column: (what stands there, the reason why it is wrong).
UNFIT = "cells"


class Unreadable(Exception):
    """The file makes no sense as a whole. The message is one sentence for its sender."""


@dataclass
class Reading:
    """What a file was understood to be.

    ``rows`` are ``(number, {column: text})`` with the columns of `columns.COLUMNS`. The number is
    what a spreadsheet shows beside the row; in JSON the place in the list, from 1.
    """

    format: str
    mapping: dict
    ignored: list
    rows: list
    notes: list = field(default_factory=list)


def put(row, column, text):
    """Put a text into its column; several columns of keywords make one list."""
    if column == "keywords" and row.get(column):
        row[column] = f"{row[column]}, {text}" if text.strip() else row[column]
    else:
        row[column] = text
