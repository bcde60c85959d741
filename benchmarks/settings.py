"""The settings of production, with nothing of the shell's: what is measured must not depend on it."""

import os
import secrets
import tempfile

for name in (
    "ALLOWED_HOSTS",
    "CACHE_URL",
    "DATABASE_URL",
    "DEBUG",
    "DEMO",
    "EMAIL_URL",
    "PORT",
    "SECRET_KEY_FILE",
    "TILE_ATTRIBUTION",
    "TILE_URL",
    "TRUSTED_PROXIES",
):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
os.environ["SITE_URL"] = "https://directory.example.org"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="ecosystem-bench-")

from ecosystem.settings import *

ROOT_URLCONF = "benchmarks.urls"
