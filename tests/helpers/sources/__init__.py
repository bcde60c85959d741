"""Saved answers are read as the real ones would be; nothing here reaches the network."""

import datetime
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

from helpers.sources.reading import Answer, Context, SourceError

SAVED = Path(__file__).resolve().parents[2] / "data" / "sources"
TODAY = datetime.date(2026, 11, 27)
PARIS = ZoneInfo("Europe/Paris")


def saved(path):
    return (SAVED / path).read_bytes()


def context(**values):
    return Context(**{"today": TODAY, "time_zone": PARIS} | values)


class Site:
    """Answers with what was saved, and remembers what was asked."""

    def __init__(self, pages):
        self.pages = {url: self.answer(url, page) for url, page in pages.items()}
        self.asked = []

    @staticmethod
    def answer(url, page):
        if isinstance(page, Answer):
            return page
        return Answer(url, body=page if isinstance(page, bytes) else saved(page))

    def __call__(self, url):
        self.asked.append(url)
        if url not in self.pages:
            raise SourceError("gone", 404)
        return self.pages[url]


def reading_of(kind, path, **values):
    """Read one saved answer with a kind, on 27 November 2026 in Paris."""
    url = "https://example.org/source"
    return kind.read(Site({url: path}), url, context(**values))


def days_of(reading):
    """Return {"11-03": count} of what was seen this year, {"2025-12-03": count} before."""
    counts = Counter()
    for seen in reading.seen:
        counts[seen.day.isoformat().removeprefix("2026-")] += seen.count
    return dict(counts)
