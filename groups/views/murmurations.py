"""The profile of a group for the directories of the Murmurations network."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..caching import group_version, versioned
from ..models import Group
from ..murmurations import profile_of
from ..public import public_group


@require_safe
def murmurations_profile(request, short_name):
    """Answer the profile of a published group, 404 where its facilitators want none."""
    version = group_version(short_name)
    if version is None:
        return _moved(short_name.lower())

    def build():
        groups = Group.objects.published().filter(has_profile=True).select_related("started_in")
        group = groups.filter(pk=-version.scope).first()
        if group is None:
            raise Http404("No such profile.")
        return profile_of(public_group(group, timezone.now()))

    response = versioned(request, version, "murmurations", build, content_type="application/json")
    response["Link"] = f'<{settings.DATA_LICENCE}>; rel="license"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _moved(short_name):
    group = Group.objects.published().filter(has_profile=True).named(short_name)
    if group is None:
        raise Http404("No such profile.")
    return redirect("groups-data:murmurations_profile", group.short_name, permanent=True)
