"""Sources, the answers they give, and tools to read them with, for tests."""

import random
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count

from helpers.claiming import make_hosts
from helpers.collecting import Tools
from helpers.models import Source
from helpers.sources.http import Bounds, Fetcher
from tests.factories import make_group
from tests.hostile import answer

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
NUMBERS = count(1)


class Anywhere:
    """Every host, at the one port of a test's server."""

    def __init__(self, port):
        self.port = port

    def __contains__(self, where):
        return where[1] == self.port


@contextmanager
def make_tools(server, readers, *, now=NOON, seconds=1.0):
    fetcher = Fetcher(
        "Tests/1",
        bounds=Bounds(seconds=seconds, connecting=0.5),
        allowed=Anywhere(server.port),
        look_up=lambda host, port: ["127.0.0.1"],
    )
    tools = Tools(fetcher, readers, dice=random.Random(7))
    tools.now = now
    tools.clock = lambda: tools.now
    yield tools
    fetcher.close()


def make_source(site, path="/feed", *, host="garden.test", group=None, **fields):
    """Make a source that was accepted, and is due at `NOON`."""
    fields = {
        "indicator": "news",
        "kind": "feed",
        "accepted_at": NOON - timedelta(days=1),
        "next_check_at": NOON,
        **fields,
    }
    make_hosts([host])
    return Source.objects.create(
        group=group or make_group(), url=site.url(path, host=host), host=host, **fields
    )


def feed(*days_ago, now=NOON, name="post"):
    """Return the RSS of posts that are so many days old."""
    items = "".join(
        f"<item><title>A post</title><link>http://garden.test/{name}-{age}</link>"
        f"<guid isPermaLink='false'>{name}-{age}</guid>"
        f"<pubDate>{format_datetime(now - timedelta(days=age), usegmt=True)}</pubDate></item>"
        for age in days_ago
    )
    head = "<title>The garden</title><link>http://garden.test/</link><description/>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def feed_answer(*days_ago, **headers):
    return answer(feed(*days_ago), kind="application/rss+xml", **headers)
