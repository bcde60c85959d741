"""Which constraint refused a write, by the same name on both databases."""

import re
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction


@contextmanager
def refused_by(name):
    """Expect the database to refuse what the block does, by the constraint of this name.

    A field that is unique by itself is named `table.column`.
    """
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert _name_in(refusal.value) == name


def constraint_names():
    """Return the names of all constraints the records of the directory declare."""
    return {
        constraint.name
        for model in apps.get_app_config("groups").get_models()
        for constraint in model._meta.constraints
    }


def _name_in(error):
    if connection.vendor == "postgresql":
        details = error.__cause__.diag
        return _declared(details.table_name, details.constraint_name)
    kind, _colon, what = str(error).partition(" constraint failed: ")
    if kind != "UNIQUE":
        return what
    if index := re.fullmatch(r"index '(\w+)'", what):
        return index[1]
    columns = [each.partition(".")[2] for each in what.split(", ")]
    table = what.partition(".")[0]
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    names = [name for name, each in found.items() if each["unique"] and each["columns"] == columns]
    return _declared(table, names[0])


def _declared(table, name):
    """Return ``name`` if a record declares it, else `table.column` of what it is on."""
    if name in constraint_names():
        return name
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return f"{table}.{'+'.join(found[name]['columns'])}"
