"""What a map shows: groups, gathered where there are many."""

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ..filters import read_box, read_filters
from ..map_features import features_for


@require_safe
@cache_control(public=True, max_age=60)
def map_groups(request):
    """Answer GeoJSON for the box and zoom asked for; the world where they make no sense."""
    try:
        box = read_box(request.GET.get("bbox", ""))
    except ValueError:
        box = (-180.0, -90.0, 180.0, 90.0)
    try:
        zoom = min(max(int(request.GET.get("zoom", "1")[:3]), 0), 22)
    except ValueError:
        zoom = 1
    body = features_for(read_filters(request.GET), box, zoom)
    return HttpResponse(body, content_type="application/geo+json")
