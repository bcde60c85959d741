"""`make bench`: load worlds into databases of their own, ask for pages, print what they cost."""

import argparse
import os
import secrets
import signal
import sys
import tempfile
from pathlib import Path
from time import monotonic

import django

SIZES = (1_000, 10_000, 100_000)
# What is measured must not depend on the shell of whoever asks.
NOT_FROM_THE_SHELL = (
    "ALLOWED_HOSTS CACHE_URL DEBUG DEMO EMAIL_URL PORT SECRET_KEY_FILE TILE_ATTRIBUTION TILE_URL"
    " TRUSTED_PROXIES"
).split()


def main():
    arguments = _arguments()
    # Or databases would be left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="ecosystem-bench-") as folder:
        prepare(Path(folder))
        return _bench(arguments, Path(folder))


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many groups")
    parser.add_argument(
        "--database", choices=("sqlite", "postgresql"), help="only this one (else both)"
    )
    parser.add_argument(
        "--pages",
        nargs="+",
        help="only the pages whose names begin so (else all, and the indicators)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=120,
        help="how long to ask (default: %(default)s)",
    )
    return parser.parse_args()


def prepare(folder):
    """Set Django up as in production, with its data in ``folder``."""
    for name in NOT_FROM_THE_SHELL:
        os.environ.pop(name, None)
    os.environ |= {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'none.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "ecosystem.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "https://directory.example.org",
    }
    from django.conf import settings
    from django.core.management import call_command

    settings.ROOT_URLCONF = "benchmarks.urls"
    django.setup()
    call_command("collectstatic", verbosity=0, interactive=False)


def _bench(arguments, folder):
    # Models cannot be imported before Django is set up.
    from . import indicators
    from .databases import POSTGRESQL, SQLITE, databases
    from .loading import load
    from .measuring import measure
    from .pages import pages_of
    from .reporting import budgets_of, print_budgets, print_tables
    from .world import World

    systems = {"sqlite": [SQLITE], "postgresql": [POSTGRESQL], None: [SQLITE, POSTGRESQL]}
    world, start = World(), monotonic()
    with databases(systems[arguments.database], sorted(set(arguments.sizes)), folder) as made:
        _say(f"Loading {max(arguments.sizes):,} groups into {len(made)} databases…")
        load(world, made)
        _say(f"Loaded in {monotonic() - start:.0f} s. Asking for pages…")
        pages = pages_of(world)
        if arguments.pages:
            pages = [each for each in pages if each.name.startswith(tuple(arguments.pages))]
        measured, constant = measure(pages, made, arguments.seconds)
        print_tables(measured, constant)
    budgets = budgets_of(measured, constant)
    print_budgets(budgets)
    missed = 0 if arguments.pages else indicators.bench(arguments, folder)
    _say(f"\n{monotonic() - start:.0f} s in all.")
    return missed or int(any(not budget.is_kept for budget in budgets if budget.is_binding))


def _say(sentence):
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
