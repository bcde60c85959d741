"""Databases made for one run and dropped after it: of both systems, one a size."""

import os
import runpy
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from psycopg import sql

from ecosystem import settings
from tests import postgresql

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
# What is laid aside while rows pour in, as (how to take it away, how to bring it back). Keys stay:
# rows come in their order.
INDEXES_OF_SQLITE = """
    SELECT 'DROP INDEX ' || name, sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name LIKE 'groups_%'
"""
INDEXES_OF_POSTGRESQL = """
    SELECT 'DROP INDEX ' || indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND starts_with(tablename, 'groups_')
    AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
REFERENCES_OF_POSTGRESQL = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s',
            conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype = 'f' AND starts_with(conrelid::regclass::text, 'groups_')
"""


@dataclass(eq=False)
class Database:
    """A database that holds, or will hold, a world of ``size`` groups."""

    system: str
    size: int
    connection: BaseDatabaseWrapper
    laid_aside: list[str] = field(default_factory=list)

    @property
    def version(self):
        if self.system == SQLITE:
            return self.connection.Database.sqlite_version
        major, minor = divmod(self.connection.pg_version, 10_000)
        return f"{major}.{minor}"

    @contextmanager
    def in_use(self):
        """Make it the default database of this thread."""
        before = connections["default"]
        connections["default"] = self.connection
        try:
            yield
        finally:
            connections["default"] = before

    def open_for_loading(self):
        """Lay indexes and references aside: all rows at once bring them back much faster."""
        if self.system == SQLITE:
            self._execute("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF")
            ways = self._rows(INDEXES_OF_SQLITE)
        else:
            self._execute("SET synchronous_commit = off", "SET maintenance_work_mem = '256MB'")
            ways = [*self._rows(REFERENCES_OF_POSTGRESQL), *self._rows(INDEXES_OF_POSTGRESQL)]
        self._execute(*(away for away, _back in ways))
        self.laid_aside = [back for _away, back in reversed(ways)]

    def settle(self):
        """Bring the indexes back, and let the database look at what it holds."""
        self._execute(*self.laid_aside)
        self._execute("ANALYZE" if self.system == SQLITE else "VACUUM (ANALYZE)")
        # The next connection has the settings of production again.
        self.connection.close()

    def _execute(self, *statements):
        with self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _rows(self, query):
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()


@contextmanager
def databases(systems, sizes, folder):
    """Yield migrated, empty databases of ``systems``, as far as they are here; then drop them."""
    with ExitStack() as stack:
        made = []
        if SQLITE in systems:
            made += [
                _open(SQLITE, size, f"sqlite:///{folder / str(size)}.sqlite3") for size in sizes
            ]
        if POSTGRESQL in systems:
            address = stack.enter_context(postgresql.postgresql())
            if not address:
                raise SystemExit(
                    "No PostgreSQL answers or could be started: set TEST_DATABASE_URL."
                )
            for size in sizes:
                name = stack.enter_context(_created(address, size))
                made.append(_open(POSTGRESQL, size, address, name))
        for database in made:
            stack.callback(database.connection.close)
            with database.in_use():
                call_command("migrate", verbosity=0)
        yield made


@contextmanager
def _created(address, size):
    """Yield the name of a new database on the server at ``address``."""
    name = f"ecosystem_bench_{os.getpid()}_{size}"
    try:
        with postgresql.connection(address) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield name
    finally:
        postgresql.drop(address, name)


def _open(system, size, address, name=None):
    """Return the database at ``address``, with the settings it has in production."""
    os.environ["DATABASE_URL"] = address
    config = runpy.run_path(settings.__file__)["DATABASES"]["default"]
    if name:
        config["NAME"] = name
    return Database(system, size, ConnectionHandler({"default": config})["default"])
