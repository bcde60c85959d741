"""The ecosystems, and the page any keyword has."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .. import rows
from ..directory import list_groups
from ..ecosystem_pages import (
    ecosystem_cards,
    ecosystem_of,
    largest_keywords,
    shared_groups,
)
from ..filters import read_filters
from ..matches import kept_cube
from ..models import Keyword


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
        return _moved(slug.lower())
    keyword, record, core = found
    cube = kept_cube(keyword)
    if not cube and record is None:
        # A word only unpublished groups carry says nothing, not even that it exists.
        raise Http404("No such ecosystem.")
    if keyword.slug != slug:
        return redirect(_address(keyword), permanent=True)
    ecosystem = ecosystem_of(keyword, record, core, cube)
    filters = read_filters(request.GET)
    return render(
        request,
        "groups/ecosystem_detail.html",
        {
            "section": "ecosystems",
            "ecosystem": ecosystem,
            "listing": list_groups(filters, request.path, keyword, cube),
            "accent": ecosystem.accent,
            "noindex": bool(filters.pairs()) or not ecosystem.is_indexed,
            "canonical_path": request.path,
        },
    )


def _moved(slug):
    keyword = Keyword.objects.shown().filter(former_slugs__slug=slug).first()
    if keyword is None:
        raise Http404("No such ecosystem.")
    return redirect(_address(keyword), permanent=True)


def _address(keyword):
    return reverse("groups:ecosystem_detail", args=[keyword.slug])
