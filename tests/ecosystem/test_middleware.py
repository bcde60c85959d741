import pytest
from django.db import OperationalError, connection

from tests.factories import make_group

pytestmark = pytest.mark.django_db

PAGES = ["/", "/groups/", "/groups/jardins/", "/ecosystems/", "/ecosystems/velo/", "/jardins/"]


def refuse(execute, sql, params, many, context):
    raise OperationalError("The server closed the connection unexpectedly.")


# The language


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "fr"),
        ("/groups/", "fr"),
        ("/en/", "en"),
        ("/en/groups/", "en"),
        ("/nowhere/", "fr"),
        ("/en/nowhere/", "en"),
        ("/english/", "fr"),
        ("/healthz", "fr"),
    ],
)
@pytest.mark.parametrize("wanted", ["en", "fr", "de", "ar"])
def test_the_address_alone_decides_the_language(client, path, language, wanted):
    response = client.get(path, headers={"accept-language": wanted, "cookie": "django_language=en"})

    assert response["Content-Language"] == language
    if response["Content-Type"].startswith("text/html"):
        assert f'<html lang="{language}"' in response.text


@pytest.mark.parametrize("path", ["/", "/en/", "/groups/", "/about/", "/nowhere/"])
def test_pages_vary_neither_by_language_nor_by_cookie(client, path):
    varies = {each.strip() for each in client.get(path).get("Vary", "").split(",")}

    assert varies <= {"", "Accept-Encoding"}


def test_the_language_of_one_request_does_not_stay_for_the_next(client):
    client.get("/en/")

    assert '<html lang="fr"' in client.get("/").text


def test_french_has_no_prefix(client):
    assert client.get("/fr/").status_code == 404


# A database that is away


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_database_that_is_away_gives_a_page_and_not_a_traceback(client, prefix, path):
    address = path if path == "/jardins/" else prefix + path
    make_group(short_name="jardins", keywords=["velo"])
    assert client.get(address).status_code in (200, 302)

    with connection.execute_wrapper(refuse):
        response = client.get(address)

    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "<h1>" in response.text
    assert "OperationalError" not in response.text


def test_the_503_page_speaks_the_language_of_its_address(client):
    with connection.execute_wrapper(refuse):
        french, english = client.get("/groups/"), client.get("/en/groups/")

    assert '<html lang="fr"' in french.text
    assert '<html lang="en"' in english.text
    assert french["Content-Language"] == "fr"


@pytest.mark.parametrize("path", ["/about/", "/groups/jardins/pattern.svg", "/cloth.svg?band=x1"])
def test_what_asks_the_database_nothing_is_served_without_it(client, path):
    with connection.execute_wrapper(refuse):
        assert client.get(path).status_code == 200


def test_an_error_of_ours_is_no_excuse_for_a_503(client):
    def refuse_groups(execute, sql, params, many, context):
        if "groups_" in sql:
            raise OperationalError("no such column")
        return execute(sql, params, many, context)

    client.raise_request_exception = False
    with connection.execute_wrapper(refuse_groups):
        assert client.get("/groups/").status_code == 500


# Headers every page has


@pytest.mark.parametrize("path", ["/", "/groups/", "/nowhere/", "/healthz", "/map/groups.geojson"])
def test_every_answer_refuses_frames_and_guesses(client, path):
    response = client.get(path)

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "nonce" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/groups/", "/ecosystems/", "/about/", "/nowhere/"])
def test_reading_sets_no_cookie(client, path):
    assert not client.get(path).cookies
