"""What the five indicators of a whole directory cost: learned again, and from day to day.

    python -m benchmarks.indicators [--sizes 1000 10000 100000] [--database sqlite]

A hundred signs of life a group, twenty for each indicator: ten millions for 100,000 groups.
"""

import argparse
import resource
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

from .__main__ import SIZES, prepare

SIGNS = 20
NOW = datetime(2026, 10, 1, 10, tzinfo=UTC)
TODAY = date(2026, 10, 1)
# Seconds for 10 million signs of life.
BUDGET = 60
ROWS_A_BITE = 50_000


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.indicators", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many groups")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ecosystem-bench-") as folder:
        prepare(Path(folder))
        return bench(arguments, Path(folder))


def bench(arguments, folder):
    """Measure and print. Return 1 if the budget was missed, else 0."""
    # Models cannot be imported before Django is set up.
    from .databases import POSTGRESQL, SQLITE, databases

    systems = {"sqlite": [SQLITE], "postgresql": [POSTGRESQL], None: [SQLITE, POSTGRESQL]}
    sizes, missed = sorted(set(arguments.sizes)), False
    print("\nThe five indicators, in seconds; of one sign of life, in milliseconds\n")
    head = ("", "groups", "signs", "learned", "again", "a day", "next day", "one sign", "peak MB")
    print(("{:<10}" + "{:>12}" * 8).format(*head))
    for system in systems[arguments.database]:
        for size in sizes:
            with databases([system], [size], folder) as (database,), database.in_use():
                took = _measure(size)
            seconds = [f"{each:.2f}" for each in took]
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            row = (system, f"{size:,}", f"{size * 5 * SIGNS:,}", *seconds, peak)
            print(("{:<10}" + "{:>12}" * 8).format(*row), flush=True)
            missed |= took[0] > BUDGET * max(size / 100_000, 0.1)
    print(f"\nBudget: {BUDGET} s to learn 10,000,000 signs: {'missed' if missed else 'kept'}.")
    return int(missed)


def _measure(size):
    """Return what each deed took in seconds, the last in milliseconds."""
    from groups.models import Group
    from helpers.rebuilding import most_processes, rebuild
    from helpers.recording import see
    from helpers.refreshing import refresh

    _load(size)
    day = timedelta(days=1)
    deeds = [
        lambda: rebuild(NOW, processes=most_processes()),
        lambda: rebuild(NOW, processes=most_processes()),
        lambda: refresh(NOW + day),
        lambda: refresh(NOW + 2 * day),
    ]
    took = [_timed(deed) for deed in deeds]
    groups = Group.objects.order_by("pk")[:200]
    one = sorted(
        _timed(lambda group=group: see(group, "meetings", {TODAY + day: 1}, now=NOW + 2 * day))
        for group in groups
    )
    return [*took, 1000 * one[len(one) // 2]]


def _timed(deed):
    start = perf_counter()
    deed()
    return perf_counter() - start


def _load(size):
    """Fill the database: groups of all paces, some of them late, silent, paused or asleep."""
    from django.db import connection

    from groups.bulk import insert
    from groups.models import Group, Pause
    from helpers.indicators import Indicator
    from helpers.models import Rhythm, Sighting

    chance = Random(20_26)
    zones = ["", "", "", "Europe/Paris", "Africa/Porto-Novo", "America/Port-au-Prince"]
    Group.objects.bulk_create(
        (
            Group(
                short_name=f"g-{number}",
                name=f"Group {number}",
                tagline="One line.",
                kind="territorial",
                review="published",
                activity="asleep" if number % 20 == 0 else "active",
                time_zone=chance.choice(zones),
            )
            for number in range(size)
        ),
        batch_size=500,
    )
    ids = list(Group.objects.order_by("pk").values_list("pk", flat=True))
    Pause.objects.bulk_create(
        Pause(group_id=pk, from_day=date(2026, 8, 1), until_day=date(2026, 8, 31), is_yearly=True)
        for pk in ids[::10]
    )
    kept = {"since": TODAY - timedelta(days=900), "noted_through": TODAY, "has_source": True}
    Rhythm.objects.bulk_create(
        (Rhythm(group_id=pk, indicator=each, **kept) for pk in ids for each in Indicator.values),
        batch_size=500,
    )
    columns, rows = ["group_id", "indicator", "day", "count", "outside_id", "noted_at"], []
    for pk in ids:
        for indicator in Indicator.values:
            pace, day = chance.choice((2, 7, 14, 30, 45)), TODAY
            day -= timedelta(days=chance.randrange(3 * pace))
            for _ in range(SIGNS):
                rows.append((pk, indicator, day, 3, "", NOW))
                day -= timedelta(days=chance.randrange(1, 2 * pace + 1))
        if len(rows) >= ROWS_A_BITE:
            insert(Sighting, columns, rows)
            rows = []
    insert(Sighting, columns, rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM (ANALYZE)")


if __name__ == "__main__":
    sys.exit(main())
