"""Pictures of groups: encoded anew in the sizes pages need, named by their content.

A name that follows from the content may be cached for ever, and says nothing about the group.
"""

from hashlib import sha256
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import ImageOps

BANNER_SIZE = (1920, 160)
LISTING_SIZE = (960, 80)
LOGO_SIZE = (540, 180)
LISTING_SUFFIX = "-960.webp"


def store_banner(image):
    """Store a banner and its smaller copy for listings. Return the name of the banner."""
    name = _store("banners", _webp(ImageOps.fit(image.convert("RGB"), BANNER_SIZE)), ".webp")
    small = _webp(ImageOps.fit(image.convert("RGB"), LISTING_SIZE))
    _save(listing_name(name), small)
    return name


def store_logo(image):
    """Store a logo, whole on its own ground. Return its name."""
    return _store("logos", _webp(ImageOps.contain(image, LOGO_SIZE)), ".webp")


def listing_name(banner_name):
    """Return the name of the copy a listing shows, "" for none."""
    return banner_name.removesuffix(".webp") + LISTING_SUFFIX if banner_name else ""


def original_name(name):
    """Return the stored name that ``name`` is a copy of, or ``name`` itself."""
    return name.removesuffix(LISTING_SUFFIX) + ".webp" if name.endswith(LISTING_SUFFIX) else name


def _webp(image):
    encoded = BytesIO()
    image.save(encoded, "WEBP", quality=80, method=4)
    return encoded.getvalue()


def _store(folder, content, ending):
    name = f"{folder}/{sha256(content).hexdigest()[:20]}{ending}"
    _save(name, content)
    return name


def _save(name, content):
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
