"""What may be wrong with a row, in words that follow a colon."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Why a row is left out: the column, what stands there, the reason."""

    column: str
    value: str
    reason: str


class Wrong(Exception):
    """The value of one column is wrong; the message is the reason."""
