from xml.etree import ElementTree

import jsonschema
import pytest

from groups.entries import save_entry
from groups.models import FormerKeywordSlug
from tests.factories import make_ecosystem, make_group, make_keyword

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
# Section 2.3.4 of the specification, for what is rich.
SCHEMA = {
    "type": "object",
    "required": ["type", "version", "html", "width", "height"],
    "properties": {
        "type": {"const": "rich"},
        "version": {"const": "1.0"},
        "title": {"type": "string"},
        "provider_name": {"type": "string"},
        "provider_url": {"type": "string", "pattern": "^https?://"},
        "cache_age": {"type": "integer", "minimum": 1},
        "html": {"type": "string", "pattern": '^<iframe src="https?://'},
        "width": {"type": "integer", "minimum": 1},
        "height": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL, settings.SITE_HOST = SITE, "127.0.0.1:8000"


def ask(client, path, **params):
    return client.get("/oembed/", {"url": f"{SITE}{path}", **params})


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/ecosystems/rivages/", "fr"),
        ("/en/ecosystems/rivages/", "en"),
        ("/groups/jardins/", "fr"),
        ("/en/groups/jardins/", "en"),
        ("/jardins/", "fr"),
    ],
)
def test_pages_and_short_addresses_can_be_shown_elsewhere(client, path, language):
    make_ecosystem("rivages")
    make_group(short_name="jardins", keywords=["rivages"])

    response = ask(client, path)
    as_xml = ElementTree.fromstring(ask(client, path, format="xml").content)

    jsonschema.validate(response.json(), SCHEMA)
    assert ("lang=en" in response.json()["html"]) == (language == "en")
    assert {each.tag: each.text for each in as_xml} == {
        name: str(value) for name, value in response.json().items()
    }
    assert response["Access-Control-Allow-Origin"] == "*"


def test_an_address_of_before_shows_what_is_there_today(client):
    make_ecosystem("velo")
    FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("velo"))
    save_entry({"short_name": "jardins"}, group=make_group(short_name="jardin"), why="test")

    assert "/ecosystems/velo/widget/" in ask(client, "/ecosystems/bike/").json()["html"]
    for path in ("/groups/jardin/", "/jardin/"):
        assert "/groups/jardins/widget/" in ask(client, path).json()["html"]


@pytest.mark.parametrize(("width", "height"), [(320, 300), (480, 1000), (800, 2000), (200, 100)])
@pytest.mark.parametrize("path", ["/ecosystems/rivages/", "/groups/jardins/"])
def test_the_sizes_asked_for_are_kept_to(client, path, width, height):
    make_ecosystem("rivages")
    make_group(short_name="jardins", keywords=["rivages"])
    for _ in range(9):
        make_group(keywords=["rivages"])

    answer = ask(client, path, maxwidth=width, maxheight=height).json()

    assert answer["width"] <= width
    assert answer["height"] <= height


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 400),
        ({"url": f"{SITE}/groups/jardins/", "maxwidth": "wide"}, 400),
        ({"url": "http://[nonsense/"}, 400),
        ({"url": f"{SITE}/groups/jardins/edit/"}, 401),
        ({"url": f"{SITE}/groups/nobody/edit/"}, 401),
        ({"url": f"{SITE}/groups/hidden/"}, 404),
        ({"url": f"{SITE}/ecosystems/nowhere/"}, 404),
        ({"url": f"{SITE}/about/"}, 404),
        ({"url": "https://elsewhere.example.org/groups/jardins/"}, 404),
        ({"url": f"{SITE}/groups/jardins/", "format": "yaml"}, 501),
    ],
)
def test_errors_are_those_of_the_specification(client, params, status):
    make_group(short_name="jardins")
    make_group(short_name="hidden", review="pending")

    assert client.get("/oembed/", params).status_code == status


@pytest.mark.parametrize("path", ["/ecosystems/rivages/", "/groups/jardins/"])
def test_pages_say_where_to_ask(client, path):
    make_ecosystem("rivages")
    make_group(short_name="jardins", keywords=["rivages"])

    text = client.get(path).text

    for kind in ("application/json+oembed", "text/xml+oembed"):
        assert f'<link rel="alternate" type="{kind}" href="/oembed/?url=' in text
