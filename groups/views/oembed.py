"""The oEmbed provider: other sites ask how to show an address of ours."""

import json
from dataclasses import replace

from django.http import HttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from .. import rows
from ..caching import group_version, keyword_version, versioned
from ..embedding import oembed
from ..embedding.choices import Choices
from ..embedding.widgets import card_path, widget_of, widget_path
from ..models import Group, Keyword

TYPES = {"json": "application/json", "xml": "text/xml"}
MOST_PIXELS = 10_000


@require_safe
def oembed_answer(request):
    kind = request.GET.get("format", "json")
    if kind not in TYPES:
        return _refused(501, "This format is not offered: use json or xml.")
    try:
        limits = {f"max_{name}": _pixels(request, f"max{name}") for name in ("width", "height")}
    except ValueError:
        return _refused(400, "maxwidth and maxheight are whole numbers of pixels.")
    address = request.GET.get("url", "")
    if not address:
        return _refused(400, "Say which url.")
    try:
        place = oembed.place_of(address)
    except oembed.Private:
        return _refused(401, "What is there is not public.")
    except ValueError:
        return _refused(400, "This is no address.")
    if place is None:
        return _refused(404, "Nothing to embed there.")
    what, name, choices = place
    with override(choices.lang):
        made = (_ecosystem if what == "ecosystem" else _group)(name, choices, limits)
        if made is None:
            return _refused(404, "Nothing to embed there.")
        version, fields = made
        variant = f"oembed-{kind} {json.dumps(fields)}"
        response = versioned(
            request,
            version,
            variant,
            lambda: oembed.as_xml(fields) if kind == "xml" else json.dumps(fields),
            content_type=TYPES[kind],
            is_kept=False,
        )
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _ecosystem(slug, choices, limits):
    version = keyword_version(slug) or _moved_keyword(slug)
    widget = version and widget_of(version, replace(choices, limit=1))
    if not widget:
        return None
    width, height, limit = oembed.size_of_widget(widget.total, **limits)
    shown = Choices(view="cards", filters=choices.filters, limit=limit, lang=choices.lang)
    address = shown.address(widget_path(version.name))
    return version, oembed.answer(widget.heading, address, width, height)


def _group(short_name, choices, limits):
    version = group_version(short_name) or _moved_group(short_name)
    row = version and rows.card(-version.scope)
    if not row:
        return None
    width, height = oembed.size_of_card(**limits)
    address = Choices(lang=choices.lang).address(card_path(version.name))
    return version, oembed.answer(row[2], address, width, height)


def _moved_keyword(slug):
    keyword = Keyword.objects.formerly(slug)
    return keyword and keyword_version(keyword.slug)


def _moved_group(short_name):
    group = Group.objects.published().named(short_name)
    return group and group_version(group.short_name)


def _pixels(request, name):
    value = request.GET.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and int(value[:6]) >= 1):
        raise ValueError(name)
    return min(int(value[:6]), MOST_PIXELS)


def _refused(status, sentence):
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return response
