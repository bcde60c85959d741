import pytest

from tests.factories import make_group

pytestmark = pytest.mark.django_db

FOR_EVER = {"public", "max-age=31536000", "immutable"}


@pytest.mark.parametrize("address", ["/groups/jardins/pattern.svg", "/cloth.svg?band=jardins"])
def test_a_drawing_is_kept_for_ever_and_asks_the_database_nothing(
    client, django_assert_num_queries, address
):
    with django_assert_num_queries(0):
        response = client.get(address)

    assert response["Content-Type"] == "image/svg+xml"
    assert set(response["Cache-Control"].split(", ")) == FOR_EVER
    assert not response.cookies


def test_the_edge_is_another_drawing_of_the_same_weave(client):
    band = client.get("/groups/jardins/pattern.svg").content
    edge = client.get("/groups/jardins/pattern.svg?edge").content

    assert band.startswith(b"<svg")
    assert edge.startswith(b"<svg")
    assert band != edge


@pytest.mark.parametrize("name", ["x", "12", "JARDINS", "a_b", "-ab"])
def test_what_is_no_short_name_has_no_pattern(client, name):
    assert client.get(f"/groups/{name}/pattern.svg").status_code == 404


def test_a_cloth_is_sewn_from_six_bands_at_most(client):
    names = [f"band=group-{number}" for number in range(50)]

    assert client.get("/cloth.svg?" + "&".join(names)).content.count(b"<pattern") == 6


@pytest.mark.parametrize("query", ["", "band=", "band=%00", "band=<script>"])
def test_a_cloth_of_nothing_is_a_cloth(client, query):
    response = client.get(f"/cloth.svg?{query}")

    assert response.status_code == 200
    assert b"script" not in response.content


def test_cards_show_the_pattern_where_there_is_no_banner(client):
    make_group(short_name="jardins")
    make_group(short_name="verger", banner="banners/0123.webp")

    text = client.get("/groups/").text

    assert 'src="/groups/jardins/pattern.svg"' in text
    assert 'src="/media/banners/0123-960.webp"' in text
