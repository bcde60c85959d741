"""Wikis, pads and pages: changes by people, and none by programs."""

import pytest

from helpers.sources import dokuwiki, mediawiki, pad, page, yeswiki
from helpers.sources.reading import SourceError, Unreadable

from . import Site, context, days_of


def read(kind, body, **values):
    return kind.read(lambda url: Site.answer(url, body), "https://example.org/x", context(**values))


@pytest.mark.parametrize(
    ("kind", "path", "days"),
    [
        # Without robots, minor and undone changes, and twelve pages in one minute.
        (mediawiki, "mediawiki/recentchanges.json", {"11-19": 1, "11-25": 1}),
        (dokuwiki, "dokuwiki/recent.rdf", {"09-21": 1, "11-18": 1}),
        # Without the log the wiki writes, and its sandbox.
        (yeswiki, "yeswiki/recentchanges.xml", {"11-21": 1, "11-26": 1}),
        (yeswiki, "yeswiki/recentchanges.html", {"11-21": 1, "11-26": 1}),
    ],
)
def test_a_wiki_tells_the_days_people_changed_it(kind, path, days):
    assert days_of(read(kind, path)) == days


@pytest.mark.parametrize(
    ("kind", "before", "after", "days"),
    [
        (page, "page/before.html", "page/after.html", {"11-27": 1}),
        (page, "page/before.html", "page/noise.html", {}),
        (pad, "pad/before.txt", "pad/after.txt", {"11-27": 1}),
        (pad, "pad/before.txt", "pad/before.txt", {}),
    ],
)
def test_a_text_counts_when_it_says_something_else(kind, before, after, days):
    first = read(kind, before)
    second = read(kind, after, fingerprint=first.fingerprint)

    assert first.seen == ()
    assert len(second.fingerprint) <= 64
    assert days_of(second) == days


def test_a_page_that_wavers_between_two_faces_does_not_live():
    marks = read(page, "page/before.html").fingerprint
    marks = read(page, "page/after.html", fingerprint=marks).fingerprint

    assert read(page, "page/before.html", fingerprint=marks).seen == ()


@pytest.mark.parametrize(
    ("address", "export"),
    [
        ("https://pad.example.org/p/suivi", "https://pad.example.org/p/suivi/export/txt"),
        (
            "https://pad.example.org/p/suivi/timeslider#9",
            "https://pad.example.org/p/suivi/export/txt",
        ),
        ("https://md.example.org/aBcD", "https://md.example.org/aBcD/download"),
        ("https://calc.example.org/budget", "https://calc.example.org/budget.csv"),
    ],
)
def test_a_pad_is_read_where_it_exports_its_text(address, export):
    assert pad.export_of(address) == export


def test_an_encrypted_pad_cannot_be_read():
    with pytest.raises(Unreadable, match="encrypted"):
        pad.export_of("https://cryptpad.example.org/pad/#/2/pad/view/x")


@pytest.mark.parametrize("kind", [page, pad, mediawiki, dokuwiki, yeswiki])
@pytest.mark.parametrize("body", [b"", "feed/login.html", b"<html><body></body></html>"])
def test_what_says_nothing_is_unreadable(kind, body):
    with pytest.raises(SourceError):
        read(kind, body)
