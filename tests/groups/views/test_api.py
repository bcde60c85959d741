"""The page about the API, and its document."""

import re

import pytest

from groups.api.document import ANSWERS, document
from tests.factories import make_group

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_shows_every_address_and_parameter_of_the_document(client, prefix):
    page = client.get(f"{prefix}/api/v1/docs")

    assert page.status_code == 200
    for path, methods in document()["paths"].items():
        assert f"GET {path}<" in page.text
        for parameter in methods["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page.text


def test_the_page_speaks_both_languages_and_leaves_no_cookie(client):
    french, english = client.get("/api/v1/docs"), client.get("/en/api/v1/docs")

    assert '<h2 id="listGroups">Les groupes de l’annuaire</h2>' in french.text
    assert '<h2 id="listGroups">The groups of the directory</h2>' in english.text
    assert not french.cookies
    assert "Cookie" not in french.get("Vary", "")
    assert "<script" not in french.text


def test_every_type_of_a_problem_is_a_part_of_the_page(client):
    page = client.get("/api/v1/docs").text
    kind = client.get("/api/v1/groups?sort=name").json()["type"]

    assert f'id="{kind.partition("#")[2]}"' in page


def test_the_lines_to_try_can_be_tried(client, settings):
    make_group(short_name="jardins-lagune", keywords=["rivages"])
    page = client.get("/api/v1/docs").text
    lines = re.findall(r"curl &#x27;(.*?)&#x27;", page)

    assert len(lines) == len(document()["paths"]) + 1
    for line in lines:
        address = line.replace("&amp;", "&").removeprefix(settings.SITE_URL)
        assert client.get(address).status_code == 200, address


def test_the_document_is_one_of_openapi_3_1_and_names_the_licence(client, settings):
    response = client.get("/api/v1/openapi.json")
    told = response.json()

    assert response["Content-Type"] == "application/json"
    assert told["openapi"].startswith("3.1")
    assert told["info"]["license"]["url"] == settings.DATA_LICENCE
    assert told["servers"] == [{"url": settings.SITE_URL}]
    assert "600" in told["info"]["description"]


def test_every_operation_names_every_answer_it_may_give():
    for path, methods in document()["paths"].items():
        answers = methods["get"]["responses"].keys()
        assert {"200", "304", "405", "422", "429", "500", "503"} <= answers
        assert ("404" in answers) == ("{" in path)


@pytest.mark.parametrize("shape", ANSWERS, ids=lambda shape: shape.__name__)
def test_the_examples_of_the_document_have_the_shape_it_names(shape):
    said = ANSWERS[shape]

    assert shape.model_validate(said).model_dump(mode="json").keys() >= said.keys()


def test_the_api_itself_is_the_page_about_it(client):
    assert client.get("/api/v1/").url == "/api/v1/docs"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_about_this_directory_leads_there(client, prefix):
    assert f'href="{prefix}/api/v1/docs"' in client.get(f"{prefix}/about/").text
