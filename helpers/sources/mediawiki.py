"""MediaWiki: recent changes, by its API."""

from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from .dates import moment_of
from .items import Item, reading_of_items
from .markup import json_of, refuse_page
from .reading import MOST_ITEMS, Kind, Unreadable, body_of

KIND = Kind(
    "mediawiki",
    _("MediaWiki"),
    _(
        "One sign of life for each change of a page by a person. Robots, minor changes, what was"
        " undone, and imports by the dozen do not count; neither text nor author is kept."
    ),
)

_QUERY = (
    "?action=query&list=recentchanges&rcshow=!bot|!minor&rctype=edit|new"
    "&rcprop=ids|timestamp|tags|flags&rclimit=500&format=json"
)
_UNDOING = {"mw-rollback", "mw-undo", "mw-manual-revert", "mw-reverted"}


def read(ask, url, context):
    """Return the changes of the last weeks; the wiki itself remembers no more than ninety days."""
    body = body_of(ask(query_of(url)))
    refuse_page(body)
    data = json_of(body)
    query = data.get("query") if isinstance(data, dict) else None
    changes = query.get("recentchanges") if isinstance(query, dict) else None
    if not isinstance(changes, list):
        raise Unreadable("needs_login" if "readapidenied" in str(data)[:500] else "not_a_wiki")
    items = [_item(change) for change in changes[:MOST_ITEMS] if _is_work(change)]
    return reading_of_items(items, context)


def query_of(url):
    """Return the address of the recent changes of the wiki whose api.php is at ``url``."""
    return url if urlsplit(url).query else url + _QUERY


def _is_work(change):
    if not isinstance(change, dict):
        return False
    tags = change.get("tags")
    tags = {str(tag) for tag in tags} if isinstance(tags, list) else set()
    return not ("bot" in change or "minor" in change or tags & _UNDOING)


def _item(change):
    name = f"change {change.get('rcid', change.get('revid', ''))}"
    return Item(name, moment_of(change.get("timestamp", "")))
