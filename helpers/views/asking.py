"""Who asks for a page of the helpers: strangers find nothing, visitors the way to sign in."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.utils import timezone

from groups.models import Group
from groups.views.account import zone_of
from groups.views.private import private_page

from ..access import reader_of, viewer_of


def for_helpers(view):
    """Answer by ``view(request, viewer, …)``, for whoever helps somewhere, in their own time."""

    @private_page
    @wraps(view)
    def page(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        viewer = viewer_of(request.user)
        if viewer is None:
            raise Http404("Only for helpers.")
        with timezone.override(zone_of(request.user)):
            return view(request, viewer, *args, **kwargs)

    return page


def for_readers(view):
    """Answer by ``view(request, group, reader, …)``, for the helpers and facilitators of a group.

    To a visitor every name answers alike, whether there is such a group or not.
    """

    @private_page
    @wraps(view)
    def page(request, short_name, **kwargs):
        group = Group.objects.filter(short_name=short_name).first()
        reader = group and reader_of(request, group)
        if reader is None:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise Http404("No such group, or not theirs to see.")
        with timezone.override(zone_of(reader.person)):
            return view(request, group, reader, **kwargs)

    return page
