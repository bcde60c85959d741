import json

import pytest

from tests.factories import make_group

pytestmark = pytest.mark.django_db


def test_the_map_answers_geojson_that_may_be_kept_a_minute(client):
    make_group(short_name="jardins", latitude=6.5, longitude=2.6)

    response = client.get("/map/groups.geojson?bbox=2,6,3,7&zoom=9")

    assert response["Content-Type"] == "application/geo+json"
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    assert [each["properties"]["url"] for each in json.loads(response.content)["features"]] == [
        "/groups/jardins/"
    ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "bbox=&zoom=",
        "bbox=here&zoom=near",
        "bbox=1,2&zoom=-5",
        "bbox=0,9,0,-9&zoom=99",
        "bbox=nan,nan,nan,nan&zoom=NaN",
        "zoom=1e9",
        "zoom=²",
        "kind=local",
        "keyword=nowhere",
        "page=9&sort=x&view=y",
    ],
)
def test_what_makes_no_sense_shows_the_world(client, query):
    make_group(latitude=6.5, longitude=2.6)

    response = client.get(f"/map/groups.geojson?{query}")

    assert response.status_code == 200
    assert len(json.loads(response.content)["features"]) == 1


def test_the_map_takes_the_filters_of_the_directory(client):
    make_group(short_name="one", kind="support", keywords=["velo"], latitude=6.5, longitude=2.6)
    make_group(short_name="two", kind="thematic", keywords=["velo"], latitude=6.5, longitude=2.6)

    response = client.get("/map/groups.geojson?keyword=velo&kind=support&bbox=2,6,3,7&zoom=12")

    assert "/groups/one/" in response.text
    assert "/groups/two/" not in response.text


def test_the_map_is_only_read(client):
    assert client.post("/map/groups.geojson").status_code == 405
