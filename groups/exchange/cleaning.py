"""From a row of texts to an entry: what is meant is understood, what is wrong is said.

No database, no clock: the same row always gives the same entry.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ..countries import country_code
from ..names import RESERVED, check_short_name
from ..text import first_sentence, fold, one_line, plain_text, short_name_from
from .columns import SERVICE_KINDS
from .links import clean_url
from .numbers import member_count_of, position_of
from .problems import Problem, Wrong
from .rows import UNFIT

LONGEST = {"name": 120, "tagline": 160, "description": 2000, "region": 80}
LONGEST_KEYWORD = 50
MOST_KEYWORDS = 12
LONGEST_PARTNER_NAME = 120
MOST_PARTNERS = 30


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
class Cleaned:
    """A row understood. ``entry`` has what the row's columns gave, without the wrong ones."""

    entry: dict
    notes: list
    errors: list


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
        self.optional("member_count", member_count_of)
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
        except Wrong as wrong:
            self.errors.append(Problem(column, self.text(column), str(wrong)))

    def name(self):
        name = one_line(plain_text(self.raw.get("name", "")))
        if not name:
            raise Wrong(_("a group has a name"))
        return _short_enough("name", name)

    def short_name(self):
        given = self.text("short_name")
        if given:
            try:
                check_short_name(given.lower())
            except ValidationError as error:
                raise Wrong(error.messages[0]) from error
            return given.lower()
        if "name" not in self.entry:
            raise Wrong(_("there is none, and no name to take it from"))
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
            raise Wrong(_("a group has one line about it, and there is no description either"))
        if len(tagline) > LONGEST["tagline"]:
            tagline = first_sentence(tagline)
            self.notes.append(_("the line was longer than 160 characters and is cut"))
        return tagline

    def kind(self):
        given = self.text("kind") or self.default_kind
        if not given:
            raise Wrong(_("say thematic, territorial or support"))
        kind = _choice(KINDS, given)
        if kind is None:
            raise Wrong(_("not a kind we know: say thematic, territorial or support"))
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
                raise Wrong(_("“%s…” is longer than 50 characters") % name[:30])
        if len(names) > MOST_KEYWORDS:
            raise Wrong(_("%s keywords; a group has at most 12") % len(names))
        return list(names.values())

    def position(self):
        if "latitude" not in self.raw and "longitude" not in self.raw:
            return
        try:
            latitude, longitude = position_of(self.text("latitude"), self.text("longitude"))
        except Wrong as wrong:
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
            except Wrong as wrong:
                self.errors.append(Problem(column, text, str(wrong)))

    def partners(self, text):
        partners = {}
        for part in re.split(r"[;\n]", plain_text(text)):
            name, _bar, url = part.partition("|")
            name, url = one_line(name), one_line(url)
            url = clean_url(url) if url else ""
            name = name or urlsplit(url).hostname or ""
            if len(name) > LONGEST_PARTNER_NAME:
                raise Wrong(_("“%s…” is longer than 120 characters") % name[:30])
            if name:
                partners.setdefault(fold(name) or name, {"name": name, "url": url})
        if len(partners) > MOST_PARTNERS:
            raise Wrong(_("%s partners; a group has at most 30") % len(partners))
        return list(partners.values())


def _short_enough(column, text):
    if len(text) > LONGEST[column]:
        raise Wrong(
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
        raise Wrong(_("not a country we know: write its name or its two letters, such as BJ"))
    return code


def _activity(text):
    activity = _choice(ACTIVITIES, text)
    if activity is None:
        raise Wrong(_("not a level we know: say preparing, active, asleep or archived"))
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
            raise Wrong(_("not an e-mail address")) from error
    return email
