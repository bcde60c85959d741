import logging

import pytest
from django.test import Client

from ecosystem.logs import WithoutSecrets
from groups.links import make_link
from groups.models import Link
from tests.factories import make_group

SECRET = "abcdefghijklmnopqrstuvwxyz_-0123"


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        (f"Not Found: /l/{SECRET}/", "Not Found: /l/…/"),
        (f"Not Found: /en/l/{SECRET}", "Not Found: /en/l/…"),
        (f'"GET /l/{SECRET}/?a=b HTTP/1.1" 410', '"GET /l/…/?a=b HTTP/1.1" 410'),
        (f"/checkin/{SECRET}/ and /l/{SECRET}/", "/checkin/…/ and /l/…/"),
        (f"/account/unsubscribe/7:{SECRET}/", "/account/unsubscribe/…/"),
        ("Not Found: /account/data/", "Not Found: /account/data/"),
    ],
)
def test_a_secret_is_taken_out_of_an_address(said, logged):
    record = logging.LogRecord("name", logging.INFO, "", 0, "%s", (said,), None)

    assert WithoutSecrets().filter(record)

    assert record.getMessage() == logged


@pytest.mark.django_db
def test_no_log_names_the_secret_of_a_link(caplog):
    secret = make_link(Link.Purpose.KEPT, group=make_group())
    Link.objects.update(ended_at="2026-01-01T00:00Z")

    with caplog.at_level(logging.DEBUG):
        Client().get(f"/l/{secret}/")
        Client().get(f"/en/l/{SECRET}/")
        Client(enforce_csrf_checks=True).post(f"/l/{secret}/")
        Client().put(f"/l/{secret}/")

    said = [record.getMessage() for record in caplog.records if record.name.startswith("django.")]
    assert len(said) >= 4
    assert secret not in caplog.text
    assert SECRET not in caplog.text
