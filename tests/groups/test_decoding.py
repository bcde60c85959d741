import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from groups.decoding import decode
from groups.picture_files import MOST_PIXELS, Refused, look_at
from tests.groups.test_picture_files import BOMBS
from tests.picture_files import chunk, encoded, photograph, png_of_zeros

ROOT = Path(__file__).parents[2]


def decoded(data):
    return decode(look_at(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_picture_of_every_kind_becomes_points(kind):
    image = decoded(encoded(Image.new("RGB", (40, 20), "#3060c0"), kind))

    assert (image.mode, image.size) == ("RGB", (40, 20))
    assert image.getpixel((9, 9)) == pytest.approx((0x30, 0x60, 0xC0), abs=8)
    assert image.info == {}


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        ("1", "PNG", "RGB"),
        ("L", "PNG", "RGB"),
        ("LA", "PNG", "RGBA"),
        ("P", "PNG", "RGB"),
        ("RGBA", "PNG", "RGBA"),
        ("L", "JPEG", "RGB"),
        ("CMYK", "JPEG", "RGB"),
        ("RGBA", "WEBP", "RGBA"),
        ("RGBA", "AVIF", "RGBA"),
        ("L", "GIF", "RGB"),
    ],
)
def test_every_mode_becomes_eight_bits_a_colour(mode, kind, expected):
    grey = Image.new("LA", (40, 20), (128, 200)).convert(mode)

    image = decoded(encoded(grey, kind))

    assert image.mode == expected
    if mode != "1":
        assert image.getpixel((9, 9))[:3] == pytest.approx((128,) * 3, abs=6)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_what_lets_through_is_kept_however_it_is_written(mode):
    transparent = (0, 0, 0) if mode == "RGB" else 0
    data = encoded(Image.new(mode, (40, 20)), "PNG", transparency=transparent)

    assert decoded(data).getpixel((9, 9))[3] == 0


def test_sixteen_bits_a_point_keep_their_greys():
    image = Image.new("I;16", (2, 1))
    image.putpixel((0, 0), 65535)
    image.putpixel((1, 0), 16384)

    shown = decoded(encoded(image, "PNG"))

    assert [shown.getpixel((x, 0))[0] for x in (0, 1)] == [255, 64]


@pytest.mark.parametrize(
    ("orientation", "corner"),
    list(enumerate(["top left", "top right", "bottom right", "bottom left"] * 2, start=1)),
)
@pytest.mark.parametrize("kind", ["PNG", "AVIF"])
def test_a_picture_is_upright_however_the_camera_was_held(orientation, corner, kind):
    image = Image.new("RGB", (40, 20))
    image.paste("white", (0, 0, 20, 10))
    exif = image.getexif()
    exif[0x0112] = orientation

    upright = decoded(encoded(image, kind, exif=exif))

    width, height = (40, 20) if orientation < 5 else (20, 40)
    x = 2 if "left" in corner else width - 3
    y = 2 if "top" in corner else height - 3
    assert upright.size == (width, height)
    assert upright.getpixel((x, y))[0] > 200
    assert upright.getpixel((width - 1 - x, height - 1 - y))[0] < 50


def test_colours_of_another_profile_become_those_of_the_web():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (40, 20), "#3060c0")

    for profile in (srgb, lab, b"no profile", b"", srgb[:200], bytes(4_000_000)):
        shown = decoded(encoded(image, "JPEG", icc_profile=profile, quality=95))
        assert shown.getpixel((9, 9)) == pytest.approx((0x30, 0x60, 0xC0), abs=3)


def test_a_profile_with_red_and_blue_exchanged_is_understood():
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    image = Image.new("RGBA", (40, 20), (255, 0, 0, 77))

    shown = decoded(encoded(image, "PNG", icc_profile=bytes(profile)))

    assert shown.mode == "RGBA"
    assert shown.getpixel((9, 9)) == (0, 0, 255, 77)


def test_a_large_photograph_is_decoded_small():
    image = decoded(encoded(Image.new("RGB", (8160, 6144)), "JPEG"))

    assert image.size == (2560, 1928)


@pytest.mark.parametrize("size", [(5000, 10), (10, 5000), (1, 1), (3000, 4000)])
def test_a_picture_of_any_shape_fits_into_the_box(size):
    image = decoded(encoded(Image.new("RGB", size), "PNG"))

    assert max(image.size) <= 2560
    assert min(image.size) >= 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_picture_that_is_cut_off_is_refused(kind, share):
    data = encoded(photograph((200, 200)), kind)

    with pytest.raises(Refused) as refused:
        decoded(data[: int(len(data) * share)])

    assert refused.value.code == "broken"


def test_what_a_decoder_finds_strange_is_not_shouted():
    strange = chunk(b"eXIf", b"II*\0\x08\0\0\0\xff\xff" + bytes(20))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        decoded(png_of_zeros(40, 20, extra=strange))

    assert caught == []


def test_the_guard_of_the_decoder_stands_behind_ours():
    assert MOST_PIXELS == Image.MAX_IMAGE_PIXELS == 65_000_000


MEASURE = """
import resource, sys
from time import process_time
from pathlib import Path
from PIL import Image
from groups.decoding import decode
from groups.picture_files import Refused, look_at

Image.init()
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
for path in sys.argv[1:]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = process_time()
    try:
        decode(look_at(Path(path).read_bytes()))
        code = "taken"
    except Refused as refused:
        code = refused.code
    spent = process_time() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    # macOS counts bytes, Linux kilobytes.
    print(code, grown // (1024 if sys.platform == "darwin" else 1), round(1000 * spent))
"""


def measured(files, folder):
    """Return [(code, grown in kB, milliseconds)] of each file, decoded one after another."""
    paths = [folder / str(number) for number in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    command = [sys.executable, "-c", MEASURE, *map(str, paths)]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [
        (code, int(grown), int(spent)) for code, grown, spent in map(str.split, shown.splitlines())
    ]


def test_a_bomb_costs_a_few_megabytes_and_a_few_milliseconds(tmp_path):
    bombs = [make() for make in BOMBS.values()]

    for name, (code, grown, spent) in zip(BOMBS, measured(bombs, tmp_path), strict=True):
        assert code == "too_many_pixels", name
        assert grown < 8_000, name
        assert spent < 100, name


@pytest.mark.prove
def test_the_largest_pictures_that_are_taken_stay_within_their_memory(tmp_path):
    grain = photograph((9300, 6900))
    part = grain.crop((0, 0, 6100, 4090))
    files = [
        encoded(grain, "JPEG", quality=10),
        encoded(part.convert("CMYK"), "JPEG", progressive=True, quality=5),
        encoded(Image.new("RGBA", (4000, 4000), (1, 2, 3, 4)), "PNG"),
        encoded(Image.new("P", (4000, 4000)), "PNG", transparency=0),
        encoded(Image.new("RGBA", (4100, 3100), (1, 2, 3, 4)), "WEBP", lossless=True),
        encoded(Image.new("RGB", (4000, 4000)), "AVIF", speed=10),
        encoded(Image.new("P", (4000, 4000)), "GIF"),
    ]

    for file in files:
        ((code, grown, spent),) = measured([file], tmp_path)
        assert code == "taken"
        assert grown < 280_000
        assert spent < 5_000
