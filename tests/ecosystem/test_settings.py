"""The settings as the environment makes them, each time in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SHOW = """
import json
from ecosystem import settings
names = {names!r}
print(json.dumps({{name: getattr(settings, name, None) for name in names}}, default=str))
"""


def run(code, **environment):
    """Run ``code`` with these settings and nothing of the shell's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def settings_of(*names, **environment):
    done = run(SHOW.format(names=names), **{"SECRET_KEY": "x", **environment})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_a_secret_key_nothing_starts():
    done = run("import ecosystem.settings")

    assert done.returncode != 0
    assert "There is no secret key. Set SECRET_KEY, or SECRET_KEY_FILE" in done.stderr


def test_the_secret_key_may_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text("long and secret\n")

    done = run(SHOW.format(names=["SECRET_KEY"]), SECRET_KEY_FILE=str(tmp_path / "key"))

    assert json.loads(done.stdout)["SECRET_KEY"].strip() == "long and secret"


def test_without_a_word_the_site_is_closed_french_and_on_this_machine(tmp_path):
    found = settings_of(
        *"DEBUG DEMO SITE_URL ALLOWED_HOSTS LANGUAGE_CODE AUTH_USER_MODEL DATABASES".split(),
        DATA_DIR=str(tmp_path),
    )

    assert (found["DEBUG"], found["DEMO"]) == (False, False)
    assert found["SITE_URL"] == "http://127.0.0.1:8000"
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost"]
    assert (found["LANGUAGE_CODE"], found["AUTH_USER_MODEL"]) == ("fr", "groups.Person")
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "db.sqlite3")


def test_a_site_behind_tls_sends_its_cookies_nowhere_else():
    found = settings_of(
        *"SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE".split(),
        "ALLOWED_HOSTS",
        SITE_URL="https://directory.example.org",
    )

    assert found == {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "ALLOWED_HOSTS": ["127.0.0.1", "directory.example.org", "localhost"],
    }


def test_postgresql_is_chosen_by_its_address():
    found = settings_of("DATABASES", DATABASE_URL="postgres://ada@db.example:5433/groups")[
        "DATABASES"
    ]

    database = found["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "groups")
    assert database["CONN_HEALTH_CHECKS"]


def test_mail_goes_to_the_server_of_this_machine_unless_another_is_named():
    names = "EMAIL_BACKEND EMAIL_HOST EMAIL_PORT EMAIL_HOST_USER EMAIL_USE_TLS MAIL_FROM".split()
    smtp = "django.core.mail.backends.smtp.EmailBackend"

    usual = settings_of(*names, SITE_URL="https://directory.example.org:8443")
    named = settings_of(
        *names,
        EMAIL_URL="smtp+tls://ada%40example.org:se%3Acret@mail.example.org:587",
        MAIL_FROM="L’annuaire <ada@example.org>",
    )

    assert list(usual.values()) == [
        smtp,
        "127.0.0.1",
        25,
        None,
        None,
        "noreply@directory.example.org",
    ]
    assert list(named.values()) == [
        smtp,
        "mail.example.org",
        587,
        "ada@example.org",
        True,
        "L’annuaire <ada@example.org>",
    ]


def test_the_demo_hands_its_mail_to_nobody_whatever_server_is_named():
    found = settings_of("EMAIL_BACKEND", DEMO="1", EMAIL_URL="smtp://mail.example.org")

    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.dummy.EmailBackend"


@pytest.mark.parametrize(
    ("address", "sources"),
    [
        ("https://tile.example.org/{z}/{x}/{y}.png", ["https://tile.example.org"]),
        ("https://{s}.tile.example.org/{z}/{x}/{y}.png", ["https://*.tile.example.org"]),
        ("", []),
    ],
)
def test_only_the_chosen_tile_server_may_be_asked_for_pictures(address, sources):
    policy = settings_of("CONTENT_SECURITY_POLICY", TILE_URL=address)["CONTENT_SECURITY_POLICY"]

    assert policy["DIRECTIVES"]["img-src"] == ["'self'", "data:", *sources]
    assert policy["DIRECTIVES"]["script-src"] == ["'self'"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("PORT", "http"),
        ("TRUSTED_PROXIES", "127.0.0.1,proxy.example"),
        ("MAIL_FROM", "nobody"),
    ],
)
def test_nonsense_in_the_environment_stops_the_start(name, value):
    done = run("import ecosystem.settings", SECRET_KEY="x", **{name: value})

    assert done.returncode != 0, done.stdout
