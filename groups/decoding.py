"""From the bytes of a picture to its points: upright, eight bits a colour, in sRGB."""

import warnings
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms

from .picture_files import MOST_PIXELS, PictureFile, Refused
from .picture_files.exif import orientation

# The decoder's own guard, behind ours: never met, as sizes are read before it is called.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

# So that one held upright is still as wide as the widest we show.
LONGEST_SIDE = 2560
WIDEST_SHOWN = 1920
LARGEST_PROFILE = 3 << 20
TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(found: PictureFile):
    """Return the picture as an Image of mode RGB or RGBA, within 2,560 × 2,560, and nothing else.

    Raises `Refused` for one that is damaged or cut off.
    """
    try:
        with warnings.catch_warnings():
            # What a decoder finds strange about a file is of no use to whoever runs the site.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(found.data), formats=[found.format]) as image:
                image.draft(None, _aim(found))
                image.load()
                turned = found.orientation
                if found.format == "AVIF":
                    # Its file is not read that far: the decoder says.
                    turned = orientation(image.info.get("exif", b""))
                profile = found.profile or image.info.get("icc_profile", b"")
                image = _shrunk(_plain(image))
    except Exception as error:
        # Decoders answer a damaged file with whatever error they stumble over: OSError, ValueError,
        # SyntaxError, struct.error, zlib.error, IndexError, TypeError have been seen.
        raise Refused("broken") from error
    image = _in_colours_of_the_web(image, profile)
    if turned in TURNED:
        image = image.transpose(TURNED[turned])
    image.info = {}
    return image


def _aim(found):
    """Return the size a JPEG may shrink to while it is decoded: no less than the widest we show."""
    share = min(1, WIDEST_SHOWN / min(found.width, found.height))
    return int(found.width * share), int(found.height * share)


def _plain(image):
    """Return the picture in a mode that can be resized and has eight bits a colour."""
    if image.mode.startswith("I"):
        # Sixteen bits a point; `convert` would make white of all but the darkest.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _shrunk(image):
    # By whole numbers first, which takes the least memory.
    factor = max(image.size) // LONGEST_SIDE
    if factor > 1:
        image = image.reduce(factor)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return image


def _in_colours_of_the_web(image, profile):
    """Return the picture as RGB or RGBA in sRGB; a profile that makes no sense is left out."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile and len(profile) <= LARGEST_PROFILE:
        with suppress(ImageCms.PyCMSError, OSError, TypeError, ValueError):
            return ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode=mode,
            )
    return image.convert(mode)
