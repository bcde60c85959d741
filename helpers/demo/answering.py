"""Saved answers, with dates that follow today's: what every site of the demo says.

Only names that end in “.example” answer, as nobody else may have one.
"""

import hashlib
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from django.utils import timezone

FOLDER = Path(__file__).parent / "answers"
POSTS = 20
# In days, by site: how often something is published, and how long ago the last was.
RHYTHMS = (7, 14, 30)
# One sign-up page in so many is gone.
GONE_IN = 7


def answer_of(host, path, now):
    """Return (status, content type, body) for an address of the demo."""
    name = host.partition(":")[0]
    folder, _slash, file = path.partition("?")[0].rpartition("/")
    dice = hashlib.sha256(f"{name}{folder}".encode()).digest()
    if not name.endswith(".example") or (file == "inscription" and dice[2] % GONE_IN == 0):
        return 404, "text/plain; charset=utf-8", b""
    if path == "/robots.txt":
        return 200, "text/plain; charset=utf-8", (FOLDER / "robots.txt").read_bytes()
    if file == "feed.xml":
        return 200, "application/rss+xml", _feed(name, f"{folder}/", dice, now).encode()
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    base = f"{folder}/" if not file else f"{folder}/{file}/"
    page = page.replace("@name@", name).replace("@path@", base)
    return 200, "text/html; charset=utf-8", page.encode()


def _feed(name, path, dice, now):
    """Return the feed of a site: its one saved item, repeated at the rhythm of the site."""
    saved = (FOLDER / "feed.xml").read_text(encoding="utf-8")
    head, item, tail = _split(saved.replace("@name@", name).replace("@path@", path))
    every = RHYTHMS[dice[0] % len(RHYTHMS)]
    # Counted from a day that does not move, so that an item keeps its day and its name.
    today = now.date().toordinal()
    last = today - today % every
    items = [
        item.replace("@number@", str(last // every - number)).replace(
            "@date@", _noon(last - number * every, now)
        )
        for number in range(POSTS)
    ]
    return "".join([head, *items, tail])


def _split(saved):
    head, _item, rest = saved.partition("<item>")
    item, end, tail = rest.partition("</item>\n")
    return head, f"<item>{item}{end}", tail


def _noon(ordinal, now):
    day = datetime.fromordinal(ordinal).replace(hour=6, tzinfo=now.tzinfo)
    return format_datetime(min(day, now - timedelta(minutes=1)), usegmt=True)


class Answering(BaseHTTPRequestHandler):
    """Answers for all sites of the demo, and says nothing about it."""

    def do_GET(self):
        status, kind, body = answer_of(self.headers.get("Host", ""), self.path, timezone.now())
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """A demo that is quiet is a demo that works."""
