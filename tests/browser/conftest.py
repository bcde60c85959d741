"""A browser of this machine, and the demo served to it once for all journeys."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
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
    "/about/",
    "/nowhere/",
]
AXE = Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js"


def find_chromium():
    """Return the path of the Chromium to drive, or "" if this machine has none."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = (shutil.which(name) for name in (*names, MAC_CHROME) if name)
    return next(filter(None, found), "")


def pytest_collection_modifyitems(items):
    """Mark all journeys, and skip them with the reason where no browser is."""
    here = Path(__file__).resolve().parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            if not find_chromium():
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


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


@pytest.fixture(scope="session", autouse=True)
def site(django_db_setup, django_db_blocker):
    """The address of a server that shows the demo. The journeys only read, so it is loaded once.

    It starts before the browser, and no journey touches the database itself: Playwright keeps an
    event loop in this thread, in which Django would open another database in memory.
    """
    with django_db_blocker.unblock():
        call_command("load_demo", verbosity=0)
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
        call_command("flush", interactive=False, verbosity=0)


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
