"""All kinds of source, found by their modules: adding one is adding its file."""

import importlib
import pkgutil
from functools import cache

import helpers.sources


@cache
def kinds():
    """Return {name: module} of every module of this package that has a KIND."""
    found = {}
    for module in pkgutil.iter_modules(helpers.sources.__path__):
        loaded = importlib.import_module(f"{helpers.sources.__name__}.{module.name}")
        if hasattr(loaded, "KIND"):
            found[loaded.KIND.name] = loaded
    return found


def kind_named(name):
    """Return the module that reads this kind. Raises KeyError for a kind that was taken away."""
    return kinds()[name]
