"""Answers nobody would send in earnest: every kind says what it can, or that it cannot read it.

No exception but ours, little time and little memory, whatever the bytes are.
"""

import contextlib
import gzip
import multiprocessing
import resource
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from helpers.sources.finding import propose
from helpers.sources.kinds import kinds
from helpers.sources.reading import MOST_ITEMS, Reading, SourceError, Unchanged

from . import SAVED, Site, context

READING = [name for name, module in kinds().items() if module.KIND.is_fetched]
SEEDS = sorted(path for path in SAVED.rglob("*") if path.is_file())
# The longest a reading of a few kilobytes, mutated, may take; the machine is shared.
MOST_SECONDS = 2
URL = "https://example.org/list/a@example.org/"

PIECES = [
    *(b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b">", b"&", b"]]>", b"<![CDATA[", b"&a;"),
    *(b"<!DOCTYPE x [<!ENTITY a '&a;&a;'>]>", b"<item>", b"</item>", b"<entry><id/>", b"<nav>"),
    *(b"\r\nBEGIN:VEVENT\r\n", b"\r\nEND:VEVENT\r\n", b"RRULE:FREQ=SECONDLY\r\n", b"BEGIN:X\r\n"),
    *(b"RRULE:FREQ=DAILY;INTERVAL=0\r\n", b"RRULE:FREQ=YEARLY;BYDAY=99XX\r\n", b";TZID=/../x:"),
    *(b"RDATE;VALUE=PERIOD:20260101T000000Z/P9999999D\r\n", b"DTSTART:00010101\r\n"),
    *(b"DTSTART:99991231T235959Z\r\n", b"\nFrom x\n", b"\n\n", b"null", b"[[[", b"{", b"1e999"),
    *(b"-1", b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59", b"2026-02-30", b"1/1/1"),
    *(b"31/12/9999", b"99999999999999999999999", b"encoding='utf-7'", b"charset=idna"),
    *(b"charset=punycode", "é\u202e\ud7ff".encode(), b"<a href='http://[x'>", b"\x1f\x8b\x08"),
]
MUTATION = st.tuples(
    st.sampled_from(["cut", "insert", "flip", "repeat", "splice", "replace"]),
    st.floats(0, 1),
    st.floats(0, 1),
    st.one_of(st.sampled_from(PIECES), st.binary(max_size=40)),
    st.integers(0, 60),
)


@st.composite
def answers(draw):
    """Draw a saved answer that something happened to."""
    body = draw(st.sampled_from(SEEDS)).read_bytes()
    other = draw(st.sampled_from(SEEDS)).read_bytes()
    for what, first, second, piece, times in draw(st.lists(MUTATION, max_size=6)):
        start, end = sorted((int(first * len(body)), int(second * len(body))))
        match what:
            case "cut":
                body = body[:start] + body[end:]
            case "insert":
                body = body[:start] + piece * (times + 1) + body[start:]
            case "flip":
                body = body[:start] + bytes(byte ^ (times + 1) for byte in body[start:end][:20])
                body += other[end:]
            case "repeat":
                body = body[:start] + body[start:end][:2000] * times + body[end:]
            case "splice":
                body = body[:start] + other[int(second * len(other)) :]
            case "replace":
                body = body.replace(body[start : start + 1 + times % 12] or b"<", piece)
        body = body[:200_000]
    encoding = draw(st.sampled_from(["", "", "", "utf-16", "gzip", "latin-1"]))
    if encoding == "gzip":
        return gzip.compress(body, mtime=0)
    return body.decode("utf-8", "replace").encode(encoding, "replace") if encoding else body


def read(name, body, **values):
    """Read with a kind; None where it said that it cannot. Its promises are kept in any case."""
    module = kinds()[name]
    started = time.process_time()
    try:
        reading = module.read(lambda url: Site.answer(url, body), URL, context(**values))
    except (SourceError, Unchanged):
        return None
    finally:
        assert time.process_time() - started < MOST_SECONDS
    keeps_its_promises(reading)
    return reading


def keeps_its_promises(reading):
    assert isinstance(reading, Reading)
    assert len(reading.fingerprint) <= 64
    now = context()
    names = [seen.outside_id for seen in reading.seen]
    assert len(names) == len(set(names)) <= MOST_ITEMS * 2
    for seen in reading.seen:
        assert len(seen.outside_id) <= 64
        assert now.first_day <= seen.day <= now.today
        assert 1 <= seen.count <= MOST_ITEMS
    for each in reading.coming:
        assert len(each.outside_id) <= 64
        assert each.is_cancelled or now.today <= each.day <= now.last_day
    assert reading.declared_days is None or 1 <= reading.declared_days <= 732


def whatever_is_answered(body, name, fingerprint):
    read(name, body, fingerprint=fingerprint)


def whatever_a_site_says(body, url):
    started = time.process_time()
    proposals = propose(lambda address: Site.answer(address, body), url, context())
    assert proposals
    assert time.process_time() - started < 6 * MOST_SECONDS


URLS = st.sampled_from(
    [
        *(URL, "https://a.example/", "webcal://a.example/x", "https://a.example/@x", "http://["),
        *("https://a.example/p/x", "https://a.example/c/x/1", "https://github.com/a/b"),
        *("https://a.example/?DerniersChangements", "https://a.example/pipermail/x", "mailto:x"),
    ]
)
FINGERPRINTS = st.one_of(st.just(""), st.text("0123456789abcdef", max_size=64))
SAMPLE = settings(
    max_examples=150,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
LONG = settings(SAMPLE, max_examples=20_000, phases=[Phase.generate, Phase.shrink])


@seed(20261127)
@SAMPLE
@given(answers(), st.sampled_from(READING), FINGERPRINTS)
def test_a_kind_reads_whatever_is_answered_or_says_that_it_cannot(body, name, fingerprint):
    whatever_is_answered(body, name, fingerprint)


@seed(20261127)
@settings(SAMPLE, max_examples=60)
@given(answers(), URLS)
def test_finding_proposes_something_whatever_a_site_says(body, url):
    whatever_a_site_says(body, url)


@pytest.mark.prove
@LONG
@given(answers(), st.sampled_from(READING), FINGERPRINTS)
def test_a_kind_reads_whatever_is_answered_at_length(body, name, fingerprint):
    whatever_is_answered(body, name, fingerprint)


@pytest.mark.prove
@settings(LONG, max_examples=5_000)
@given(answers(), URLS)
def test_finding_proposes_something_whatever_a_site_says_at_length(body, url):
    whatever_a_site_says(body, url)


def vevents(lines, times=1):
    body = "".join(f"BEGIN:VEVENT\nUID:{n}\n{lines}\nEND:VEVENT\n" for n in range(times))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{body}END:VCALENDAR\n".encode()


# Each as large as a hostile server would make it for one weakness of a parser.
HOSTILE = {
    "deep XML": b"<rss>" + b"<item>" * 300_000,
    "deep HTML": b"<!doctype html>" + b"<div>" * 300_000 + b"x",
    "deep JSON": b'{"a":' * 200_000,
    "deep lists in JSON": b"[" * 1_000_000,
    "many items": b"<rss><channel>" + b"<item><guid>1</guid></item>" * 100_000,
    "a long number in JSON": b'{"version":"https://jsonfeed.org/version/1","items":['
    + b"9" * 1_000_000
    + b"]}",
    "open tags": b"<link" * 500_000,
    "a page of links": b"<!doctype html>" + b"<link rel=alternate href=x>" * 100_000,
    "spaces": b"<?xml" + b" " * 4_000_000,
    "quotes": b"<meta" + b" charset='" * 300_000,
    "entities": b"<!DOCTYPE rss [" + b"<!ENTITY a 'x'>" * 100_000 + b"]><rss><title>&a;</title>",
    "brackets of a doctype": b"<!DOCTYPE x [" + b"]" * 2_000_000,
    "messages": b"From x y\nDate: Tue, 03 Nov 2026 08:00:00 +0100\n\n" * 80_000,
    "headers": b"From x y\n" + b"A: b\n" * 800_000,
    "a header without end": b"From x y\nSubject: " + b"re " * 1_000_000,
    "a bomb": gzip.compress(b"\0" * 200_000_000, 9, mtime=0),
    "events": vevents("DTSTART:20261103T080000Z", 20_000),
    "rules": vevents("DTSTART:19700101T000000Z\nRRULE:FREQ=DAILY", 5_000),
    "impossible rules": vevents(
        "DTSTART:19700101T000000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=999", 5_000
    ),
    "a rule of every second": vevents("DTSTART:19700101T000000Z\nRRULE:FREQ=SECONDLY"),
    "dates of a rule": vevents("DTSTART:20260101\nRDATE:" + "20260101," * 100_000 + "20260102"),
    "long lines": vevents("SUMMARY:" + "a" * 3_000_000),
    "lists in a rule": vevents(
        "DTSTART:20260101\nRRULE:FREQ=DAILY;BYMONTHDAY=" + "1," * 50_000 + "1"
    ),
    "calendars in calendars": b"BEGIN:VCALENDAR\n" * 100_000,
    "days of a wiki": b"<!doctype html><p>" + b"2026-11-03 : (08:00:00) (x) A " * 100_000,
    "words": b"<!doctype html><p>" + "é1 ".encode() * 1_000_000,
}
# Of a processor and of memory beyond what the tests use anyway; for one kind after the other.
MOST_HOSTILE_SECONDS = 5
MOST_MEMORY = 500_000_000


def read_hostile(what):
    """Read one hostile answer with every kind, in a process that may not grow; say who is slow."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MOST_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for name in READING:
        started = time.process_time()
        with contextlib.suppress(SourceError):
            keeps_its_promises(
                kinds()[name].read(
                    lambda url: Site.answer(url, HOSTILE[what]), URL, context(fingerprint="00")
                )
            )
        assert time.process_time() - started < MOST_HOSTILE_SECONDS, name


@pytest.mark.prove
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is limited as Linux does")
@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_made_to_be_slow_or_large_is_neither(what):
    process = multiprocessing.get_context("fork").Process(target=read_hostile, args=[what])
    process.start()
    process.join(timeout=120)
    process.kill()

    assert process.exitcode == 0
