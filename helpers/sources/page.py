"""A page whose meaningful text changed; what programs write by themselves is set aside."""

import re

from django.utils.translation import gettext_lazy as _
from lxml import etree

from groups.text import fold

from .markup import asks_for_login, html_root, local_name
from .reading import Kind, Reading, Seen, Unreadable, body_of, name_of

KIND = Kind(
    "page",
    _("Page"),
    _(
        "One sign of life on a day when the text of the page is found changed since the look"
        " before. Menus, dates, times and counters do not count; the text itself is not kept."
    ),
)

# Around the text, not of it.
_NOT_TEXT = {
    *("head", "script", "style", "noscript", "template", "svg", "iframe", "nav", "header"),
    *("footer", "aside", "form", "button", "select", "input", "textarea", "time"),
}
_NOT_TEXT_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary"}
_BLOCKS = {
    *("p", "div", "li", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section"),
    *("article", "main", "blockquote", "pre", "dt", "dd", "br", "body", "table", "ul", "ol"),
}
# A line that has them tells a time, a count or a mood of the server, whatever the numbers are.
_NUMBER = re.compile(r"\d+")
_MOST_LINES = 5_000
_MOST_TEXT = 500_000
# Four marks of sixteen characters: a page that wavers between a few faces does not change.
_MARK = 16


def read(ask, url, context):
    """Return a sign of life today if the page says something it did not say before."""
    body = body_of(ask(url))
    if asks_for_login(body):
        raise Unreadable("needs_login")
    return reading_of_lines(lines_of_page(html_root(body)), context)


def reading_of_lines(lines, context):
    """Compare meaningful lines with those of the looks before. The first look proves nothing."""
    kept = sorted({line for line in map(meaning_of, lines) if line})
    if not kept:
        raise Unreadable("empty")
    mark = name_of(*kept)[:_MARK]
    marks = [
        context.fingerprint[at : at + _MARK] for at in range(0, len(context.fingerprint), _MARK)
    ]
    seen = ()
    if marks and mark not in marks:
        seen = (Seen(name_of("changed", mark), context.today),)
    marks = [mark, *(each for each in marks if each != mark)][:4]
    return Reading(seen, had_items=True, fingerprint="".join(marks))


def meaning_of(line):
    """Return what a line says without numbers, signs and single letters; "" for nothing.

    Dates and times change by themselves, and so do counters: a line is its words.
    """
    words = [word for word in _NUMBER.sub(" ", fold(line)).split() if len(word) > 1]
    return " ".join(word for word in words if word not in _OF_DATES)


def lines_of_page(root):
    """Return the visible lines of a page's text, without menus and what surrounds it."""
    lines, words, length = [], [], 0
    skipping = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element)
        is_block = name in _BLOCKS
        if event == "start":
            if skipping is None and (name in _NOT_TEXT or not name or _is_around(element)):
                skipping = element
            if is_block and words:
                lines.append(" ".join(words))
                words = []
            text = element.text if skipping is None else None
        else:
            if is_block and words:
                lines.append(" ".join(words))
                words = []
            if element is skipping:
                skipping = None
            text = element.tail if skipping is None else None
        if text and not text.isspace():
            words.append(text.strip())
            length += len(text)
        if length > _MOST_TEXT or len(lines) > _MOST_LINES:
            break
    return [*lines, " ".join(words)]


def _is_around(element):
    return (
        element.get("role", "").lower() in _NOT_TEXT_ROLES
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
    )


_OF_DATES = set(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
    " january february march april may june july august september october november december"
    " lundi mardi mercredi jeudi vendredi samedi dimanche"
    " monday tuesday wednesday thursday friday saturday sunday"
    " seconde secondes minute minutes heure heures jour jours second seconds hour hours day days"
    " semaine semaines week weeks mois month months ago am pm".split()
)
