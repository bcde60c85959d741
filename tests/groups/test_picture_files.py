import struct
import zlib
from io import BytesIO
from time import process_time

import pytest
from PIL import Image

from groups.picture_files import Refused, look_at
from tests.picture_files import (
    HUGE_AVIF,
    HUGE_WEBP,
    chunk,
    encoded,
    photograph,
    png_of_zeros,
    riff,
)

KINDS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]


def refusal_of(data):
    with pytest.raises(Refused) as refused:
        look_at(data)
    return refused.value.code


def opened(found):
    image = Image.open(BytesIO(found.data), formats=[found.format])
    image.load()
    return image


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_known_by_what_is_in_it(kind):
    found = look_at(encoded(photograph((37, 21)), kind))

    assert (found.format, found.width, found.height) == (kind, 37, 21)
    assert opened(found).size == (37, 21)
    assert (found.orientation, found.profile) == (1, b"")


@pytest.mark.parametrize(
    "options",
    [{"progressive": True}, {"restart_marker_blocks": 1}, {"subsampling": 0}, {"quality": 100}],
)
def test_a_jpeg_of_any_making_goes_on_whole(options):
    data = encoded(photograph((300, 200)), "JPEG", **options)

    assert opened(look_at(data)).tobytes() == Image.open(BytesIO(data)).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_beside_the_picture_is_left_out(kind):
    image = photograph((40, 40))
    exif = image.getexif()
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[29] = "2026:11:21"
    exif[0x0112] = 6
    data = encoded(image, kind, exif=exif, icc_profile=b"a profile of mine")

    assert b"taken at home" in data

    found = look_at(data)

    assert b"taken at home" not in found.data
    assert b"2026:11:21" not in found.data
    assert (found.orientation, found.profile) == (6, b"a profile of mine")
    assert "exif" not in opened(found).info


@pytest.mark.parametrize("kind", ["JPEG", "GIF"])
def test_a_comment_is_left_out(kind):
    data = encoded(photograph((40, 40)), kind, comment=b"taken at home")

    assert b"taken at home" in data
    assert b"taken at home" not in look_at(data).data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_was_glued_to_the_end_is_left_out(kind):
    data = encoded(photograph((40, 40)), kind) + b"<script>alert(1)</script>"

    found = look_at(data)

    assert b"script" not in found.data
    assert opened(found).size == (40, 40)


def test_the_second_picture_a_phone_glues_behind_the_first_is_left_out():
    first, second = photograph((40, 30)), photograph((20, 10))
    data = encoded(first, "MPO", save_all=True, append_images=[second])

    found = look_at(data)

    assert found.data.count(b"\xff\xd8\xff") == 1
    assert opened(found).format == "JPEG"


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("value", "expected"), [(1, 1), (8, 8), (0, 1), (9, 1)])
def test_which_side_is_up_is_read_in_both_orders_of_bytes(order, value, expected):
    start = {"<": b"II*\0", ">": b"MM\0*"}[order]
    tag = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, value, 0)
    exif = start + struct.pack(f"{order}IH", 8, 1) + tag
    data = png_of_zeros(4, 4, extra=chunk(b"eXIf", exif))

    assert look_at(data).orientation == expected


@pytest.mark.parametrize(
    "exif", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"junk", b"MM\0*\0\0\0\x08\xff"]
)
def test_broken_exif_says_nothing(exif):
    assert look_at(png_of_zeros(4, 4, extra=chunk(b"eXIf", exif))).orientation == 1


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_a_picture_that_moves_is_refused(kind):
    frames = [photograph((30, 30)) for _frame in range(3)]

    assert (
        refusal_of(encoded(frames[0], kind, save_all=True, append_images=frames[1:])) == "animated"
    )


def test_a_gif_of_one_frame_that_would_repeat_is_still():
    data = encoded(photograph((30, 30)), "GIF", loop=0)

    assert look_at(data).width == 30


@pytest.mark.parametrize("count", [2, 50_000])
def test_a_gif_is_refused_at_its_second_frame(count):
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    data = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + frame * count + b";"

    assert refusal_of(data) == "animated"


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- drawn -->\n<SVG/>", "svg"),
        ("<?xml version='1.0' encoding='utf-16'?><svg/>".encode("utf-16"), "svg"),
        (b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x'>", "svg"),
        (b"BM" + bytes(100), "format"),
        (b"II*\0" + bytes(100), "format"),
        (b"%PDF-1.7", "format"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "format"),
        (b"<html>", "not_a_picture"),
        (b"\0", "not_a_picture"),
        (b"GIF", "not_a_picture"),
        (b"RIFF\0\0\0\0WAVE", "not_a_picture"),
    ],
)
def test_what_is_no_picture_we_take_is_named(start, code):
    assert refusal_of(start) == code


def test_a_format_that_is_not_taken_is_named():
    with pytest.raises(Refused) as refused:
        look_at(encoded(photograph((4, 4)), "TIFF"))

    assert refused.value.params == {"format": "TIFF"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_off_in_its_head_is_refused(kind):
    data = encoded(photograph((40, 40)), kind)

    for length in range(16, 60):
        assert refusal_of(data[:length]) in ("broken", "not_a_picture")


def lying_avif():
    """Return a huge AVIF whose boxes claim to be small."""
    at = HUGE_AVIF.index(b"ispe") + 8
    return HUGE_AVIF[:at] + struct.pack(">II", 64, 64) + HUGE_AVIF[at + 8 :]


def lying_webp():
    """Return a huge WebP in the frame of a small one."""
    frame = b"\0\0\0\0" + (63).to_bytes(3, "little") * 2
    return riff((b"VP8X", frame), (b"VP8L", HUGE_WEBP[20:]))


def huge_jpeg(marker=0xC0):
    data = bytearray(encoded(photograph((16, 16)), "JPEG", progressive=marker == 0xC2))
    at = data.index(bytes([0xFF, marker]))
    data[at + 5 : at + 9] = struct.pack(">HH", 16383, 16383)
    return bytes(data)


def huge_gif():
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 60000, 60000, 0) + b"\x02\x02\x44\x01\x00;"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + frame


BOMBS = {
    "PNG of 900 million points": lambda: png_of_zeros(30000, 30000),
    "PNG, long and thin": lambda: png_of_zeros(1, 30_000),
    "WebP of 268 million points": lambda: HUGE_WEBP,
    "WebP that claims to be small": lying_webp,
    "AVIF of 67 million points": lambda: HUGE_AVIF,
    "AVIF that claims to be small": lying_avif,
    "JPEG of 268 million points": huge_jpeg,
    "JPEG in passes": lambda: huge_jpeg(0xC2),
    "GIF whose frame is larger than itself": huge_gif,
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_a_file_that_claims_to_be_huge_is_refused_by_what_it_claims(make):
    assert refusal_of(make()) == "too_many_pixels"


def test_200_mb_packed_beside_a_png_stay_packed():
    packed = zlib.compress(bytes(200_000_000), 1)
    beside = [chunk(name, b"a\0\0" + packed) for name in (b"zTXt", b"iTXt", b"iCCP", b"eXIf")]

    found = look_at(png_of_zeros(4, 4, extra=b"".join(beside)))

    assert len(found.data) < 200
    assert found.profile == b""


def test_a_jpeg_of_thousands_of_passes_is_refused():
    data = encoded(photograph((16, 16)), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    passes = data[start:-2]

    assert look_at(data[:-2] + 5 * passes + b"\xff\xd9")
    assert refusal_of(data[:-2] + 1000 * passes + b"\xff\xd9") == "broken"


def test_a_picture_sent_in_passes_may_have_fewer_points():
    image = Image.new("L", (6000, 5000))

    assert look_at(encoded(image, "JPEG")).pixels == 30_000_000
    assert refusal_of(encoded(image, "JPEG", progressive=True)) == "too_many_pixels"


@pytest.mark.parametrize(
    "data",
    [
        # Millions of tiny parts, and parts that never end: each is read byte by byte in Python.
        b"\xff\xd8" + b"\xff\xfe\0\x02" * 3_000_000,
        b"\xff\xd8" + b"\xff" * 12_000_000,
        b"\xff\xd8\xff\xda\0\x02" + b"\xff" * 12_000_000 + b"\0",
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"tEXt", b"") * 1_000_000,
        b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\x01a" * 6_000_000,
        riff(*[(b"XMP ", b"")] * 1_000_000),
        b"\0\0\0\x10ftypavif\0\0\0\0" + b"\0\0\0\x08free" * 1_000_000,
    ],
    ids=["jpeg", "jpeg of fill", "jpeg of fill in a scan", "png", "gif", "webp", "avif"],
)
def test_a_file_of_millions_of_parts_is_given_up_soon(data):
    start = process_time()

    assert refusal_of(data) == "broken"
    assert process_time() - start < 0.5


def test_a_png_has_one_head():
    data = png_of_zeros(
        4, 4, extra=chunk(b"IHDR", struct.pack(">II", 30000, 30000) + b"\1\0\0\0\0")
    )

    assert refusal_of(data) == "broken"


def test_a_jpeg_has_one_frame():
    data = encoded(photograph((16, 16)), "JPEG")
    at = data.index(b"\xff\xc0")
    frame = data[at : at + 19]

    assert refusal_of(data[:at] + frame + data[at:]) == "broken"


def test_an_avif_put_together_from_tiles_is_refused():
    data = encoded(photograph((40, 40)), "AVIF")

    assert refusal_of(data.replace(b"av01Color", b"gridColor")) == "broken"
