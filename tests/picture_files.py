"""Files that claim to be pictures: good ones of every kind, and what strangers send besides."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image

DATA = Path(__file__).parent / "data"
# 8192 × 8192 black points in a kilobyte.
HUGE_AVIF = (DATA / "8192_square.avif").read_bytes()
# 16383 × 16383 black points, whole.
HUGE_WEBP = bytes.fromhex("524946461a000000574542505650384c0e0000002ffebfff0f071011fd0f4444ff03")


def photograph(size=(1000, 500), mode="RGB"):
    """Return a picture with a grain: nothing in it is the same twice."""
    return Image.effect_noise(size, 10).convert(mode)


def encoded(image, kind, **options):
    """Return the bytes of a picture as a file of this kind."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of_zeros(width, height, *, depth=1, colours=0, extra=b""):
    """Return a PNG of black points: nearly nothing, whatever its size. ``extra`` chunks fit in."""
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colours]
    row = b"\0" * (1 + (width * depth * samples + 7) // 8)
    packing = zlib.compressobj(9)
    rows = b"".join(packing.compress(row) for _row in range(height)) + packing.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def riff(*chunks):
    """Return a WebP of these (name, body)."""
    body = b"".join(
        name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        for name, body in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body
