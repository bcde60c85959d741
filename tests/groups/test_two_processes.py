"""Two servers over one database: what is changed through one is right at the other's next request.

Each keeps bodies in its own memory, and nobody tells it to forget them.
"""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from django.db import connection

from groups.links import make_link
from groups.models import Link
from tests.factories import make_ecosystem, make_facilitator, make_group
from tests.forms_of import forms_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.prove]

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60
WIDGET = "/ecosystems/rivages/widget/"
KEPT = [
    WIDGET,
    "/ecosystems/rivages/",
    "/groups/lagune/widget/",
    "/ecosystems/rivages/groups.json",
    "/groups/lagune/murmurations.json",
]


class Server:
    """A server of the site, as an operator runs it, and who asks it: a browser that keeps cookies.

    One process, so that two of them are two memories.
    """

    def __init__(self, environment):
        with socket.create_server(("127.0.0.1", 0)) as opened:
            port = opened.getsockname()[1]
        self.site = f"http://127.0.0.1:{port}"
        own = {"PORT": str(port), "WEB_CONCURRENCY": "1", "ALLOWED_HOSTS": "127.0.0.1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            cwd=ROOT,
            env=environment | own,
            stdout=subprocess.DEVNULL,
        )
        self.browser = build_opener(HTTPCookieProcessor(CookieJar()))

    def wait(self):
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            try:
                return self.get("/healthz")
            except URLError:
                time.sleep(0.1)
        pytest.fail("A server did not start.")

    def get(self, path, known=""):
        """Return (status, tag, text) of an address."""
        headers = {"If-None-Match": known} if known else {}
        try:
            with self.browser.open(Request(urljoin(self.site, path), headers=headers)) as answer:
                return answer.status, answer.headers["ETag"], answer.read().decode()
        except HTTPError as error:
            return error.code, error.headers["ETag"], ""

    def send(self, path, *, holding, **typed):
        """Send the form of a page that holds a field of this name, with what was ``typed``."""
        _status, _tag, page = self.get(path)
        [form] = [form for form in forms_of(page, path) if holding in form.fields]
        fields = {name: values[0] for name, values in form.fields.items() if values}
        sent = urlencode(fields | typed).encode()
        with self.browser.open(urljoin(self.site, form.address), sent) as answer:
            return answer.read().decode()


@contextmanager
def serving(shared, folder):
    """Start two servers on the database of the test, whose static files are collected."""
    database = connection.settings_dict
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        **kept,
        "SECRET_KEY": "known to everyone, and good for tests",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{shared}"
        if shared
        else "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(database),
        # The same for both: it stands in every body.
        "SITE_URL": "http://127.0.0.1",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    servers = [Server(environment), Server(environment)]
    try:
        for server in servers:
            server.wait()
        yield servers
    finally:
        for server in servers:
            server.process.terminate()
            server.process.wait()


def test_an_edit_through_one_process_is_seen_by_the_other_at_once(shared, tmp_path):
    make_ecosystem("rivages")
    group = make_group(
        short_name="lagune", tagline="Before the edit.", keywords=["rivages"], has_profile=True
    )
    ada = make_facilitator(group).person
    secret = make_link(Link.Purpose.EDIT, person=ada, group=group)
    with serving(shared, tmp_path) as (here, there):
        before = {address: there.get(address) for address in KEPT}
        for address, (status, tag, text) in before.items():
            assert (status, "Before the edit." in text) == (200, True), address
            # Both make the same of it, and neither sends it twice.
            assert here.get(address) == (status, tag, text), address
            assert there.get(address, known=tag)[0] == 304, address

        here.send(f"/l/{secret}/", holding="csrfmiddlewaretoken")
        said = here.send(
            "/groups/lagune/edit/", holding="base", tagline="After the edit.", do="save"
        )
        assert "C’est enregistré." in said

        for address, (_status, known, _text) in before.items():
            status, tag, text = there.get(address, known=known)
            assert (status, tag != known) == (200, True), address
            assert "After the edit." in text, address
            assert "Before the edit." not in text, address
            assert there.get(address, known=tag)[0] == 304, address
            assert here.get(address) == (status, tag, text), address
