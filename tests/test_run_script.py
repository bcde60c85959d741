"""`make run`: it serves, a worker sends the mail beside it, and both stop together."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent
# A first start collects files and loads the demo, beside whatever else runs here.
STARTS_WITHIN, STOPS_WITHIN = 120, 40


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as opened:
        return opened.getsockname()[1]


def answers(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
            return response.read() == b"ok\n"
    except (URLError, ConnectionError, TimeoutError):
        return False


def wait_for(happened, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.1)
    return False


def below(pid):
    """Return {pid: command} of the processes that ``pid`` started."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            command = (path.parent / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found[int(path.parent.name)] = command
    return found


def is_there(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def run(port, folder):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        ["scripts/run.sh", str(port)],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(folder), "PYTHONUTF8": "1"},
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for the data, filled by the first test."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.prove
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_worker_runs_beside_the_server_and_ends_with_it(folder, word):
    port = free_port()
    server = run(port, folder)
    try:
        assert wait_for(lambda: answers(port), STARTS_WITHIN)
        started = below(server.pid)
        assert "manage.py worker" in "".join(started.values())

        server.send_signal(word)

        server.wait(timeout=STOPS_WITHIN)
        assert wait_for(lambda: not any(map(is_there, started)), STOPS_WITHIN)
    finally:
        server.kill()
        server.wait()
