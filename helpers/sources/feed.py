"""Feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed.

Read here with lxml, as it stands: the parsers of feeds that exist guess at dates, take 1 September
(01/09) for 9 January and put the feed's own date where a post has none that they understand.
"""

from django.utils.translation import gettext_lazy as _

from .dates import moment_of, puts_month_first
from .items import Item, reading_of_items
from .markup import json_of, local_name, refuse_page, words_in, xml_root
from .reading import MOST_ITEMS, Kind, Unreadable, body_of, name_of

KIND = Kind(
    "feed",
    _("Feed"),
    _(
        "One sign of life for each post, on the day it was published. Its title and text are not"
        " kept; a later correction of an old post does not count."
    ),
)

# Published, never updated: who corrects an old post has not written a new one. Where only the day
# of the change is told, the first that was seen stays, because the name of the item is the same.
_PUBLISHED = ("pubdate", "published", "issued", "created", "date")
_CHANGED = ("updated", "modified")
_ROOTS = ("rss", "rdf", "feed")


def read(ask, url, context):
    """Return the posts of a feed as days."""
    return reading_of_items(items_of(body_of(ask(url)), context), context)


def items_of(body, context):
    """Return the items of a feed in the order they stand in. Raises `Unreadable`."""
    refuse_page(body)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        language, found = _json_items(json_of(body))
    else:
        language, found = _xml_items(xml_root(body))
    texts = [text for fields in found for text in fields["dates"]]
    language = (language or context.language).lower()
    day_first = not (language == "en-us" or puts_month_first(texts))
    return [_item(fields, found, day_first) for fields in found]


def _item(fields, found, day_first):
    moments = (moment_of(text, day_first=day_first) for text in fields["dates"])
    when = next((moment for moment in moments if moment is not None), None)
    name = fields["id"] or fields["link"]
    if not fields["id"] and sum(each["link"] == name for each in found[:50]) > 1:
        # All items lead to the same page: the title tells them apart.
        name = ""
    return Item(
        name or name_of(fields["link"], fields["title"]), when, fields["title"], fields["link"]
    )


def _xml_items(root):
    if local_name(root) not in _ROOTS:
        # Something before the feed, or around it.
        root = next((each for each in root.iter() if local_name(each) in _ROOTS), None)
        if root is None:
            raise Unreadable("not_a_feed")
    language, found = "", []
    # At any depth: one tag that was left open puts all that follows inside.
    for element in root.iter():
        name = local_name(element)
        if name in ("item", "entry"):
            found.append(_xml_fields(element))
            if len(found) >= MOST_ITEMS:
                break
        elif name == "language" and not language:
            language = words_in(element, 20)
    return language or root.get("{http://www.w3.org/XML/1998/namespace}lang", ""), found


def _children(element):
    """Yield the children of an item, and what a tag left open put inside its title."""
    for child in element:
        yield child
        if local_name(child) == "title":
            yield from child


def _xml_fields(element):
    fields = {"id": "", "link": "", "title": ""}
    published, changed = [], []
    about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")
    for child in _children(element):
        match local_name(child):
            case "guid" | "id":
                fields["id"] = fields["id"] or words_in(child)
            case "link":
                fields["link"] = fields["link"] or words_in(child) or child.get("href", "")[:2000]
            case "title":
                fields["title"] = fields["title"] or words_in(child, 300)
            case name if name in _PUBLISHED:
                published.append(words_in(child, 100))
            case name if name in _CHANGED:
                changed.append(words_in(child, 100))
    fields["id"] = fields["id"] or about[:2000]
    return fields | {"dates": published or changed}


def _json_items(data):
    if not isinstance(data, dict) or "jsonfeed.org" not in str(data.get("version", ""))[:100]:
        raise Unreadable("not_a_feed")
    items = data.get("items")
    if not isinstance(items, list):
        raise Unreadable("not_a_feed")
    return _text(data, "language"), [
        {
            "id": _text(each, "id"),
            "link": _text(each, "url") or _text(each, "external_url"),
            "title": _text(each, "title"),
            "dates": [_text(each, "date_published") or _text(each, "date_modified")],
        }
        for each in items[:MOST_ITEMS]
        if isinstance(each, dict)
    ]


def _text(values, key):
    value = values.get(key)
    return str(value)[:2000] if isinstance(value, (str, int)) else ""
