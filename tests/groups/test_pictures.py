import os
from datetime import timedelta
from io import BytesIO
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from groups import pictures
from groups.forms.fields import sign_picture
from groups.models import Draft, Task
from groups.pictures import (
    delete_orphans,
    listing_name,
    original_name,
    orphans,
    read_picture,
    store_banner,
    store_logo,
)
from tests.factories import make_ecosystem, make_group
from tests.picture_files import HUGE_AVIF, HUGE_WEBP, encoded, photograph, png_of_zeros

KINDS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.LANGUAGE_CODE = "en"


def picture_of(name):
    with default_storage.open(name) as file:
        image = Image.open(BytesIO(file.read()))
        image.load()
    return image


def uploaded(data, name="picture.png", content_type="image/png"):
    return SimpleUploadedFile(name, data, content_type)


def refusal_of(data, **options):
    with pytest.raises(ValidationError) as refused:
        read_picture(uploaded(data), **options)
    return refused.value.messages[0]


# ── The one door ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_taken_for_what_it_is_whatever_it_is_called(kind):
    data = encoded(photograph((600, 200)), kind)

    image = read_picture(uploaded(data, "malware.exe", "text/html"))

    assert (image.mode, image.size) == ("RGB", (600, 200))


def test_every_refusal_is_a_sentence_that_says_what_to_do():
    still, second = photograph((40, 40)), photograph((40, 40))
    moving = encoded(still, "GIF", save_all=True, append_images=[second])
    whole = encoded(photograph((600, 300)), "JPEG")

    assert refusal_of(b"") == "This file is empty. Choose the picture once more."
    assert refusal_of(whole, most_bytes=10_000) == (
        "This file is too large: 9.8\xa0KB is the most. Save it smaller."
    )
    assert refusal_of(b"<svg/>") == "A drawing in SVG cannot be taken; save it as PNG."
    assert refusal_of(encoded(still, "TIFF")) == (
        "A file in TIFF cannot be taken; save it as JPEG or PNG."
    )
    assert refusal_of(b"<html>") == ("This is not a picture we can read; send a JPEG or PNG file.")
    assert refusal_of(moving) == "A picture that moves cannot be taken; save one still of it."
    assert refusal_of(whole[:-2000]) == (
        "This picture is damaged or cut off. Open it, save it again as JPEG or PNG, and send that "
        "one."
    )
    assert refusal_of(png_of_zeros(15000, 15000)) == (
        "This picture has 15,000 × 15,000 points, and 16 million is the most for its kind. "
        "Save it smaller, for instance 1920 wide."
    )
    assert refusal_of(encoded(still, "PNG"), narrowest=480) == (
        "This picture is 40 points wide, and would be blurred: send one that has at least 480."
    )


def test_a_file_of_the_most_bytes_is_taken_and_one_more_is_not():
    data = encoded(photograph((60, 60)), "PNG")

    assert read_picture(uploaded(data), most_bytes=len(data)).size == (60, 60)
    assert "too large" in refusal_of(data, most_bytes=len(data) - 1)


def test_a_picture_of_the_least_width_is_taken():
    data = encoded(photograph((480, 40)), "PNG")

    assert read_picture(uploaded(data), narrowest=480).width == 480


def test_no_more_is_read_of_a_file_than_decides(tmp_path):
    class Endless:
        def read(self, size):
            assert size == pictures.MOST_BYTES + 1
            return bytes(size)

    with pytest.raises(ValidationError):
        read_picture(Endless())


def is_taken_or_refused(data):
    """Say that a picture comes back or a sentence does, and nothing else happens."""
    try:
        image = read_picture(uploaded(data))
    except ValidationError as refused:
        return len(refused.messages) == 1 and refused.messages[0].endswith(".")
    return image.mode in ("RGB", "RGBA") and 1 <= max(image.size) <= 2560


STARTS = [
    b"",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"GIF89a",
    b"RIFF\xff\xff\0\0WEBP",
    b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf\0\0\0\xffmeta\0\0\0\0",
    b"<svg",
    b"BM",
]


@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=400))
def test_any_bytes_are_a_picture_or_a_sentence(start, rest):
    assert is_taken_or_refused(start + rest)


ONES = {
    "jpeg": encoded(photograph((64, 48)), "JPEG"),
    "jpeg in passes": encoded(photograph((64, 48)), "JPEG", progressive=True),
    "jpeg of four colours": encoded(photograph((64, 48), "CMYK"), "JPEG"),
    "png": encoded(photograph((64, 48)), "PNG"),
    "png of a palette": encoded(photograph((64, 48), "P"), "PNG", transparency=3),
    "gif": encoded(photograph((64, 48)), "GIF", transparency=3, comment=b"a comment"),
    "webp": encoded(photograph((64, 48)), "WEBP"),
    "webp, lossless": encoded(photograph((64, 48), "RGBA"), "WEBP", lossless=True),
    "webp, transparent": encoded(Image.new("RGBA", (64, 48), (9, 9, 9, 9)), "WEBP"),
    "avif": encoded(photograph((64, 48)), "AVIF"),
    "avif, transparent": encoded(Image.new("RGBA", (64, 48), (9, 9, 9, 9)), "AVIF"),
    "huge webp": HUGE_WEBP,
    "huge avif": HUGE_AVIF,
}


def damaged(data, dice):
    """Return ``data`` with a few bytes changed, taken out, put in or moved."""
    data = bytearray(data)
    for _wound in range(dice.choice([1, 1, 2, 5, 20])):
        # Heads decide most.
        end = dice.choice([40, 300, len(data)])
        at = dice.randrange(max(1, min(end, len(data))))
        deed = dice.randrange(5)
        if deed == 0:
            data[at : at + 1] = bytes([dice.randrange(256)])
        elif deed == 1:
            data[at : at + 1] = dice.choice([b"\0", b"\xff", b"\x7f", b"\x80"])
        elif deed == 2:
            del data[at : at + dice.choice([1, 2, 4, 50])]
        elif deed == 3:
            data[at:at] = dice.randbytes(dice.choice([1, 2, 4, 50]))
        else:
            start = dice.randrange(len(data) or 1)
            data[at : at + 8] = data[start : start + 8]
    return bytes(data)


@pytest.mark.parametrize("name", ONES)
@given(seed=st.integers(0, 1 << 32))
def test_a_damaged_picture_is_a_picture_or_a_sentence(name, seed):
    assert is_taken_or_refused(damaged(ONES[name], Random(seed)))


@pytest.mark.prove
@pytest.mark.parametrize("name", ONES)
def test_ten_thousand_damaged_pictures_are_pictures_or_sentences(name):
    dice = Random(name)
    for _round in range(10_000):
        assert is_taken_or_refused(damaged(ONES[name], dice))


# ── What is stored ──────────────────────────────────────────────────────────────────────────────


def test_a_banner_is_stored_in_both_sizes():
    name = store_banner(photograph())

    assert picture_of(name).size == (1920, 160)
    assert picture_of(listing_name(name)).size == (960, 80)
    assert {picture_of(each).format for each in (name, listing_name(name))} == {"WEBP"}


@pytest.mark.parametrize(
    ("part", "colour"), [("top", "red"), ("middle", "lime"), ("bottom", "blue"), ("?", "lime")]
)
def test_a_banner_is_cut_where_one_likes(part, colour):
    image = Image.new("RGB", (1200, 300), "lime")
    image.paste("red", (0, 0, 1200, 100))
    image.paste("blue", (0, 200, 1200, 300))

    name = store_banner(image, part)

    expected = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
    for each in (name, listing_name(name)):
        assert picture_of(each).getpixel((400, 40)) == pytest.approx(expected, abs=8)


def test_a_wide_picture_keeps_its_middle():
    image = Image.new("RGB", (4800, 160), "blue")
    image.paste("red", (1440, 0, 3360, 160))

    banner = picture_of(store_banner(image))

    assert banner.getpixel((5, 80))[0] > 200
    assert banner.getpixel((1914, 80))[0] > 200


def test_a_banner_that_lets_through_stands_on_paper():
    image = Image.new("RGBA", (1920, 160), (0, 0, 0, 0))

    assert picture_of(store_banner(image)).getpixel((9, 9)) == pytest.approx((253, 253, 250), abs=2)


def test_a_logo_keeps_its_proportions_within_its_box():
    assert picture_of(store_logo(photograph((100, 100)))).size == (180, 180)
    assert picture_of(store_logo(photograph((3000, 100)))).size == (540, 18)
    assert picture_of(store_logo(photograph((2000, 1)))).size == (540, 1)


def test_a_logo_keeps_its_transparent_ground():
    logo = Image.new("RGBA", (540, 180), (0, 0, 0, 0))

    assert picture_of(store_logo(logo)).mode == "RGBA"


def test_what_is_stored_weighs_no_more_than_a_listing_can_bear():
    noise = Image.merge("RGBA", [Image.effect_noise((1920, 400), 120) for _band in range(4)])
    banner = store_banner(noise.convert("RGB"))

    for name in (banner, listing_name(banner), store_logo(noise)):
        assert default_storage.size(name) <= 30_000


def test_a_name_follows_from_the_content_and_says_nothing_else():
    first, second = Image.new("RGB", (9, 9), "red"), Image.new("RGB", (9, 9), "blue")

    assert store_banner(first) == store_banner(first.copy())
    assert store_banner(first) != store_banner(second)
    folder, _slash, name = store_banner(first).partition("/")
    assert (folder, len(name)) == ("banners", len(".webp") + 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_a_picture_of_any_mode_is_stored(mode):
    assert picture_of(store_banner(photograph().convert(mode))).size == (1920, 160)
    assert picture_of(store_logo(photograph().convert(mode))).size == (360, 180)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_of_the_original_file_is_kept(kind):
    image = photograph()
    exif = image.getexif()
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825).update({1: "N", 2: (6.0, 29.0, 12.0), 29: "2026:11:21"})
    data = encoded(image, kind, exif=exif, xmp=b"<x:xmpmeta>taken at home</x:xmpmeta>")

    assert b"taken at home" in data

    if kind != "AVIF":
        data += b"<script>alert(1)</script>"
    read = read_picture(uploaded(data))

    for name in (store_banner(read), store_logo(read)):
        with default_storage.open(name) as file:
            stored = file.read()
        for trace in (b"taken at home", b"2026:11:21", b"script", b"EXIF", b"XMP ", b"ICCP"):
            assert trace not in stored


def test_names_of_copies_lead_to_the_original_and_back():
    assert listing_name("banners/ab.webp") == "banners/ab-960.webp"
    assert original_name("banners/ab-960.webp") == "banners/ab.webp"
    assert original_name("banners/ab.webp") == "banners/ab.webp"
    assert listing_name("") == ""


@pytest.mark.parametrize("dies_at", ["fsync", "replace"])
def test_a_crash_leaves_no_half_file_under_a_name(dies_at, monkeypatch, tmp_path):
    def die(*_arguments):
        raise KeyboardInterrupt

    image = photograph()
    with monkeypatch.context() as patch:
        patch.setattr(os, dies_at, die)
        with pytest.raises(KeyboardInterrupt):
            store_banner(image)

    assert not list(tmp_path.rglob("*.webp"))
    assert picture_of(listing_name(store_banner(image))).size == (960, 80)


def test_where_there_is_a_banner_there_is_its_copy(monkeypatch):
    kept = []
    monkeypatch.setattr(pictures, "_save", lambda name, _content: kept.append(name))

    name = store_banner(photograph())

    assert kept == [listing_name(name), name]


# ── What nobody uses ────────────────────────────────────────────────────────────────────────────

NOW = timezone.now()


def aged(name, age):
    moment = (NOW - age).timestamp()
    os.utime(default_storage.path(name), (moment, moment))
    return name


def coloured(colour):
    return Image.new("RGB", (600, 200), colour)


OLD = timedelta(days=2, seconds=1)


@pytest.mark.django_db
def test_what_nobody_has_used_for_two_days_is_deleted():
    old, young = store_banner(coloured("red")), store_logo(coloured("blue"))
    for name in (old, listing_name(old)):
        aged(name, OLD)
    aged(young, timedelta(days=2, seconds=-1))

    assert sorted(orphans(NOW)) == sorted([old, listing_name(old)])
    assert delete_orphans(NOW) == 2
    assert not default_storage.exists(old)
    assert default_storage.exists(young)
    assert delete_orphans(NOW) == 0


@pytest.mark.django_db
def test_what_is_used_anywhere_is_kept_whatever_its_age():
    names = [
        aged(store_banner(coloured(colour)), OLD)
        for colour in ("red", "green", "blue", "black", "white")
    ]
    logo = aged(store_logo(coloured("red")), OLD)
    for name in names:
        aged(listing_name(name), OLD)
    make_group(review="pending", banner=names[0], partners=[{"name": "A", "url": ""}])
    group = make_group(partners=[{"name": "Friends", "url": ""}])
    group.partners.update(logo=logo)
    make_ecosystem(banner=names[1])
    Draft.objects.create(email="ada@example.org", typed={"banner_kept": sign_picture(names[2])})
    proposal = {"extras": {"banner_kept": sign_picture(names[3])}}
    task = Task.objects.create(kind="edit", group=group, entry=proposal)

    assert sorted(orphans(NOW)) == sorted([names[4], listing_name(names[4])])

    Task.objects.filter(pk=task.pk).update(decision="settled", decided_at=NOW)

    assert names[3] in orphans(NOW)


@pytest.mark.django_db
def test_what_was_chosen_again_a_moment_ago_is_kept():
    aged(store_logo(coloured("red")), OLD)

    name = store_logo(coloured("red"))

    assert orphans(timezone.now()) == []
    assert default_storage.exists(name)


@pytest.mark.django_db
def test_what_was_chosen_again_while_orphans_are_deleted_is_kept(monkeypatch):
    name = aged(store_logo(coloured("red")), OLD)
    monkeypatch.setattr(pictures, "orphans", lambda now: [store_logo(coloured("red"))])

    assert delete_orphans(timezone.now()) == 0
    assert default_storage.exists(name)


@pytest.mark.django_db
def test_halves_a_crash_left_are_deleted_too(tmp_path):
    (tmp_path / "logos").mkdir()
    (tmp_path / "logos" / "part-0123").write_bytes(b"half")
    aged("logos/part-0123", OLD)

    assert delete_orphans(NOW) == 1


@pytest.mark.django_db
def test_where_nothing_was_ever_stored_nothing_is_deleted(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert delete_orphans(NOW) == 0
