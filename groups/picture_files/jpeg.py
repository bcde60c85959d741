"""JPEG: segments up to the end of the first picture; phones glue a second one behind it."""

import re
from struct import unpack_from

from .exif import orientation
from .found import PictureFile, Refused

# The decoder shrinks while it decodes: 50 MB at the most for a photograph of this size.
MOST_PIXELS = 65_000_000
# Of a picture that is sent in several passes it has to keep all: six bytes a point.
MOST_PIXELS_IN_PASSES = 25_000_000
# Each pass goes over the whole picture, and may be a few bytes. Programs write ten or so.
MOST_PASSES = 40
MOST_SEGMENTS = 5_000

BASELINE, EXTENDED, PROGRESSIVE = 0xC0, 0xC1, 0xC2
OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
START_OF_SCAN, END = 0xDA, 0xD9
# Tables and frames, restart intervals; JFIF and Adobe say what the colours are.
KEPT = {BASELINE, EXTENDED, PROGRESSIVE, 0xC4, 0xDB, 0xDD, 0xE0, 0xEE}
# Between scans, 0xFF is followed by zero (it is data) or by the number of a restart.
MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# Any number of 0xFF may stand before the number of a segment.
FILL = re.compile(rb"\xff*")


def is_one(data):
    return data.startswith(b"\xff\xd8\xff")


def look_at(data):
    kept, profile, size, turned = [b"\xff\xd8"], {}, None, 1
    passes, is_in_passes, at = 0, False, 2
    for _segment in range(MOST_SEGMENTS):
        at = max(at, FILL.match(data, at).end() - 1)
        marker = data[at + 1]
        if data[at] != 0xFF or marker == 0 or marker in OTHER_FRAMES:
            raise Refused("broken")
        if marker == END:
            # Only where it was there: the decoder is to notice that a picture was cut off.
            kept.append(b"\xff\xd9")
            break
        (length,) = unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise Refused("broken")
        body = data[at + 4 : end]
        if marker in (BASELINE, EXTENDED, PROGRESSIVE):
            if size:
                raise Refused("broken")
            _bits, height, width = unpack_from(">BHH", body)
            size, is_in_passes = (width, height), marker == PROGRESSIVE
        elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
            turned = orientation(body)
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            profile.setdefault(body[12], body[14:])
        elif marker == START_OF_SCAN:
            passes += 1
            if passes > MOST_PASSES:
                raise Refused("broken")
            following = MARKER.search(data, end)
            end = following.start() if following else len(data)
        if marker in KEPT or marker == START_OF_SCAN:
            kept.append(data[at:end])
        at = end
        if at == len(data):
            break
    else:
        raise Refused("broken")
    if not size or not passes:
        raise Refused("broken")
    return PictureFile(
        "JPEG",
        *size,
        b"".join(kept),
        MOST_PIXELS_IN_PASSES if is_in_passes or passes > 1 else MOST_PIXELS,
        turned,
        b"".join(profile[number] for number in sorted(profile)),
    )
