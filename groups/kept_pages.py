"""Pages that are kept are answered before the rest of the site is asked: sessions, views, filters.

Only the version of what a page shows is read, as always; a page of another version, or one that was
pushed out, is made by its view.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from django.db import Error
from django.utils.translation import override

from .caching import Kept, versioned
from .rows import directory_version, group_version, keyword_version

MOST = 5_000
READ_METHODS = ("GET", "HEAD")


class NotKept(Exception):
    """The body of this page is not in the memory of this process."""


@dataclass(frozen=True)
class Door:
    """How a page is answered again: what it was kept as, and what its view added to the answer."""

    kept: Kept
    headers: dict
    policy: dict | None


def answers_kept_pages(get_response):
    """Answer what is kept of the same version; remember what was kept by the answer of a view."""
    doors, lock = OrderedDict(), Lock()

    def middleware(request):
        if request.method not in READ_METHODS:
            return get_response(request)
        address = request.get_full_path()
        door = doors.get(address)
        if door and (response := _answer(request, door)):
            return response
        response = get_response(request)
        if kept := getattr(response, "kept", None):
            with lock:
                doors[address] = _door(kept, response)
                if len(doors) > MOST:
                    doors.popitem(last=False)
        return response

    return middleware


def _answer(request, door):
    """Return the answer to ``request``, or None where its view is to be asked."""
    kept = door.kept
    if not kept.is_there():
        return None
    try:
        version = _version_now(kept.version)
    # What is said while the database is away is said where views are asked.
    except Error:
        return None
    if version is None or version[:3] != kept.version[:3]:
        return None
    try:
        with override(kept.language):
            response = versioned(
                request, kept.version, kept.variant, _miss, content_type=kept.content_type
            )
    # Pushed out this very moment.
    except NotKept:
        return None
    for name, value in door.headers.items():
        response.headers.setdefault(name, value)
    response._csp_replace = door.policy
    return response


def _version_now(version):
    if version.scope > 0:
        return keyword_version(version.name)
    return group_version(version.name) if version.scope < 0 else directory_version()


def _miss():
    raise NotKept


# What is said of one answer, and of no other.
OF_ONE_ANSWER = {"ETag", "Content-Encoding", "Content-Length", "Content-Type"}


def _door(kept, response):
    headers = {name: value for name, value in response.items() if name not in OF_ONE_ANSWER}
    return Door(kept, headers, getattr(response, "_csp_replace", None))
