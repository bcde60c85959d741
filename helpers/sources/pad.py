"""Pads: Etherpad and Framapad, HedgeDoc and CodiMD, and Ethercalc, by the text they export."""

from urllib.parse import urlsplit, urlunsplit

from django.utils.translation import gettext_lazy as _

from .markup import is_html, refuse_page, text_of
from .page import reading_of_lines
from .reading import Kind, Unreadable, body_of

KIND = Kind(
    "pad",
    _("Pad"),
    _(
        "One sign of life on a day when the text of the pad is found changed since the look before."
        " The text itself and who wrote it are not kept. Pads that encrypt what they hold cannot be"
        " read."
    ),
)

_MOST_TEXT = 500_000
_ENCRYPTED = ("cryptpad", "/pad/#/", "/sheet/#/", "/code/#/")


def read(ask, url, context):
    """Return a sign of life today if the pad's text changed."""
    body = body_of(ask(export_of(url)))
    if is_html(body):
        refuse_page(body)
    return reading_of_lines(text_of(body)[:_MOST_TEXT].splitlines(), context)


def export_of(url):
    """Return the address at which a pad gives its text. Raises `Unreadable` if it is encrypted."""
    if any(sign in url for sign in _ENCRYPTED):
        raise Unreadable("encrypted")
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if path.endswith(("/export/txt", "/download", ".csv", ".txt", ".md")):
        return url
    if "/p/" in path:
        path = f"{path.removesuffix('/timeslider')}/export/txt"
    elif "calc" in parts.netloc:
        path = f"{path}.csv"
    else:
        path = f"{path}/download"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
