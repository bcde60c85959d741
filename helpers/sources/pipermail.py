"""Mailman 2: the public archive by month (pipermail)."""

import datetime
import re
from urllib.parse import urljoin

from django.utils.translation import gettext_lazy as _

from .dates import moment_of
from .markup import asks_for_login, html_root, is_html, words_in
from .messages import counts_of, messages_of_mbox
from .reading import Kind, Unreadable, body_of, reading_of_days

KIND = Kind(
    "pipermail",
    _("Mailman 2 archive"),
    _(
        "How many messages were sent each day, by the archive of each month. Digests do not count,"
        " and a month flooded by spam counts only answers; no message and no sender is kept."
    ),
)

_MONTH = re.compile(r"(\d{4})-([A-Z][a-z]{2,8})(\.txt(?:\.gz)?|/(?:date|thread)\.html)$")
_NAMES = (
    "January February March April May June July August September October November December".split()
)
# All that may matter at the first look, then the month that goes on and the one before.
_FIRST_MONTHS = 18
_MONTHS = 2
_RECENT = datetime.timedelta(days=45)
# Where a month cannot be had as a file, its page tells its first day and its last.
_SPAN = re.compile(r"\w{3} (\w{3}) {1,2}(\d{1,2}) \d\d:\d\d:\d\d (?:\w{2,5} )?(\d{4})")


def read(ask, url, context):
    """Return how many messages each day of the last months had.

    A month that cannot be had is raised: it may be the one with life in it.
    """
    base = url if url.endswith(("/", ".html")) else f"{url}/"
    body = body_of(ask(base))
    if not is_html(body) or asks_for_login(body):
        raise Unreadable("needs_login" if asks_for_login(body) else "not_an_archive")
    months = _months_of(html_root(body), base)
    if not months:
        raise Unreadable("not_an_archive")
    known = context.since and context.today - context.since < _RECENT
    messages, days = [], set()
    for address in months[: _MONTHS if known else _FIRST_MONTHS]:
        answer = body_of(ask(address))
        if is_html(answer):
            days |= _days_of(answer)
        else:
            messages += messages_of_mbox(answer, context)
    counts = counts_of(messages)
    counts.update(days - counts.keys())
    return reading_of_days(counts, context, had_items=True)


def _months_of(root, base):
    """Return the addresses of the months, the newest first, as files where there are files."""
    found = {}
    for link in root.iter("a"):
        address = link.get("href", "")[:500]
        month = _MONTH.search(address)
        if month and month[2] in _NAMES:
            key = (int(month[1]), _NAMES.index(month[2]))
            if key not in found or month[3].startswith(".txt"):
                try:
                    found[key] = urljoin(base, address)
                # What looks like an address and is none.
                except ValueError:
                    continue
    return [found[key] for key in sorted(found, reverse=True)]


def _days_of(body):
    """Return the first and the last day a month's page tells (Starting, Ending)."""
    text = words_in(html_root(body), 100_000)
    spans = _SPAN.findall(text)[:2]
    days = (moment_of(f"{day} {month} {year}") for month, day, year in spans)
    return {day for day in days if day}
