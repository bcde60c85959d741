"""What holds for every test: how hypothesis is run (the same examples each time, no clock) too."""

import gc
import socket
import sqlite3

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.sharing import opened

# A busy machine is no reason to fail.
hypothesis_settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("steady")

# Beside the folders of views: what looks at whole pages, or lives long by what is tested elsewhere.
LIKE_VIEWS = {
    "api",
    "reviewing",
    "test_accounts.py",
    "test_admin.py",
    "test_bad_submissions.py",
    "test_freshness.py",
    "test_loading.py",
    "test_pages.py",
    "test_planted_addresses.py",
    "test_public.py",
    "test_worker.py",
    "test_year.py",
    "views",
}

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the journeys last: the browser's event loop stays in this thread once it has begun."""
    items.sort(key=lambda item: "browser" in item.keywords)


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item):
    """Mark what needs a database: the rest is the same on each, and run on one of them.

    Views ask it nothing that other tests do not: on PostgreSQL they are a long proof.
    """
    uses_it = {"db", "transactional_db"} & set(item.fixturenames)
    if uses_it or item.get_closest_marker("django_db"):
        item.add_marker("database")
    if LIKE_VIEWS & set(item.path.parts):
        item.add_marker("view")


def pytest_collection_finish():
    """Look for garbage less often: going over what was imported is a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


@pytest.fixture(autouse=True)
def _french_first():
    """Begin every test in the language of the site, whatever page the one before has asked for."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session", autouse=True)
def _no_network():
    """Make a test that reaches beyond this machine fail, and say so.

    Loopback and Unix sockets stay open: the servers of the tests are real. So does the database,
    wherever it is: its driver is not made of Python's sockets.
    """

    def guarded(connect):
        def refuse_what_is_foreign(self, address):
            if isinstance(address, (str, bytes)) or address[0] in LOOPBACK:
                return connect(self, address)
            raise AssertionError(f"A test tried to reach {address}.")

        return refuse_what_is_foreign

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


@pytest.fixture
def shared(tmp_path):
    """Make this database one that threads share, as processes share the real one.

    The SQLite of the tests lies in memory, where there is neither a journal nor a lock to wait for;
    a copy of it lies in a file, opened with the settings of the product.
    """
    if connection.vendor != "sqlite":
        yield
        return
    name = tmp_path / "db.sqlite3"
    connection.ensure_connection()
    with sqlite3.connect(name) as copy:
        connection.connection.backup(copy)
    copy.close()
    in_memory = connections["default"]
    # Each thread that opens the file does so by this.
    connections["default"] = in_file = opened(name)
    yield name
    in_file.close()
    connections["default"] = in_memory
