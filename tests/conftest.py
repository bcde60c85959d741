"""What holds for every test."""

import socket

import pytest

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the journeys last: the browser's event loop stays in this thread once it has begun."""
    items.sort(key=lambda item: "browser" in item.keywords)


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
