"""A site on this machine, tools that read from it at any time, and a database to share."""

import pytest

from helpers.sources.readers import Readers
from tests.collecting import make_tools
from tests.hostile import hostile_server


@pytest.fixture(scope="session")
def readers():
    """One reader for all tests: it takes a second to start."""
    with Readers(1, seconds=5) as each:
        yield each


@pytest.fixture
def site():
    with hostile_server() as server:
        yield server


@pytest.fixture
def tools(site, readers):
    """Tools that may ask `site`, under whatever name, at the time `tools.now` says."""
    with make_tools(site, readers) as each:
        yield each
