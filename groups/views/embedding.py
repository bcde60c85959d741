"""How others show an ecosystem: the script they load, and the page that makes the lines to copy."""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..caching import keyword_version
from ..embedding import snippets
from ..embedding.choices import LANGUAGES, THEMES, VIEWS, read_choices
from ..embedding.widgets import source, widget_of, widget_path
from ..models import Keyword
from ..moved import with_query
from ..public import reader_words

# Its address is in other people's pages for years: a new one reaches them within a day.
KEPT_BY_OTHERS = "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=2592000"


@require_safe
def embed_script(request):
    body, tag = _script()
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = KEPT_BY_OTHERS
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@cache
def _script():
    with open(finders.find("js/embedding/embed.js"), "rb") as file:
        body = file.read()
    return body, f'"{sha256(body).hexdigest()[:20]}"'


@require_safe
def embed_ecosystem(request, slug):
    """Let a webmaster choose, see and copy. Only read: the choices are in the address."""
    asked = request.GET.copy()
    asked.setdefault("lang", get_language())
    choices = read_choices(asked)
    version = keyword_version(slug.lower())
    if version is None and (keyword := Keyword.objects.formerly(slug)):
        address = reverse("groups:embed_ecosystem", args=[keyword.slug])
        return redirect(with_query(address, request), permanent=True)
    widget = version and widget_of(version, choices)
    if not widget:
        raise Http404("No such ecosystem.")
    widget_url = choices.address(widget_path(version.name))
    page_url = reverse("groups:ecosystem_detail", args=[version.name])
    heading = widget.heading
    response = render(
        request,
        "groups/embed_ecosystem.html",
        {
            "section": "ecosystems",
            "widget": widget,
            "choices": choices,
            "page_url": page_url,
            "widget_url": widget_url,
            "views": VIEWS,
            "themes": THEMES,
            "languages": [each for each in settings.LANGUAGES if each[0] in LANGUAGES],
            "kinds": reader_words().kinds.items(),
            "activities": reader_words().activities.items(),
            "snippets": {
                "script": snippets.script_snippet(
                    version.name, heading, choices, widget_url, page_url
                ),
                "frame": snippets.frame_snippet(heading, widget_url),
                "plain": snippets.plain_snippet(widget, source()),
            },
            "noindex": True,
            "canonical_path": request.path,
        },
    )
    # The preview is a frame of our own.
    response._csp_update = {"frame-src": ["'self'"]}
    return response
