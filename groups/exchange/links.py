"""Links as people write them, made into addresses of web pages or refused."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from ..text import one_line
from .problems import Wrong

LONGEST_URL = 500

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?![0-9])", re.IGNORECASE)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::[0-9]{1,5})?(?=[/?#]|\Z)")
# A space in a path is what browsers show for %20; before another address it parts two of them.
_SPACED_PATH = re.compile(r"https?://[^\s/]+/(?:[^\s,;()]| (?!https?:|www\.))+\Z", re.IGNORECASE)
_check_url = URLValidator(schemes=["http", "https"])


def clean_url(text):
    """Return a link to a page of the web; ``https://`` is added to what looks like a host.

    Raises `Wrong` with the reason if it is none.
    """
    url = one_line(text)
    if _SPACED_PATH.match(url):
        url = url.replace(" ", "%20")
    if re.search(r"[\s<>\"\\^`{|}]", url):
        raise Wrong(_("an address has no space, bracket or quotation mark in it"))
    if url.startswith("//"):
        url = f"https:{url}"
    scheme = _SCHEME.match(url)
    if scheme is None and _HOST.match(url):
        url = f"https://{url}"
    elif scheme is None or scheme[1].lower() not in ("http", "https"):
        raise Wrong(_("not the address of a page: it begins with https:// or http://"))
    else:
        url = scheme[1].lower() + url[len(scheme[1]) :]
    if len(url) > LONGEST_URL:
        raise Wrong(_("an address has at most 500 characters"))
    try:
        _check_url(url)
        parts = urlsplit(url)
        is_public = "." in (parts.hostname or "") and "@" not in parts.netloc and parts.port != 0
    except (ValidationError, ValueError) as error:
        raise Wrong(_("not the address of a page")) from error
    if not is_public:
        raise Wrong(_("not the public address of a page"))
    return url
