"""DokuWiki: recent changes, by its feed."""

from django.utils.translation import gettext_lazy as _

from .feed import items_of
from .items import reading_of_items
from .reading import Kind, body_of

KIND = Kind(
    "dokuwiki",
    _("DokuWiki"),
    _(
        "One sign of life for the last change of each page. Minor changes, pictures, and imports by"
        " the dozen do not count; neither text nor author is kept."
    ),
)

# Minor changes are left out unless they are asked for.
_QUERY = "?mode=recent&type=rss1&linkto=diff&num=100&view=pages"


def read(ask, url, context):
    """Return the changes of pages; the address of a change holds its own moment."""
    body = body_of(ask(url if "?" in url else url + _QUERY))
    return reading_of_items(items_of(body, context), context)
