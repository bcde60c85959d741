"""Fields and checks that behave alike on SQLite and PostgreSQL."""

from django.db import models
from django.db.models.expressions import OrderBy
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual


class KeyField(models.CharField):
    """Folded text to sort and compare by, byte by byte on both databases.

    PostgreSQL would otherwise follow the locale of its server, and the two would list groups in
    different orders.
    """

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def at_most(field, limit):
    """Return the condition that ``field`` has at most ``limit`` characters.

    SQLite does not enforce the length of a column.
    """
    return LessThanOrEqual(Length(field), limit)


def is_web_address(field):
    """Return the condition that ``field`` begins like an address of the web, in small letters."""
    # A comparison by `startswith` would not know small letters from capitals on SQLite.
    return models.Q(**{f"{field}__regex": "^https?://"})


class PortableIndex(models.Index):
    """An index that may order from the greatest down with absent values last.

    SQLite puts those last by itself and refuses to be told in an index; PostgreSQL must be told.
    """

    def create_sql(self, model, schema_editor, **kwargs):
        index = self
        if schema_editor.connection.vendor == "sqlite":
            index = self.clone()
            index.expressions = tuple(each.copy() for each in index.expressions)
            for each in index.expressions:
                if isinstance(each, OrderBy):
                    each.nulls_last = None
        return models.Index.create_sql(index, model, schema_editor, **kwargs)
