"""Asking addresses that strangers gave: the only module of ours that opens a connection to them.

Public addresses only, looked up once and checked one by one; the connection goes to the very one
that was checked, and after a redirect everything begins anew. Everything has a bound.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LookupTimeout
from dataclasses import dataclass, field
from functools import cache

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from .addresses import PORTS, NotAnAddress, is_public, is_same_host, target_of
from .failures import Failed, Refused, failure_of
from .reading import Answer
from .robots import LARGEST as LARGEST_ROBOTS
from .robots import LASTS as ROBOTS_LAST
from .robots import read_rules
from .unpacking import GZIP, Damaged, TooMuch, unpacked

MOST_REDIRECTS = 5
PERMANENT = {301, 308}
REDIRECTS = PERMANENT | {302, 303, 307}
# Of the addresses of one host, so many are tried.
MOST_ADDRESSES = 4
PIECE = 65536

# The kinds of text our readers know, and what servers wrongly say of them.
READABLE = ("text/", "application/xml", "application/json", "application/gzip")
READABLE_TOO = {
    "",
    "application/calendar",
    "application/mbox",
    "application/octet-stream",
    "application/x-gzip",
    "application/x-mbox",
}


@dataclass(frozen=True)
class Fetched(Answer):
    """An `Answer`, and where the address asked has moved for good ("" where it has not)."""

    moved_to: str = ""

    @property
    def is_unchanged(self):
        return self.status == 304


@dataclass(frozen=True)
class Bounds:
    """How much of everything. Seconds count from the first look-up to the last byte."""

    seconds: float = 20
    connecting: float = 6
    head: int = 100_000
    packed: int = 5_000_000
    unpacked: int = 12_000_000


class Allowance:
    """The seconds and bytes one fetch has left. Raises `Failed` when they are used up."""

    def __init__(self, seconds):
        self.until = time.monotonic() + seconds
        self.bytes = 0

    def left(self, most=float("inf")):
        left = self.until - time.monotonic()
        if left <= 0:
            raise Failed("timed_out")
        return min(left, most)

    def take(self, count):
        self.bytes -= count
        if self.bytes < 0:
            raise Failed("too_large")


class _Bounded:
    """A socket that asks the allowance before every piece: who drips wins nothing."""

    allowance = None

    def recv_into(self, *args, **kwargs):
        if self.allowance is None:
            return super().recv_into(*args, **kwargs)
        self.settimeout(self.allowance.left())
        count = super().recv_into(*args, **kwargs)
        self.allowance.take(count)
        return count


class BoundedSocket(_Bounded, socket.socket):
    pass


class BoundedTLSSocket(_Bounded, ssl.SSLSocket):
    pass


class _ToCheckedAddress:
    """A connection to the addresses it is given: it looks up nothing."""

    def __init__(self, *args, addresses, allowance, bounds, **kwargs):
        super().__init__(*args, **kwargs)
        self.addresses, self.allowance, self.bounds = addresses, allowance, bounds

    def _new_conn(self):
        for address in self.addresses[:MOST_ADDRESSES]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            connected = BoundedSocket(family, socket.SOCK_STREAM)
            connected.settimeout(self.allowance.left(self.bounds.connecting))
            try:
                connected.connect((address, self.port))
            except OSError:
                connected.close()
                continue
            connected.allowance = self.allowance
            connected.settimeout(self.allowance.left())
            return connected
        self.allowance.left()
        raise Failed("no_connection")


class CheckedConnection(_ToCheckedAddress, HTTPConnection):
    pass


class CheckedTLSConnection(_ToCheckedAddress, HTTPSConnection):
    def connect(self):
        super().connect()
        self.sock.allowance = self.allowance


def look_up(host, port):
    """Return the addresses of ``host``, as text."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(where[0] for *_, where in found))


@cache
def trusting(certificates=None):
    """Return what checks certificates: those of this machine, or of the file ``certificates``."""
    context = ssl.create_default_context(cafile=certificates)
    context.sslsocket_class = BoundedTLSSocket
    return context


@dataclass
class Fetcher:
    """Asks for addresses, one request a host at a time. One may be used by many threads.

    ``agent`` is what we call ourselves: a name, and whom to write to. ``allowed`` are (host, port)
    pairs that are asked although they are not public. ``instead`` is the (host, port) on this
    machine that answers in everybody's place: so the demo contacts nobody, whatever is asked.
    ``robots`` keeps the rules of sites: a mapping from origin to (rules, until when).
    """

    agent: str
    bounds: Bounds = Bounds()
    allowed: frozenset = frozenset()
    instead: tuple | None = None
    look_up: object = look_up
    trust: ssl.SSLContext = field(default_factory=trusting)
    robots: dict = field(default_factory=dict)
    clock: object = time.time

    def __post_init__(self):
        self._turns, self._giving_turns = {}, threading.Lock()
        self._lookers = ThreadPoolExecutor(32, thread_name_prefix="look-up")
        self._asked_at = {}

    def close(self):
        self._lookers.shutdown(wait=False, cancel_futures=True)

    def fetch(self, url, *, etag="", last_modified=""):
        """Ask for ``url``. Return the `Fetched` answer: of status 200, or 304 and without a body.

        Raise `Refused` or `Failed`; no other exception, whatever the other side does.
        """
        headers = {"Accept-Encoding": "gzip, deflate"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        allowance = Allowance(self.bounds.seconds)
        return self._follow(url, headers, allowance, self._read_answer)

    def status_of(self, url):
        """Return the status with which ``url`` answers, after redirects. Its body is not read."""
        allowance = Allowance(self.bounds.seconds)
        return self._follow(url, {}, allowance, lambda response, *_: response.status)

    # ── From address to answer ──────────────────────────────────────────────────────────────────

    def _follow(self, url, headers, allowance, read):
        target, moved_to, seen = _target(url), "", set()
        is_moving = True
        for _ in range(MOST_REDIRECTS + 1):
            if target.url in seen:
                raise Refused("redirect_loop")
            seen.add(target.url)
            rules = self._rules_of(target, allowance)
            if not rules.allow(target.url):
                raise Refused("robots")
            with self._asked(target, headers, allowance, rules.delay) as response:
                where = response.headers.get("Location")
                if response.status not in REDIRECTS or not where:
                    with _carrying(moved_to):
                        return read(response, target, allowance, moved_to)
                is_moving = is_moving and response.status in PERMANENT
            target = _target(where, target.url)
            moved_to = target.url if is_moving else moved_to
        raise Refused("too_many_redirects")

    def _read_answer(self, response, target, allowance, moved_to):
        if response.status == 304:
            body = b""
        elif response.status == 200:
            _check_type(response)
            body = self._body(response, allowance, self.bounds.packed, self.bounds.unpacked)
        else:
            raise _failure(response, self.clock())
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Fetched(target.url, response.status, headers, body, moved_to)

    def _body(self, response, allowance, most_packed, most):
        allowance.bytes = most_packed
        body = bytearray()
        while piece := response.read1(PIECE, decode_content=False):
            body += piece
            if len(body) > most_packed:
                raise Failed("too_large")
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        body = bytes(body)
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Failed("wrong_type")
        try:
            if encoding not in ("", "identity") and body:
                body = unpacked(body, most)
            # An archive is packed by itself, whatever its name and type say.
            if body.startswith(GZIP):
                body = unpacked(body, most)
        except TooMuch:
            raise Failed("too_large") from None
        except Damaged:
            raise Failed("broken") from None
        return body

    # ── One request ─────────────────────────────────────────────────────────────────────────────

    @contextlib.contextmanager
    def _asked(self, target, headers, allowance, delay=0):
        """Yield the response to one request, alone at its host, and close it."""
        with self._turn(target.host, allowance, delay), _told_in_our_words():
            connection = self._connection(target, allowance)
            try:
                allowance.bytes = self.bounds.head
                connection.request(
                    "GET",
                    target.path,
                    headers={
                        "Host": target.authority,
                        "User-Agent": self.agent,
                        "Accept": "*/*",
                        "Accept-Encoding": "identity",
                        "Connection": "close",
                        **headers,
                    },
                    preload_content=False,
                    decode_content=False,
                )
                yield connection.getresponse()
            finally:
                connection.close()

    def _connection(self, target, allowance):
        bounds = {"allowance": allowance, "bounds": self.bounds}
        if self.instead:
            host, port = self.instead
            return CheckedConnection(host, port, addresses=[host], **bounds)
        is_allowed = (target.host, target.port) in self.allowed
        if not is_allowed and target.port not in PORTS.values():
            raise Refused("bad_port")
        addresses = self._addresses(target, allowance)
        if not is_allowed and not all(is_public(each) for each in addresses):
            raise Refused("not_public")
        checked = {"addresses": addresses, **bounds}
        if target.scheme == "https":
            return CheckedTLSConnection(target.host, target.port, ssl_context=self.trust, **checked)
        return CheckedConnection(target.host, target.port, **checked)

    def _addresses(self, target, allowance):
        # What a look-up takes is for the system to say, so that somebody else waits for it.
        looking = self._lookers.submit(self.look_up, target.host, target.port)
        try:
            addresses = looking.result(allowance.left())
        except LookupTimeout:
            raise Failed("timed_out") from None
        except (OSError, UnicodeError):
            raise Failed("no_such_host") from None
        if not addresses:
            raise Failed("no_such_host")
        return addresses

    @contextlib.contextmanager
    def _turn(self, host, allowance, delay):
        with self._giving_turns:
            turn = self._turns.setdefault(host, threading.Lock())
        if not turn.acquire(timeout=allowance.left()):
            raise Failed("timed_out")
        try:
            wait = self._asked_at.get(host, 0) + delay - time.monotonic() if delay else 0
            if wait > 0:
                time.sleep(allowance.left(wait))
            yield
        finally:
            self._asked_at[host] = time.monotonic()
            turn.release()

    # ── robots.txt ──────────────────────────────────────────────────────────────────────────────

    def _rules_of(self, target, allowance):
        rules, until = self.robots.get(target.origin, (None, 0))
        if rules is None or until <= self.clock():
            rules = read_rules(self._robots_txt(target, allowance), self.agent)
            self.robots[target.origin] = rules, self.clock() + ROBOTS_LAST
        return rules

    def _robots_txt(self, target, allowance):
        """Return the text of robots.txt: "" where there is none. Who cannot be asked is not."""
        here = target_of("/robots.txt", target.url)
        for _ in range(MOST_REDIRECTS + 1):
            with self._asked(here, {"Accept-Encoding": "gzip"}, allowance) as response:
                where = response.headers.get("Location")
                if response.status == 200:
                    body = self._body(response, allowance, LARGEST_ROBOTS, LARGEST_ROBOTS)
                    return body.decode("utf-8", "replace")
                if response.status >= 500 or response.status == 429:
                    raise _failure(response, self.clock())
            if response.status not in REDIRECTS or not where:
                return ""
            here = _target(where, here.url)
        return ""


def _target(url, base=None):
    try:
        return target_of(url, base)
    except NotAnAddress as error:
        raise Refused(error.code) from None


@contextlib.contextmanager
def _told_in_our_words():
    """Turn whatever a broken answer raises into `Failed`."""
    try:
        yield
    except TimeoutError:
        raise Failed("timed_out") from None
    except ssl.SSLCertVerificationError:
        raise Failed("bad_certificate") from None
    except ssl.SSLError:
        raise Failed("bad_tls") from None
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        raise Failed("timed_out" if "timed out" in str(error) else "broken") from None


@contextlib.contextmanager
def _carrying(moved_to):
    """Let a failure say, too, where the address has moved."""
    try:
        yield
    except Failed as failure:
        failure.moved_to = moved_to
        raise


def _check_type(response):
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    is_readable = kind.startswith(READABLE) or kind in READABLE_TOO
    if not (is_readable or kind.endswith(("+xml", "+json"))):
        raise Failed("wrong_type")


def _failure(response, now):
    return failure_of(response.status, response.headers.get("Retry-After", ""), now)


def is_same_site(one, other):
    """Say whether two addresses are of one host, "www." left aside."""
    return is_same_host(_target(one).host, _target(other).host)
