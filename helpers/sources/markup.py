"""XML, HTML and JSON of strangers, read within limits and never followed anywhere."""

import json
import re

from lxml import etree, html

from .reading import Unreadable

# Recovering reads what a browser would; no entity is expanded, so that none can be a bomb.
_XML = {"recover": True, "resolve_entities": False, "no_network": True, "load_dtd": False}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding=["']([\w.:-]{1,40})""")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset=["']?([\w.:-]{1,40})""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
# XML knows none of them, and a parser that recovers may end its text there.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DEEPEST_JSON = 60
_PASSWORD = re.compile(rb"""<input[^>]{0,300}?type=["']?password""", re.IGNORECASE)


def text_of(body):
    """Decode bytes as declared, else as UTF-8, else as Windows wrote for long."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace").lstrip("\ufeff")
    declared = _DECLARED.search(body[:1000]) or _CHARSET.search(body[:2000])
    encodings = ["utf-8-sig", "cp1252"]
    # What says UTF-16 in letters of one byte is not.
    if declared and not declared[1].lower().startswith((b"utf-16", b"utf-32", b"ucs")):
        encodings.insert(1, declared[1].decode("ascii"))
    for encoding in encodings:
        try:
            return body.decode(encoding)
        # An encoding that does not exist, is none of text, or is not this one.
        except (LookupError, UnicodeError, ValueError):
            continue
    return body.decode("latin-1")


def xml_root(body):
    """Return the root of what may be damaged XML. Raises `Unreadable` where there is none."""
    text = _without_doctype(_plain(body).strip())
    if not text.startswith("<"):
        raise Unreadable("not_a_feed")
    try:
        root = etree.fromstring(text.encode("utf-8"), etree.XMLParser(encoding="utf-8", **_XML))
    except etree.LxmlError as error:
        raise Unreadable("not_a_feed") from error
    if root is None:
        raise Unreadable("not_a_feed")
    return root


def _plain(body):
    return _XML_DECLARATION.sub("", _CONTROLS.sub("", text_of(body)), count=1)


def _without_doctype(text):
    """Cut what declares entities: the parser gives up on a bomb, and nothing else needs it."""
    start = text.find("<!DOCTYPE", 0, 2000)
    if start < 0:
        return text
    end, opening = text.find(">", start), text.find("[", start)
    if 0 <= opening < end:
        end = text.find(">", text.find("]", opening))
    return text[:start] + text[end + 1 :].lstrip() if end > 0 else text


def html_root(body):
    """Return the root of a page. Raises `Unreadable` where there is none."""
    text = _plain(body)
    if not text.strip():
        raise Unreadable("empty")
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True)
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.LxmlError as error:
        raise Unreadable("not_a_page") from error
    if root is None:
        raise Unreadable("not_a_page")
    return root


def json_of(body):
    """Return what JSON holds. Raises `Unreadable` for anything else, or anything too deep."""
    text = text_of(body)
    depth = deepest = 0
    # Brackets within texts are counted too: no source of ours comes near in either.
    for sign in re.findall(r"[\[\]{}]", text):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST_JSON:
        raise Unreadable("not_json")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_json") from error


def is_html(body):
    """Tell whether an answer is a page, whatever its header says."""
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or (
        b"<html" in start and b"<rss" not in start and b"<feed" not in start
    )


def asks_for_login(body):
    """Tell whether a page that came instead of a source asks for a password."""
    return bool(_PASSWORD.search(body))


def refuse_page(body):
    """Raise `Unreadable` where a page came instead of a source, and say whether it is a login."""
    if is_html(body):
        raise Unreadable("needs_login" if asks_for_login(body) else "a_page")


def local_name(element):
    """Return the name of an element without its namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def words_in(element, limit=2000):
    """Return the text within an element on one line, at most ``limit`` characters of it."""
    found, length = [], 0
    for text in element.itertext():
        # An entity that was left alone has its own name as text.
        found.append(text)
        length += len(text)
        if length > limit:
            break
    return " ".join("".join(found)[:limit].split())
