"""The records of the five indicators. One module a family; import them from here."""

from .alerts import Alert, Follow, HelpRequest, Nudge
from .checkins import CheckIn
from .digests import Digest
from .evidence import Announcement, Sighting
from .hosts import Host, LinkCheck, Look, Run
from .rhythm import Rhythm, Transition
from .seasons import Season, SeasonAnswer
from .sources import Source

__all__ = [
    "Alert",
    "Announcement",
    "CheckIn",
    "Digest",
    "Follow",
    "HelpRequest",
    "Host",
    "LinkCheck",
    "Look",
    "Nudge",
    "Rhythm",
    "Run",
    "Season",
    "SeasonAnswer",
    "Sighting",
    "Source",
    "Transition",
]
