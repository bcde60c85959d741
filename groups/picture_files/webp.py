"""WebP: the picture and its transparency, whose sizes are read in each place that claims one."""

from struct import pack, unpack_from

from .exif import orientation
from .found import PictureFile, Refused

# The decoder takes sixteen bytes a point.
MOST_PIXELS = 13_000_000
MOST_CHUNKS = 100
HAS_ALPHA = 0x10
IS_ANIMATED = 0x02


def is_one(data):
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def look_at(data):
    kept, sizes, profile, turned, at = [], [], b"", 1, 12
    has_picture = False
    # What comes after the end it gives itself is not part of it.
    data = data[: 8 + unpack_from("<I", data, 4)[0]]
    for _chunk in range(MOST_CHUNKS):
        if at + 8 > len(data):
            break
        name, length = unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        if len(body) < length:
            raise Refused("broken")
        if name in (b"ANIM", b"ANMF") or (name == b"VP8X" and body[0] & IS_ANIMATED):
            raise Refused("animated")
        if name in (b"VP8 ", b"VP8L"):
            if not has_picture:
                sizes.append(_size(name, body))
                kept.append(_chunk_of(name, body))
            has_picture = True
        elif name == b"VP8X" and not kept:
            sizes.append(_size(name, body))
            kept.append(_chunk_of(name, bytes([body[0] & HAS_ALPHA]) + body[1:10]))
        elif name == b"ALPH" and not has_picture:
            kept.append(_chunk_of(name, body))
        elif name == b"ICCP":
            profile = body
        elif name == b"EXIF":
            turned = orientation(body)
        at += 8 + length + length % 2
    if not has_picture:
        raise Refused("broken")
    width, height = max(width for width, _height in sizes), max(height for _width, height in sizes)
    chunks = b"".join(kept)
    whole = b"RIFF" + pack("<I", 4 + len(chunks)) + b"WEBP" + chunks
    return PictureFile("WEBP", width, height, whole, MOST_PIXELS, turned, profile)


def _size(name, body):
    if name == b"VP8X":
        return (
            int.from_bytes(body[4:7], "little") + 1,
            int.from_bytes(body[7:10], "little") + 1,
        )
    if name == b"VP8L":
        (bits,) = unpack_from("<I", body, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _chunk_of(name, body):
    return name + pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
