"""From a row of texts to an entry: what is meant is understood, what is wrong is said.

No database, no clock: the same row always gives the same entry.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from ..countries import country_code
from ..names import RESERVED, check_short_name
from ..text import first_sentence, fold, one_line, plain_text, short_name_from
from .columns import SERVICE_KINDS
from .reading import UNFIT

LONGEST = {"name": 120, "tagline": 160, "description": 2000, "region": 80}
LONGEST_KEYWORD = 50
MOST_KEYWORDS = 12
LONGEST_URL = 500
LONGEST_PARTNER_NAME = 120
MOST_PARTNERS = 30
MOST_MEMBERS = 10_000_000


def _codes_by_name(choices):
    return {fold(name): code for code, names in choices.items() for name in (code, *names)}


KINDS = _codes_by_name(
    {
        "thematic": ["thématique", "theme", "thème", "topic", "topical"],
        "territorial": [
            *["territoire", "territory", "local", "locale", "géographique", "geographic", "place"],
        ],
        "support": ["soutien", "appui", "facilitation"],
    }
)
ACTIVITIES = _codes_by_name(
    {
        "preparing": ["en préparation", "préparation", "in preparation", "en projet", "planned"],
        "active": ["actif", "active", "en activité", "actifs"],
        "asleep": [
            *["en sommeil", "sommeil", "endormi", "endormie", "dormant", "sleeping", "inactif"],
            *["inactive", "en pause"],
        ],
        "archived": [
            *["archivé", "archivée", "archive", "arrêté", "arrêtée", "terminé", "terminée"],
            *["fermé", "fermée", "closed", "stopped", "ended"],
        ],
    }
)


@dataclass(frozen=True)
class Problem:
    """Why a row is left out: the column, what stands there, a reason that follows a colon."""

    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Cleaned:
    """A row understood. ``entry`` has what the row's columns gave, without the wrong ones."""

    entry: dict
    notes: list
    errors: list


class _Wrong(Exception):
    """The value of one column is wrong; the message is the reason."""


def clean_row(raw, default_kind=""):
    """Return the `Cleaned` entry of a row ``{column: text}``.

    Columns the row does not have are not in the entry, so that saving it leaves them as they are;
    a column that is there and empty empties the field. The four required fields are there, or an
    error says why: a short name and a line are derived where they are missing, a kind is not.
    """
    return _Row(raw, default_kind).cleaned()


class _Row:
    """One row on its way to being an entry."""

    def __init__(self, raw, default_kind):
        self.raw = raw
        self.default_kind = default_kind
        self.entry = {}
        self.notes = []
        self.errors = []

    def cleaned(self):
        if UNFIT in self.raw:
            self.errors.append(Problem(UNFIT, *self.raw[UNFIT]))
        self.required("name", self.name)
        self.required("short_name", self.short_name)
        self.optional("description", _description)
        self.required("tagline", self.tagline)
        self.required("kind", self.kind)
        self.optional("keywords", self.keywords)
        self.optional("country", _country)
        self.optional("region", _region)
        self.position()
        self.optional("member_count", _member_count)
        if self.text("activity"):
            self.optional("activity", _activity)
        self.optional("contact_email", _email)
        self.services()
        self.optional("partners", self.partners)
        return Cleaned(self.entry, self.notes, self.errors)

    def text(self, column):
        return one_line(self.raw.get(column, ""))

    def optional(self, column, clean):
        if column in self.raw:
            self.required(column, lambda: clean(self.raw[column]))

    def required(self, column, clean):
        try:
            self.entry[column] = clean()
        except _Wrong as wrong:
            self.errors.append(Problem(column, self.text(column), str(wrong)))

    def name(self):
        name = one_line(plain_text(self.raw.get("name", "")))
        if not name:
            raise _Wrong(_("a group has a name"))
        return _short_enough("name", name)

    def short_name(self):
        given = self.text("short_name")
        if given:
            try:
                check_short_name(given.lower())
            except ValidationError as error:
                raise _Wrong(error.messages[0]) from error
            return given.lower()
        if "name" not in self.entry:
            raise _Wrong(_("there is none, and no name to take it from"))
        short_name = short_name_from(self.entry["name"])
        if short_name in RESERVED:
            short_name = f"groupe-{short_name}"
        self.notes.append(_("short name “%s”, from the name") % short_name)
        return short_name

    def tagline(self):
        tagline = one_line(plain_text(self.raw.get("tagline", "")))
        if not tagline and (tagline := first_sentence(self.entry.get("description", ""))):
            self.notes.append(_("the line is the first sentence of the description"))
        if not tagline:
            raise _Wrong(_("a group has one line about it, and there is no description either"))
        if len(tagline) > LONGEST["tagline"]:
            tagline = first_sentence(tagline)
            self.notes.append(_("the line was longer than 160 characters and is cut"))
        return tagline

    def kind(self):
        given = self.text("kind") or self.default_kind
        if not given:
            raise _Wrong(_("say thematic, territorial or support"))
        kind = _choice(KINDS, given)
        if kind is None:
            raise _Wrong(_("not a kind we know: say thematic, territorial or support"))
        return kind

    def keywords(self, text):
        names = {}
        for part in re.split("," if "," in text else "[;|\n]", plain_text(text)):
            name = one_line(part).lstrip("#").strip()
            if fold(name):
                names.setdefault(fold(name), name)
            elif name:
                self.notes.append(_("“%s” has no letter, so it is no keyword") % name)
        for name in names.values():
            if len(name) > LONGEST_KEYWORD:
                raise _Wrong(_("“%s…” is longer than 50 characters") % name[:30])
        if len(names) > MOST_KEYWORDS:
            raise _Wrong(_("%s keywords; a group has at most 12") % len(names))
        return list(names.values())

    def position(self):
        if "latitude" not in self.raw and "longitude" not in self.raw:
            return
        try:
            latitude, longitude = _position(self.text("latitude"), self.text("longitude"))
        except _Wrong as wrong:
            value = ", ".join(filter(None, (self.text("latitude"), self.text("longitude"))))
            self.errors.append(Problem("latitude", value, str(wrong)))
            return
        if (latitude, longitude) == (0, 0):
            self.notes.append(_("the position 0, 0 stands for an unknown one and is left out"))
            latitude = longitude = None
        self.entry |= {"latitude": latitude, "longitude": longitude}

    def services(self):
        kinds = [kind for kind in SERVICE_KINDS if f"{kind}_url" in self.raw]
        if kinds:
            self.entry["services"] = {}
        for kind in kinds:
            column = f"{kind}_url"
            text = self.text(column)
            try:
                if text:
                    self.entry["services"][kind] = clean_url(text)
            except _Wrong as wrong:
                self.errors.append(Problem(column, text, str(wrong)))

    def partners(self, text):
        partners = {}
        for part in re.split(r"[;\n]", plain_text(text)):
            name, _bar, url = part.partition("|")
            name, url = one_line(name), one_line(url)
            url = clean_url(url) if url else ""
            name = name or urlsplit(url).hostname or ""
            if len(name) > LONGEST_PARTNER_NAME:
                raise _Wrong(_("“%s…” is longer than 120 characters") % name[:30])
            if name:
                partners.setdefault(fold(name) or name, {"name": name, "url": url})
        if len(partners) > MOST_PARTNERS:
            raise _Wrong(_("%s partners; a group has at most 30") % len(partners))
        return list(partners.values())


def _short_enough(column, text):
    if len(text) > LONGEST[column]:
        raise _Wrong(
            _("%(length)s characters; at most %(most)s")
            % {"length": len(text), "most": LONGEST[column]}
        )
    return text


def _description(text):
    return _short_enough("description", plain_text(text))


def _region(text):
    return _short_enough("region", one_line(plain_text(text)))


def _country(text):
    text = one_line(plain_text(text))
    code = country_code(text) if text else ""
    if code is None:
        raise _Wrong(_("not a country we know: write its name or its two letters, such as BJ"))
    return code


def _activity(text):
    activity = _choice(ACTIVITIES, text)
    if activity is None:
        raise _Wrong(_("not a level we know: say preparing, active, asleep or archived"))
    return activity


def _choice(codes, text):
    """Return the code of a choice written in French or English, or None."""
    words = [word for word in fold(text).split() if word not in ("groupe", "group")]
    return codes.get(" ".join(words))


def _email(text):
    email = one_line(text).removeprefix("mailto:").strip()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise _Wrong(_("not an e-mail address")) from error
    return email


# --- Numbers -------------------------------------------------------------------------------------

_ABOUT = re.compile(
    r"\A(?:≈|~|±|>|env\b\.?|environ\b|about\b|around\b|approx\b\.?|ca\b\.?|circa\b|plus de\b"
    r"|more than\b|over\b|près de\b|pres de\b|nearly\b)\s*",
    re.IGNORECASE,
)
_MEMBERS = re.compile(
    r"\s*(?:\+|membres?|members?|personnes?|people|persons?|adhérente?s?|adherents?)\.?\Z",
    re.IGNORECASE,
)
_COUNT = re.compile(r"([0-9]{1,3}(?:[ \u00a0\u202f.,'’][0-9]{3})+|[0-9]+)(?:[.,]0{1,2})?\Z")


def _member_count(text):
    text = one_line(text)
    if not text:
        return None
    if text[0] in "-−" and text[1:2].isdigit():
        raise _Wrong(_("a number of members is not negative"))
    text = _MEMBERS.sub("", _ABOUT.sub("", text))
    match = _COUNT.match(text)
    if not match:
        raise _Wrong(_("not a number of members: write digits, such as 180"))
    # Longer than any count, and longer than Python would turn into a number.
    digits = re.sub("[^0-9]", "", match[1])
    if len(digits) > 12 or int(digits) > MOST_MEMBERS:
        raise _Wrong(_("more members than there can be"))
    return int(digits)


_DEGREES = r"[+\-−]?[0-9]{1,20}(?:[.,][0-9]{0,30})?(?:[eE][+\-]?[0-9]{1,3})?"
_DEGREES_WITH_POINT = r"[+\-−]?[0-9]{1,20}(?:\.[0-9]{0,30})?(?:[eE][+\-]?[0-9]{1,3})?"
_ONE_NUMBER = re.compile(rf"({_DEGREES})°?\Z")
_TWO_NUMBERS = [
    re.compile(rf"({_DEGREES})°?\s*[|;/]\s*({_DEGREES})°?\Z"),
    re.compile(rf"({_DEGREES})°?,?\s+({_DEGREES})°?\Z"),
    re.compile(rf"({_DEGREES_WITH_POINT})°?,({_DEGREES_WITH_POINT})°?\Z"),
]


def _position(latitude, longitude):
    """Return both numbers, or None twice. One cell may hold both, latitude first."""
    if not latitude and not longitude:
        return None, None
    if latitude and (not longitude or longitude == latitude) and not _ONE_NUMBER.match(latitude):
        pairs = [match for pattern in _TWO_NUMBERS if (match := pattern.match(latitude))]
        if pairs:
            latitude, longitude = pairs[0].groups()
    if not latitude or not longitude:
        raise _Wrong(_("a position has a latitude and a longitude"))
    north, east = _degrees(latitude), _degrees(longitude)
    if not -90 <= north <= 90:
        raise _Wrong(_("a latitude is from -90 to 90"))
    if not -180 <= east <= 180:
        raise _Wrong(_("a longitude is from -180 to 180"))
    return north, east


def _degrees(text):
    match = _ONE_NUMBER.match(text)
    if not match:
        raise _Wrong(_("not a position in degrees: write numbers such as 6.4969 and 2.6289"))
    return float(match[1].replace(",", ".").replace("−", "-"))


# --- Links ---------------------------------------------------------------------------------------

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?![0-9])", re.IGNORECASE)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::[0-9]{1,5})?(?=[/?#]|\Z)")
# A space in a path is what browsers show for %20; before another address it parts two of them.
_SPACED_PATH = re.compile(r"https?://[^\s/]+/(?:[^\s,;()]| (?!https?:|www\.))+\Z", re.IGNORECASE)
_check_url = URLValidator(schemes=["http", "https"])


def clean_url(text):
    """Return a link to a page of the web; ``https://`` is added to what looks like a host.

    Raises `_Wrong` with the reason if it is none.
    """
    url = one_line(text)
    if _SPACED_PATH.match(url):
        url = url.replace(" ", "%20")
    if re.search(r"[\s<>\"\\^`{|}]", url):
        raise _Wrong(_("an address has no space, bracket or quotation mark in it"))
    if url.startswith("//"):
        url = f"https:{url}"
    scheme = _SCHEME.match(url)
    if scheme is None and _HOST.match(url):
        url = f"https://{url}"
    elif scheme is None or scheme[1].lower() not in ("http", "https"):
        raise _Wrong(_("not the address of a page: it begins with https:// or http://"))
    else:
        url = scheme[1].lower() + url[len(scheme[1]) :]
    if len(url) > LONGEST_URL:
        raise _Wrong(_("an address has at most 500 characters"))
    try:
        _check_url(url)
        parts = urlsplit(url)
    except (ValidationError, ValueError) as error:
        raise _Wrong(_("not the address of a page")) from error
    if "." not in (parts.hostname or "") or "@" in parts.netloc:
        raise _Wrong(_("not the public address of a page"))
    return url
