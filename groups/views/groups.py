"""The directory, and the page of a group."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..directory import list_groups
from ..filters import read_filters
from ..linked_data import as_block, group_data
from ..models import Group
from ..public import public_group


@require_safe
def group_list(request):
    filters = read_filters(request.GET)
    listing = list_groups(filters, request.path)
    return render(
        request,
        "groups/group_list.html",
        {
            "section": "groups",
            "listing": listing,
            "noindex": bool(filters.pairs()),
            "canonical_path": request.path,
        },
    )


@require_safe
def group_detail(request, short_name):
    group = find_group(short_name)
    if group.short_name != short_name:
        return redirect(group, permanent=True)
    shown = public_group(group, timezone.now())
    return render(
        request,
        "groups/group_detail.html",
        {
            "section": "groups",
            "group": shown,
            "linked_data": as_block(group_data(shown)),
            "canonical_path": request.path,
        },
    )


@require_safe
def short_address(request, short_name):
    """Send the short address people print to the group's page."""
    return redirect(find_group(short_name))


def find_group(short_name):
    """Return the published group of this name, in any case, or of this former name; else 404."""
    groups = Group.objects.published().select_related("started_in")
    group = groups.named(short_name.lower())
    if group is None:
        raise Http404("No such group.")
    return group
