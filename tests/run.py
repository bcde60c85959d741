"""Run every test on SQLite and on PostgreSQL, side by side, and say at the end what they ran on.

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
from pathlib import Path
from xml.etree import ElementTree

from tests.chromium import find_chromium, install_chromium, may_install
from tests.postgresql import drop, postgresql, version_of

ROOT = Path(__file__).resolve().parent.parent
NOTHING_TO_RUN = 5  # pytest's own code


class Round:
    """The tests on one database: begun when made, read once it has ended."""

    def __init__(self, database, marks, folder, *, output=None, **environment):
        self.database = database
        self.results = Path(folder, f"{database}.xml")
        # What the tests run on is ours to say, whatever the shell of whoever runs them says.
        own = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        pytest = [sys.executable, "-m", "pytest", "--quiet", "--tb=short"]
        self.process = subprocess.Popen(
            [*pytest, "-m", marks, f"--junitxml={self.results}"],
            cwd=ROOT,
            env=own | environment,
            stdout=output,
        )

    def succeeded(self):
        return self.process.returncode in (0, NOTHING_TO_RUN)

    def ran(self, among=""):
        """Count the tests that were not skipped, in this part of the tests."""
        if not self.results.exists():
            return 0
        cases = ElementTree.parse(self.results).iter("testcase")
        return sum(
            case.get("classname").startswith(among) and case.find("skipped") is None
            for case in cases
        )

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prove", action="store_true", help="the long proofs, and only them")
    marks = "prove" if parser.parse_args().prove else "not prove"
    # Or a server that was started, or a database that was made, would be left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    chromium = find_chromium()
    if not chromium and may_install():
        print("Installing Chromium, which drives the journeys (about half a minute)…", flush=True)
        chromium = install_chromium()
    with tempfile.TemporaryDirectory(prefix="ecosystem-results-") as folder:
        rounds = run_side_by_side(marks, folder)
        return report(rounds, chromium)


def run_side_by_side(marks, folder):
    """Show what SQLite's round says as it says it, and PostgreSQL's when both have ended."""
    rounds = []
    name = f"test_ecosystem_{os.getpid()}"
    with postgresql() as address, open(Path(folder, "output"), "w+", encoding="utf-8") as output:
        try:
            if address:
                beside = Round(
                    f"PostgreSQL {version_of(address)}",
                    f"({marks}) and not browser",
                    folder,
                    output=output,
                    DATABASE_URL=address,
                    TEST_DATABASE_NAME=name,
                )
                rounds.append(beside)
            print("━━━ SQLite ━━━", flush=True)
            rounds.insert(0, Round(f"SQLite {sqlite3.sqlite_version}", marks, folder))
            for each in rounds:
                each.process.wait()
        finally:
            for each in rounds:
                each.stop()
            if address:
                drop(address, name)
        if address:
            output.seek(0)
            print("\n━━━ PostgreSQL ━━━", output.read(), sep="\n")
    return rounds


def report(rounds, chromium):
    """Say what was tested on what; return the exit code."""
    journeys = rounds[0].ran("tests.browser.")
    print("Databases:", ", ".join(f"{each.database} ({each.ran()} tests)" for each in rounds))
    print(f"Browser: {chromium} ({journeys} journeys)" if chromium else "Browser: none")
    missing = []
    if len(rounds) == 1:
        missing.append("No PostgreSQL answered or could be started: set TEST_DATABASE_URL to one.")
    if not chromium:
        missing.append("No Chromium was found: install the package chromium, or set CHROMIUM.")
    for sentence in missing:
        print(sentence)
    failed = [each.database for each in rounds if not each.succeeded()]
    if failed:
        print("FAILED on", " and on ".join(failed))
    return int(bool(failed or (missing and os.environ.get("CI") == "true")))


if __name__ == "__main__":
    sys.exit(main())
