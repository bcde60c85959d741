"""The settings, without what is slow and without what the shell of whoever runs the tests says."""

import atexit
import os
import shutil
import tempfile

# Only the database may be chosen from outside: every test runs on both.
for name in (
    "ALLOWED_HOSTS",
    "ANSWERS_PORT",
    "CACHE_URL",
    "CONTACT_EMAIL",
    "DATA_LICENCE",
    "DEBUG",
    "DEMO",
    "EMAIL_URL",
    "MAIL_FROM",
    "PORT",
    "REVIEW_FIRST",
    "SECRET_KEY_FILE",
    "SITE_URL",
    "SOURCES_ALLOWED",
    "SOURCE_WORKERS",
    "TILE_ATTRIBUTION",
    "TILE_URL",
    "TRUSTED_PROXIES",
):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "known to everyone, and good for tests"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="ecosystem-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from ecosystem.settings import *

# Nothing that is there already can have this name, and two runs at once do not meet.
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["TEST"] = {
        "NAME": os.environ.get("TEST_DATABASE_NAME", f"test_ecosystem_{os.getpid()}")
    }

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files as they lie in static/, not collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# What is about something else need not begin with a second factor; tests about it ask for one.
OPERATORS_NEED_SECOND_FACTOR = False
