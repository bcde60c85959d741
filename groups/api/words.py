"""Ecosystems and keywords: only those that have a page."""

from django.conf import settings
from django.db.models import F, OuterRef, Subquery

from .. import rows
from ..counts import EVERYWHERE
from ..ecosystem_pages import BANDS_IN_A_CLOTH, numbers_of
from ..models import Ecosystem, Keyword, KeywordTally
from ..public import public_ecosystem


def ecosystems_after(pk, count):
    """Return the next (number, `PublicEcosystem`) that have a record. Three queries."""
    records = Ecosystem.objects.select_related("keyword").filter(keyword__gt=pk)
    records = list(records.order_by("keyword")[:count])
    scopes = [record.keyword_id for record in records]
    numbers, cloths = numbers_of(scopes), rows.cloths(scopes, BANDS_IN_A_CLOTH)
    return [
        (
            record.keyword_id,
            public_ecosystem(
                record.keyword,
                record=record,
                numbers=numbers[record.keyword_id],
                cloth=cloths[record.keyword_id],
            ),
        )
        for record in records
    ]


def keywords_after(pk, count):
    """Return the next (number, keyword as plain values) that have a page. One query."""
    tally = KeywordTally.objects.filter(scope=EVERYWHERE, filter="", keyword=OuterRef("pk"))
    keywords = Keyword.objects.shown().filter(pk__gt=pk).order_by("pk")
    found = keywords.annotate(n=Subquery(tally.values("n")), record=F("ecosystem")).values_list(
        "pk", "slug", "name", "n", "record"
    )
    return [
        (
            number,
            {
                "slug": slug,
                "name": name,
                "group_count": n or 0,
                "has_record": record is not None,
                "url": f"{settings.SITE_URL}/ecosystems/{slug}/",
            },
        )
        for number, slug, name, n, record in found[:count]
    ]


def plain_ecosystem(ecosystem):
    """Return what a list says of a `PublicEcosystem`."""
    return {
        "slug": ecosystem.slug,
        "name": ecosystem.name,
        "tagline": ecosystem.tagline,
        "has_record": ecosystem.has_record,
        "group_count": ecosystem.group_count,
        "country_count": ecosystem.country_count,
        # Nobody said is not nobody there.
        "member_count": ecosystem.member_count or None,
        "url": f"{settings.SITE_URL}/ecosystems/{ecosystem.slug}/",
        "picture": settings.SITE_URL + ecosystem.cloth_url,
    }


def whole_ecosystem(ecosystem):
    """Return all that is said of a `PublicEcosystem`."""
    core = ecosystem.core_group
    return {
        **plain_ecosystem(ecosystem),
        "description_html": ecosystem.description_html,
        "accent": ecosystem.accent,
        "charter": list(ecosystem.charter),
        "charter_version": ecosystem.charter_version,
        "core_group": core.short_name if core else None,
    }
