"""What data outputs say of a group: files to download, feeds, the read API.

As in `public`, whose rules these follow: only published groups, public links, admitted keywords,
and positions no more exact than they may be shown.
"""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.conf import settings

from .models import GroupPartner, Service
from .public import pattern_url, picture_url, public_links, public_position, public_taggings


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """A published group as data: the columns of the export that are public, and its dates."""

    short_name: str
    name: str
    tagline: str
    kind: str
    description: str
    keywords: tuple[str, ...]
    keyword_slugs: tuple[str, ...]
    country: str
    region: str
    latitude: float | None
    longitude: float | None
    position_is_approximate: bool
    member_count: int | None
    member_count_on: date | None
    activity: str
    services: dict[str, str]
    partners: tuple[tuple[str, str], ...]
    # The slugs of the ecosystems with a record that list it.
    ecosystems: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    # When anything a reader sees of it last changed.
    changed_at: datetime
    confirmed_at: datetime | None
    # Its page, in the language of the site.
    url: str
    picture: str


def public_entries(groups):
    """Return the `PublicEntry` of each of ``groups``, which are published. Three queries."""
    ids = [group.pk for group in groups]
    links, partners, keywords = _links(ids), _partners(ids), _keywords(ids)
    return [
        _entry(group, links[group.pk], partners[group.pk], keywords[group.pk]) for group in groups
    ]


def as_plain(entry):
    """Return a `PublicEntry` as a dictionary ready for JSON."""
    plain = {each.name: getattr(entry, each.name) for each in fields(entry)}
    plain["keywords"] = list(entry.keywords)
    plain["keyword_slugs"] = list(entry.keyword_slugs)
    plain["ecosystems"] = list(entry.ecosystems)
    plain["partners"] = [{"name": name, "url": url} for name, url in entry.partners]
    for name in ("member_count_on", "created_at", "updated_at", "changed_at", "confirmed_at"):
        moment = plain[name]
        plain[name] = moment.isoformat() if moment else None
    return plain


def _entry(group, links, partners, keywords):
    latitude, longitude = public_position(
        group.latitude, group.longitude, group.position_is_approximate
    )
    return PublicEntry(
        short_name=group.short_name,
        name=group.name,
        tagline=group.tagline,
        kind=group.kind,
        description=group.description,
        keywords=tuple(name for name, _slug, _is_ecosystem in keywords),
        keyword_slugs=tuple(slug for _name, slug, _is_ecosystem in keywords),
        country=group.country,
        region=group.region,
        latitude=latitude,
        longitude=longitude,
        position_is_approximate=group.position_is_approximate,
        member_count=group.member_count,
        member_count_on=group.member_count_on,
        activity=group.activity,
        services=links,
        partners=tuple(partners),
        ecosystems=tuple(slug for _name, slug, is_ecosystem in keywords if is_ecosystem),
        created_at=group.created_at,
        updated_at=group.updated_at,
        changed_at=group.changed_at,
        confirmed_at=group.confirmed_at,
        url=f"{settings.SITE_URL}/groups/{group.short_name}/",
        picture=settings.SITE_URL
        + (picture_url(group.banner.name) or pattern_url(group.short_name)),
    )


def _links(ids):
    links, is_open = defaultdict(dict), {}
    rows = Service.objects.filter(group__in=ids).values_list("group_id", "kind", "url", "is_open")
    for group_id, kind, url, opened in rows:
        links[group_id][kind] = url
        if opened:
            is_open[group_id] = True
    shown = {pk: public_links(links[pk], is_open.get(pk, False)) for pk in links}
    return defaultdict(dict, shown)


def _partners(ids):
    partners = defaultdict(list)
    rows = GroupPartner.objects.filter(group__in=ids).order_by("position", "pk")
    for group_id, *partner in rows.values_list("group_id", "partner__name", "partner__url"):
        partners[group_id].append(tuple(partner))
    return partners


def _keywords(ids):
    keywords = defaultdict(list)
    rows = public_taggings().filter(content_object__in=ids).order_by("position", "pk")
    columns = ("content_object_id", "tag__name", "tag__slug", "tag__ecosystem")
    for group_id, name, slug, ecosystem in rows.values_list(*columns):
        keywords[group_id].append((name, slug, ecosystem is not None))
    return keywords
