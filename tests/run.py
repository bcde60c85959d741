"""Run every test on SQLite, then again on PostgreSQL, and say at the end what they ran on.

The journeys in the browser run once, on SQLite: what they look at is the same on both. What the
machine lacks is said and left out, except where CI=true: there it is a failure.
"""

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.chromium import find_chromium, install_chromium, may_install
from tests.postgresql import drop, postgresql, version_of

ROOT = Path(__file__).resolve().parent.parent
NOTHING_TO_RUN = 5  # pytest's own code


@dataclass(frozen=True)
class Run:
    """What one round of the tests came to."""

    succeeded: bool
    tests: int
    journeys: int


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prove", action="store_true", help="the long proofs, and only them")
    kind = "prove" if parser.parse_args().prove else "not prove"
    # Or a server that was started, or a database that was made, would be left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    chromium = find_chromium()
    if not chromium and may_install():
        print("Installing Chromium, which drives the journeys (about half a minute)…", flush=True)
        chromium = install_chromium()

    rounds = {f"SQLite {sqlite3.sqlite_version}": run_pytest("sqlite", kind)}
    journeys = next(iter(rounds.values())).journeys
    with postgresql() as address:
        if address:
            name = f"test_ecosystem_{os.getpid()}"
            try:
                rounds[f"PostgreSQL {version_of(address)}"] = run_pytest(
                    "PostgreSQL",
                    f"({kind}) and not browser",
                    DATABASE_URL=address,
                    TEST_DATABASE_NAME=name,
                )
            finally:
                drop(address, name)
    return report(rounds, chromium, journeys)


def run_pytest(name, marks, **environment):
    """Run the tests with these marks; what pytest says is shown as it says it."""
    print(f"\n━━━ {name} ━━━", flush=True)
    own = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    with tempfile.NamedTemporaryFile(suffix=".xml") as results:
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", marks, "-q", f"--junitxml={results.name}"],
            cwd=ROOT,
            env=own | environment,
        ).returncode
        ran = [
            case
            for case in ElementTree.parse(results.name).iter("testcase")
            if case.find("skipped") is None
        ]
    journeys = [case for case in ran if case.get("classname").startswith("tests.browser.")]
    return Run(code in (0, NOTHING_TO_RUN), len(ran), len(journeys))


def report(rounds, chromium, journeys):
    """Say what was tested on what; return the exit code."""
    print("\nDatabases:", ", ".join(f"{name} ({run.tests} tests)" for name, run in rounds.items()))
    print(f"Browser: {chromium} ({journeys} journeys)" if chromium else "Browser: none")
    missing = []
    if len(rounds) == 1:
        missing.append("No PostgreSQL answered or could be started: set TEST_DATABASE_URL to one.")
    if not chromium:
        missing.append("No Chromium was found: install the package chromium, or set CHROMIUM.")
    for sentence in missing:
        print(sentence)
    failed = [name for name, run in rounds.items() if not run.succeeded]
    if failed:
        print("FAILED on", " and on ".join(failed))
    return int(bool(failed or (missing and os.environ.get("CI") == "true")))


if __name__ == "__main__":
    sys.exit(main())
