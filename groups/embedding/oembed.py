"""oEmbed 1.0: what an address of ours looks like within another page, and how high it is there."""

from dataclasses import replace
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _

from .choices import MOST, read_choices

WIDEST, WIDTH = 1000, 640
CARD_WIDTH, CARD_HEIGHT = 480, 240
GROUPS = 6
CACHED_FOR = 3600  # seconds
# As widget.css sets them, in pixels: a row of cards with the gap below it, the narrowest card, and
# what stands above and below the rows where lines wrap.
ROW, COLUMN, GAP, EDGES = 222, 272, 10, 24
AROUND, AROUND_NARROW, NARROW = 170, 260, 480
# What is shown to nobody without a right, whatever it holds.
PRIVATE = {
    "group_edit",
    "group_history",
    "group_revision",
    "account_home",
    "account_data",
    "review_queue",
    "review_task",
    "mailed_link",
}


class Private(Exception):
    """An address of ours that is not public."""


def place_of(address):
    """Return (view, name, `Choices`) of an address of ours: "ecosystem" or "group"; None for none.

    Raises Private where what is there is for some only: so it says of any name, taken or not.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or parts.netloc != settings.SITE_HOST:
        return None
    language = get_language_from_path(parts.path) or settings.LANGUAGE_CODE
    with override(language):
        try:
            match = resolve(parts.path)
        except Resolver404:
            return None
    choices = replace(read_choices(QueryDict(parts.query)), lang=language)
    if match.url_name in PRIVATE:
        raise Private
    if match.url_name in ("ecosystem_detail", "ecosystem_widget"):
        return "ecosystem", match.kwargs["slug"].lower(), choices
    if match.url_name in ("group_detail", "short_address", "group_widget"):
        return "group", match.kwargs["short_name"].lower(), choices
    return None


def columns_at(width):
    return max((width - EDGES + GAP) // (COLUMN + GAP), 1)


def around_at(width):
    """Return how high a widget is without its groups."""
    return AROUND_NARROW if width < NARROW else AROUND


def size_of_widget(total, *, max_width=None, max_height=None):
    """Return (width, height, how many groups) of the widget of so many groups, as cards."""
    width = min(max_width or WIDTH, WIDEST)
    columns, around = columns_at(width), around_at(width)
    rows = -(-min(max(total, 1), GROUPS) // columns)
    if max_height:
        rows = max(min(rows, (max_height - around) // ROW), 1)
    height = around + rows * ROW
    return width, min(height, max_height or height), min(max(rows * columns, 1), MOST)


def size_of_card(*, max_width=None, max_height=None):
    """Return (width, height) of the card of a group."""
    width = min(max_width or CARD_WIDTH, CARD_WIDTH)
    return width, min(max_height or CARD_HEIGHT, CARD_HEIGHT)


def answer(title, src, width, height):
    """Return the oEmbed answer for a frame."""
    return {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "provider_name": _("Ecosystem of groups"),
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": CACHED_FOR,
        "width": width,
        "height": height,
        "html": format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"'
            ' style="border:0;max-width:100%"></iframe>',
            f"{settings.SITE_URL}{src}",
            title,
            width,
            height,
        ),
    }


def as_xml(fields):
    """Return an oEmbed answer as XML."""
    lines = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{lines}</oembed>\n'
