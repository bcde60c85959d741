"""What is wrong with a page: its syntax, its structure, and what a screen reader would miss.

html5lib finds what the parser had to repair; the rest are rules of the HTML standard and of
WCAG 2.2 that can be seen without drawing the page. The browser tests see the others.
"""

import re
from itertools import pairwise

import html5lib

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ONLY_CHILDREN = {
    "ul": {"li", "template"},
    "ol": {"li", "template"},
    "dl": {"dt", "dd", "div"},
    "select": {"option", "optgroup", "hr"},
    "tr": {"td", "th"},
}
ONLY_PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "figcaption": {"figure"},
    "summary": {"details"},
    "legend": {"fieldset"},
}
PHRASING_ONLY = {*HEADINGS, "p", "span", "a", "label", "button", "summary", "legend", "strong"}
NOT_PHRASING = {
    *HEADINGS,
    *("address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol", "p", "section"),
    *("table", "ul"),
}
# A link may hold blocks, a summary and a legend a heading.
MAY_HOLD = {"a": NOT_PHRASING, "summary": set(HEADINGS), "legend": set(HEADINGS)}
INTERACTIVE = {"a", "button", "input", "select", "textarea", "details", "label"}
OBSOLETE = {"center", "font", "big", "tt", "strike", "marquee", "frame", "frameset", "acronym"}
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for", "list")
UNIQUE = ("main", "title")


def parsed(page):
    """Return the root element of ``page``, and what the parser had to repair."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=True)
    root = parser.parse(page)
    return root, [
        f"line {line}: {code} {details or ''}".rstrip()
        for (line, _column), code, details in parser.errors
    ]


def name_of(element):
    """Return the tag of an HTML element, or "" for anything else (a comment, a shape)."""
    tag = element.tag
    return tag.removeprefix(NAMESPACE) if str(tag).startswith(NAMESPACE) else ""


def each(root, *names):
    return [element for element in root.iter() if name_of(element) in names]


def text_of(element):
    """Return what a screen reader would read of ``element``, near enough."""
    if element.get("aria-hidden") == "true":
        return ""
    words = [element.get("aria-label") or "", element.text or ""]
    if name_of(element) == "img":
        words.append(element.get("alt") or "")
    for child in element:
        words += [text_of(child) if isinstance(child.tag, str) else "", child.tail or ""]
    # The no-break spaces of French typography stay: they are no spaces of the HTML.
    return " ".join(re.findall(r"[^ \t\n\r\f]+", " ".join(words)))


def is_hidden(element):
    """Tell whether nobody meets the element yet: a script fills it, or only Enter presses it."""
    return element.get("hidden") is not None or element.get("aria-hidden") == "true"


def shown(element):
    attributes = "".join(f' {key}="{value}"' for key, value in list(element.items())[:3])
    return f"<{name_of(element) or element.tag}{attributes}>"


def problems_of(page, *, language):
    """Return a sentence for each thing wrong with the text of a page, in ``language``."""
    root, problems = parsed(page)
    if not page.lstrip().lower().startswith("<!doctype html>"):
        problems.append("no doctype")
    if root.get("lang") != language:
        problems.append(f"the language is {root.get('lang')!r}, not {language!r}")
    for rule in (document_problems, nesting_problems, naming_problems, inline_problems):
        problems += rule(root)
    return problems


def document_problems(root):
    """Yield what is wrong with the page as a whole."""
    for tag in UNIQUE:
        if len(each(root, tag)) != 1:
            yield f"{len(each(root, tag))} elements {tag}"
    if not "".join(text_of(title) for title in each(root, "title")):
        yield "an empty title"
    names = {meta.get("name"): meta.get("content") for meta in each(root, "meta")}
    if not names.get("viewport"):
        yield "no meta viewport"
    if not names.get("description") and "noindex" not in names.get("robots", ""):
        yield "no meta description"
    if "maximum-scale" in names.get("viewport", "") or "user-scalable" in names.get("viewport", ""):
        yield "a viewport that forbids enlarging"
    levels = [int(name_of(heading)[1]) for heading in each(root, *HEADINGS)]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} elements h1"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} after one of level {before}"
    for heading in each(root, *HEADINGS):
        if not text_of(heading):
            yield f"an empty heading {shown(heading)}"
    ids = [element.get("id") for element in root.iter() if element.get("id") is not None]
    for name in sorted({each_id for each_id in ids if ids.count(each_id) > 1}):
        yield f"the id {name!r} twice"
    if any(not name or " " in name for name in ids):
        yield "an id that is empty or holds a space"
    for element in root.iter():
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{shown(element)} refers to the absent id {name!r}"
        start, _, fragment = (element.get("href") or "").partition("#")
        if name_of(element) == "a" and not start and fragment and fragment not in ids:
            yield f"{shown(element)} leads to the absent id {fragment!r}"


def nesting_problems(root, ancestors=()):
    """Yield what stands where the standard does not let it stand."""
    tag = name_of(root)
    if tag in OBSOLETE:
        yield f"the obsolete element {shown(root)}"
    if tag in INTERACTIVE - {"label"} and not (tag == "input" and root.get("type") == "hidden"):
        outer = [each_tag for each_tag in ancestors if each_tag in ("a", "button")]
        if outer:
            yield f"{shown(root)} inside an element {outer[-1]}"
    if tag in ("header", "footer") and set(ancestors) & {"header", "footer"}:
        sectioning = {"article", "aside", "nav", "section", "main"}
        inner = ancestors[max(i for i, a in enumerate(ancestors) if a in ("header", "footer")) :]
        if not set(inner) & sectioning:
            yield f"{shown(root)} inside a header or footer"
    for child in root:
        inner = name_of(child)
        if not inner:
            continue
        if tag in ONLY_CHILDREN and inner not in ONLY_CHILDREN[tag]:
            yield f"{shown(child)} directly in {shown(root)}"
        if inner in ONLY_PARENTS and tag not in ONLY_PARENTS[inner]:
            yield f"{shown(child)} outside of {' or '.join(sorted(ONLY_PARENTS[inner]))}"
        if tag in PHRASING_ONLY and inner in NOT_PHRASING - MAY_HOLD.get(tag, set()):
            yield f"{shown(child)} in {shown(root)}, which holds words only"
        yield from nesting_problems(child, (*ancestors, tag))
    if tag in ("ul", "ol") and not len(root) and not is_hidden(root):
        yield f"an empty list {shown(root)}"


def naming_problems(root):
    """Yield the controls, links and pictures that a screen reader could not name."""
    labels = {label.get("for"): text_of(label) for label in each(root, "label")}
    labelled = {
        id(control)
        for label in each(root, "label")
        if text_of(label)
        for control in each(label, "input", "select", "textarea")
    }
    texts = {element.get("id"): text_of(element) for element in root.iter() if element.get("id")}
    for element in root.iter():
        tag = name_of(element)
        by = " ".join(texts.get(name, "") for name in element.get("aria-labelledby", "").split())
        named = element.get("aria-label", "").strip() or by.strip()
        if tag in ("input", "select", "textarea"):
            silent = element.get("type") in ("hidden", "submit")
            if not (silent or named or id(element) in labelled or labels.get(element.get("id"))):
                yield f"{shown(element)} has no label"
        elif tag == "img":
            if element.get("alt") is None:
                yield f"{shown(element)} has no alternative text"
            for size in ("width", "height"):
                if not (element.get(size) or "").isdigit():
                    yield f"{shown(element)} has no {size}"
        elif tag == "a" and element.get("href") is None:
            yield f"{shown(element)} leads nowhere"
        elif tag in ("a", "button") and not (named or text_of(element) or is_hidden(element)):
            yield f"{shown(element)} has no text"
        elif tag == "fieldset" and not any(name_of(child) == "legend" for child in element):
            yield f"{shown(element)} has no legend"
        elif tag == "th" and element.get("scope") not in ("col", "row"):
            yield f"{shown(element)} has no scope"
        elif tag == "iframe" and not element.get("title"):
            yield f"{shown(element)} has no title"
    navigations = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in each(root, "nav")]
    if len(navigations) > 1 and len(set(navigations)) < len(navigations):
        yield "two navigations of the same name"


def inline_problems(root):
    """Yield what a strict content security policy would refuse."""
    for element in root.iter():
        tag = name_of(element) or str(element.tag).rpartition("}")[2]
        data = element.get("type") in ("application/json", "application/ld+json")
        if tag == "style" or (tag == "script" and not element.get("src") and not data):
            yield f"{shown(element)} in the page"
        for attribute, _value in element.items():
            if attribute == "style" or attribute.startswith("on"):
                yield f"{shown(element)} carries {attribute}="
        if (element.get("href") or "").lower().startswith("javascript:"):
            yield f"{shown(element)} runs a script"


def links_of(root):
    """Return what a page leads to or loads: (address, element) pairs."""
    return [
        (element.get(attribute), element)
        for element in root.iter()
        for attribute in ("href", "src")
        if isinstance(element.tag, str) and element.get(attribute)
    ]
