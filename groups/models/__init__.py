"""The records of the directory. One module a family; import them from here."""

from .access import Draft, Link, Submission
from .ecosystems import CharterRule, Ecosystem, EcosystemRequest, Membership
from .group import (
    FormerShortName,
    Group,
    GroupPartner,
    Partner,
    Pause,
    Revision,
    Service,
)
from .jobs import JobRun
from .keywords import FormerKeywordSlug, Keyword, Tagging
from .limits import CacheRow, Limit, NetworkKey
from .mail import Mail
from .pages import PageVersion
from .people import Facilitator, Person, Role
from .tallies import CellTally, FacetTally, KeywordTally, SearchWord
from .tasks import Task
from .tombstones import Tombstone

__all__ = [
    "CacheRow",
    "CellTally",
    "CharterRule",
    "Draft",
    "Ecosystem",
    "EcosystemRequest",
    "FacetTally",
    "Facilitator",
    "FormerKeywordSlug",
    "FormerShortName",
    "Group",
    "GroupPartner",
    "JobRun",
    "Keyword",
    "KeywordTally",
    "Limit",
    "Link",
    "Mail",
    "Membership",
    "NetworkKey",
    "PageVersion",
    "Partner",
    "Pause",
    "Person",
    "Revision",
    "Role",
    "SearchWord",
    "Service",
    "Submission",
    "Tagging",
    "Task",
    "Tombstone",
]
