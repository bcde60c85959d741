"""Pages asked for in this process, through the handler a server would call, and what they took."""

import gc
import gzip
import runpy
import statistics
import sys
from dataclasses import dataclass, field
from io import BytesIO
from time import monotonic, perf_counter

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from .pages import CONSTANT

HOST = "directory.example.org"
# A 99th percentile of fewer rounds says nothing.
FEWEST_ROUNDS = 30


@dataclass
class Measured:
    """What one page took in one database."""

    queries: int = 0
    plain_bytes: int = 0
    gzip_bytes: int = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.milliseconds)

    @property
    def p99(self):
        return statistics.quantiles(self.milliseconds, n=100)[-1]


class Server:
    """The site as a server runs it: one process that has served before."""

    def __init__(self):
        self.handler = WSGIHandler()

    def get(self, address):
        """Return (milliseconds, body) of a page. Raises RuntimeError if it is not there."""
        environ, statuses = _environ(address), []
        start = perf_counter()
        response = self.handler(environ, lambda status, _headers: statuses.append(status))
        body = b"".join(response)
        response.close()
        took = (perf_counter() - start) * 1000
        if statuses != ["200 OK"]:
            raise RuntimeError(f"{address} answered {statuses[0]}.")
        return took, body


def measure(pages, databases, seconds):
    """Return ({(page, database): Measured}, Measured of the constant view).

    All pages of all databases take turns, and the constant view with them, so that whatever else
    the machine does slows them alike.
    """
    server, constant = Server(), Measured()
    measured = {
        (page, database): _looked_at(server, page, database)
        for page in pages
        for database in databases
    }
    # What the world left behind goes; then as in every process of the server.
    gc.collect()
    runpy.run_path(settings.BASE_DIR / "gunicorn.conf.py")["post_fork"](None, None)
    end, rounds = monotonic() + seconds, 0
    while monotonic() < end or rounds < FEWEST_ROUNDS:
        rounds += 1
        for database in databases:
            with database.in_use():
                constant.milliseconds.append(server.get(CONSTANT)[0])
                for page in pages:
                    took, _body = server.get(page.address)
                    measured[page, database].milliseconds.append(took)
    return measured, constant


def _looked_at(server, page, database):
    """Ask once to warm what stays warm, once to count."""
    queries = []

    def count(execute, sql, *rest):
        queries.append(sql)
        return execute(sql, *rest)

    with database.in_use():
        server.get(page.address)
        with database.connection.execute_wrapper(count):
            _took, body = server.get(page.address)
    return Measured(len(queries), len(body), len(gzip.compress(body, 6)))


def _environ(address):
    path, _mark, query = address.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
