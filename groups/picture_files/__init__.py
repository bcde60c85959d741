"""What a picture file says of itself, read before any decoder sees it.

A decoder believes the sizes a file claims and takes the memory for them; thirty-four bytes may
claim 268 million points. Here a few bytes of each part of the file are read, in Python, and what a
picture does not need (metadata, second pictures, what was glued to the end) is left out of what
goes on to the decoder. Bytes in, values out: nothing is decoded here.
"""

from struct import error as StructError

from . import avif, gif, jpeg, png, webp
from .found import PictureFile, Refused

__all__ = ["MOST_PIXELS", "PictureFile", "Refused", "look_at"]

KINDS = (jpeg, png, webp, avif, gif)
MOST_PIXELS = max(kind.MOST_PIXELS for kind in KINDS)
LONGEST_SIDE = 20_000
# What people send besides, by how its files begin: they are told what to do.
OTHERS = {
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"%PDF": "PDF",
    b"8BPS": "Photoshop",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
}
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def look_at(data):
    """Return the `PictureFile` in these bytes. Raises `Refused`, whose code says why."""
    kind = next((each for each in KINDS if each.is_one(data)), None)
    if kind is None:
        raise _unknown(data)
    try:
        found = kind.look_at(data)
    except (IndexError, StructError) as error:
        # The file ends before what it promises.
        raise Refused("broken") from error
    if not found.pixels:
        raise Refused("broken")
    if found.pixels > found.most_pixels or max(found.width, found.height) > LONGEST_SIDE:
        raise Refused(
            "too_many_pixels", width=found.width, height=found.height, most=found.most_pixels
        )
    return found


def _unknown(data):
    # Without zeros, text is found in UTF-16 too.
    start = data[:4096].replace(b"\0", b"").lower()
    if b"<svg" in start or b"<!doctype svg" in start:
        return Refused("svg")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return Refused("format", format="HEIC")
    name = next((name for magic, name in OTHERS.items() if data.startswith(magic)), "")
    return Refused("format", format=name) if name else Refused("not_a_picture")
