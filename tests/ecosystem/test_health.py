import pytest
from django.db import InterfaceError, OperationalError, connection

pytestmark = pytest.mark.django_db


def refuse(execute, sql, params, many, context):
    raise OperationalError("The server closed the connection unexpectedly.")


def find_closed(execute, sql, params, many, context):
    raise InterfaceError("The connection is closed.")


def test_healthz_answers_ok_while_the_database_does(client):
    response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")
    assert response["Content-Type"] == "text/plain"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("away", [refuse, find_closed])
def test_healthz_fails_while_the_database_is_away(client, away):
    with connection.execute_wrapper(away):
        response = client.get("/healthz")

    assert (response.status_code, response.text) == (503, "database away\n")
    assert "no-store" in response["Cache-Control"]


def test_healthz_comes_back_with_the_database(client):
    with connection.execute_wrapper(refuse):
        client.get("/healthz")

    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_healthz_is_only_read(client, method):
    assert getattr(client, method)("/healthz").status_code == 405


def test_healthz_costs_one_query_and_sets_no_cookie(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # whether the database answers
        response = client.get("/healthz")

    assert not response.cookies
