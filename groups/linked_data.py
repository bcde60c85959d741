"""What pages say of themselves to programs: schema.org, as JSON-LD, in a block no browser runs.

Made of the frozen records of `public` alone: what a page may not show cannot be in it.
"""

import json

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .models import Service

# Links that say who a group is; the others are things to do there.
WHERE_A_GROUP_IS = (
    Service.Kind.NEWS,
    Service.Kind.MEETINGS,
    Service.Kind.DISCUSSIONS,
    Service.Kind.PROJECTS,
    Service.Kind.RESOURCES,
    Service.Kind.INSPIRING_PROJECTS,
)
# An approximate position is shown to a tenth of a degree: so far it may be from there, in metres.
ABOUT = 10_000
# What could end the block, open a comment in it, or break a line where JSON has none.
_ESCAPES = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def group_data(group):
    """Return what schema.org calls an Organization, of a `PublicGroup`."""
    page = settings.SITE_URL + group.url
    return _whole(
        {
            "@context": "https://schema.org",
            "@type": "Organization",
            "@id": group_id(group.short_name),
            "name": group.name,
            "description": group.tagline,
            "url": group.visit_url or page,
            "sameAs": [each.url for each in group.services if each.kind in WHERE_A_GROUP_IS],
            "keywords": [keyword.name for keyword in group.keywords],
            "image": settings.SITE_URL + group.banner_url if group.banner_url else "",
            "location": _place(group),
            "memberOf": [
                {
                    "@type": "Organization",
                    "@id": ecosystem_id(ecosystem.slug),
                    "name": ecosystem.name,
                    "url": settings.SITE_URL + ecosystem.url,
                }
                for ecosystem in group.ecosystems
            ],
            "potentialAction": _join(group),
            "mainEntityOfPage": _page("WebPage", page, lastReviewed=_day(group.confirmed_at)),
        }
    )


def ecosystem_data(ecosystem, cards):
    """Return a CollectionPage of a `PublicEcosystem`: how many groups, and those it shows first.

    Where the keyword has a record, the page is about an Organization.
    """
    page = settings.SITE_URL + ecosystem.url
    organization = {
        "@type": "Organization",
        "@id": ecosystem_id(ecosystem.slug),
        "name": ecosystem.name,
        "description": ecosystem.tagline,
        "url": page,
    }
    return _whole(
        {
            "@context": "https://schema.org",
            **_page("CollectionPage", page, name=ecosystem.name),
            "about": _whole(organization) if ecosystem.has_record else None,
            "mainEntity": {
                "@type": "ItemList",
                "numberOfItems": ecosystem.group_count,
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": position,
                        "name": card.name,
                        "url": settings.SITE_URL + card.url,
                    }
                    for position, card in enumerate(cards, start=1)
                ],
            },
        }
    )


def as_block(data):
    """Return ``data`` as the text of a script element of the type application/ld+json."""
    return SafeString(
        json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    )


def group_id(short_name):
    """Return the name of a group among all things, the same in every language."""
    return f"{settings.SITE_URL}/groups/{short_name}/#group"


def ecosystem_id(slug):
    """Return the name of an ecosystem among all things, the same in every language."""
    return f"{settings.SITE_URL}/ecosystems/{slug}/#ecosystem"


def _page(kind, address, **more):
    return _whole(
        {
            "@type": kind,
            "@id": address,
            "url": address,
            "inLanguage": get_language(),
            "license": settings.DATA_LICENCE,
            **more,
        }
    )


def _join(group):
    return {"@type": "JoinAction", "target": group.join_url} if group.join_url else None


def _day(moment):
    return timezone.localdate(moment).isoformat() if moment else None


def _place(group):
    """Return where a group is, as exactly as it may be shown; None where it says nothing."""
    address = _whole({"addressRegion": group.region, "addressCountry": group.country})
    place = _whole(
        {
            "name": group.place,
            "address": {"@type": "PostalAddress", **address} if address else None,
            "geo": _position(group),
        }
    )
    return {"@type": "Place", **place} if place else None


def _position(group):
    if group.latitude is None:
        return None
    point = {
        "@type": "GeoCoordinates",
        "latitude": group.latitude,
        "longitude": group.longitude,
    }
    if group.position_is_approximate:
        return {"@type": "GeoCircle", "geoMidpoint": point, "geoRadius": ABOUT}
    return point


def _whole(data):
    """Return ``data`` without what nothing is known of."""
    return {name: value for name, value in data.items() if value not in (None, "", [])}
