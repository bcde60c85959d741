"""Mailman 3: the public archive of a list (HyperKitty), by its API."""

from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from .dates import local_day, moment_of
from .markup import json_of, refuse_page
from .messages import Message, counts_of, is_reply
from .reading import Kind, Unreadable, body_of, reading_of_days

KIND = Kind(
    "hyperkitty",
    _("Mailman 3 archive (HyperKitty)"),
    _(
        "How many messages were sent each day. A month flooded by spam counts only answers; no"
        " message and no sender is kept."
    ),
)

_PAGES = 10


def read(ask, url, context):
    """Return how many messages each day had, as far back as ten pages of the archive go."""
    address, messages, had_items = api_of(url), [], False
    for _page in range(_PAGES):
        body = body_of(ask(address))
        refuse_page(body)
        data = json_of(body)
        results = data.get("results") if isinstance(data, dict) else None
        if not isinstance(results, list):
            raise Unreadable("not_an_archive")
        had_items = had_items or bool(results)
        found = [_message(each, context) for each in results if isinstance(each, dict)]
        messages += [message for message in found if message]
        following = data.get("next")
        # The next page is of the same server, or none of ours.
        if not isinstance(following, str) or _host(following) != _host(address):
            break
        if messages and messages[-1].day < context.first_day:
            break
        address = following
    return reading_of_days(counts_of(messages), context, had_items=had_items)


def api_of(url):
    """Return the address of the messages of the list whose archive is at ``url``."""
    base, found, rest = url.partition("/list/")
    if not found or "/api" in base:
        return url
    return f"{base}/api/list/{rest.partition('/')[0]}/emails/?format=json"


def _message(values, context):
    moment = moment_of(values.get("date") or "")
    if moment is None:
        return None
    is_answer = bool(values.get("parent")) or is_reply(str(values.get("subject", "")))
    return Message(local_day(moment, context.time_zone), is_answer)


def _host(address):
    try:
        return urlsplit(address[:2000]).hostname
    except ValueError:
        return None
