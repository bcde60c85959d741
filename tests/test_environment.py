"""What surrounds the code: locked dependencies, listed settings, a closed network."""

import re
import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")


def pins(name):
    """Return {requirement: its hashes} of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return {
        re.split(" ;| --hash", line)[0].strip(): re.findall(r"--hash=sha256:\w+", line)
        for line in lines
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_version_by_hash(name):
    assert pins(name)
    assert {pin for pin, hashes in pins(name).items() if "==" not in pin or not hashes} == set()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_does_not_say_where_packages_are_fetched(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert re.findall(r"\w+://|--(?:\w+-)?index\S*|--find-links", text) == []


def test_tests_run_with_the_versions_that_serve():
    serving, testing = (pins(name) for name in LOCKS)

    assert {pin: testing.get(pin) for pin in serving} == serving


def test_every_setting_that_is_read_is_in_the_example():
    read = {
        name
        for path in ("ecosystem/settings.py", "gunicorn.conf.py")
        for name in re.findall(
            r"env(?:iron)?\.\w+\(\s*\"(\w+)\"", (ROOT / path).read_text(encoding="utf-8")
        )
    }
    listed = set(re.findall(r"^#(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read
    assert read - listed == set()


def test_a_test_cannot_reach_beyond_this_machine():
    with (
        socket.socket() as opened,
        pytest.raises(AssertionError, match=r"A test tried to reach \('192\.0\.2\.1', 80\)"),
    ):
        opened.connect(("192.0.2.1", 80))


def test_a_test_can_reach_a_server_of_its_own():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as opened:
        opened.connect(server.getsockname())

        assert opened.getpeername() == server.getsockname()
