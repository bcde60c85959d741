"""The hostile server: whatever it does, it is `Failed` or `Refused`, soon and in little memory."""

import gzip
import itertools
import socket
import threading
import time
import tracemalloc
import zlib
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from helpers.sources import http
from helpers.sources.failures import WORDS, Failed, Refused
from helpers.sources.http import Bounds, Fetcher, trusting
from tests.hostile import answer, hostile_server, make_certificate

QUICK = Bounds(seconds=0.6, connecting=0.5, packed=200_000, unpacked=1_000_000)


@pytest.fixture
def server():
    with hostile_server() as each:
        yield each


@pytest.fixture
def fetcher_for():
    """Make fetchers that may ask servers of this machine, known as feeds.test too."""
    made = []

    def make(*servers, bounds=QUICK, **choices):
        allowed = {(host, each.port) for each in servers for host in ("127.0.0.1", "feeds.test")}
        choices.setdefault("look_up", lambda host, port: ["127.0.0.1"])
        fetcher = Fetcher("Tests/1", bounds=bounds, allowed=frozenset(allowed), **choices)
        made.append(fetcher)
        return fetcher

    yield make
    for each in made:
        each.close()


@pytest.fixture
def fetcher(server, fetcher_for):
    return fetcher_for(server)


@pytest.fixture
def tls_server(tmp_path):
    """A server whose certificate is trusted by whoever trusts `certificate.pem` of `tmp_path`."""
    with hostile_server(make_certificate(tmp_path)) as each:
        yield each


@pytest.fixture
def trusting_fetcher(tls_server, fetcher_for, tmp_path):
    return fetcher_for(tls_server, trust=trusting(tmp_path / "certificate.pem"))


# Two hundred megabytes, packed into less than one: archives in a row are one.
BOMB = gzip.compress(b"\0" * 10_000_000, 9) * 20


def failure(fetcher, url, expected=Failed, **how):
    """Return the code with which `fetch` gives up."""
    with pytest.raises(expected) as raised:
        fetcher.fetch(url, **how)
    assert raised.value.code in WORDS
    return raised.value.code


def drip(connection, headers, text=b"x"):
    """Send a little, for ever."""
    while True:
        connection.sendall(text)
        time.sleep(0.05)


def dripping_body(connection, headers):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    drip(connection, headers)


def endless_body(connection, headers):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    drip(connection, headers, b"x" * 100_000)


def endless_chunks(connection, headers):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    drip(connection, headers, (b"2000\r\n" + b"x" * 0x2000 + b"\r\n") * 20)


def endless_headers(connection, headers):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    drip(connection, headers, b"".join(b"X-%d: %s\r\n" % (n, b"y" * 900) for n in range(50)))


def one_endless_header(connection, headers):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    drip(connection, headers, b"y" * 100_000)


def only_continue(connection, headers):
    drip(connection, headers, b"HTTP/1.1 100 Continue\r\n\r\n" * 2000)


def say_nothing(connection, headers):
    time.sleep(3)


HOSTILE = {
    # path: (what it does, our code)
    "dripping head": (drip, {"timed_out", "broken"}),
    "dripping body": (dripping_body, {"timed_out"}),
    "nothing": (say_nothing, {"timed_out"}),
    "hanging up": (lambda connection, headers: None, {"broken"}),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2p1\r\n", {"broken"}),
    "HTTP/0.9": (b"<html>hello", {"broken"}),
    "endless body": (endless_body, {"too_large"}),
    "endless chunks": (endless_chunks, {"too_large"}),
    "flood of headers": (endless_headers, {"too_large", "broken"}),
    "one endless header": (one_endless_header, {"too_large", "broken"}),
    "100 Continue for ever": (only_continue, {"too_large"}),
    "gzip bomb": (answer(BOMB, Content_Encoding="gzip"), {"too_large"}),
    "deflate bomb": (
        answer(zlib.compress(b"\0" * 10_000_000, 9), Content_Encoding="deflate"),
        {"too_large"},
    ),
    "bomb in an archive": (answer(BOMB, kind="application/gzip"), {"too_large"}),
    "bomb in a bomb": (answer(gzip.compress(BOMB), Content_Encoding="gzip"), {"too_large"}),
    "not packed at all": (answer(b"plain", Content_Encoding="gzip"), {"broken"}),
    "packed otherwise": (answer(b"plain", Content_Encoding="br"), {"wrong_type"}),
    "shorter than said": (answer(b"short", length=5000), {"broken"}),
    "broken chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nhello\r\n",
        {"broken"},
    ),
    "picture": (answer(b"GIF89a", kind="image/gif"), {"wrong_type"}),
    "film": (answer(b"", kind="video/mp4"), {"wrong_type"}),
    "document": (answer(b"%PDF", kind="application/pdf"), {"wrong_type"}),
    "password": (answer(status="401 Unauthorized"), {"needs_login"}),
    "forbidden": (answer(status="403 Forbidden"), {"needs_login"}),
    "gone": (answer(status="410 Gone"), {"gone"}),
    "not found": (answer(status="404 Not Found"), {"gone"}),
    "LinkedIn": (answer(status="999 Request Denied"), {"too_many"}),
    "storm": (answer(status="429 Too Many Requests"), {"too_many"}),
    "fault": (answer(status="500 Oops"), {"server_error"}),
    "teapot": (answer(status="418 I am a teapot"), {"bad_status"}),
    "nothing new to nobody": (answer(status="206 Partial Content"), {"bad_status"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_a_failure_with_a_code_and_soon(server, fetcher, name):
    server.answers["/"], codes = HOSTILE[name]

    began = time.monotonic()
    code = failure(fetcher, server.url())

    assert code in codes
    assert time.monotonic() - began < 2.5


def test_a_bomb_never_unfolds_in_memory(server, fetcher):
    server.answers["/"] = answer(BOMB, Content_Encoding="gzip")

    tracemalloc.start()
    failure(fetcher, server.url())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8_000_000


@pytest.mark.parametrize(
    "body",
    [
        answer(b"words"),
        answer(gzip.compress(b"words"), Content_Encoding="gzip"),
        answer(zlib.compress(b"words"), Content_Encoding="deflate"),
        answer(gzip.compress(b"words"), kind="application/x-gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwords\r\n0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nwords",
        answer(b"words", kind="application/rss+xml; charset=utf-8"),
        answer(b"words", kind="application/activity+json"),
        answer(b"words", kind=""),
    ],
)
def test_a_good_answer_is_its_body_unpacked(server, fetcher, body):
    server.answers["/"] = body

    fetched = fetcher.fetch(server.url())

    assert (fetched.status, fetched.body, fetched.moved_to) == (200, b"words", "")


def test_a_request_says_who_asks_and_what_is_known_already(server, fetcher):
    server.answers["/feed"] = answer(status="304 Not Modified")

    fetched = fetcher.fetch(server.url("/feed"), etag='"7"', last_modified="yesterday")

    [_robots, (_path, headers)] = server.asked
    assert fetched.is_unchanged
    assert headers["User-Agent"] == "Tests/1"
    assert headers["If-None-Match"] == '"7"'
    assert headers["If-Modified-Since"] == "yesterday"
    assert headers["Host"] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("120", 120),
        ("1", 60),
        ("99999999999999999999", 7 * 24 * 3600),
        (format_datetime(datetime(2026, 11, 27, 10, 0, tzinfo=UTC), usegmt=True), 600),
        ("nonsense", 60),
        ("", 60),
    ],
)
def test_retry_after_is_heard_within_bounds(server, fetcher_for, retry_after, wait):
    server.answers["/"] = answer(status="429 Too Many", Retry_After=retry_after)
    now = datetime(2026, 11, 27, 9, 50, tzinfo=UTC).timestamp()

    with pytest.raises(Failed) as failed:
        fetcher_for(server, clock=lambda: now).fetch(server.url())

    assert failed.value.wait == wait


# ── Redirects ───────────────────────────────────────────────────────────────────────────────────


def to(where, status="302 Found"):
    return answer(status=status, Location=where)


def test_redirects_are_followed_and_permanent_ones_remembered(server, fetcher):
    server.answers |= {
        "/old": to("/newer", "301 Moved"),
        "/newer": to("/newest", "308 Moved"),
        "/newest": to("/for-now"),
        "/for-now": to("/elsewhere", "301 Moved"),
        "/elsewhere": answer(b"words"),
    }

    fetched = fetcher.fetch(server.url("/old"))

    assert fetched.url == server.url("/elsewhere")
    # What comes after a redirect for the time being is for the time being.
    assert fetched.moved_to == server.url("/newest")


def test_a_failure_says_where_the_address_has_moved_too(server, fetcher):
    server.answers["/old"] = to("/new", "301 Moved")

    with pytest.raises(Failed) as failed:
        fetcher.fetch(server.url("/old"))

    assert (failed.value.code, failed.value.moved_to) == ("gone", server.url("/new"))


def test_a_circle_of_redirects_is_left(server, fetcher):
    server.answers |= {"/a": to("/b"), "/b": to("/a")}

    assert failure(fetcher, server.url("/a"), Refused) == "redirect_loop"


def test_five_redirects_are_followed_and_six_are_not(server, fetcher):
    for number in range(7):
        server.answers[f"/{number}"] = to(f"/{number + 1}")
    server.answers["/7"] = answer(b"words")

    assert fetcher.fetch(server.url("/2")).body == b"words"
    assert failure(fetcher, server.url("/1"), Refused) == "too_many_redirects"


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("http://127.0.0.1/", "not_public"),
        ("http://169.254.169.254/latest/meta-data/", "not_public"),
        ("http://10.0.0.1/", "not_public"),
        ("http://[::1]/", "not_public"),
        ("http://[::ffff:127.0.0.1]/", "not_public"),
        ("http://[64:ff9b::7f00:1]/", "not_public"),
        ("http://[2002:7f00:1::]/", "not_public"),
        ("http://[fec0::1]/", "not_public"),
        ("//192.168.1.1/", "not_public"),
        ("http://inside.test/", "not_public"),
        ("http://2130706433/", "bad_address"),
        ("http://0177.0.0.1/", "bad_address"),
        ("http://0x7f000001/", "bad_address"),
        ("http://127.0.0.1:22/", "bad_port"),
        ("http://feeds.test:6379/", "bad_port"),
        ("http://user:word@feeds.test/", "with_password"),
        ("file:///etc/passwd", "bad_address"),
        ("ftp://feeds.test/", "bad_address"),
        ("javascript:alert(1)", "bad_address"),
    ],
)
def test_a_redirect_to_where_nobody_may_go_is_refused(server, fetcher_for, where, code):
    def look_up(host, port):
        return {"inside.test": ["93.184.216.34", "10.1.2.3"]}.get(host, [host.strip("[]")])

    server.answers["/"] = to(where)

    assert failure(fetcher_for(server, look_up=look_up), server.url(), Refused) == code


# ── Names and addresses ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def connections(server, monkeypatch):
    """Note the addresses that connections go to, and let the hostile server answer them all."""
    connected, connect = [], socket.socket.connect

    def connect_here(self, address):
        connected.append(address)
        connect(self, ("127.0.0.1", server.port))

    monkeypatch.setattr(http.BoundedSocket, "connect", connect_here, raising=False)
    return connected


def test_a_name_is_looked_up_once_and_the_checked_address_connected_to(
    server, fetcher_for, connections
):
    """Rebinding: a name that is public when it is checked, and private a moment later."""
    answers = itertools.chain([["93.184.216.34"]], itertools.repeat(["127.0.0.1"]))
    fetcher = fetcher_for(look_up=lambda host, port: next(answers))
    server.answers["/robots.txt"] = answer(b"")

    code = failure(fetcher, "http://rebinding.test/feed", Refused)

    assert code == "not_public"
    assert connections == [("93.184.216.34", 80)]
    assert server.paths() == ["/robots.txt"]


def test_a_name_with_one_private_address_among_others_is_refused(fetcher_for, connections):
    fetcher = fetcher_for(look_up=lambda host, port: ["93.184.216.34", "10.0.0.1"])

    assert failure(fetcher, "http://both.test/", Refused) == "not_public"
    assert connections == []


def test_every_request_of_a_fetch_checks_again(server, fetcher_for, connections):
    looked_up = []

    def look_up(host, port):
        looked_up.append(host)
        return ["93.184.216.34"]

    server.answers |= {"/a": to("http://two.test/b"), "/b": answer(b"words")}

    assert fetcher_for(look_up=look_up).fetch("http://one.test/a").body == b"words"
    assert looked_up == ["one.test", "one.test", "two.test", "two.test"]
    assert connections == [("93.184.216.34", 80)] * 4


def test_where_the_first_address_does_not_answer_the_next_is_tried(server, fetcher_for):
    fetcher = fetcher_for(server, look_up=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    server.answers["/"] = answer(b"words")

    with pytest.MonkeyPatch.context() as patch:
        connect = socket.socket.connect

        def refusing(self, address):
            if address[0] == "127.0.0.2":
                raise ConnectionRefusedError
            connect(self, address)

        patch.setattr(http.BoundedSocket, "connect", refusing, raising=False)
        assert fetcher.fetch(server.url()).body == b"words"


def test_a_name_nobody_has_is_told_apart_from_a_site_that_does_not_answer(server, fetcher_for):
    def unknown(host, port):
        raise socket.gaierror("Name or service not known")

    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    silent = fetcher_for()
    silent.allowed = frozenset({("127.0.0.1", port)})

    assert failure(fetcher_for(look_up=unknown), "http://nobody.test/") == "no_such_host"
    assert failure(silent, f"http://127.0.0.1:{port}/") == "no_connection"


def test_a_look_up_that_hangs_is_not_waited_for(fetcher_for):
    ended = threading.Event()
    fetcher = fetcher_for(look_up=lambda host, port: ended.wait(5))

    began = time.monotonic()
    code = failure(fetcher, "http://slow.test/")
    took = time.monotonic() - began
    ended.set()

    assert code == "timed_out"
    assert took < 1.5


# ── TLS ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_certificate_that_is_trusted_is_enough(tls_server, trusting_fetcher):
    tls_server.answers["/"] = answer(b"words")

    url = tls_server.url(host="feeds.test", scheme="https")

    assert trusting_fetcher.fetch(url).body == b"words"


def test_a_certificate_that_signs_itself_is_refused(tls_server, fetcher_for):
    url = tls_server.url(host="feeds.test", scheme="https")

    assert failure(fetcher_for(tls_server), url) == "bad_certificate"
    assert tls_server.asked == []


@pytest.mark.parametrize("wrong", [{"names": ("other.test",)}, {"valid_days": -1}])
def test_a_certificate_of_somebody_else_or_of_yesterday_is_refused(wrong, tmp_path, fetcher_for):
    with hostile_server(make_certificate(tmp_path, **wrong)) as server:
        fetcher = fetcher_for(server, trust=trusting(tmp_path / "certificate.pem"))

        code = failure(fetcher, server.url(host="feeds.test", scheme="https"))

    assert code == "bad_certificate"
    assert server.asked == []


def test_a_site_that_speaks_no_tls_is_not_taken_for_one_that_does(server, fetcher):
    assert failure(fetcher, server.url(scheme="https")) in ("bad_tls", "timed_out", "broken")


def test_who_drips_over_tls_wins_nothing_either(tls_server, trusting_fetcher):
    tls_server.answers["/"] = dripping_body

    began = time.monotonic()
    code = failure(trusting_fetcher, tls_server.url(host="feeds.test", scheme="https"))

    assert code == "timed_out"
    assert time.monotonic() - began < 2


# ── Manners ─────────────────────────────────────────────────────────────────────────────────────


def test_what_robots_txt_forbids_is_not_asked_for(server, fetcher):
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private")
    server.answers["/open"] = to("/private")

    assert failure(fetcher, server.url("/open"), Refused) == "robots"
    assert server.paths() == ["/robots.txt", "/open"]


def test_robots_txt_is_asked_for_once_a_day(server, fetcher_for):
    clock = [0]
    fetcher = fetcher_for(server, clock=lambda: clock[0])
    server.answers["/"] = answer(b"words")

    for now in (0, 86_399, 86_401):
        clock[0] = now
        fetcher.fetch(server.url())

    assert server.paths().count("/robots.txt") == 2


@pytest.mark.parametrize(
    ("robots", "code"),
    [
        (answer(status="503 Away", Retry_After="600"), "server_error"),
        (answer(status="429 Enough"), "too_many"),
        (endless_body, "too_large"),
        (say_nothing, "timed_out"),
    ],
)
def test_where_robots_txt_cannot_be_read_nothing_else_is(server, fetcher, robots, code):
    server.answers["/robots.txt"] = robots

    assert failure(fetcher, server.url()) == code
    assert server.paths() == ["/robots.txt"]


def test_a_host_is_asked_one_thing_at_a_time(server, fetcher_for):
    def slow(connection, headers):
        time.sleep(0.05)
        return answer(b"words")

    server.answers |= {f"/{number}": slow for number in range(8)}
    fetcher = fetcher_for(server, bounds=Bounds(seconds=5))
    fetcher.status_of(server.url("/8"))
    threads = [
        threading.Thread(target=fetcher.fetch, args=[server.url(f"/{number}")])
        for number in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.asked) == 10
    assert server.most_at_once == 1


def test_a_site_that_wants_a_pause_between_two_requests_gets_it(server, fetcher):
    server.answers["/robots.txt"] = answer(b"User-agent: *\nCrawl-delay: 0.2")
    fetcher.robots[("http", "127.0.0.1", server.port)] = (Slow(), float("inf"))
    server.answers["/"] = answer(b"words")

    began = time.monotonic()
    for _ in range(3):
        fetcher.fetch(server.url())

    assert time.monotonic() - began > 0.4


class Slow:
    delay = 0.2

    def allow(self, url):
        return True


# ── Links ───────────────────────────────────────────────────────────────────────────────────────


def test_the_status_of_a_link_is_known_without_reading_its_page(server, fetcher):
    server.answers |= {"/old": to("/page"), "/page": endless_body, "/none": answer(status="404 No")}

    assert fetcher.status_of(server.url("/old")) == 200
    assert fetcher.status_of(server.url("/none")) == 404
    assert failure(fetcher, "http://10.0.0.1/", Refused) == "not_public"
