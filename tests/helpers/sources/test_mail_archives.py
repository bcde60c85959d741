"""Mail archives and forums: how many messages a day, and nothing else."""

import datetime
import gzip

import pytest

from helpers.sources import discourse, hyperkitty, mbox, pipermail
from helpers.sources.reading import Answer, SourceError

from . import Site, context, days_of, reading_of

PIPERMAIL = "https://listes.example.org/pipermail/jardins/"
PIPERMAIL_PAGES = {
    PIPERMAIL: "pipermail/index.html",
    f"{PIPERMAIL}2026-November.txt.gz": "pipermail/2026-November.txt.gz",
    f"{PIPERMAIL}2026-October.txt": "pipermail/2026-October.txt",
    f"{PIPERMAIL}2026-August/date.html": "pipermail/2026-August.html",
    f"{PIPERMAIL}2026-August/thread.html": "pipermail/2026-August.html",
}
LIST = "https://listes.example.org/archives/list/jardins@listes.example.org/"
API = "https://listes.example.org/archives/api/list/jardins@listes.example.org/emails/?format=json"


def test_an_mbox_counts_messages_and_neither_digests_nor_automatic_answers():
    reading = reading_of(mbox, "mbox/jardins.mbox")

    # A sender whose clock stopped in 1970 wrote on the day the list received it.
    assert days_of(reading) == {"10-12": 1, "10-13": 1, "11-03": 1, "11-18": 1}


@pytest.mark.parametrize("body", [b"", b"\n", gzip.compress(b" \n", mtime=0)])
def test_an_mbox_that_nobody_has_written_to_yet_counts_nothing(body):
    reading = mbox.read(lambda url: Answer(url, body=body), "https://example.org/a.mbox", context())

    assert days_of(reading) == {}


def test_a_month_of_spam_counts_only_answers():
    reading = reading_of(mbox, "mbox/spam_month.mbox")

    assert days_of(reading) == {
        "06-10": 1,
        "07-10": 1,
        "08-10": 1,
        "09-08": 1,
        "11-03": 1,
        "11-18": 1,
    }


def test_pipermail_is_read_month_by_month():
    site = Site(PIPERMAIL_PAGES)

    reading = pipermail.read(site, PIPERMAIL, context())

    # Of August there is no file, but its first and its last day.
    assert days_of(reading) == {
        "08-03": 1,
        "08-27": 1,
        "10-12": 1,
        "10-13": 1,
        "11-03": 1,
        "11-18": 1,
    }


def test_pipermail_reads_two_months_once_the_rest_is_known():
    site = Site(PIPERMAIL_PAGES)

    pipermail.read(site, PIPERMAIL, context(since=datetime.date(2026, 11, 20)))

    assert len(site.asked) == 3


def test_a_month_that_cannot_be_had_is_no_silence():
    pages = {url: page for url, page in PIPERMAIL_PAGES.items() if "November" not in url}

    with pytest.raises(SourceError):
        pipermail.read(Site(pages), PIPERMAIL, context())


def test_hyperkitty_follows_its_pages_and_never_another_server():
    site = Site({API: "hyperkitty/page1.json", f"{API}&page=2": "hyperkitty/page2.json"})

    reading = hyperkitty.read(site, LIST, context())

    assert days_of(reading) == {"10-02": 1, "11-20": 1, "11-21": 1}
    assert site.asked == [API, f"{API}&page=2"]


def test_a_forum_counts_what_people_wrote():
    site = Site({"https://forum.example.org/posts.json": "discourse/posts.json"})

    reading = discourse.read(site, "https://forum.example.org/", context())

    assert days_of(reading) == {"11-21": 1, "11-24": 2}


def test_a_category_of_a_forum_tells_when_topics_were_opened_and_answered():
    url = "https://forum.example.org/c/semis/12"
    site = Site({f"{url}/l/latest.json": "discourse/category.json"})

    assert days_of(discourse.read(site, url, context())) == {"10-05": 1, "11-01": 1, "11-24": 1}


def test_a_day_that_goes_on_keeps_its_name_and_counts_more():
    morning = reading_of(mbox, "pipermail/2026-October.txt")
    evening = reading_of(mbox, "mbox/jardins.mbox")

    assert {seen.outside_id for seen in morning.seen} <= {seen.outside_id for seen in evening.seen}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (mbox, b"hello"),
        (mbox, gzip.compress(b"a" * 6_000_000, mtime=0)),
        (mbox, b"\x1f\x8bnothing"),
        (mbox, "feed/login.html"),
        (pipermail, "feed/login.html"),
        (pipermail, b"<html><a href='2026-Brumaire.txt'>x</a>"),
        (hyperkitty, b"{}"),
        (discourse, b"[]"),
        (discourse, Answer("", 403)),
    ],
)
def test_what_is_no_archive_is_unreadable(kind, body):
    with pytest.raises(SourceError):
        kind.read(lambda url: Site.answer(url, body), "https://example.org/x", context())
