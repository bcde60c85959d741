"""Pages asked for in this process, through the handler a server would call, and what they took."""

import gc
import gzip
import runpy
import statistics
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from time import monotonic, perf_counter

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from groups.caching import forget_bodies

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
    # The address of a static file of the same bytes, "" for none, and what that took.
    file_address: str = ""
    file_milliseconds: list[float] = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.milliseconds)

    @property
    def times_the_file(self):
        """How many times the static file of the same bytes it takes; None where there is none."""
        if not self.file_milliseconds:
            return None
        return self.median / statistics.median(self.file_milliseconds)

    @property
    def p99(self):
        return statistics.quantiles(self.milliseconds, n=100)[-1]


class Server:
    """The site as a server runs it: one process that has served before."""

    def __init__(self):
        self.handler = WSGIHandler()

    def ask(self, page, prepared=lambda: None):
        """Return (milliseconds, body) of a page, with its body forgotten, kept or known before."""
        # Several databases share this process, and the version of a world just loaded.
        forget_bodies()
        if page.is_kept or page.is_known:
            self.get(page.address)
        prepared()
        if page.is_known:
            known = self.headers["ETag"]
            return self.get(page.address, known=known, expected="304 Not Modified")
        return self.get(page.address)

    def ask_file(self, page, address):
        """Return how many milliseconds the static file of a page took, as it would be asked for."""
        if not page.is_known:
            return self.get(address)[0]
        self.get(address)
        return self.get(address, known=self.headers["ETag"], expected="304 Not Modified")[0]

    def get(self, address, known="", expected="200 OK"):
        """Return (milliseconds, body) of an address. Raises RuntimeError if it is not there."""
        environ, statuses = _environ(address), []
        if known:
            environ["HTTP_IF_NONE_MATCH"] = known

        def begin(status, headers):
            statuses.append(status)
            self.headers = dict(headers)

        start = perf_counter()
        response = self.handler(environ, begin)
        body = b"".join(response)
        response.close()
        took = (perf_counter() - start) * 1000
        if statuses != [expected]:
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
    # The files that were written meanwhile are found when a server starts.
    server = Server()
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
                    took, _body = server.ask(page)
                    one = measured[page, database]
                    one.milliseconds.append(took)
                    if one.file_address:
                        one.file_milliseconds.append(server.ask_file(page, one.file_address))
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
            # What is asked only to have it kept or known is not counted.
            _took, body = server.ask(page, prepared=queries.clear)
        if page.is_known:
            _took, body = server.get(page.address)
    file_address = _as_file(body) if page.as_file else ""
    return Measured(len(queries), len(body), len(gzip.compress(body, 6)), file_address=file_address)


def _as_file(body):
    """Put ``body`` among the static files. Return its address there."""
    folder = settings.STATIC_ROOT / "bodies"
    folder.mkdir(exist_ok=True)
    path = folder / f"{sha256(body).hexdigest()[:16]}.html"
    path.write_bytes(body)
    return f"{settings.STATIC_URL}bodies/{path.name}"


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
