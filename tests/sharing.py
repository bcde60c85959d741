"""Several writers at once, each with a connection of its own to the database of a test."""

import threading

from django.conf import settings
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper


def opened(name):
    return DatabaseWrapper({**settings.DATABASES["default"], "NAME": str(name)}, "default")


def at_once(shared, *deeds):
    """Run the deeds in as many threads, all starting together. Return what they raised."""
    start, errors = threading.Barrier(len(deeds)), []

    def run(deed):
        if shared:
            connections["default"] = opened(shared)
        try:
            start.wait()
            deed()
        except Exception as error:
            errors.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
