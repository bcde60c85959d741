"""Thousands of simulated sites in one process: every name leads to one port of this machine.

    python -m benchmarks.sites SECONDS

Says its port, answers every request after so many seconds, and says on the address /watched of any
site how many requests came and how many were at one site at a time, at most.
"""

import asyncio
import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

POSTS = 20


class Sites:
    def __init__(self, seconds):
        self.seconds = seconds
        self.at_once, self.most_at_once, self.asked = Counter(), 0, 0

    async def answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        [host] = [line[6:] for line in head if line.lower().startswith("host: ")]
        if path == "/watched":
            watched = {"asked": self.asked, "most_at_once": self.most_at_once}
            status, kind, body = "200 OK", "application/json", json.dumps(watched).encode()
        else:
            self.asked += 1
            self.at_once[host] += 1
            self.most_at_once = max(self.most_at_once, self.at_once[host])
            await asyncio.sleep(self.seconds)
            self.at_once[host] -= 1
            status, kind, body = "200 OK", "application/rss+xml", feed(path)
            if path == "/robots.txt":
                status, kind, body = "404 Not Found", "text/plain", b""
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()


def feed(path):
    """Return the posts of twenty weeks, as a blog has them."""
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>A post of the week</title><link>http://site.test{path}/{week}</link>"
        f"<guid isPermaLink='false'>{path}/{week}</guid>"
        f"<pubDate>{format_datetime(now - timedelta(weeks=week, days=1), usegmt=True)}</pubDate>"
        f"<description>{'Some words about it. ' * 20}</description></item>"
        for week in range(POSTS)
    )
    head = "<title>A blog</title><link>http://site.test/</link><description>Words</description>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


async def serve(seconds):
    sites = Sites(seconds)
    server = await asyncio.start_server(sites.answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
