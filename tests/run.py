"""Run the tests on SQLite and on PostgreSQL, side by side, and say at the end what they ran on.

What needs no database runs once, and so do the journeys in the browser, beside the others and on
SQLite: what they look at is the same on both. The tests of single views run on PostgreSQL with the
long proofs. What the machine lacks is said and left out, except where CI=true: there it is a
failure.
"""

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from xml.etree import ElementTree

from tests.chromium import find_chromium, install_chromium, may_install
from tests.postgresql import drop, postgresql, version_of

ROOT = Path(__file__).resolve().parent.parent
NOTHING_TO_RUN = 5  # pytest's own code


class Round:
    """Some of the tests, in a process of their own: begun when made, read once it has ended."""

    def __init__(self, name, marks, folder, *, output=None, **environment):
        self.name = name
        self.output = output
        self.results = Path(folder, f"{name}.xml")
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

    def ran(self):
        """Count the tests that were not skipped."""
        if not self.results.exists():
            return 0
        cases = ElementTree.parse(self.results).iter("testcase")
        return sum(case.find("skipped") is None for case in cases)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prove", action="store_true", help="the long proofs, and only them")
    is_proof = parser.parse_args().prove
    # Or a server that was started, or a database that was made, would be left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    chromium = find_chromium()
    if not chromium and may_install():
        print("Installing Chromium, which drives the journeys (about half a minute)…", flush=True)
        chromium = install_chromium()
    with tempfile.TemporaryDirectory(prefix="ecosystem-results-") as folder:
        rounds = run_side_by_side(is_proof, folder)
        return report(rounds, chromium)


def run_side_by_side(is_proof, folder):
    """Show what the journeys say as they say it, and the others when all have ended.

    Returns the rounds: the journeys, then one a database.
    """
    rounds = []
    marks = "prove" if is_proof else "not prove"
    on_both = "(prove or view)" if is_proof else "not prove and not view"
    name = f"test_ecosystem_{os.getpid()}"
    with postgresql() as address, ExitStack() as files:

        def beside(database, marks, **environment):
            output = files.enter_context(open(Path(folder, database), "w+", encoding="utf-8"))
            rounds.append(Round(database, marks, folder, output=output, **environment))

        try:
            print("━━━ Browser ━━━", flush=True)
            rounds.append(Round("Browser", f"({marks}) and browser", folder))
            beside(f"SQLite {sqlite3.sqlite_version}", f"({marks}) and not browser")
            if address:
                beside(
                    f"PostgreSQL {version_of(address)}",
                    f"{on_both} and database and not browser",
                    DATABASE_URL=address,
                    TEST_DATABASE_NAME=name,
                )
            for each in rounds:
                each.process.wait()
        finally:
            for each in rounds:
                each.stop()
            if address:
                drop(address, name)
        for each in rounds[1:]:
            each.output.seek(0)
            print(f"\n━━━ {each.name} ━━━", each.output.read(), sep="\n")
    return rounds


def report(rounds, chromium):
    """Say what was tested on what; return the exit code."""
    browser, *databases = rounds
    journeys = browser.ran()
    print("Databases:", ", ".join(f"{each.name} ({each.ran()} tests)" for each in databases))
    print(f"Browser: {chromium} ({journeys} journeys)" if chromium else "Browser: none")
    missing = []
    if len(databases) == 1:
        missing.append("No PostgreSQL answered or could be started: set TEST_DATABASE_URL to one.")
    if not chromium:
        missing.append("No Chromium was found: install the package chromium, or set CHROMIUM.")
    for sentence in missing:
        print(sentence)
    failed = [each.name for each in rounds if not each.succeeded()]
    if failed:
        print("FAILED on", " and on ".join(failed))
    return int(bool(failed or (missing and os.environ.get("CI") == "true")))


if __name__ == "__main__":
    sys.exit(main())
