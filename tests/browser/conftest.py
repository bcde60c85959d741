"""A browser of this machine, and the demo served to it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from zlib import crc32

import pytest
from playwright.sync_api import expect

from tests.chromium import find_chromium

ROOT = Path(__file__).resolve().parent.parent.parent

# Nothing takes this long but on a machine that does much else at the same time.
expect.set_options(timeout=15_000)

NO_BROWSER = (
    "There is no Chromium on this machine: install the package “chromium”, "
    "or set CHROMIUM to the path of one."
)
# One of each kind of page of the demo: full, bare, long, filtered, empty, absent.
ADDRESSES = [
    "/",
    "/en/",
    "/groups/",
    "/groups/?q=jardin&kind=thematic&country=FR&keyword=semences",
    "/groups/?q=zzzzzz&kind=nonsense",
    "/groups/?view=map",
    "/groups/jardins-lagune/",
    "/en/groups/jardins-lagune/",
    "/groups/chorale-des-tilleuls/",
    "/groups/rives-marais-chemins-creux-basse-vilaine/",
    "/ecosystems/",
    "/ecosystems/rivages/",
    "/en/ecosystems/mains-vertes/",
    "/ecosystems/abeilles/",
    "/ecosystems/rivages/embed/",
    "/en/ecosystems/rivages/embed/?view=map&theme=dark",
    "/network/",
    "/ecosystems/new/",
    "/about/",
    "/privacy/",
    "/api/v1/docs",
    "/nowhere/",
    "/groups/new/",
    "/en/groups/new/",
    "/groups/jardins-lagune/edit/",
    "/groups/jardins-lagune/contact/",
    "/groups/jardins-lagune/report/",
    "/account/login/",
]
# These hold a form that changes something: they may set the cookie that guards it.
WITH_A_FORM = ("/new/", "/edit/", "/contact/", "/report/", "/account/login/")
AXE = ROOT / "tests" / "vendor" / "axe.min.js"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark all journeys, and skip them with the reason where no browser is.

    A journey that is made with JavaScript and without is made in one of both ways from day to day,
    and in the other among the long proofs.
    """
    here = Path(__file__).resolve().parent
    journeys = [item for item in items if here in item.path.parents]
    names = {item.nodeid for item in journeys}
    for item in journeys:
        item.add_marker("browser")
        if not find_chromium():
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))
        with_it = item.nodeid.replace("without JavaScript", "with JavaScript")
        without = with_it.replace("with JavaScript", "without JavaScript")
        daily = (with_it, without)[crc32(with_it.partition("[")[0].encode()) % 2]
        if {with_it, without} <= names and item.nodeid != daily and with_it != without:
            item.add_marker("prove")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "executable_path": find_chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            # Or the browser itself would ask the world for updates while we count requests.
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The environment of the demo, set up once: which database it has makes no difference."""
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "known to everyone, and good for tests",
        "DATA_DIR": str(tmp_path_factory.mktemp("site")),
    }
    for command in ("migrate", "load_demo", "collectstatic --no-input"):
        assert run(environment, "manage.py", *command.split(), "--verbosity=0").wait() == 0, command
    return environment


@pytest.fixture(scope="session")
def site(demo):
    """The address of the demo, for journeys that only read."""
    with served(demo) as address:
        yield address


@pytest.fixture(scope="session")
def workshop(worker_of_workshop):
    """The address of another copy of the demo, for journeys that write. It shows its mails.

    Whoever comes says from which network, as if through a proxy: limits count networks.
    """
    with served(worker_of_workshop) as address:
        yield address


@pytest.fixture(scope="session")
def worker_of_workshop(demo, tmp_path_factory):
    """The environment of the workshop, for what its worker would do by itself."""
    folder = tmp_path_factory.mktemp("workshop") / "data"
    shutil.copytree(demo["DATA_DIR"], folder)
    return {**demo, "DATA_DIR": str(folder), "DEMO": "1", "TRUSTED_PROXIES": "127.0.0.1"}


def run(environment, *command):
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)


@contextmanager
def served(environment):
    """Serve as an operator does, a process, hashed files, no DEBUG; give the address.

    A process of its own also keeps the browser's event loop away from the database of the tests.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    bind = ["--bind", f"127.0.0.1:{port}", "--threads=4", "--log-level=warning"]
    server = run({**environment, "SITE_URL": address}, "-m", "gunicorn", "ecosystem.wsgi", *bind)
    try:
        wait_until_healthy(server, address)
        yield address
    finally:
        server.terminate()
        server.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(server, address, seconds=20):
    """Return when the server answers; fail when it ends, or takes too long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            urlopen(f"{address}/healthz").close()
            return
        except URLError:
            time.sleep(0.1)
    pytest.fail(f"The server for the journeys did not answer within {seconds} seconds.")


@pytest.fixture(scope="session")
def base_url():
    """Leave addresses to the journeys: pytest-base-url would ask for a server of its own."""
    return ""


@pytest.fixture
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "fr-FR",
        "viewport": {"width": 1280, "height": 800},
        "reduced_motion": "reduce",
    }


class Watch:
    """Notes what a page asks for, and what it complains about."""

    def __init__(self, page, site):
        self.site = site
        self.requests = []
        self.complaints = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.url}: {response.status}")

    @property
    def foreign(self):
        """The requests that left for another host than the site's."""
        own = (self.site, "data:", "blob:")
        return [address for address in self.requests if not address.startswith(own)]


@pytest.fixture
def watch(page, site):
    return Watch(page, site)
