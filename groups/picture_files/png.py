"""PNG: the chunks of the picture itself, and two beside it."""

import zlib
from struct import unpack_from

from .exif import orientation
from .found import PictureFile, Refused

MOST_PIXELS = 16_000_000
MOST_CHUNKS = 20_000
LARGEST_PROFILE = 1 << 20
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def is_one(data):
    return data.startswith(SIGNATURE)


def look_at(data):
    if data[12:16] != b"IHDR":
        raise Refused("broken")
    width, height = unpack_from(">II", data, 16)
    kept, profile, turned, at = [SIGNATURE], b"", 1, 8
    for _chunk in range(MOST_CHUNKS):
        length, name = unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or (name == b"IHDR" and at > 8):
            raise Refused("broken")
        if name == b"acTL":
            raise Refused("animated")
        if name in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            kept.append(data[at:end])
        elif name == b"eXIf":
            turned = orientation(data[at + 8 : end - 4])
        elif name == b"iCCP":
            profile = _unpacked(data[at + 8 : end - 4])
        at = end
        if name == b"IEND":
            return PictureFile("PNG", width, height, b"".join(kept), MOST_PIXELS, turned, profile)
    raise Refused("broken")


def _unpacked(chunk):
    """Return the profile of an iCCP chunk, b"" for one that is broken or far too large."""
    packed = chunk.partition(b"\0")[2][1:]
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed, LARGEST_PROFILE)
    except zlib.error:
        return b""
    return b"" if unpacking.unconsumed_tail else profile
