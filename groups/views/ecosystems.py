"""The ecosystems, and the page any keyword has."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from .. import rows
from ..caching import versioned
from ..directory import list_groups
from ..ecosystem_pages import (
    ecosystem_cards,
    ecosystem_of,
    largest_keywords,
    shared_groups,
)
from ..filters import read_filters
from ..linked_data import as_block, ecosystem_data
from ..matches import kept_cube
from ..models import Keyword
from ..moved import with_query


@require_safe
def ecosystem_list(request):
    return render(
        request,
        "groups/ecosystem_list.html",
        {
            "section": "ecosystems",
            "ecosystems": ecosystem_cards(),
            "shared": shared_groups(),
            "keywords": largest_keywords(),
            "canonical_path": request.path,
        },
    )


@require_safe
def ecosystem_detail(request, slug):
    found = rows.ecosystem_page(slug.lower())
    if found is None:
        return _moved(request, Keyword.objects.formerly(slug))
    version, keyword, *_adorned = found
    if keyword.slug != slug:
        # Hidden words lead nowhere, in any spelling.
        return _moved(request, Keyword.objects.shown().filter(pk=keyword.pk).first())
    filters = read_filters(request.GET)
    address = request.get_full_path()
    if filters.keyword:
        # What depends on other words, too, depends on the whole directory.
        version = version._replace(token=f"{version.token} {version.everywhere}")
    return versioned(
        request,
        version,
        f"page {address}",
        lambda: _ecosystem_page(request, filters, *found[1:]),
        # An address that is none of ours is not asked for twice; and what depends on other words
        # would push out what does not.
        is_kept=not filters.keyword and address == filters.address(request.path, page=filters.page),
    )


def _ecosystem_page(request, filters, keyword, record, core):
    cube = kept_cube(keyword)
    if not cube and record is None:
        # A word only unpublished groups carry says nothing, not even that it exists.
        raise Http404("No such ecosystem.")
    ecosystem = ecosystem_of(keyword, record, core, cube)
    listing = list_groups(filters, request.path, keyword, cube)
    is_indexed = ecosystem.is_indexed and not filters.pairs()
    return render_to_string(
        "groups/ecosystem_detail.html",
        {
            "section": "ecosystems",
            "ecosystem": ecosystem,
            "listing": listing,
            "accent": ecosystem.accent,
            "noindex": not is_indexed,
            "linked_data": as_block(ecosystem_data(ecosystem, listing.cards)) if is_indexed else "",
            "canonical_path": request.path,
        },
        request,
    )


def _moved(request, keyword):
    """Lead to the page of ``keyword`` with all that was asked for; 404 where there is none."""
    if keyword is None:
        raise Http404("No such ecosystem.")
    address = reverse("groups:ecosystem_detail", args=[keyword.slug])
    return redirect(with_query(address, request), permanent=True)
