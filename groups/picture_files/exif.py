"""The one thing of EXIF a picture needs: which side is up."""

from struct import error as StructError
from struct import unpack_from

ORIENTATION = 0x0112
MOST_TAGS = 1000


def orientation(exif):
    """Return 1 to 8 from the bytes of EXIF, 1 where they do not say."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 1
    try:
        (start,) = unpack_from(f"{order}I", exif, 4)
        (count,) = unpack_from(f"{order}H", exif, start)
        for number in range(min(count, MOST_TAGS)):
            tag, kind, _length, value = unpack_from(f"{order}HHIH", exif, start + 2 + 12 * number)
            if tag == ORIENTATION and kind == 3:
                return value if 1 <= value <= 8 else 1
    except StructError:
        # It ends before what it promises; which side is up is then anybody's guess.
        return 1
    return 1
