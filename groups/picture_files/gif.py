"""GIF: the one frame of a still picture, without the comments around it."""

from struct import unpack_from

from .found import PictureFile, Refused

MOST_PIXELS = 16_000_000
# Of at most 255 bytes each. Read in Python, so that they may not be a million empty ones.
MOST_BLOCKS = 100_000
EXTENSION, FRAME, END = 0x21, 0x2C, 0x3B
TRANSPARENCY = 0xF9


def is_one(data):
    return data[:6] in (b"GIF87a", b"GIF89a")


def look_at(data):
    width, height, flags = unpack_from("<HHB", data, 6)
    at = 13 + _size_of_palette(flags)
    kept, before, frame = [data[:at]], b"", None
    blocks = 0
    while at < len(data) and data[at] != END:
        start = at
        if data[at] == EXTENSION:
            at += 2
        elif data[at] == FRAME and frame:
            raise Refused("animated")
        elif data[at] == FRAME:
            left, top, frame_width, frame_height, flags = unpack_from("<HHHHB", data, at + 1)
            width, height = max(width, left + frame_width), max(height, top + frame_height)
            at += 11 + _size_of_palette(flags)
        else:
            raise Refused("broken")
        while data[at]:
            at += 1 + data[at]
            blocks += 1
            if blocks > MOST_BLOCKS:
                raise Refused("broken")
        at += 1
        if data[start] == FRAME:
            frame = data[start:at]
        elif data[start + 1] == TRANSPARENCY and not frame:
            before = data[start:at]
    if not frame:
        raise Refused("broken")
    return PictureFile("GIF", width, height, b"".join([*kept, before, frame, b"\x3b"]), MOST_PIXELS)


def _size_of_palette(flags):
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
