from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from groups.pictures import listing_name, original_name, store_banner, store_logo


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture_of(name):
    with default_storage.open(name) as file:
        image = Image.open(BytesIO(file.read()))
        image.load()
    return image


def photograph(size=(1000, 500), mode="RGB"):
    return Image.effect_noise(size, 60).convert(mode)


def test_a_banner_is_stored_in_both_sizes():
    name = store_banner(photograph())

    assert picture_of(name).size == (1920, 160)
    assert picture_of(listing_name(name)).size == (960, 80)
    assert {picture_of(each).format for each in (name, listing_name(name))} == {"WEBP"}


def test_a_logo_keeps_its_proportions_within_its_box():
    assert picture_of(store_logo(photograph((100, 100)))).size == (180, 180)
    assert picture_of(store_logo(photograph((3000, 100)))).size == (540, 18)


def test_a_logo_keeps_its_transparent_ground():
    logo = Image.new("RGBA", (540, 180), (0, 0, 0, 0))

    assert picture_of(store_logo(logo)).mode == "RGBA"


def test_a_name_follows_from_the_content_and_says_nothing_else():
    first, second = Image.new("RGB", (9, 9), "red"), Image.new("RGB", (9, 9), "blue")

    assert store_banner(first) == store_banner(first.copy())
    assert store_banner(first) != store_banner(second)
    folder, _slash, name = store_banner(first).partition("/")
    assert (folder, len(name)) == ("banners", len(".webp") + 20)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "CMYK"])
def test_a_picture_of_any_mode_becomes_a_banner(mode):
    assert picture_of(store_banner(photograph(mode=mode))).size == (1920, 160)


def test_nothing_of_the_original_file_is_kept():
    image = photograph()
    exif = image.getexif()
    exif[0x010E] = "taken at home"
    encoded = BytesIO()
    image.save(encoded, "JPEG", exif=exif, comment="taken at home")

    assert b"taken at home" in encoded.getvalue()

    name = store_banner(Image.open(encoded))

    with default_storage.open(name) as file:
        assert b"taken at home" not in file.read()
    assert dict(picture_of(name).getexif()) == {}


def test_names_of_copies_lead_to_the_original_and_back():
    assert listing_name("banners/ab.webp") == "banners/ab-960.webp"
    assert original_name("banners/ab-960.webp") == "banners/ab.webp"
    assert original_name("banners/ab.webp") == "banners/ab.webp"
    assert listing_name("") == ""
