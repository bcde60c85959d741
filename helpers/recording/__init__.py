"""The only door for evidence: signs of life, announced dates, date polls, wishes and ends.

Each deed is one transaction that leaves the `Rhythm` it concerns true, with a row for a change of
status. Days are local days of the group.
"""

from .announcements import (
    announce,
    announce_all,
    cancel_announcement,
    open_poll,
    settle_passed,
)
from .signs import Refused, cover, see, see_all, unsee
from .wishes import (
    declare_rhythm,
    end_indicator,
    end_pause,
    pause,
    recompute,
    reopen_indicator,
    rhythms_of,
)

__all__ = [
    "Refused",
    "announce",
    "announce_all",
    "cancel_announcement",
    "cover",
    "declare_rhythm",
    "end_indicator",
    "end_pause",
    "open_poll",
    "pause",
    "recompute",
    "reopen_indicator",
    "rhythms_of",
    "see",
    "see_all",
    "settle_passed",
    "unsee",
]
