"""What search engines ask for: the sitemap, and where they need not go."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ..caching import directory_version, streamed
from ..sitemap import CONTENT_TYPE, file_lines, index_lines

# Pages for one person, or for whoever was sent the address.
CLOSED = ("account", "review", "l", "checkin")


@require_safe
def sitemap_index(request):
    """Answer the list of the files of the sitemap."""
    return streamed(request, directory_version(), "sitemap", index_lines, content_type=CONTENT_TYPE)


@require_safe
def sitemap_file(request, number):
    """Answer one file of the sitemap; there is none beyond what a number of a group can be."""
    if number > 1_000_000:
        raise Http404("No such file.")
    return streamed(
        request,
        directory_version(),
        f"sitemap {number}",
        lambda: file_lines(number),
        content_type=CONTENT_TYPE,
    )


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request):
    """Answer where programs need not go, and where the sitemap is."""
    prefixes = ("/", *(f"/{code}/" for code, _label in settings.LANGUAGES[1:]))
    lines = [
        "User-agent: *",
        *(f"Disallow: {prefix}{name}/" for prefix in prefixes for name in CLOSED),
        "Disallow: /admin/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
