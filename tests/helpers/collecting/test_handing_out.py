"""Any number of workers of the task engine: real processes, on the database of the test."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from helpers.models import Host, Sighting, Source
from tests.collecting import feed, make_source
from tests.hostile import answer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="many workers need PostgreSQL"),
]

ROOT = Path(__file__).resolve().parents[3]
SOURCES = 12


class Machine:
    """Starts `manage.py` as an operator with many workers does."""

    def __init__(self, site, folder):
        database = connection.settings_dict
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = {
            **kept,
            "SECRET_KEY": "x",
            "DATA_DIR": str(folder),
            "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(
                database
            ),
            "SOURCE_WORKERS": "tasks",
            "SOURCES_ALLOWED": f"127.0.0.1:{site.port},localhost:{site.port}",
        }

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments):
        output, _ = (process := self.start(*arguments)).communicate(timeout=120)
        assert process.returncode == 0, output
        return output

    def worker(self):
        return self.start("db_worker", "--queue-name", "sources", "--batch", "--no-startup-delay")


@pytest.fixture
def machine(site, tmp_path):
    machine = Machine(site, tmp_path)
    machine.run("migrate", "--verbosity", "0")
    yield machine
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_tasks_database_dbtaskresult")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'django_tasks_database'")


def make_sources(site):
    now = timezone.now()
    for number in range(SOURCES):
        host = ("127.0.0.1", "localhost")[number % 2]
        make_source(site, f"/{number}", host=host, next_check_at=now, accepted_at=now)
        site.answers[f"/{number}"] = answer(feed(1, 8, now=now), kind="application/rss+xml")


def test_two_workers_share_what_was_handed_out(site, machine):
    make_sources(site)

    assert "2 " in machine.run("collect")
    workers = [machine.worker(), machine.worker()]
    outputs = [worker.communicate(timeout=120)[0] for worker in workers]

    assert [worker.returncode for worker in workers] == [0, 0], outputs
    assert {each.state for each in Source.objects.all()} == {"fine"}
    assert Sighting.objects.count() == 2 * SOURCES
    assert sorted(path for path in site.paths() if path != "/robots.txt") == sorted(
        f"/{number}" for number in range(SOURCES)
    )


def test_what_a_killed_worker_left_is_handed_out_again(site, machine):
    make_sources(site)
    machine.run("collect")
    victim = machine.worker()

    def kill(connection, headers):
        victim.kill()
        victim.wait()

    site.answers["/4"] = kill
    victim.communicate(timeout=120)
    assert victim.returncode == -9
    site.answers["/4"] = answer(feed(1, 8, now=timezone.now()), kind="application/rss+xml")

    # What was claimed and handed out falls due again once its time is over.
    Host.objects.update(lease_until=None, queued_until=timezone.now() - timedelta(seconds=1))
    machine.run("collect")
    worker = machine.worker()
    output, _ = worker.communicate(timeout=120)

    assert worker.returncode == 0, output
    assert {each.state for each in Source.objects.all()} == {"fine"}, output
    assert Sighting.objects.count() == 2 * SOURCES
