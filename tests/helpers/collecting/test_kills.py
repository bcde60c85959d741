"""`kill -9` of a collector, at any moment: in the end every sign of life is counted exactly once.

The collectors are real processes, the sites and the database too; only time is moved by hand.
"""

import os
import random
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from helpers import recording
from helpers.models import Host, Rhythm, Sighting, Source
from tests.collecting import feed, make_source
from tests.hostile import answer

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]
HOSTS, SOURCES = 5, 15
# How many collectors may end before the moment at which one is to be killed.
TRIES = 10
LEARNED = "gaps first_on last_on usual_days late_on silent_on status".split()


class Sites:
    """What stands in the feeds: it grows, and the collectors are watched reading it."""

    def __init__(self, server):
        self.server, self.posts = server, {}
        self.watch = lambda: None
        for number in range(SOURCES):
            path = f"/{number}"
            source = make_source(server, path, host=f"host-{number % HOSTS}.test")
            self.posts[source.pk] = [1 + number, 20 + number]
            server.answers[path] = lambda connection, headers, pk=source.pk: self.answer(pk)

    def answer(self, pk):
        self.watch()
        posts = feed(*self.posts[pk], now=timezone.now(), name=f"post-{pk}")
        return answer(posts, kind="application/rss+xml")

    def grow(self, dice):
        for posts in self.posts.values():
            posts.append(max(posts) + dice.randrange(1, 9))


def start(shared, port, folder):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    database = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(database)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.collector", str(port)],
        cwd=ROOT,
        env={
            **kept,
            "SECRET_KEY": "x",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{shared}" if shared else address,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill_one(sites, begin, dice, *, beside_another):
    """Start a collector and kill it a moment after one of its requests. Return whether it was."""
    other = begin() if beside_another else None
    victim = begin()
    left = iter(range(dice.randrange(SOURCES), -1, -1))

    def watch():
        if next(left, None) == 0:
            threading.Timer(dice.uniform(0, 0.1), victim.kill).start()

    sites.watch = watch
    victim.communicate(timeout=120)
    sites.watch = lambda: None
    if other:
        other.communicate(timeout=120)
    return victim.returncode == -9


def let_an_hour_pass():
    hour = timedelta(hours=1)
    Host.objects.exclude(lease_until=None).update(lease_until=F("lease_until") - hour)
    Host.objects.update(not_before=None)
    Source.objects.update(next_check_at=timezone.now() - hour)


def prove(shared, server, folder, kills, dice, *, in_company):
    """Kill so many collectors, let one end: every post counts once. Return how many were killed."""
    sites = Sites(server)
    killed = 0

    def begin():
        return start(shared, server.port, folder)

    for _ in range(kills):
        for _ in range(TRIES):
            sites.grow(dice)
            beside_another = dice.random() < in_company
            is_killed = kill_one(sites, begin, dice, beside_another=beside_another)
            let_an_hour_pass()
            if is_killed:
                killed += 1
                break
    output, _ = (last := begin()).communicate(timeout=120)
    assert last.returncode == 0, output

    for source in Source.objects.select_related("group"):
        assert source.state == "fine"
        counts = Sighting.objects.filter(source=source).values_list("count", flat=True)
        assert list(counts) == [1] * len(sites.posts[source.pk])
        kept = Rhythm.objects.filter(group=source.group, indicator="news").values(*LEARNED)
        before = kept.get()
        recording.recompute(source.group, cause="source", now=timezone.now())
        assert kept.get() == before
    return killed


def test_killed_collectors_lose_nothing_and_double_nothing(shared, site, tmp_path):
    assert prove(shared, site, tmp_path, 2, random.Random(3), in_company=0) == 2


@pytest.mark.prove
def test_twenty_killed_collectors_lose_nothing_and_double_nothing(shared, site, tmp_path):
    began = time.monotonic()

    assert prove(shared, site, tmp_path, 20, random.Random(5), in_company=1 / 4) == 20
    assert time.monotonic() - began < 500
