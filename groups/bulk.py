"""Writing many rows at once, on either database, faster than a model instance a row allows."""

from django.db import connection

ROWS_A_STATEMENT = 200


def insert(model, columns, rows):
    """Insert ``rows``, tuples of values for ``columns``, into the table of ``model``."""
    _write(model, columns, rows, "")


def put(model, columns, rows):
    """Insert ``rows`` as `insert` does, over those that are there. The first column is the key."""
    key, *others = map(connection.ops.quote_name, columns)
    replaced = ", ".join(f"{name} = excluded.{name}" for name in others)
    _write(model, columns, rows, f"ON CONFLICT ({key}) DO UPDATE SET {replaced}")


def add_up(model, rows):
    """Add ``rows`` to a table of sums, making those that are missing.

    A row holds the columns of the primary key, then the numbers to add, in the model's order. Rows
    are written in the order of their keys, so that two writers wait for each other.
    """
    key = [model._meta.get_field(name).column for name in model._meta.pk.field_names]
    sums = [f.column for f in model._meta.local_concrete_fields if f.column not in key]
    table = model._meta.db_table
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    ending = f"ON CONFLICT ({_names(key)}) DO UPDATE SET {added}"
    _write(model, [*key, *sums], sorted(rows), ending)


def _write(model, columns, rows, ending):
    row = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_A_STATEMENT):
            part = rows[start : start + ROWS_A_STATEMENT]
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({_names(columns)})"
                f" VALUES {', '.join([row] * len(part))} {ending}",
                [value for each in part for value in each],
            )


def _names(columns):
    return ", ".join(map(connection.ops.quote_name, columns))
