"""The form of an entry: four answers, and sections for the rest. Registration and upkeep share it.

    form = EntryForm(request.POST, request.FILES, group=group)
    if form.is_valid():
        save_form(form, group=group, by=person, why="edited", now=now)

Pictures are stored as soon as they were understood, whatever else is wrong, and carried as signed
names: nobody chooses a file twice.
"""

from dataclasses import replace
from functools import lru_cache

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .. import markdown, pictures
from ..countries import COUNTRIES, country_name
from ..entries import FIELDS, entries_of
from ..exchange.cleaning import LONGEST, MOST_PARTNERS
from ..exchange.columns import SERVICE_KINDS
from ..exchange.numbers import member_count_of, position_of
from ..exchange.problems import Wrong
from ..models import Group, Service
from ..public import PUBLIC_SERVICES
from ..short_names import answer_short_name, propose_short_name
from ..suggestions import frequent_keywords
from ..text import fold, one_line, plain_text
from . import answers
from .answers import url_field
from .fields import (
    ChoiceField,
    PictureField,
    RadioSelect,
    TextField,
    as_typed,
    picture_input,
    sentence,
    shown_picture,
    sign_picture,
    text_input,
)
from .partners import PartnerRows
from .sections import sections_with

KEYWORDS_OFFERED = 60


@lru_cache
def _countries(language):
    named = [(code, country_name(code, language)) for code in COUNTRIES]
    return [("", _("No country")), *sorted(named, key=lambda each: fold(each[1]))]


SERVICE_HELP = {
    "news": gettext_lazy("A blog, a page on a social network."),
    "meetings": gettext_lazy("A calendar, or the room you meet in online."),
    "discussions": gettext_lazy("A mailing list, a forum, a chat."),
    "projects": gettext_lazy("What you are working on now."),
    "resources": gettext_lazy("What you made and others may use."),
    "inspiring_projects": gettext_lazy("Those worth copying elsewhere."),
    "join": gettext_lazy("Where one becomes a member."),
    "leave": gettext_lazy("Where one stops being a member."),
    "members": gettext_lazy("Who is in the group."),
    "admin": gettext_lazy("Where you run the group. Without one, the page of this entry serves."),
    "follow_up": gettext_lazy("Where facilitators note the next step of each project."),
}


class EntryForm(PartnerRows, forms.Form):
    """What a group says of itself. ``group`` is the one that is edited, None for a new one.

    ``typed`` is what to show: values by the names of the fields, as they were typed. Without it a
    group is shown as it is.
    """

    name = TextField(
        answers.read_name,
        label=gettext_lazy("Name of the group"),
        widget=text_input(maxlength=LONGEST["name"], autocomplete="organization"),
    )
    tagline = TextField(
        answers.read_tagline,
        label=gettext_lazy("In one line"),
        help_text=gettext_lazy("What you would tell a neighbour. 160 characters at most."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3, "maxlength": LONGEST["tagline"]}),
    )
    kind = ChoiceField(
        label=gettext_lazy("Kind of group"),
        choices=Group.Kind.choices,
        sorry=gettext_lazy("Choose the one that fits best; you may change it later."),
        widget=RadioSelect(
            {
                "territorial": gettext_lazy("A neighbourhood, a town, a valley"),
                "thematic": gettext_lazy("A subject that brings you together, wherever you are"),
                "support": gettext_lazy("At the service of other groups"),
            }
        ),
    )
    short_name = TextField(
        answers.read_short_name,
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy(
            "For the address of your page: small letters, digits, hyphens. Left empty, it is made "
            "from the name."
        ),
        widget=text_input(
            maxlength=40, autocapitalize="none", autocomplete="off", spellcheck="false"
        ),
    )

    country = ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        sorry=gettext_lazy("Choose a country from the list."),
        widget=forms.Select(attrs={"class": "input", "autocomplete": "country"}),
    )
    region = TextField(
        answers.read_region,
        label=gettext_lazy("Town or region"),
        required=False,
        widget=text_input(maxlength=LONGEST["region"], autocomplete="address-level2"),
    )
    latitude = TextField(
        one_line,
        label=gettext_lazy("Latitude"),
        required=False,
        widget=text_input(inputmode="text", autocomplete="off", placeholder="6.4969"),
    )
    longitude = TextField(
        one_line,
        label=gettext_lazy("Longitude"),
        required=False,
        widget=text_input(inputmode="text", autocomplete="off", placeholder="2.6289"),
    )
    position_is_approximate = ChoiceField(
        label=gettext_lazy("How exactly should it be shown?"),
        required=False,
        initial="0",
        choices=[("0", gettext_lazy("The exact place")), ("1", gettext_lazy("About here"))],
        sorry=gettext_lazy("Choose one of the two."),
        widget=RadioSelect(
            {
                "0": gettext_lazy("A hall, a garden, a workshop anybody may come to"),
                "1": gettext_lazy(
                    "Within about ten kilometres: for somebody’s home. We keep no more than that."
                ),
            }
        ),
    )

    keywords = TextField(
        answers.read_keywords,
        label=gettext_lazy("Keywords"),
        help_text=gettext_lazy("Separated by commas, twelve at most."),
        required=False,
        widget=text_input(list="known-keywords", autocomplete="off"),
    )

    members_is_open = forms.BooleanField(
        label=gettext_lazy("Anybody may see the list of members"), required=False
    )

    banner = PictureField(
        label=gettext_lazy("A picture for the banner"),
        help_text=gettext_lazy(
            "A wide picture, 1920 × 160 pixels at best; a larger one is cut. "
            "Without one, your group has a woven band of its own."
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

    description = TextField(
        answers.read_description,
        label=gettext_lazy("Description"),
        help_text=gettext_lazy(
            "One or two paragraphs. *word* makes it slanted, **word** bold; lines that begin with "
            "- make a list."
        ),
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 8, "maxlength": 2000}),
    )

    activity = ChoiceField(
        label=gettext_lazy("Level of activity"),
        required=False,
        initial="active",
        choices=[each for each in Group.Activity.choices if each[0] != "archived"],
        sorry=gettext_lazy("Choose one of the list."),
        widget=forms.Select(attrs={"class": "input"}),
    )
    member_count = TextField(
        member_count_of,
        label=gettext_lazy("Number of members"),
        help_text=gettext_lazy("About; it is shown with today’s date."),
        required=False,
        widget=text_input(inputmode="numeric", autocomplete="off"),
    )
    started_in = TextField(
        answers.read_started_in,
        label=gettext_lazy("The group it began in"),
        help_text=gettext_lazy("Its short name, if it is here."),
        required=False,
        widget=text_input(autocapitalize="none", autocomplete="off", spellcheck="false"),
    )

    def __init__(self, data=None, files=None, *, group=None, typed=None, **kwargs):
        self.group = group
        if typed is None:
            typed = group_as_typed(group) if group else {}
        if data is not None:
            data = as_typed(data)
        kwargs.setdefault("label_suffix", "")
        super().__init__(data, files, initial=as_typed(typed), **kwargs)
        self.fields["country"].choices = _countries(get_language())
        if group:
            # Falling asleep, waking and stopping are deeds of their own.
            del self.fields["activity"]
        self.opened = set()
        self.description_html = ""
        for kind in Service.Kind:
            self.fields[f"{kind}_url"] = url_field(kind.label, SERVICE_HELP.get(kind, ""))
        self.add_typed_partners()

    def clean(self):
        cleaned = super().clean()
        self._clean_short_name()
        self._clean_position()
        self.clean_partners()
        if not cleaned.get("members_url"):
            self.cleaned_data["members_is_open"] = False
        return cleaned

    def show_description(self, html):
        """Show the description as it will be, below the field."""
        self.description_html = html
        self.opened.add("description")

    def _clean_short_name(self):
        """Ask for another short name where this one is taken; take one from the name for none."""
        cleaned = self.cleaned_data
        place = {name: cleaned.get(name, "") for name in ("name", "region", "country")}
        if short_name := cleaned.get("short_name"):
            answer = answer_short_name(short_name, group=self.group, **place)
            if not answer.is_free:
                self.add_error("short_name", answer.sentence)
        elif place["name"]:
            # Shown before anything is sent, so that it is never a surprise.
            cleaned["short_name"] = propose_short_name(group=self.group, **place)
            self.data["short_name"] = cleaned["short_name"]
        if not cleaned.get("short_name") and "short_name" not in self.errors:
            self.add_error("short_name", _("Choose a short name."))

    def _clean_position(self):
        cleaned = self.cleaned_data
        try:
            position = position_of(cleaned["latitude"], cleaned["longitude"])
        except Wrong as wrong:
            self.add_error("latitude", sentence(wrong))
            return
        # Where phones put those who would not say where they are.
        cleaned["latitude"], cleaned["longitude"] = (None, None) if position == (0, 0) else position

    def _post_clean(self):
        """Keep the pictures that were sent: a form that is shown again cannot hold a file."""
        banner = self.cleaned_data.get("banner")
        if banner:
            part = self.cleaned_data.get("banner_part", "middle")
            self._keep("banner_kept", pictures.store_banner(banner, part))
            self.cleaned_data["banner_removed"] = False
        if self.cleaned_data.get("banner_removed"):
            self.data.pop("banner_kept", None)
            self.data.pop("banner_removed", None)
        for number in self.partner_numbers:
            if logo := self.cleaned_data.get(f"partner_{number}_logo"):
                self._keep(f"partner_{number}_logo_kept", pictures.store_logo(logo))

    def _keep(self, field, name):
        self.cleaned_data[field] = name
        self.data[field] = sign_picture(name)
        # What was wrong with the one that was carried no longer matters.
        self.errors.pop(field, None)

    def cleaned_entry(self):
        """Return the entry in the columns of the export, for `save_entry`."""
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in FIELDS if name in cleaned},
            "keywords": cleaned["keywords"],
            "services": {kind: url for kind in SERVICE_KINDS if (url := cleaned[f"{kind}_url"])},
            "partners": self.cleaned_partners(),
        }

    def cleaned_extras(self):
        """Return what the columns of the export have no place for."""
        cleaned = self.cleaned_data
        return {
            "position_is_approximate": cleaned["position_is_approximate"] == "1",
            "members_is_open": cleaned["members_is_open"],
            "banner": "" if cleaned["banner_removed"] else cleaned["banner_kept"],
            "logos": self.cleaned_logos(),
            "started_in": cleaned["started_in"] or self._hidden_origin(),
        }

    def _hidden_origin(self):
        """Return the group this one began in, if that is not shown and so cannot be typed."""
        origin = self.group and self.group.started_in
        return None if is_shown(origin) else origin

    def picture_errors(self):
        """Return the names of the fields whose picture could not be read."""
        return [name for name in self.errors if isinstance(self.fields[name], PictureField)]

    def typed(self):
        """Return what was typed, to be shown, carried or kept: ``{name of a field: text}``."""
        return {
            name: self.data[name]
            for name, field in self.fields.items()
            if self.data.get(name) and not isinstance(field, PictureField)
        }

    @property
    def address_before(self):
        """What stands before a short name in the address people print."""
        return f"{settings.SITE_HOST}/"

    @property
    def known_keywords(self):
        """The words most groups carry, to choose from where no script runs."""
        return frequent_keywords(KEYWORDS_OFFERED)

    @cached_property
    def sections(self):
        """The parts that fold away. One with an error is open, or nobody would find it."""
        return [
            replace(
                section,
                is_open=section.key in self.opened or any(n in self.errors for n in section.fields),
                is_filled=any(self._is_given(name) for name in section.fields),
            )
            for section in sections_with(self.partner_fields())
        ]

    def _is_given(self, name):
        value = (self.data if self.is_bound else self.initial).get(name)
        return bool(value) and name in self.fields and value != self.fields[name].initial

    @property
    def public_links(self):
        return [self[f"{kind}_url"] for kind in PUBLIC_SERVICES]

    @property
    def private_links(self):
        return [self["admin_url"], self["follow_up_url"]]

    @property
    def banner_url(self):
        """The address of the banner that was kept, "" for none."""
        return shown_picture(self["banner_kept"].value())

    @property
    def band_url(self):
        """The address of its small copy, which cards show, "" for none."""
        return shown_picture(self["banner_kept"].value(), of=pictures.listing_name)


def written_on(form, what):
    """Return a form that was sent as it was left, judging nothing.

    With a row more for "partner", with its description as readers will see it for "describe".
    """
    typed = form.typed()
    form = EntryForm(typed=typed, group=form.group)
    if what == "partner":
        form.add_partner()
    if what == "describe":
        form.show_description(markdown.render(plain_text(typed.get("description", ""))))
    return form


def group_as_typed(group):
    """Return what the form of ``group`` shows before anybody typed anything. Six queries."""
    typed = entry_as_typed(entries_of([group])[group.pk])
    logos = {
        p.partner.name: p.partner.logo.name for p in group.partnerships.select_related("partner")
    }
    for number in range(MOST_PARTNERS):
        if logo := logos.get(typed.get(f"partner_{number}_name")):
            typed[f"partner_{number}_logo_kept"] = sign_picture(logo)
    members = group.services.filter(kind=Service.Kind.MEMBERS, is_open=True)
    return typed | {
        "position_is_approximate": "1" if group.position_is_approximate else "0",
        "members_is_open": "on" if members.exists() else "",
        "banner_kept": sign_picture(group.banner.name),
        "started_in": group.started_in.short_name if is_shown(group.started_in) else "",
    }


def is_shown(group):
    """Say whether ``group`` (or None) is one that everybody may know of."""
    return group is not None and group.shelf > 0


def entry_as_typed(entry):
    """Return ``{name of a field: text}`` for an entry, as somebody would have typed it."""
    typed = {
        name: "" if entry[name] is None else str(entry[name]) for name in FIELDS if name in entry
    }
    typed["keywords"] = ", ".join(entry.get("keywords", []))
    for kind, url in entry.get("services", {}).items():
        typed[f"{kind}_url"] = url
    for number, partner in enumerate(entry.get("partners", [])):
        typed[f"partner_{number}_name"] = partner["name"]
        typed[f"partner_{number}_url"] = partner["url"]
    return typed
