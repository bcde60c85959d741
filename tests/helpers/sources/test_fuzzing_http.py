"""Answers of a server that keeps to no rule of HTTP: fetched, or `Failed` or `Refused`, in time."""

import gzip
import time
import zlib

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from helpers.sources.failures import WORDS, Failed, Refused
from helpers.sources.http import Bounds, Fetched, Fetcher
from tests.hostile import hostile_server

BOUNDS = Bounds(seconds=2, connecting=1, head=20_000, packed=50_000, unpacked=200_000)
BODIES = [
    *(
        b"",
        b"words",
        b"\x00" * 300,
        b"<rss/>" * 500,
        b"\xff\xfe\xfd",
        b"0\r\n\r\n",
        b"5\r\nwords\r\n0\r\n\r\n",
    ),
    *(b"ffffffffffffffff\r\n", b"-1\r\nx\r\n", b"5;x=y\r\nwords\r\n0\r\nA: b\r\n\r\n", b"zz\r\n"),
    *(gzip.compress(b"words" * 99), gzip.compress(b"words")[:-9], zlib.compress(b"words")),
    *(gzip.compress(b"\0" * 9_000_000), b"\x1f\x8b", b"x" * 60_000),
]
FIRST_LINES = [
    *(b"HTTP/1.1 200 OK", b"HTTP/1.0 200", b"HTTP/1.1 304 Not Modified", b"HTTP/1.1 404 Not Found"),
    *(b"HTTP/1.1 301 Moved", b"HTTP/1.1 308 Moved", b"HTTP/1.1 429 Slowly", b"HTTP/1.1 503 Away"),
    *(
        b"HTTP/1.1 100 Continue",
        b"HTTP/1.1 999 No",
        b"HTTP/9.9 200 OK",
        b"HTTP/1.1 -1 OK",
        b"HTTP/1.1",
    ),
    *(b"ICY 200 OK", b"", b"\x00\x01\x02", b"200 OK", b"HTTP/1.1 20\xb2 OK"),
]
HEADERS = [
    *(b"Content-Length: 5", b"Content-Length: -5", b"Content-Length: 5\r\nContent-Length: 9"),
    *(
        b"Content-Length: 99999999999999999999",
        b"Content-Length: five",
        b"Transfer-Encoding: chunked",
    ),
    *(b"Transfer-Encoding: gzip, chunked", b"Content-Encoding: gzip", b"Content-Encoding: deflate"),
    *(
        b"Content-Encoding: br",
        b"Content-Type: text/plain",
        b"Content-Type: ;;;",
        b"Content-Type: \xff",
    ),
    *(b"Location: /", b"Location: /other", b"Location: http://[", b"Location: file:///etc/passwd"),
    *(b"Location: //127.0.0.1:1/", b"Location: http://10.0.0.1/", b"Location: \x00", b"Location:"),
    *(
        b"Retry-After: 3",
        b"Retry-After: soon",
        b"Retry-After: -99999999999999",
        b"Retry-After: 9" * 9,
    ),
    *(b'ETag: "x"', b"ETag: " + b"x" * 5_000, b"Last-Modified: never", b": no name", b"no colon"),
    *(
        b" folded",
        b"A\xe9: b",
        b"Set-Cookie: a=b",
        b"X: " + b"y" * 25_000,
        b"Connection: keep-alive",
    ),
]


@st.composite
def answers(draw):
    """Draw the bytes of an answer, more or less one of HTTP."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=400))
    head = [
        draw(st.sampled_from(FIRST_LINES)),
        *draw(st.lists(st.sampled_from(HEADERS), max_size=6)),
    ]
    end = draw(st.sampled_from([b"\r\n", b"\r\n", b"\n", b"\r"]))
    whole = end.join(head) + end * 2 + draw(st.sampled_from(BODIES))
    return whole[: draw(st.integers(0, len(whole)))] if draw(st.integers(0, 4)) == 0 else whole


@pytest.fixture(scope="module")
def fetched():
    """Give what fetches an address of a server that answers these bytes, whatever is asked."""
    with hostile_server() as server:

        def fetch(robots, answer, known):
            server.answers.clear()
            server.answers.update({"/robots.txt": robots, "/": answer, "/other": answer})
            # Each answer of robots.txt is asked for: nobody remembers the one before.
            fetcher = Fetcher("Tests/1", BOUNDS, frozenset({("127.0.0.1", server.port)}))
            try:
                return fetcher.fetch(server.url(), etag=known)
            finally:
                fetcher.close()

        yield fetch


def whatever_a_server_sends(fetched, robots, answer, known):
    started, found, code = time.monotonic(), None, ""
    try:
        found = fetched(robots, answer, known)
    except (Failed, Refused) as failure:
        code = failure.code
    assert time.monotonic() - started < 2 * BOUNDS.seconds
    assert code in WORDS if found is None else is_sound(found)


def is_sound(found):
    is_bounded = len(found.body) <= BOUNDS.unpacked
    return isinstance(found, Fetched) and found.status in (200, 304) and is_bounded


SAMPLE = settings(
    max_examples=200,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
KNOWN = st.sampled_from(["", '"x"'])
ROBOTS = st.one_of(st.just(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), answers())


@seed(20261130)
@SAMPLE
@given(ROBOTS, answers(), KNOWN)
def test_whatever_a_server_sends_is_read_or_named(fetched, robots, answer, known):
    whatever_a_server_sends(fetched, robots, answer, known)


@pytest.mark.prove
@settings(SAMPLE, max_examples=5_000, phases=[Phase.generate, Phase.shrink])
@given(ROBOTS, answers(), KNOWN)
def test_whatever_a_server_sends_is_read_or_named_at_length(fetched, robots, answer, known):
    whatever_a_server_sends(fetched, robots, answer, known)
