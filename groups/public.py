"""The one place that decides what leaves: which fields of a group a stranger may see.

`Group.objects.visible_to(person)` decides rows; the functions here decide fields and return frozen
records. Public pages, data and pictures receive these and nothing else.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from . import markdown
from .access import confirmed_facilitators
from .countries import country_name
from .models import Group, Service, Tagging
from .text import keyword_slug

# What a card needs, in the order of `public_card`.
CARD_FIELDS = (
    "pk",
    "short_name",
    "name",
    "tagline",
    "kind",
    "activity",
    "country",
    "region",
    "member_count",
    "card",
)
PUBLIC_SERVICES = (
    Service.Kind.HOME,
    Service.Kind.NEWS,
    Service.Kind.MEETINGS,
    Service.Kind.DISCUSSIONS,
    Service.Kind.PROJECTS,
    Service.Kind.RESOURCES,
    Service.Kind.INSPIRING_PROJECTS,
    Service.Kind.JOIN,
    Service.Kind.LEAVE,
)
ACTIVITY_ICONS = {
    "active": "activity",
    "preparing": "sprout",
    "asleep": "moon",
    "archived": "archive",
}
SERVICE_ICONS = {
    "home": "house",
    "news": "newspaper",
    "meetings": "calendar-days",
    "discussions": "messages-square",
    "projects": "hammer",
    "resources": "library",
    "inspiring_projects": "lightbulb",
    "join": "log-in",
    "leave": "log-out",
    "members": "users",
    "admin": "settings",
    "follow_up": "clipboard-list",
}


# So many groups make a word a page for search engines, where it has no record.
FEWEST_INDEXED = 3


class PublicKeyword(NamedTuple):
    name: str
    url: str
    slug: str = ""
    count: int | None = None


class PublicMembership(NamedTuple):
    """An ecosystem that lists a group, and whether the group carries the mark of its charter."""

    name: str
    url: str
    slug: str
    has_mark: bool


@dataclass(frozen=True, slots=True)
class PublicService:
    kind: str
    label: str
    hint: str
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class PublicPartner:
    name: str
    url: str
    logo_url: str
    logo_width: int
    logo_height: int


@dataclass(frozen=True, slots=True)
class PublicCard:
    """What a listing shows of a group."""

    short_name: str
    name: str
    tagline: str
    kind: str
    kind_label: str
    activity: str
    activity_label: str
    activity_icon: str
    place: str
    member_count: int | None
    member_label: str
    url: str
    visit_url: str
    join_url: str
    band_url: str
    keywords: tuple[PublicKeyword, ...]


@dataclass(frozen=True, slots=True)
class PublicGroup(PublicCard):
    """What the page of a group shows."""

    description_html: SafeString
    services: tuple[PublicService, ...]
    partners: tuple[PublicPartner, ...]
    country: str
    country_name: str
    region: str
    latitude: float | None
    longitude: float | None
    position_is_approximate: bool
    member_count_on: date | None
    confirmed_at: datetime | None
    ecosystems: tuple[PublicMembership, ...]
    started_in: PublicCard | None
    short_address: str
    banner_url: str
    kind_title: str
    # Whether a message would be read; not by whom, nor by how many.
    has_facilitators: bool


@dataclass(frozen=True)
class PublicEcosystem:
    """What the page of an ecosystem shows, with or without a record of its own."""

    slug: str
    name: str
    tagline: str
    description_html: SafeString
    accent: str
    url: str
    cloth_url: str
    charter: tuple[str, ...]
    charter_version: int | None
    core_group: PublicCard | None
    has_record: bool
    group_count: int
    country_count: int
    member_count: int | None

    @property
    def is_indexed(self):
        """A word becomes a page for search engines once three groups carry it, or somebody asks."""
        return self.has_record or self.group_count >= FEWEST_INDEXED

    @property
    def core_edge_url(self):
        return edge_url(self.core_group.short_name) if self.core_group else ""

    @cached_property
    def member_total_label(self):
        return members_label(self.member_count)


class Words:
    """The words and addresses every card shares, in the reader's language by `reader_words()`.

    Asking the catalogue and the URL table once instead of once a card is what makes a listing
    cheap.
    """

    def __init__(self, language):
        with override(language):
            self.kinds = {value: str(label) for value, label in Group.Kind.choices}
            self.activities = {value: str(label) for value, label in Group.Activity.choices}
            self.groups_url = reverse("groups:group_list")
            self.ecosystems_url = reverse("groups:ecosystem_list")
        self.language = language


_words_in = cache(Words)


def reader_words():
    """Return the `Words` of the reader's language."""
    return _words_in(get_language())


def public_card(row, words):
    """Return the `PublicCard` of ``row``, the values of `CARD_FIELDS` of a published group."""
    _pk, short_name, name, tagline, kind, activity, country, region, member_count, card = row
    place = country_name(country, words.language)
    return PublicCard(
        short_name,
        name,
        tagline,
        kind,
        words.kinds[kind],
        activity,
        words.activities[activity],
        ACTIVITY_ICONS[activity],
        f"{region}, {place}" if region and place else region or place,
        member_count,
        members_label(member_count),
        f"{words.groups_url}{short_name}/",
        card.get("visit", ""),
        card.get("join", ""),
        picture_url(card.get("band")) or pattern_url(short_name),
        tuple(
            PublicKeyword(keyword, f"{words.ecosystems_url}{slug}/", slug)
            for keyword, slug in card.get("keywords", ())
        ),
    )


def public_cards(rows):
    """Return the cards of ``rows`` (values of `CARD_FIELDS`), in their order."""
    words = reader_words()
    return [public_card(row, words) for row in rows]


def card_of(group):
    """Return the `PublicCard` of a published group."""
    return public_card([getattr(group, name) for name in CARD_FIELDS], reader_words())


def preview_card(entry, band_url):
    """Return the card a group of this entry will have, for the eyes of who is writing it."""
    services = entry["services"]
    card = {
        "keywords": [(name, keyword_slug(name)) for name in entry["keywords"]],
        "visit": services.get(Service.Kind.HOME, ""),
        "join": services.get(Service.Kind.JOIN, ""),
    }
    row = {"pk": None, "card": card, **entry}
    preview = public_card([row[name] for name in CARD_FIELDS], reader_words())
    return replace(preview, band_url=band_url) if band_url else preview


def public_group(group, now):
    """Return the `PublicGroup` of a published group at ``now``. Costs six queries."""
    words = reader_words()
    card = card_of(group)
    latitude, longitude = public_position(
        group.latitude, group.longitude, group.position_is_approximate
    )
    parent = group.started_in if group.started_in and group.started_in.shelf else None
    return PublicGroup(
        **{name: getattr(card, name) for name in PublicCard.__slots__},
        description_html=markdown.render(group.description),
        services=_public_services(group),
        partners=_public_partners(group),
        country=group.country,
        country_name=country_name(group.country, words.language),
        region=group.region,
        latitude=latitude,
        longitude=longitude,
        position_is_approximate=group.position_is_approximate,
        member_count_on=group.member_count_on,
        confirmed_at=group.confirmed_at,
        ecosystems=_public_ecosystems(group, words, now),
        started_in=card_of(parent) if parent else None,
        short_address=f"{settings.SITE_HOST}/{group.short_name}",
        banner_url=picture_url(group.banner.name),
        kind_title=_kind_title(group.kind),
        has_facilitators=confirmed_facilitators(group).exists(),
    )


def public_ecosystem(keyword, *, record, numbers, cloth, core=None, charter=()):
    """Return the `PublicEcosystem` of ``keyword``.

    ``record`` is its Ecosystem (or what a page needs of it) or None, ``numbers`` its (groups,
    countries, members), ``cloth`` the short names whose bands its cloth is sewn from, ``core`` the
    card of its core group if that is published.
    """
    group_count, country_count, member_count = numbers
    banner = picture_url(str(record.banner)) if record else ""
    return PublicEcosystem(
        slug=keyword.slug,
        name=record.name if record else keyword.name,
        tagline=record.tagline if record else "",
        description_html=markdown.render(record.description) if record else SafeString(""),
        accent=record.accent if record else "",
        url=reverse("groups:ecosystem_detail", args=[keyword.slug]),
        cloth_url=banner or cloth_url(cloth),
        charter=charter,
        charter_version=record.charter_version if record else None,
        core_group=core,
        has_record=record is not None,
        group_count=group_count,
        country_count=country_count,
        member_count=member_count,
    )


def public_position(latitude, longitude, is_approximate):
    """Return the (latitude, longitude) that may be shown, or (None, None).

    An approximate position is shown to a tenth of a degree (about ten kilometres), any other to a
    ten-thousandth (about ten metres).
    """
    if latitude is None or longitude is None:
        return None, None
    digits = 1 if is_approximate else 4
    return round(latitude, digits), round(longitude, digits)


def public_taggings():
    """Return the taggings that may be shown: admitted keywords of published groups."""
    return Tagging.objects.filter(shelf__gt=0)


def picture_url(name):
    """Return the address of an uploaded picture by its stored name, "" for none."""
    return default_storage.url(name) if name else ""


def pattern_url(short_name):
    return f"/groups/{short_name}/pattern.svg"


def edge_url(short_name):
    return f"/groups/{short_name}/pattern.svg?edge"


def cloth_url(short_names):
    """Return the address of the cloth sewn from the bands of these groups."""
    return "/cloth.svg?" + "&".join(f"band={name}" for name in short_names)


def members_label(count):
    """Return `≈ 180 membres`, in the reader's language, "" for no count."""
    return _members_label(count, get_language()) if count else ""


@lru_cache(maxsize=4096)
def _members_label(count, _language):
    return ngettext("≈ %(count)s member", "≈ %(count)s members", count) % {
        "count": number_format(count, use_l10n=True, force_grouping=True)
    }


def _kind_title(kind):
    return {
        "territorial": _("Territorial group"),
        "thematic": _("Thematic group"),
        "support": _("Support group"),
    }[kind]


def public_links(links, members_are_open):
    """Keep of ``{kind: link}`` what a stranger may see, in the order of the kinds."""
    kinds = [*PUBLIC_SERVICES, Service.Kind.MEMBERS] if members_are_open else PUBLIC_SERVICES
    return {kind: links[kind] for kind in kinds if kind in links}


def _public_services(group):
    """Return the links a stranger may see. One query."""
    services = {service.kind: service for service in group.services.all()}
    members = services.get(Service.Kind.MEMBERS)
    links = public_links(services, members is not None and members.is_open)
    return tuple(public_service(kind, links[kind].url) for kind in links)


def public_service(kind, url):
    """Return what a page shows of a link of this kind."""
    kind = Service.Kind(kind)
    host = urlsplit(url).netloc.removeprefix("www.")
    return PublicService(kind, str(kind.label), host, SERVICE_ICONS[kind], url)


def _public_partners(group):
    """Return the partners with what their logo needs. One query."""
    return tuple(
        PublicPartner(
            partnership.partner.name,
            partnership.partner.url,
            picture_url(partnership.partner.logo.name),
            180,
            60,
        )
        for partnership in group.partnerships.select_related("partner")
    )


def _public_ecosystems(group, words, now):
    """Return the ecosystems with a record that list the group. Two queries."""
    marked = {each.ecosystem_id for each in group.memberships.all() if each.has_mark(now)}
    rows = (
        public_taggings()
        .filter(content_object=group, tag__ecosystem__isnull=False)
        .order_by("tag__ecosystem__name")
        .values_list("tag__ecosystem", "tag__ecosystem__name", "tag__slug")
    )
    return tuple(
        PublicMembership(name, f"{words.ecosystems_url}{slug}/", slug, pk in marked)
        for pk, name, slug in rows
    )
