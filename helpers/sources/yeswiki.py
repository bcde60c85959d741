"""YesWiki: recent changes, by its feed or, where that is closed, by its page."""

import re

from django.utils.translation import gettext_lazy as _

from .dates import moment_of
from .feed import items_of
from .items import Item, reading_of_items
from .markup import html_root, is_html, refuse_page, words_in
from .reading import MOST_ITEMS, Kind, Unreadable, body_of

KIND = Kind(
    "yeswiki",
    _("YesWiki"),
    _(
        "One sign of life for each page that was changed, with its forms. What the wiki writes by"
        " itself and imports by the dozen do not count; neither text nor author is kept."
    ),
)

# Pages the wiki writes when somebody else does something.
_AUTOMATIC = re.compile(r"LogDesActionsAdministratives|BotGuard|Bac.?A.?Sable", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)\s*:?")
_TIME = re.compile(r"\((\d\d:\d\d:\d\d)\)\s*\([^()]{0,40}\)\s*(\S{1,100})")


def read(ask, url, context):
    """Return the changes of pages."""
    body = body_of(ask(url))
    items = _items_of_page(body) if is_html(body) else items_of(body, context)
    work = [item for item in items if not _AUTOMATIC.search(f"{item.title} {item.link}"[:500])]
    return reading_of_items(work, context)


def _items_of_page(body):
    """Read {{recentchanges}}: a day, then a time and a page a line."""
    text = words_in(html_root(body), 500_000)
    days = list(_DAY.finditer(text))
    items = []
    for at, day in enumerate(days[:500]):
        end = days[at + 1].start() if at + 1 < len(days) else len(text)
        for change in _TIME.finditer(text, day.end(), end):
            items.append(Item(f"{change[2]} {day[1]} {change[1]}", moment_of(day[1]), change[2]))
            if len(items) >= MOST_ITEMS:
                return items
    if not items:
        refuse_page(body)
        raise Unreadable("not_a_wiki")
    return items
