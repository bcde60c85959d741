"""Under /api/ every answer may be read by any site, and none is a page."""

import io

import pytest
from django.db import OperationalError, connection

from ecosystem.wsgi import application
from groups.api import operations
from tests.factories import make_group

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
ADDRESSES = [
    "groups",
    "groups/jardins",
    "ecosystems",
    "ecosystems/eau",
    "ecosystems/eau/groups",
    "keywords",
]


def refuse(execute, sql, params, many, context):
    raise OperationalError("The server closed the connection unexpectedly.")


def is_problem(response, status):
    """Say whether this is a problem of RFC 9457 that any site may read."""
    said = response.json()
    assert response.status_code == said["status"] == status
    assert response["Content-Type"] == PROBLEM
    assert said["type"] == "about:blank" or "/api/v1/docs#" in said["type"]
    assert said["title"]
    assert said["detail"].endswith(".")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "no-store"
    return True


@pytest.mark.parametrize("address", ["", "v1/nothing", "v1/groups/", "v1/groups/a/b", "v2/groups"])
def test_there_is_no_page_where_there_is_nothing(client, address):
    assert is_problem(client.get(f"/api/{address}"), 404)


@pytest.mark.parametrize("address", [*ADDRESSES, "openapi.json", "docs", ""])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_it_is_for_reading(client, address, method):
    response = getattr(client, method)(f"/api/v1/{address}")

    assert is_problem(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", [*ADDRESSES, "docs", "openapi.json", "never"])
def test_a_browser_may_ask_for_another_site(client, address):
    asked = {"origin": "https://other.example", "access-control-request-method": "GET"}
    asked["access-control-request-headers"] = "if-none-match"

    response = client.options(f"/api/v1/{address}", headers=asked)

    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_site_may_read_every_answer_and_its_headers(client, address):
    make_group(short_name="jardins", keywords=["eau"])

    response = client.get(f"/api/v1/{address}")

    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Expose-Headers"] == "ETag, Link, Retry-After"
    again = client.get(f"/api/v1/{address}", headers={"if-none-match": response["ETag"]})
    assert again["Access-Control-Allow-Origin"] == "*"


def test_pages_may_not_be_read_by_other_sites(client):
    assert "Access-Control-Allow-Origin" not in client.get("/about/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_database_that_is_away_is_a_problem_and_no_page(client, address):
    make_group(short_name="jardins", keywords=["eau"])

    with connection.execute_wrapper(refuse):
        response = client.get(f"/api/v1/{address}")

    assert is_problem(response, 503)
    assert response["Retry-After"] == "60"


@pytest.mark.parametrize("address", ["docs", "openapi.json"])
def test_the_document_and_its_page_need_no_database(client, address):
    with connection.execute_wrapper(refuse):
        assert client.get(f"/api/v1/{address}").status_code == 200


def test_a_fault_of_ours_is_a_problem_and_no_page(client, monkeypatch):
    def fail(*args):
        raise RuntimeError("A fault of ours.")

    monkeypatch.setattr(operations, "read_page", fail)
    client.raise_request_exception = False

    response = client.get("/api/v1/groups")

    assert is_problem(response, 500)
    assert "fault of ours" not in response.text


def test_a_stranger_host_is_a_problem_and_no_page(client):
    assert is_problem(client.get("/api/v1/groups", headers={"host": "other.example"}), 400)


def test_what_is_too_large_is_a_problem_and_no_page(client):
    response = client.post("/api/v1/groups", CONTENT_LENGTH="99999999999")

    assert is_problem(response, 413)


def test_another_site_may_follow_to_where_the_connection_is_safe(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/api/v1/groups")

    assert response["Location"].startswith("https://")
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ["nothing", "groups?sort=name", "groups/never"])
def test_a_problem_is_as_safe_as_any_page(client, address):
    response = client.get(f"/api/v1/{address}")

    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


def test_a_compressed_page_does_not_shine_through(client):
    response = client.get("/api/v1/nothing", headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in response
    assert is_problem(response, 404)


def test_the_real_server_is_framed_as_well():
    """The table of what every request passes through, not the one of the test client."""
    answered = {}
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/api/v1/nothing",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }

    def start(status, headers, _error=None):
        answered.update(headers, status=status)

    body = b"".join(application(environ, start))

    assert answered["status"].startswith("404")
    assert answered["Content-Type"] == PROBLEM
    assert int(answered["Content-Length"]) == len(body)
