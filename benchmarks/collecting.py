"""Sources read a second, and what that takes: many sites at a time against one after the other.

    python -m benchmarks.collecting [--sites 2000] [--database sqlite]

Both use the same parser and write to the same kind of database; the plain reader keeps no leases
and starts nothing beside itself.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from .__main__ import prepare

SITES, SECONDS = 2_000, 0.05
# One after the other, all of them would take minutes.
PLAIN = 150
AT_ONCE = 32


def main():
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="ecosystem-bench-") as folder:
        prepare(Path(folder))
        from .databases import POSTGRESQL, SQLITE, databases

        systems = {"sqlite": [SQLITE], "postgresql": [POSTGRESQL], None: [SQLITE, POSTGRESQL]}
        kept = True
        with databases(systems[arguments.database], [arguments.sites], Path(folder)) as made:
            for database in made:
                kept &= measure(database, arguments.sites, arguments.at_once)
    return int(not kept)


def _arguments():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.collecting", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="sites asked at a time")
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    return parser.parse_args()


def measure(database, sites, at_once):
    """Read from so many sites in both ways, and print what that took. Return whether it is fair."""
    from django.db import connections

    with simulated(SECONDS) as port, used_by_all_threads(database):
        fill(sites, port)
        before = monotonic()
        plain = read_plainly(port, PLAIN)
        plain_rate = plain / (monotonic() - before)
        fill_again()
        before = monotonic()
        tally = read_together(port, at_once)
        took = monotonic() - before
        watched = ask_watched(port)
        connections.close_all()
    rate = tally["read"] / took
    own, readers = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"\n{database.system} {database.version}: {sites:,} sites, two sources each\n")
    print(f"  one after the other     {plain_rate:8.1f} sources a second")
    print(
        f"  {at_once} sites at a time     {rate:8.1f} sources a second, {rate / plain_rate:.1f} ×"
    )
    print(f"  in all                  {tally['read']:8,} sources, {took:.0f} s, {dict(tally)}")
    print(f"  peak memory             {own:8.0f} MB, the largest reader {readers:.0f} MB")
    print(f"  at one site at a time   {watched['most_at_once']:8} request at most")
    return watched["most_at_once"] == 1 and tally["read"] == 2 * sites


@contextmanager
def simulated(seconds):
    """Yield the port of the simulated sites, which answer after so many seconds."""
    command = [sys.executable, "-m", "benchmarks.sites", str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def used_by_all_threads(database):
    """Make ``database`` the default one of every thread, as in production."""
    from django.db import connections

    before = connections.settings["default"]
    connections.settings["default"] = database.connection.settings_dict
    connections["default"].close()
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = before


def fill(sites, port):
    """Make a group a site, each with two sources that are due."""
    from django.utils import timezone

    from groups.models import Group
    from helpers.models import Host, Source

    now = timezone.now()
    groups = Group.objects.bulk_create(
        Group(
            short_name=f"group-{n}",
            name=f"Group {n}",
            tagline="x",
            kind="thematic",
            review="published",
        )
        for n in range(sites)
    )
    Host.objects.bulk_create(Host(name=f"site-{n}.test") for n in range(sites))
    Source.objects.bulk_create(
        Source(
            group=group,
            indicator=indicator,
            kind="feed",
            url=f"http://site-{n}.test:{port}/{indicator}",
            host=f"site-{n}.test",
            accepted_at=now,
            next_check_at=now,
        )
        for n, group in enumerate(groups)
        for indicator in ("news", "space")
    )


def fill_again():
    """Forget what the plain reader wrote."""
    from helpers.models import Rhythm, Sighting, Source, Transition

    for model in (Sighting, Transition, Rhythm):
        model.objects.all().delete()
    Source.objects.update(state="new", last_read_at=None, understood_at=None)


def read_plainly(port, most):
    """Read sources one after the other, in a plain loop. Return how many."""
    from django.utils import timezone

    from helpers import recording
    from helpers.local_days import today_of
    from helpers.models import Source
    from helpers.outcomes import context_for
    from helpers.sources import feed

    fetcher, now = own_fetcher(port), timezone.now()
    for source in Source.objects.select_related("group").order_by("pk")[:most]:
        reading = feed.read(fetcher.fetch, source.url, context_for(source.group, now))
        recording.see_all(source, reading.seen, through=today_of(source.group, now), now=now)
    fetcher.close()
    return most


def read_together(port, at_once):
    from helpers.collecting import Tools, collect
    from helpers.sources.readers import Readers

    fetcher = own_fetcher(port)
    with Readers() as readers:
        tally = collect(tools=Tools(fetcher, readers), at_once=at_once)
    fetcher.close()
    return Counter(tally)


def own_fetcher(port):
    from helpers.sources.http import Fetcher

    allowed = frozenset((f"site-{n}.test", port) for n in range(100_000))
    return Fetcher("Benchmark/1", allowed=allowed, look_up=lambda host, port: ["127.0.0.1"])


def ask_watched(port):
    watched = own_fetcher(port).fetch(f"http://site-0.test:{port}/watched")
    return json.loads(watched.body)


if __name__ == "__main__":
    sys.exit(main())
