"""The few marks of Markdown a description may use, turned into HTML that is safe to show.

Paragraphs, line breaks, emphasis, lists and links; no headings, pictures, tables or HTML. Cleaned
twice: the parser knows no HTML, and what it makes goes through an allow list, so that a fault in
one of them is not a hole.
"""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

RULES = ("autolink", "emphasis", "entity", "escape", "link", "list", "newline")
TAGS = {"a", "br", "em", "li", "ol", "p", "strong", "ul"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = ("http", "https")


@lru_cache(maxsize=1024)
def render(text: str) -> SafeString:
    """Return the HTML of a text typed by a stranger, or "" for one that says nothing."""
    html = nh3.clean(
        PARSER.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="nofollow ugc",
    )
    return mark_safe(html.strip())


def make_parser() -> MarkdownIt:
    # breaks: who types a new line into a form expects to see one.
    parser = MarkdownIt("zero", {"html": False, "breaks": True}).enable(RULES)
    # A description links to the web: a path would lead into this site, an address is not published.
    parser.validateLink = lambda url: url.lower().startswith(tuple(f"{s}://" for s in SCHEMES))
    return parser


PARSER = make_parser()
