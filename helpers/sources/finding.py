"""From an address to what could be read there, and what would be counted, before anybody says yes.

Few questions are asked: the page itself, then the best guesses, until a few have proved readable.
"""

import datetime
from dataclasses import dataclass
from urllib.parse import urlsplit

from .conventions import by_address, by_page
from .kinds import kind_named
from .markup import html_root, is_html, text_of
from .reading import SourceError, Unchanged, Unreadable, body_of

MOST_ASKS = 6
MOST_PROPOSALS = 4
# At a first look archives by month need only show that they live.
_GLANCE = datetime.timedelta(days=40)
_GLANCED_AT = {"pipermail", "hyperkitty"}
_DAYS_SHOWN = 5

# Where evidence is looked for: the kind of service decides, and else what the source is.
_OF_SERVICES = {
    "follow_up": "follow_up",
    "meetings": "meetings",
    "news": "news",
    "discussions": "discussion",
    "projects": "space",
    "resources": "space",
}
_OF_KINDS = {
    "calendar": "meetings",
    "feed": "news",
    "page": "news",
    "mbox": "discussion",
    "pipermail": "discussion",
    "hyperkitty": "discussion",
    "discourse": "discussion",
    "mediawiki": "space",
    "dokuwiki": "space",
    "yeswiki": "space",
    "pad": "follow_up",
    "checkin": "follow_up",
}


@dataclass(frozen=True)
class Proposal:
    """A source that could be read, and what would be counted."""

    kind: str
    indicator: str
    url: str
    # The last days that would count, the newest first: ((day, count), …); and how many in all.
    days: tuple = ()
    count: int = 0
    # The next day that is announced.
    next_day: datetime.date | None = None
    declared_days: float | None = None


def propose(ask, url, context, *, service=""):
    """Return what can be read at an address, the best first, in at most `MOST_ASKS` questions.

    Where nothing can be read and nothing answers, a check-in is proposed: it needs no address.
    """
    ask = _Sparing(ask)
    try:
        candidates, has_page = _candidates(ask, url)
    # An address that is none.
    except ValueError:
        candidates, has_page = [], False
    proposals, tried = [], set()
    for kind, address in candidates:
        if address in tried or len(proposals) >= MOST_PROPOSALS:
            continue
        tried.add(address)
        if proposal := _try(ask, kind, address, context, service):
            proposals.append(proposal)
    if has_page and not proposals and (proposal := _try(ask, "page", url, context, service)):
        proposals.append(proposal)
    return proposals or [Proposal("checkin", indicator_of("checkin", service), "")]


def indicator_of(kind, service=""):
    """Return the indicator a source of this kind would serve for a link of this kind."""
    return _OF_SERVICES.get(service) or _OF_KINDS.get(kind, "news")


class _Sparing:
    """Asks each address once, and a few addresses in all."""

    def __init__(self, ask):
        self.ask = ask
        self.answers = {}

    def __call__(self, url):
        if url not in self.answers:
            if len(self.answers) >= MOST_ASKS:
                raise Unreadable("enough_asked")
            try:
                self.answers[url] = self.ask(url)
            except SourceError as error:
                self.answers[url] = error
        answer = self.answers[url]
        if isinstance(answer, SourceError):
            raise answer
        return answer


def _candidates(ask, url):
    """Return ([(kind, address)], whether there is a page to fall back upon)."""
    known = by_address(url)
    if known and urlsplit(url).scheme not in ("http", "https"):
        return known, False
    if known and known[0][0] != "feed":
        return known, False
    try:
        answer = ask(url)
        body = body_of(answer)
    except (SourceError, Unchanged):
        return known, False
    if kind := _kind_of(body):
        return [(kind, url)], False
    try:
        return known + by_page(html_root(body), answer.url or url), is_html(body)
    except Unreadable:
        return known, False


def _kind_of(body):
    """Return the kind an answer is itself, "" for a page."""
    start = text_of(body[:2000]).lstrip("\ufeff \t\r\n")
    if "BEGIN:VCALENDAR" in start:
        return "calendar"
    if start.startswith("From "):
        return "mbox"
    if not is_html(body) and any(sign in start for sign in ("<rss", "<feed", "<rdf:RDF")):
        return "feed"
    return "feed" if start.startswith("{") and "jsonfeed.org" in start else ""


def _try(ask, kind, address, context, service):
    """Read a candidate; None if it cannot be read or holds nothing that could ever count."""
    since = context.today - _GLANCE if kind in _GLANCED_AT else context.since
    glance = type(context)(context.today, context.time_zone, "", since, context.language)
    try:
        reading = kind_named(kind).read(ask, address, glance)
    except (SourceError, Unchanged, ValueError):
        return None
    if not reading.had_items:
        return None
    counts = {}
    for seen in reading.seen:
        counts[seen.day] = counts.get(seen.day, 0) + seen.count
    coming = [each.day for each in reading.coming if not each.is_cancelled]
    return Proposal(
        kind,
        indicator_of(kind, service),
        address,
        days=tuple(sorted(counts.items(), reverse=True)[:_DAYS_SHOWN]),
        count=sum(counts.values()),
        next_day=min(coming, default=None),
        declared_days=reading.declared_days,
    )
