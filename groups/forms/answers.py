"""What the answers to a form of an entry mean. Each function reads one text, or raises `Wrong`."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..exchange.cleaning import LONGEST, LONGEST_PARTNER_NAME, clean_row
from ..exchange.links import clean_url
from ..exchange.problems import Wrong
from ..models import Group
from ..text import one_line, plain_text
from .fields import TextField, at_most, signed_picture, text_input


def read_name(text):
    name = one_line(plain_text(text))
    if not name:
        raise Wrong(_("Give the group its name."))
    return at_most(name, LONGEST["name"])


def read_tagline(text):
    tagline = one_line(plain_text(text))
    if not tagline:
        raise Wrong(_("Say in one line what the group is about."))
    return at_most(tagline, LONGEST["tagline"])


def read_short_name(text):
    return one_line(text).removeprefix(f"{settings.SITE_HOST}/").strip("/").lower()


def read_region(text):
    return at_most(one_line(plain_text(text)), LONGEST["region"])


def read_description(text):
    return at_most(plain_text(text), LONGEST["description"])


def read_keywords(text):
    cleaned = clean_row({"keywords": text})
    for problem in cleaned.errors:
        if problem.column == "keywords":
            raise Wrong(problem.reason)
    return cleaned.entry["keywords"]


def read_url(text):
    return clean_url(text) if one_line(text) else ""


def url_field(label, help_text=""):
    """Return a field for the address of a page, which need not be given."""
    return TextField(
        read_url,
        label=label,
        help_text=help_text,
        advice=gettext_lazy("Copy it from the address bar of your browser."),
        required=False,
        widget=text_input(inputmode="url", autocapitalize="none", spellcheck="false"),
    )


def read_partner_name(text):
    return at_most(one_line(plain_text(text)), LONGEST_PARTNER_NAME)


def read_started_in(text):
    """Return the published group of this short name, None for no text."""
    short_name = read_short_name(text)
    if not short_name:
        return None
    group = Group.objects.published().named(short_name)
    if group is None:
        raise Wrong(_("No group here has this short name. Its page shows it, under “In short”."))
    return group


def read_kept_picture(signed):
    """Return the name of a picture a form carries, if it is still there."""
    name = signed_picture(signed)
    if signed and not (name and default_storage.exists(name)):
        raise Wrong(_("This picture is no longer here. Choose it once more."))
    return name
