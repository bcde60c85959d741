"""A group's profile for the Murmurations network, by which directories find what others list.

It follows `organizations_schema-v1.0.0` of their library. A facilitator chooses whether there is
one; nobody is told of it by us.
"""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from .text import plain_text

SCHEMA = "organizations_schema-v1.0.0"
# How far along a group is, in their words.
STATUSES = {
    "preparing": "in_planning",
    "active": "active",
    "asleep": "on_hold",
    "archived": "completed",
}
# By which everybody but ISO 3166, and so this schema, writes Kosovo.
NOT_IN_ISO = "XK"


def profile_of(group):
    """Return the profile of a `PublicGroup`, as JSON."""
    page = settings.SITE_URL + group.url
    profile = {
        "linked_schemas": [SCHEMA],
        "name": group.name,
        "nickname": group.short_name,
        "primary_url": group.visit_url or page,
        "description": _description(group),
        "status": STATUSES[group.activity],
        "tags": [keyword.name for keyword in group.keywords],
        "urls": [
            {"name": _("Page in the directory"), "url": page},
            *({"name": each.label, "url": each.url} for each in group.services),
        ],
        "country_iso_3166": "" if group.country == NOT_IN_ISO else group.country,
        "geolocation": _geolocation(group),
        "header_image": settings.SITE_URL + group.banner_url if group.banner_url else "",
        "relationships": [
            {
                "predicate_url": "https://schema.org/memberOf",
                "object_url": settings.SITE_URL + ecosystem.url,
            }
            for ecosystem in group.ecosystems
        ],
        "contact_details": _contact(group),
    }
    # What nothing is known of is left out: their schema takes no empty words.
    return json.dumps({name: value for name, value in profile.items() if value}, ensure_ascii=False)


def _description(group):
    """Return the line, then the description: a list shows the beginning only."""
    return "\n\n".join(filter(None, [group.tagline, plain_text(group.description_html)]))


def _geolocation(group):
    if group.latitude is None:
        return None
    return {"lat": group.latitude, "lon": group.longitude}


def _contact(group):
    if not group.has_facilitators:
        return None
    form = reverse("groups:contact_group", args=[group.short_name])
    return {"contact_form": settings.SITE_URL + form}
