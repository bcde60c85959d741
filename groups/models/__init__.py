"""The records of the directory. One module a family; import them from here."""

from .ecosystems import CharterRule, Ecosystem, Membership
from .group import (
    FormerShortName,
    Group,
    GroupPartner,
    Partner,
    Pause,
    Revision,
    Service,
)
from .keywords import FormerKeywordSlug, Keyword, Tagging
from .people import Facilitator, Person, Role
from .tallies import CellTally, FacetTally, KeywordTally, SearchWord

__all__ = [
    "CellTally",
    "CharterRule",
    "Ecosystem",
    "FacetTally",
    "Facilitator",
    "FormerKeywordSlug",
    "FormerShortName",
    "Group",
    "GroupPartner",
    "Keyword",
    "KeywordTally",
    "Membership",
    "Partner",
    "Pause",
    "Person",
    "Revision",
    "Role",
    "SearchWord",
    "Service",
    "Tagging",
]
