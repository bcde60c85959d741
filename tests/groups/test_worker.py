"""The worker, as a process: it sends what waits, and stops when it is told to or left alone."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from groups import jobs
from groups.models import JobRun, Mail
from tests.factories import make_mail
from tests.smtp import open_post_office

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


def environment(shared, office, folder):
    """Return the settings of a process that works on the database of the test."""
    database = connection.settings_dict
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "SECRET_KEY": "x",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{shared}"
        if shared
        else "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(database),
        "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
    }


@contextmanager
def working(environment, *arguments, through=()):
    """Run a worker until the block ends."""
    command = [*through, sys.executable, "manage.py", "worker", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(happened, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.05)
    return False


def is_sent():
    return not Mail.objects.exclude(outcome="sent").exists()


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_sends_what_waits_and_stops_when_told(shared, tmp_path, word):
    make_mail()
    with (
        open_post_office() as office,
        working(environment(shared, office, tmp_path)) as worker,
    ):
        assert wait_for(is_sent)
        asked = time.monotonic()
        worker.send_signal(word)
        assert worker.wait(timeout=10) == 0
        assert time.monotonic() - asked < 3
        assert len(office.letters) == 1


def test_a_worker_stops_when_who_started_it_is_gone(shared, tmp_path):
    """A shell starts it and becomes something else, as `make run` does; then that is killed."""
    script = '"$@" --beside $$ & echo $! >worker.pid; exec sleep 60'
    pid = tmp_path / "worker.pid"
    through = ["bash", "-c", script.replace("worker.pid", str(pid)), "bash"]
    make_mail()
    with (
        open_post_office() as office,
        working(environment(shared, office, tmp_path), through=through) as server,
    ):
        assert wait_for(is_sent)
        worker = int(pid.read_text())
        server.kill()
        server.wait()
        assert wait_for(lambda: not is_running(worker), seconds=10)


def is_running(pid):
    try:
        state = re.search(r"State:\s+(\w)", Path(f"/proc/{pid}/status").read_text())[1]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_worker_runs_once_if_asked_to(monkeypatch):
    ran = []
    found = [jobs.Job("one", every=jobs.RETRY, run=ran.append)]
    monkeypatch.setattr(jobs, "find_jobs", lambda: found)

    call_command("worker", once=True)

    assert len(ran) == 1
    assert JobRun.objects.get().name == "one"


def test_a_worker_that_ran_once_names_what_failed(monkeypatch):
    def broken(now):
        raise RuntimeError

    found = [jobs.Job("one", every=jobs.RETRY, run=broken)]
    monkeypatch.setattr(jobs, "find_jobs", lambda: found)

    with pytest.raises(CommandError, match="Ont échoué\u00a0: one"):
        call_command("worker", once=True)
