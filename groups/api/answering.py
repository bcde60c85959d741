"""The shapes of the answers. What stands in them comes from `public_entries` and `public`."""

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from ..filters import ACTIVITIES, KINDS


class Partner(Schema):
    name: str
    url: str


class Group(Schema):
    """A published group, with what its page shows to everybody."""

    id: int = Field(description="Its number, which stays whatever it is called.")
    short_name: str
    name: str
    tagline: str
    kind: Literal[KINDS]
    description: str = Field(description="Paragraphs in a small part of Markdown.")
    keywords: list[str]
    keyword_slugs: list[str]
    country: str = Field(description="ISO 3166-1, two letters; empty if it does not say.")
    region: str
    latitude: float | None
    longitude: float | None
    position_is_approximate: bool = Field(
        description="Then the position is given to a tenth of a degree."
    )
    member_count: int | None
    member_count_on: date | None
    activity: Literal[ACTIVITIES]
    services: dict[str, str] = Field(description="Its public links, by what they are for.")
    partners: list[Partner]
    ecosystems: list[str] = Field(description="Slugs of the ecosystems that list it.")
    created_at: datetime
    updated_at: datetime
    changed_at: datetime = Field(description="When anything a reader sees of it last changed.")
    confirmed_at: datetime | None = Field(
        description="When the group last said that all this is still right."
    )
    url: str
    picture: str


class Deleted(Schema):
    id: int
    deleted_on: date


class GroupAnswer(Schema):
    """One group."""

    licence: str
    group: Group


class GroupPage(Schema):
    """A page of groups."""

    licence: str = Field(description="The licence of the data, by its address.")
    groups: list[Group]
    deleted: list[Deleted] = Field(
        default=[],
        description="Only with updated_since: what is not, or no more, among what you ask for.",
    )
    as_of: datetime = Field(
        description="Give this as updated_since next time, once you have read all pages."
    )
    next: str | None = Field(description="The address of the next page, if there is one.")


class EcosystemInList(Schema):
    """A keyword that has a record, or any keyword that a group shows."""

    slug: str
    name: str
    tagline: str
    has_record: bool = Field(
        description="Whether it has a charter and a core group, or is a keyword alone."
    )
    group_count: int = Field(description="How many groups it lists, archived ones left out.")
    country_count: int
    member_count: int | None
    url: str
    picture: str


class Ecosystem(EcosystemInList):
    description_html: str
    accent: str
    charter: list[str]
    charter_version: int | None
    core_group: str | None = Field(description="The short name of its core group.")


class EcosystemAnswer(Schema):
    """One ecosystem."""

    licence: str
    ecosystem: Ecosystem


class EcosystemPage(Schema):
    """A page of ecosystems."""

    licence: str
    ecosystems: list[EcosystemInList]
    next: str | None


class Keyword(Schema):
    slug: str
    name: str
    group_count: int
    has_record: bool
    url: str


class KeywordPage(Schema):
    """A page of keywords."""

    licence: str
    keywords: list[Keyword]
    next: str | None


class ParameterError(Schema):
    parameter: str
    detail: str


class Problem(Schema):
    """What is wrong, and what to do (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ParameterError] = []
