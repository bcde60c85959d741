"""Feeds as sites really send them, and dates that cannot be trusted."""

import datetime

import pytest

from helpers.sources import feed
from helpers.sources.reading import MOST_BYTES, Answer, SourceError, Unchanged

from . import Site, context, days_of, reading_of


@pytest.mark.parametrize(
    ("name", "days"),
    [
        # 23:30 in London is the next day in Paris; what is over 18 months old is of no use.
        ("wordpress.xml", {"11-26": 1, "11-03": 1, "09-01": 1}),
        ("forge.atom", {"11-20": 1, "11-18": 1}),
        ("mastodon.rss", {"11-24": 2}),
        ("peertube.json", {"11-12": 1, "10-03": 1}),
        ("news.rdf", {"11-09": 1, "10-19": 1}),
        ("damaged.xml", {"11-22": 1, "11-15": 1}),
        ("bomb.xml", {"11-23": 1}),
        ("ten_items.xml", {f"11-{day}": 1 for day in range(11, 21)}),
    ],
)
def test_a_feed_tells_the_days_of_its_posts(name, days):
    reading = reading_of(feed, f"feed/{name}")

    assert days_of(reading) == days
    assert reading.had_items


@pytest.mark.parametrize(
    ("name", "days"),
    [
        # 1 September, never 9 January; words of French; what names no day is none.
        (
            "french_dates.xml",
            {"02-04": 1, "08-15": 1, "09-01": 1, "10-01": 1, "10-12": 1, "11-03": 1},
        ),
        # One date that can only be read month first tells how to read the others.
        ("american_dates.xml", {"09-28": 1, "09-01": 1}),
        # A clock some hours ahead means today; a month or a slip of 36 years ahead counts later.
        ("future.xml", {"11-27": 2}),
        # Nobody knows when.
        ("undated.xml", {}),
        # Made at the moment of the request.
        ("one_moment.xml", {}),
        # Twelve old posts brought over in one minute, then one that was written.
        ("import.xml", {"10-19": 1}),
        ("edited.atom", {"04-02": 1}),
        # Same name; same title on the same day; but answers are several. Without name or link too.
        ("duplicates.xml", {"11-14": 1, "11-15": 2, "11-16": 1}),
    ],
)
def test_a_date_that_cannot_be_trusted_proves_nothing(name, days):
    assert days_of(reading_of(feed, f"feed/{name}")) == days


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        ("undated.xml", "undated_later.xml", {"11-27": 2}),
        ("one_moment.xml", "one_moment_later.xml", {"11-27": 1}),
        ("undated.xml", "undated.xml", {}),
        ("undated_later.xml", "undated.xml", {}),
    ],
)
def test_posts_without_a_date_count_on_the_day_they_appear(before, after, days):
    first = reading_of(feed, f"feed/{before}")

    second = reading_of(feed, f"feed/{after}", fingerprint=first.fingerprint)

    assert len(first.fingerprint) <= 64
    assert days_of(second) == days


def test_posts_keep_their_names_in_any_order_and_whatever_else_is_shown():
    first = {seen.day: seen.outside_id for seen in reading_of(feed, "feed/ten_items.xml").seen}

    second = {
        seen.day: seen.outside_id for seen in reading_of(feed, "feed/ten_items_later.xml").seen
    }

    shared = first.keys() & second.keys()
    assert len(shared) == 6
    assert {day: first[day] for day in shared} == {day: second[day] for day in shared}


def test_the_day_is_that_of_the_group():
    reading = reading_of(feed, "feed/wordpress.xml", time_zone=datetime.UTC)

    assert "11-25" in days_of(reading)


def test_what_came_before_the_first_wanted_day_is_left_out():
    reading = reading_of(feed, "feed/wordpress.xml", since=datetime.date(2026, 11, 1))

    assert days_of(reading) == {"11-26": 1, "11-03": 1}


def test_no_content_and_no_author_leaves_a_feed():
    reading = reading_of(feed, "feed/wordpress.xml")

    assert all(len(seen.outside_id) == 32 for seen in reading.seen)
    assert "jardin" not in repr(reading)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("feed/login.html", "needs_login"),
        (b"<!doctype html><title>Bienvenue</title><p>Bonjour", "a_page"),
        (b"", "not_a_feed"),
        (b"Service temporairement indisponible", "not_a_feed"),
        (b"<html><p>", "a_page"),
        (b"<opml><body/></opml>", "not_a_feed"),
        (b'{"items": []}', "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 3}', "not_a_feed"),
        (b"[" * 100_000, "not_json"),
        (b"<rss>" + b" " * MOST_BYTES, "too_large"),
        (Answer("", 401), "needs_login"),
        (Answer("", 410), "gone"),
        (Answer("", 503), "bad_status"),
    ],
)
def test_what_is_no_feed_is_unreadable_and_never_empty(answer, code):
    with pytest.raises(SourceError) as caught:
        reading_of(feed, answer)

    assert caught.value.code == code


def test_an_empty_feed_is_readable_and_says_that_it_has_nothing():
    reading = reading_of(feed, b"<rss version='2.0'><channel><title>x</title></channel></rss>")

    assert reading.seen == ()
    assert not reading.had_items


def test_a_feed_that_did_not_change_says_so():
    with pytest.raises(Unchanged):
        feed.read(Site({"https://a.example/": Answer("", 304)}), "https://a.example/", context())
