"""Pictures of groups: taken in by one door, encoded anew in the sizes pages need, named by content.

A name that follows from the content may be cached for ever, and says nothing about the group.
"""

import json
import os
import re
import secrets
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from PIL import Image, ImageFilter, ImageOps

from .decoding import decode
from .models import Draft, Ecosystem, Group, Partner, Task
from .picture_files import Refused, look_at

MOST_BYTES = 12 * 1024 * 1024
# What a file input asks for: a phone then sends a JPEG instead of a kind of its own.
ACCEPTED = "image/jpeg,image/png,image/webp,image/avif,image/gif"
BANNER_SIZE = (1920, 160)
LISTING_SIZE = (960, 80)
LOGO_SIZE = (540, 180)
NARROWEST_BANNER = 480
# What a listing may weigh, times the pictures it shows.
MOST_STORED_BYTES = 30_000
LISTING_SUFFIX = "-960.webp"
FOLDERS = ("banners", "logos")
# Where a banner is cut out of a higher picture.
PARTS = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
# What lets through what is behind it stands on this, the ground logos are mounted on.
GROUND = "#fdfdfa"
# A form may be open for hours, and finished the day after.
KEPT_UNUSED = timedelta(days=2)
_STORED = re.compile(r"(?:banners|logos)/[a-z0-9]+\.webp")


def read_picture(file, *, most_bytes=MOST_BYTES, narrowest=1):
    """Return the picture in an uploaded file: RGB or RGBA, upright, without anything else in it.

    What it is is decided by what is in it. Raises ValidationError with a sentence for whoever chose
    the file. A file that claims to be huge costs no more than reading it.
    """
    data = file.read(most_bytes + 1)
    try:
        if not data:
            raise Refused("empty")
        if len(data) > most_bytes:
            raise Refused("too_many_bytes", most=most_bytes)
        image = decode(look_at(data))
        if image.width < narrowest:
            raise Refused("too_narrow", width=image.width, narrowest=narrowest)
    except Refused as refused:
        sentence = _sentence(refused.code, refused.params)
        raise ValidationError(sentence, code=refused.code) from refused
    return image


def _sentence(code, params):
    """Return why a file is not taken, and what to do about it."""
    numbers = {
        name: filesizeformat(value)
        if code == "too_many_bytes"
        else number_format(value // 1_000_000 if name == "most" else value, force_grouping=True)
        for name, value in params.items()
        if isinstance(value, int)
    }
    sentence = {
        "empty": _("This file is empty. Choose the picture once more."),
        "too_many_bytes": _("This file is too large: %(most)s is the most. Save it smaller."),
        "svg": _("A drawing in SVG cannot be taken; save it as PNG."),
        "format": _("A file in %(format)s cannot be taken; save it as JPEG or PNG."),
        "not_a_picture": _("This is not a picture we can read; send a JPEG or PNG file."),
        "animated": _("A picture that moves cannot be taken; save one still of it."),
        "broken": _(
            "This picture is damaged or cut off. Open it, save it again as JPEG or PNG, and send "
            "that one."
        ),
        "too_many_pixels": _(
            "This picture has %(width)s × %(height)s points, and %(most)s million is the most for "
            "its kind. Save it smaller, for instance 1920 wide."
        ),
        "too_narrow": _(
            "This picture is %(width)s points wide, and would be blurred: send one that has "
            "at least %(narrowest)s."
        ),
    }[code]
    return sentence % {**params, **numbers}


def store_banner(image, part="middle"):
    """Store a banner, cut at the top, in the middle or at the bottom, and its copy for listings.

    Return the name of the banner.
    """
    image = _on_ground(image)
    banner, small = (
        _webp(ImageOps.fit(image, size, centering=(0.5, PARTS.get(part, 0.5))))
        for size in (BANNER_SIZE, LISTING_SIZE)
    )
    name = _name("banners", banner)
    # The copy first: where there is a banner, there is its copy.
    _save(listing_name(name), small)
    _save(name, banner)
    return name


def store_logo(image):
    """Store a logo, whole on its own ground. Return its name."""
    width, height = image.size
    share = min(LOGO_SIZE[0] / width, LOGO_SIZE[1] / height)
    size = max(1, round(width * share)), max(1, round(height * share))
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    logo = _webp(image.resize(size, Image.Resampling.LANCZOS))
    name = _name("logos", logo)
    _save(name, logo)
    return name


def listing_name(banner_name):
    """Return the name of the copy a listing shows, "" for none."""
    return banner_name.removesuffix(".webp") + LISTING_SUFFIX if banner_name else ""


def original_name(name):
    """Return the stored name that ``name`` is a copy of, or ``name`` itself."""
    return name.removesuffix(LISTING_SUFFIX) + ".webp" if name.endswith(LISTING_SUFFIX) else name


def orphans(now):
    """Return the names of what is stored for two days and used by nobody: pictures, halves of them.

    Used is what a group, a partner or an ecosystem shows, and what a draft or a change that waits
    to be read would.
    """
    old = [
        f"{folder}/{file}"
        for folder in FOLDERS
        if default_storage.exists(folder)
        for file in default_storage.listdir(folder)[1]
        if _is_old(f"{folder}/{file}", now)
    ]
    used = _used_names() if old else set()
    return [name for name in old if original_name(name) not in used]


def delete_orphans(now):
    """Delete `orphans`. Return how many there were."""
    count = 0
    for name in orphans(now):
        # Somebody may have chosen the same picture again a moment ago.
        if _is_old(name, now):
            default_storage.delete(name)
            count += 1
    return count


def _is_old(name, now):
    try:
        return default_storage.get_modified_time(name) < now - KEPT_UNUSED
    except FileNotFoundError:
        return False


def _used_names():
    used = set()
    for model, field in ((Group, "banner"), (Partner, "logo"), (Ecosystem, "banner")):
        used.update(model.objects.exclude(**{field: ""}).values_list(field, flat=True))
    drafts = Draft.objects.values_list("typed", flat=True)
    proposals = Task.objects.filter(decided_at=None, entry__isnull=False)
    for typed in (*drafts, *proposals.values_list("entry", flat=True)):
        # Wherever in it the form has put them.
        used.update(_STORED.findall(json.dumps(typed)))
    return used


def _on_ground(image):
    """Return the picture as RGB, with what it lets through filled."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, GROUND)
    return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")


def _webp(image):
    """Return the picture as WebP, as good as fits into what a stored picture may weigh."""
    for blur in (0, 1, 2, 4, 8):
        smooth = image.filter(ImageFilter.GaussianBlur(blur)) if blur else image
        for quality in (80, 70, 60, 50, 35, 20):
            encoded = BytesIO()
            smooth.save(encoded, "WEBP", quality=quality, alpha_quality=quality, method=4)
            if encoded.tell() <= MOST_STORED_BYTES:
                return encoded.getvalue()
    return encoded.getvalue()


def _name(folder, content):
    return f"{folder}/{sha256(content).hexdigest()[:20]}.webp"


def _save(name, content):
    """Keep a file under a name that says what is in it; there is the whole of it, or nothing."""
    with suppress(FileNotFoundError):
        # It is here already, and is young again: nobody tidies away what was just chosen.
        os.utime(default_storage.path(name))
        return
    folder, _slash, _file = name.partition("/")
    part = default_storage.save(f"{folder}/part-{secrets.token_hex(8)}", ContentFile(content))
    with open(default_storage.path(part), "rb") as file:
        os.fsync(file.fileno())
    os.replace(default_storage.path(part), default_storage.path(name))
