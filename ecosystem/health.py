"""`/healthz`, for whatever watches over the service."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .middleware import is_reachable


@require_safe
@never_cache
def healthz(request):
    """Answer 200 `ok` when the database answers, else 503."""
    if is_reachable():
        return HttpResponse("ok\n", content_type="text/plain")
    return HttpResponse("database away\n", content_type="text/plain", status=503)
