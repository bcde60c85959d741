"""Discourse: the newest messages of a forum, or the newest topics of one category."""

from urllib.parse import urlsplit, urlunsplit

from django.utils.translation import gettext_lazy as _

from .dates import local_day, moment_of
from .markup import json_of, refuse_page
from .messages import Message, counts_of
from .reading import MOST_ITEMS, Kind, Unreadable, body_of, reading_of_days

KIND = Kind(
    "discourse",
    _("Discourse forum"),
    _(
        "How many messages were written each day; of one category, the days on which topics were"
        " opened or answered. Notices the forum writes by itself do not count; no message and no"
        " author is kept."
    ),
)

# 1 is a person's message; the others note that a topic was closed, moved or pinned.
_OF_A_PERSON = 1
_OF_THE_FORUM = {"system", "discobot"}


def read(ask, url, context):
    """Return how many messages each day had, among the newest the forum lists."""
    body = body_of(ask(listing_of(url)))
    refuse_page(body)
    data = json_of(body)
    if not isinstance(data, dict):
        raise Unreadable("not_a_forum")
    topics = data.get("topic_list")
    listed = topics.get("topics") if isinstance(topics, dict) else data.get("latest_posts")
    if not isinstance(listed, list):
        raise Unreadable("not_a_forum")
    listed = [each for each in listed[:MOST_ITEMS] if isinstance(each, dict)]
    moments_of = _of_topic if topics else _of_post
    messages = [
        Message(local_day(moment, context.time_zone), is_answer)
        for each in listed
        for text, is_answer in moments_of(each)
        if (moment := moment_of(text))
    ]
    return reading_of_days(counts_of(messages), context, had_items=bool(listed))


def listing_of(url):
    """Return the JSON address of a forum, or of one of its categories."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if not path.endswith(".json"):
        of_category = "/c/" in f"{path}/"
        path = path.removesuffix("/latest") + ("/l/latest.json" if of_category else "/posts.json")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _of_post(values):
    if values.get("post_type", _OF_A_PERSON) != _OF_A_PERSON or values.get("hidden"):
        return []
    if values.get("username") in _OF_THE_FORUM:
        return []
    return [(values.get("created_at", ""), values.get("post_number") != 1)]


def _of_topic(values):
    """A topic tells its first message and its last one."""
    if values.get("pinned_globally") and values.get("posts_count") == 1:
        return []
    moments = [(values.get("created_at", ""), False)]
    if values.get("posts_count") != 1:
        moments.append((values.get("last_posted_at", ""), True))
    return moments
