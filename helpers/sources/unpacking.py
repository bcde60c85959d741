"""Unpacking what came packed, no further than a bound: bombs stop there."""

import zlib

GZIP = b"\x1f\x8b"
# zlib's own numbers: gzip or zlib, whichever it is; and deflate without any head.
_WITH_HEAD, _WITHOUT_HEAD = 47, -15


class TooMuch(Exception):
    """It would be larger than the bound."""


class Damaged(Exception):
    """It cannot be unpacked, or ends too early."""


def unpacked(packed, most):
    """Return what gzip or deflate made of ``packed``, at most ``most`` bytes of it.

    Never holds more than that: raises `TooMuch` at the first byte above. Raises `Damaged`.
    """
    try:
        return _unpacked(packed, most, _WITH_HEAD)
    except Damaged:
        if packed.startswith(GZIP):
            raise
    return _unpacked(packed, most, _WITHOUT_HEAD)


def _unpacked(packed, most, head):
    result = bytearray()
    while True:
        packer = zlib.decompressobj(head)
        try:
            result += packer.decompress(packed, most + 1 - len(result))
        except zlib.error as error:
            raise Damaged from error
        if len(result) > most:
            raise TooMuch
        if not packer.eof:
            raise Damaged
        # Several in a row are one file, as gzip has it; what else follows is nobody's.
        packed = packer.unused_data
        if not packed.startswith(GZIP):
            return bytes(result)
