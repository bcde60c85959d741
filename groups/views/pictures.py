"""Pictures: patterns drawn from a name, and what groups uploaded, if it may be seen."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .. import pattern
from ..forms.fields import signed_picture
from ..models import Ecosystem, Group, Partner
from ..pictures import original_name
from ..text import is_short_name
from .private import private_page

# A pattern follows from its name, an uploaded picture's name from its content.
for_ever = cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
BANDS_AT_MOST = 6


@require_safe
@for_ever
def group_pattern(request, short_name):
    """Answer the woven band of a short name, or its edge with `?edge`, given to a group or not."""
    if not is_short_name(short_name):
        raise Http404("Not a short name.")
    draw = pattern.edge_svg if "edge" in request.GET else pattern.band_svg
    return HttpResponse(draw(short_name), content_type="image/svg+xml")


@require_safe
@for_ever
def cloth(request):
    """Answer the cloth sewn from the bands named in the address."""
    names = [name for name in request.GET.getlist("band") if is_short_name(name)]
    if not names:
        names = ["groups"]
    return HttpResponse(pattern.cloth_svg(names[:BANDS_AT_MOST]), content_type="image/svg+xml")


@require_safe
def picture(request, name):
    """Answer an uploaded picture that somebody published shows.

    With the key from the form that carries it, whoever fills the form in sees it before.
    """
    if not name.isprintable() or not default_storage.exists(name):
        raise Http404("No such picture.")
    show = _carried_picture if "key" in request.GET else _published_picture
    return show(request, name)


@for_ever
def _published_picture(request, name):
    original = original_name(name)
    is_visible = (
        Group.objects.published().filter(banner=original).exists()
        or Partner.objects.filter(logo=original, groups__shelf__gt=0).exists()
        or Ecosystem.objects.filter(banner=original).exists()
    )
    if not is_visible:
        raise Http404("No such picture.")
    return _answer(name)


@private_page
def _carried_picture(request, name):
    original = original_name(name)
    if signed_picture(f"{original}:{request.GET['key']}") != original:
        raise Http404("No such picture.")
    return _answer(name)


def _answer(name):
    with default_storage.open(name) as file:
        return HttpResponse(file.read(), content_type="image/webp")
