"""Where well-known tools keep what can be read, told from an address or from a page of theirs."""

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from .markup import words_in

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_CALENDAR_TYPE = "text/calendar"
# Comments are the talk below the news, not the news.
_OF_COMMENTS = re.compile(r"comment|DerniersCommentaires", re.IGNORECASE)
_ICS = re.compile(r"\.ics(?:$|\?)|webcal://|ical(?:/|$|=)|public-calendars/", re.IGNORECASE)
_MOST_LINKS = 3_000
_FORGES = {"github.com": "/commits.atom", "codeberg.org": ".rss"}


def by_address(url):
    """Return [(kind, address)] that the form of an address alone suggests, the best first."""
    url = url.strip()
    if url.lower().startswith("webcal"):
        return [("calendar", "https://" + url.partition("://")[2])]
    parts = urlsplit(url)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    steps = [step for step in path.split("/") if step]

    def at(path, query=""):
        return urlunsplit((parts.scheme, parts.netloc, path, query, ""))

    if _ICS.search(url):
        return [("calendar", url)]
    if host == "meetup.com" and steps:
        group = steps[1] if re.fullmatch(r"[a-z]{2}-[A-Z]{2}", steps[0]) and steps[1:] else steps[0]
        return [("calendar", at(f"/{group}/events/ical/"))]
    if "/apps/calendar/p/" in path:
        token = path.partition("/apps/calendar/p/")[2].partition("/")[0]
        before = path.partition("/apps/calendar/")[0].removesuffix("/index.php")
        address = at(f"{before}/remote.php/dav/public-calendars/{token}", "export")
        return [("calendar", address)]
    if host in _FORGES and len(steps) >= 2:
        name = steps[1].removesuffix(".git")
        return [("feed", at(f"/{steps[0]}/{name}{_FORGES[host]}"))]
    if "gitlab" in host and len(steps) >= 2:
        project = path.partition("/-/")[0]
        return [("feed", at(f"{project}/-/commits/HEAD", "format=atom"))]
    if "/pipermail/" in f"{path}/" or "/mailman/listinfo/" in path:
        return [("pipermail", at(path.replace("/mailman/listinfo/", "/pipermail/") + "/"))]
    if "/list/" in path and "@" in path:
        return [("hyperkitty", url)]
    if path.endswith((".mbox", ".mbox.gz")):
        return [("mbox", url)]
    if "/p/" in path or host.startswith(("pad.", "md.", "hedgedoc.", "codimd.")):
        return [("pad", url)]
    if steps and steps[0].startswith("@") and len(steps) == 1:
        # The same sign begins an account of Mastodon and a group of Mobilizon.
        return [("feed", at(f"/{steps[0]}.rss")), ("calendar", at(f"/{steps[0]}/feed/ics"))]
    if path.endswith(("/api.php", "/index.php")) and "/api.php" in path:
        return [("mediawiki", at(path))]
    return []


def by_page(root, url):
    """Return [(kind, address)] that a page names or that its tool is known for."""
    found, generator = [], ""
    links, addresses = [], []
    for element in root.iter("meta", "link", "a", "body"):
        if element.tag == "meta" and element.get("name", "").lower() == "generator":
            generator = element.get("content", "")[:100].lower()
        elif element.tag == "link":
            links.append(element)
        elif element.tag == "a" and len(addresses) < _MOST_LINKS:
            addresses.append(element.get("href", "")[:1000])
    of_tool = _by_tool(generator, root, links, addresses, url)
    for link in links:
        address, media = link.get("href", "")[:1000], link.get("type", "").lower()
        rel = link.get("rel", "").lower()
        if "alternate" not in rel or _OF_COMMENTS.search(f"{address} {link.get('title', '')}"):
            continue
        if media in _FEED_TYPES:
            found.append(("feed", address))
        elif media == _CALENDAR_TYPE:
            found.append(("calendar", address))
    found += [("calendar", address) for address in addresses if _ICS.search(address)][:3]
    found += [
        ("feed", address)
        for address in addresses
        if re.search(r"(?:/feed/?|/rss/?|\.rss|\.atom|/feed\.xml|/rss\.xml)$", address)
        and not _OF_COMMENTS.search(address)
    ][:2]
    return [(kind, joined) for kind, address in of_tool + found if (joined := _join(url, address))]


def _by_tool(generator, root, links, addresses, url):
    """Return what the tool that made the page is known for."""
    parts = urlsplit(url)
    query = parts.query
    if "discourse" in generator:
        of_category = parts.path.startswith("/c/")
        return [("discourse", url if of_category else "/")]
    if "mediawiki" in generator:
        edit = next((x.get("href", "") for x in links if x.get("rel", "") == "EditURI"), "")
        return [("mediawiki", edit.partition("?")[0] or "/w/api.php")]
    if "dokuwiki" in generator:
        start = next((x.get("href", "") for x in links if x.get("rel", "") == "start"), "")
        base = start if start.endswith("/") else "./"
        return [("dokuwiki", base + "feed.php")]
    named = [x.get("href", "") for x in links if "DerniersChangementsRSS" in x.get("href", "")]
    if named or "yeswiki" in generator or any("DerniersChangements" in x for x in addresses):
        path = parts.path.removesuffix("wakka.php")
        is_old = "wiki=" in query
        own = f"{path}wakka.php?wiki=" if is_old else f"{path}?"
        return [
            ("yeswiki", (named or [f"{own}DerniersChangementsRSS/xml"])[0]),
            ("yeswiki", f"{own}DerniersChangements"),
        ]
    if "wordpress" in generator:
        calendar = [("calendar", "/?ical=1")] if _says(root, "tribe-events") else []
        return [("feed", "/feed/"), *calendar]
    if "mobilizon" in generator and parts.path.startswith("/@"):
        return [("calendar", f"{parts.path.rstrip('/')}/feed/ics")]
    if "peertube" in generator or _says(root, "peertube"):
        channel = re.match(r"/(?:c|video-channels)/([\w.@-]{1,100})", parts.path)
        named = f"?videoChannelName={channel[1]}" if channel else ""
        return [("feed", f"/feeds/videos.xml{named}")]
    if "gitea" in generator or "forgejo" in generator or _says(root, "forgejo"):
        steps = [step for step in parts.path.split("/") if step]
        return [("feed", f"/{steps[0]}/{steps[1]}.rss")] if len(steps) >= 2 else []
    return []


def _says(root, word):
    """Tell whether the page names a tool in what describes it."""
    described = [element.get("content", "") for element in root.iter("meta")][:100]
    described += [element.get("class", "") for element in root.iter("body")]
    title = next((words_in(element, 200) for element in root.iter("title")), "")
    return any(word in text[:500].lower() for text in [*described, title])


def _join(base, address):
    """Return a whole web address, "" for what is none."""
    if address.lower().startswith("webcal"):
        address = "https://" + address.partition("://")[2]
    try:
        joined = urljoin(base, address.strip())
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.hostname else ""
