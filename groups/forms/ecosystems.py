"""The forms of ecosystems: asking for one, its record, its roles."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import pictures
from ..curating import record_of
from ..exchange.links import clean_url
from ..exchange.problems import Wrong
from ..founding import is_taken
from ..guards import GuardedForm
from ..models import Ecosystem, FormerKeywordSlug, Keyword, Role
from ..models.keywords import RESERVED_SLUGS
from ..text import fold, one_line, plain_text, tidy_lines
from . import answers
from .fields import (
    ChoiceField,
    PictureField,
    RadioSelect,
    TextField,
    as_typed,
    at_most,
    email_field,
    picture_input,
    shown_picture,
    sign_picture,
    text_input,
)

LONGEST_KEYWORD, LONGEST_NAME, LONGEST_LINE = 50, 120, 160
LONGEST_RULE, MOST_RULES = 300, 12
MOST_ORIGINS = 20
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ORIGIN = re.compile(r"(https?://(?:\*\.)?[^/?#]+)/?", re.IGNORECASE)


def read_name(text):
    name = one_line(plain_text(text))
    if not name:
        raise Wrong(_("Give the ecosystem its name."))
    return at_most(name, LONGEST_NAME)


def read_line(text):
    return at_most(one_line(plain_text(text)), LONGEST_LINE)


def read_keyword(text):
    keyword = at_most(one_line(plain_text(text)), LONGEST_KEYWORD)
    if not fold(keyword):
        raise Wrong(_("Write the word the groups share."))
    if "," in keyword:
        raise Wrong(_("A keyword has no comma in it: commas part keywords."))
    return keyword


def read_slug(text):
    slug = one_line(text).strip("/").lower()
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise Wrong(
            _("An address has small letters without accents, digits, and hyphens between them.")
        )
    if slug in RESERVED_SLUGS:
        raise Wrong(_("This address leads to another page of the site. Choose another one."))
    return slug


def read_rules(text):
    """Return the lines of a charter; numbers and dashes people put before them are not kept."""
    lines = [one_line(line) for line in plain_text(text).split("\n")]
    rules = [re.sub(r"^(?:\(?\d{1,2}[.)]|[-–•*])\s+", "", line) for line in lines if line]
    if len(rules) > MOST_RULES:
        raise Wrong(
            _("A charter of more than %(most)s lines is not read. Say it shorter.")
            % {"most": MOST_RULES}
        )
    return [at_most(rule, LONGEST_RULE) for rule in rules]


def read_origins(text):
    """Return the origins of the sites, each once: what a browser compares, and nothing more."""
    origins = []
    for line in tidy_lines(text).split("\n"):
        if not (line := one_line(line)):
            continue
        found = _ORIGIN.fullmatch(line if "://" in line else f"https://{line}")
        if found is None:
            raise Wrong(
                _("“%(line)s”: write the beginning of the address only, like https://example.org")
                % {"line": line}
            )
        origin = found[1].lower()
        try:
            # A star for all sites under a name; what follows it is checked as an address.
            clean_url(origin.replace("://*.", "://"))
        except Wrong as wrong:
            raise Wrong(
                _("“%(line)s” is not the address of a site, like https://example.org")
                % {"line": line}
            ) from wrong
        if origin not in origins:
            origins.append(origin)
    if len(origins) > MOST_ORIGINS:
        raise Wrong(
            _("%(most)s sites are the most. Leave the field empty to allow all of them.")
            % {"most": MOST_ORIGINS}
        )
    return origins


def _words(text):
    words = tidy_lines(text)
    if not words:
        raise Wrong(_("Say in a few words who you are and what brings the groups together."))
    return at_most(words, 2000)


def _lines(rows):
    return forms.Textarea(attrs={"class": "input", "rows": rows})


class RequestForm(GuardedForm):
    """Asking for a record. ``person`` is whoever is signed in, whose address is known."""

    keyword = TextField(
        read_keyword,
        label=gettext_lazy("The keyword"),
        help_text=gettext_lazy("The word the groups write on their pages to belong to it."),
        widget=text_input(maxlength=LONGEST_KEYWORD, autocomplete="off"),
    )
    name = TextField(
        read_name,
        label=gettext_lazy("Name of the ecosystem"),
        widget=text_input(maxlength=LONGEST_NAME),
    )
    tagline = TextField(
        read_line,
        label=gettext_lazy("In one line"),
        help_text=gettext_lazy("If you like; you can write it later."),
        required=False,
        widget=text_input(maxlength=LONGEST_LINE),
    )
    words = TextField(
        _words,
        label=gettext_lazy("Why, and with whom?"),
        help_text=gettext_lazy("The operators of the site read it; it is not published."),
        widget=_lines(5),
    )
    sender = TextField(
        lambda text: at_most(one_line(plain_text(text)), LONGEST_NAME),
        label=gettext_lazy("Your name"),
        required=False,
        widget=text_input(maxlength=LONGEST_NAME, autocomplete="name"),
    )
    email = email_field(
        gettext_lazy("Your e-mail address"),
        gettext_lazy("You get a link to confirm it. With it you sign in as curator later."),
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if person.is_authenticated:
            del self.fields["email"]
            if person.name:
                del self.fields["sender"]

    def clean_keyword(self):
        keyword = self.cleaned_data["keyword"]
        if is_taken(keyword):
            raise ValidationError(
                _("This word has an ecosystem already. Write to its curators, or join it.")
            )
        return keyword


class RecordForm(forms.Form):
    """The whole record of an ecosystem. ``typed`` is what to show, as it was typed."""

    name = TextField(
        read_name,
        label=gettext_lazy("Name of the ecosystem"),
        widget=text_input(maxlength=LONGEST_NAME),
    )
    tagline = TextField(
        read_line,
        label=gettext_lazy("In one line"),
        required=False,
        widget=text_input(maxlength=LONGEST_LINE),
    )
    description = TextField(
        lambda text: at_most(plain_text(text), 2000),
        label=gettext_lazy("Description"),
        help_text=gettext_lazy(
            "One or two paragraphs. *word* makes it slanted, **word** bold; lines that begin with "
            "- make a list."
        ),
        required=False,
        widget=_lines(8),
    )
    charter = TextField(
        read_rules,
        label=gettext_lazy("The charter, one line each"),
        help_text=gettext_lazy(
            "Three lines are a good length. If you change a line, this is a new version: the "
            "groups are asked by mail to accept it, and have ninety days for it."
        ),
        required=False,
        widget=_lines(6),
    )
    admission = ChoiceField(
        label=gettext_lazy("How groups come in"),
        choices=[
            ("open", gettext_lazy("Open")),
            ("reviewed", gettext_lazy("Reviewed")),
        ],
        sorry=gettext_lazy("Choose one of the two."),
        widget=RadioSelect(
            {
                "open": gettext_lazy("The keyword is enough to be listed"),
                "reviewed": gettext_lazy(
                    "Curators accept each group; those that are listed today stay"
                ),
            }
        ),
    )
    core_group = TextField(
        answers.read_started_in,
        label=gettext_lazy("Core group"),
        help_text=gettext_lazy("Its short name here. Its members help each other."),
        required=False,
        widget=text_input(maxlength=40, autocapitalize="none", spellcheck="false"),
    )
    accent = ChoiceField(
        label=gettext_lazy("Colour"),
        choices=Ecosystem.Accent.choices,
        sorry=gettext_lazy("Choose one of the six."),
        widget=forms.RadioSelect,
    )
    banner = PictureField(
        label=gettext_lazy("A picture for the banner"),
        help_text=gettext_lazy(
            "A wide picture, 1920 × 160 pixels at best; a larger one is cut. Without one, the "
            "cloth is woven from the bands of the groups."
        ),
        required=False,
        narrowest=pictures.NARROWEST_BANNER,
        widget=picture_input(),
    )
    banner_part = ChoiceField(
        label=gettext_lazy("Which part should stay?"),
        required=False,
        initial="middle",
        choices=[
            ("middle", gettext_lazy("The middle")),
            ("top", gettext_lazy("The top")),
            ("bottom", gettext_lazy("The bottom")),
        ],
        sorry=gettext_lazy("Choose one of the three."),
        widget=forms.Select(attrs={"class": "input"}),
    )
    banner_kept = TextField(answers.read_kept_picture, required=False, widget=forms.HiddenInput)
    banner_removed = forms.BooleanField(
        label=gettext_lazy("Take this picture away"), required=False
    )
    keyword = TextField(
        read_keyword,
        label=gettext_lazy("Spelling of the keyword"),
        help_text=gettext_lazy("Capitals and accents may change; the word stays the same."),
        widget=text_input(maxlength=LONGEST_KEYWORD),
    )
    slug = TextField(
        read_slug,
        label=gettext_lazy("Address of the page"),
        help_text=gettext_lazy("If you change it, the old address leads to the new one for ever."),
        widget=text_input(maxlength=60, autocapitalize="none", spellcheck="false"),
    )
    allowed_origins = TextField(
        read_origins,
        label=gettext_lazy("Sites that may show the list of groups, one a line"),
        help_text=gettext_lazy(
            "Like https://example.org or https://*.example.org. Left empty, every site may."
        ),
        required=False,
        widget=_lines(3),
    )

    def __init__(self, data=None, files=None, *, ecosystem):
        self.ecosystem = ecosystem
        typed = None if data is None else as_typed(data)
        super().__init__(typed, files, label_suffix="", initial=record_as_typed(ecosystem))

    def clean_keyword(self):
        keyword = self.cleaned_data["keyword"]
        if fold(keyword) != self.ecosystem.keyword.name_key:
            raise ValidationError(
                _(
                    "That would be another word: groups carry “%(keyword)s”. Only its spelling "
                    "can be corrected here."
                )
                % {"keyword": self.ecosystem.keyword.name}
            )
        return keyword

    def clean_slug(self):
        slug, keyword = self.cleaned_data["slug"], self.ecosystem.keyword
        others = Keyword.objects.exclude(pk=keyword.pk).filter(slug=slug)
        formers = FormerKeywordSlug.objects.exclude(keyword=keyword).filter(slug=slug)
        if others.exists() or formers.exists():
            raise ValidationError(_("This address belongs to another word. Choose another one."))
        return slug

    def clean(self):
        """Keep a picture that was understood, whatever else is wrong: nobody chooses it twice."""
        cleaned = super().clean()
        if picture := cleaned.get("banner"):
            name = pictures.store_banner(picture, cleaned.get("banner_part", "middle"))
            cleaned |= {"banner_kept": name, "banner_removed": False}
            self.data = {**self.data, "banner_kept": sign_picture(name)}
        if cleaned.get("banner_removed"):
            self.data = {**self.data, "banner_kept": ""}
        return cleaned

    def record(self):
        """Return the record that was typed, as `curating.record_of` does."""
        cleaned = self.cleaned_data
        kept = "" if cleaned["banner_removed"] else cleaned["banner_kept"]
        names = record_of(self.ecosystem).keys() - {"banner"}
        return {name: cleaned[name] for name in names} | {"banner": kept}

    @property
    def banner_url(self):
        """The address of the banner that was kept, "" for none."""
        return shown_picture(self["banner_kept"].value())


def record_as_typed(ecosystem):
    """Return what the form shows before anybody typed anything. One query."""
    record = record_of(ecosystem)
    core = record["core_group"]
    return record | {
        "charter": "\n".join(record["charter"]),
        "allowed_origins": "\n".join(record["allowed_origins"]),
        "core_group": core.short_name if core and core.shelf else "",
        "banner": None,
        "banner_kept": sign_picture(record["banner"]),
    }


class RoleForm(forms.Form):
    """Whom to give which role."""

    email = email_field(
        gettext_lazy("Their e-mail address"),
        gettext_lazy("They get a mail, and sign in with a code sent to this address."),
    )
    kind = ChoiceField(
        label=gettext_lazy("Role"),
        choices=[
            (Role.Kind.CURATOR, gettext_lazy("Curator")),
            (Role.Kind.HELPER, gettext_lazy("Helper")),
        ],
        sorry=gettext_lazy("Choose one of the two."),
        widget=RadioSelect(
            {
                "curator": gettext_lazy("Changes this record, accepts groups, gives roles"),
                "helper": gettext_lazy("Follows groups and helps those who facilitate them"),
            }
        ),
    )

    def __init__(self, data=None):
        super().__init__(None if data is None else as_typed(data), label_suffix="")


class RefusalForm(forms.Form):
    """Why an ecosystem is not opened."""

    reason = TextField(
        lambda text: at_most(_needed(text), 500),
        label=gettext_lazy("Why not?"),
        help_text=gettext_lazy("Whoever asked reads it."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3, "maxlength": 500}),
    )

    def __init__(self, data=None, *, number):
        super().__init__(
            None if data is None else as_typed(data), label_suffix="", auto_id=f"{number}_%s"
        )


def _needed(text):
    reason = plain_text(text)
    if not reason:
        raise Wrong(_("Say why: whoever asked reads it."))
    return reason
