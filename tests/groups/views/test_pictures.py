import pytest
from PIL import Image

from groups import deciding
from groups.forms.fields import sign_picture
from groups.pictures import listing_name, store_banner, store_logo
from tests.factories import make_group, make_person

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


@pytest.fixture
def banner(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return store_banner(Image.new("RGB", (960, 80), "red"))


def test_a_published_picture_is_kept_for_ever(client, banner):
    make_group(banner=banner)

    for name in (banner, listing_name(banner)):
        response = client.get(f"/media/{name}")
        assert response.status_code == 200
        assert response["Content-Type"] == "image/webp"
        assert set(response["Cache-Control"].split(", ")) == FOR_EVER
        assert not response.cookies


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_a_picture_nobody_published_is_seen_by_nobody(client, banner, review):
    make_group(review=review, banner=banner)
    client.force_login(make_person())

    for name in (banner, listing_name(banner)):
        assert client.get(f"/media/{name}").status_code == 404


def test_the_logo_of_a_group_that_waits_is_seen_by_nobody(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    logo = store_logo(Image.new("RGB", (540, 180), "red"))
    group = make_group(review="pending", partners=[{"name": "Friends", "url": ""}])
    group.partners.update(logo=logo)

    assert client.get(f"/media/{logo}").status_code == 404

    deciding.publish([group], by=None)

    assert client.get(f"/media/{logo}").status_code == 200


def test_whoever_holds_the_form_sees_the_picture_it_carries_and_keeps_nothing(client, banner):
    key = sign_picture(banner).rpartition(":")[2]

    for name in (banner, listing_name(banner)):
        response = client.get(f"/media/{name}", {"key": key})
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
        assert not response.cookies


def test_a_key_opens_its_own_picture_only(client, banner):
    other = store_banner(Image.new("RGB", (960, 80), "blue"))
    key = sign_picture(other).rpartition(":")[2]

    for wrong in (key, "", "x", "é", "\0", f"{banner}:{key}"):
        assert client.get(f"/media/{banner}", {"key": wrong}).status_code == 404


def test_what_lies_elsewhere_is_not_a_picture(client, banner, settings):
    (settings.MEDIA_ROOT / "secret").mkdir()
    (settings.MEDIA_ROOT / "secret" / "a.webp").write_bytes(b"a secret")
    key = sign_picture("secret/a.webp").rpartition(":")[2]

    assert client.get("/media/secret/a.webp").status_code == 404
    assert client.get("/media/banners/../secret/a.webp", {"key": key}).status_code == 404
