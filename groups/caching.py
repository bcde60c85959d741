"""Pages made once and answered many times, and right at the next request after a change.

The version of what a page shows is read at every request, so that any number of processes may each
keep their own bodies in memory: a body of another version is asked for no more.
"""

import gzip
import re
from collections import OrderedDict
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from django.utils.translation import get_language

from .rows import Version, directory_version, group_version, keyword_version

__all__ = [
    "Version",
    "directory_version",
    "forget_bodies",
    "group_version",
    "keyword_version",
    "streamed",
    "versioned",
]

# A copy is good for a minute, may be shown for a day while a new one is fetched, and for a week
# while we do not answer.
DOWNSTREAM = "public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800"
VARIANTS_A_SCOPE = 50
MOST_BYTES = 64_000_000
TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
# What is compressed at all, as everywhere else on the site.
SHORTEST_COMPRESSED = 200


def versioned(request, version, variant, build, *, content_type="text/html", is_kept=True):
    """Answer a page of ``version``: 304 where the asker has it, else its body, kept or built anew.

    ``version`` is a `Version`, or 0 for that of the whole directory; ``variant`` is a text that
    says all that ``build`` depends on beside the version, the language and the day: its parameters,
    in one order. ``build()`` returns the body; whatever it raises is raised, and nothing is kept.
    ``is_kept`` is False for what is asked for once, so that it pushes nothing else out.
    The page must depend on nobody: no session, no message, no token of a form.
    """
    if not isinstance(version, Version):
        version = directory_version()
    made_of = _made_of(version)
    key = (get_language(), content_type, variant)
    tag = _tag(made_of, version.scope, key)
    compressed = bool(TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))
    if _is_known(tag, request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        body = _BODIES.get(version.scope, made_of, key)
        if body is None:
            body = _Body(build())
            if is_kept and not settings.DEBUG:
                _BODIES.put(version.scope, made_of, key, body)
        compressed = compressed and len(body.plain) >= SHORTEST_COMPRESSED
        content = body.compressed if compressed else body.plain
        response = HttpResponse(content, content_type=_with_charset(content_type))
        if compressed:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(content))
        if is_kept and not settings.DEBUG:
            response.kept = Kept(version, variant, get_language(), content_type)
    response["ETag"] = f'"{tag}-gz"' if compressed else f'"{tag}"'
    response["Cache-Control"] = DOWNSTREAM
    response["Content-Language"] = get_language()
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


class Kept(NamedTuple):
    """What a body was kept as: `versioned` finds it by these."""

    version: Version
    variant: str
    language: str
    content_type: str

    def is_there(self):
        """Say whether the body is still in the memory of this process, and of today."""
        key = (self.language, self.content_type, self.variant)
        return _BODIES.get(self.version.scope, _made_of(self.version), key) is not None


def streamed(request, version, variant, chunks, *, content_type):
    """Answer a large body bit by bit: 304 where the asker has it, else what ``chunks()`` yields.

    As `versioned`, but nothing is kept, and who compresses it makes its tag a weak one.
    """
    tag = _tag(_made_of(version), version.scope, (get_language(), content_type, variant))
    if _is_known(tag, request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        content = chunks() if request.method == "GET" else ()
        response = StreamingHttpResponse(content, content_type=_with_charset(content_type))
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = DOWNSTREAM
    return response


def _made_of(version):
    return version.token, str(timezone.localdate()), release()


@cache
def release():
    """Return what stands for this code, its templates, translations and settings in an ETag."""
    digest = sha256()
    root = settings.BASE_DIR
    for folder, pattern in (
        ("groups", "**/*.py"),
        ("templates", "**/*.*"),
        ("static", "**/*.*"),
        ("locale", "**/*.mo"),
    ):
        for path in sorted((root / folder).glob(pattern)):
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(path.read_bytes())
    shown = (settings.SITE_URL, settings.TILE_URL, settings.DATA_LICENCE, settings.DEMO)
    digest.update("\0".join(map(str, shown)).encode())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=4096)
def _tag(made_of, scope, variant):
    """Return a tag nobody else can make up: a 304 would tell that a hidden page exists."""
    value = "\0".join(map(str, (*made_of, scope, *variant)))
    return salted_hmac("groups.caching", value, algorithm="sha256").hexdigest()[:32]


def _is_known(tag, header):
    """Say whether an If-None-Match names this tag, in either encoding; `*` names none of ours."""
    known = {each.removeprefix("W/").strip('"').removesuffix("-gz") for each in parse_etags(header)}
    return tag in known


def _with_charset(content_type):
    return f"{content_type}; charset=utf-8" if content_type.startswith("text/") else content_type


class _Body:
    """A body as it is, and compressed once somebody takes it so."""

    def __init__(self, body):
        self.plain = body if isinstance(body, bytes) else str(body).encode()

    @cached_property
    def compressed(self):
        # Without a time in it: the same body is the same bytes.
        return gzip.compress(self.plain, 6, mtime=0)

    def __len__(self):
        """What it takes, about: a page compresses to less than a quarter."""
        return len(self.plain) * 5 // 4


class _Bodies:
    """Bodies in the memory of this process: some a scope, of one version each, within a bound."""

    def __init__(self):
        self.scopes = OrderedDict()
        self.size = 0
        self.lock = Lock()

    def get(self, scope, made_of, variant):
        with self.lock:
            kept_of, variants = self.scopes.get(scope, (None, None))
            if kept_of != made_of or variant not in variants:
                return None
            self.scopes.move_to_end(scope)
            variants.move_to_end(variant)
            return variants[variant]

    def put(self, scope, made_of, variant, body):
        with self.lock:
            kept_of, variants = self.scopes.get(scope, (None, None))
            if kept_of != made_of:
                self._forget(scope)
                variants = OrderedDict()
                self.scopes[scope] = (made_of, variants)
            self.size += len(body) - len(variants.pop(variant, ()))
            variants[variant] = body
            self.scopes.move_to_end(scope)
            if len(variants) > VARIANTS_A_SCOPE:
                _variant, oldest = variants.popitem(last=False)
                self.size -= len(oldest)
            while self.size > MOST_BYTES:
                self._forget(next(iter(self.scopes)))

    def clear(self):
        with self.lock:
            self.scopes.clear()
            self.size = 0

    def _forget(self, scope):
        _made_of, variants = self.scopes.pop(scope, (None, {}))
        self.size -= sum(map(len, variants.values()))


_BODIES = _Bodies()


def forget_bodies():
    """Forget all bodies kept in the memory of this process."""
    _BODIES.clear()
