"""The rows of partners in the form of an entry: as many as were typed, and a blank one or two."""

import re
from typing import NamedTuple

from django import forms
from django.utils.translation import gettext as _

from ..exchange.cleaning import LONGEST_PARTNER_NAME, MOST_PARTNERS
from ..text import fold
from . import answers
from .fields import PictureField, TextField, picture_input, shown_picture, text_input

PARTS = ("name", "url", "logo", "logo_kept")
_FIELD = re.compile(r"partner_([0-9]{1,2})_(?:name|url|logo|logo_kept)\Z")
MOST_NUMBERS = 100
BLANK_PARTNERS = 2


class PartnerRow(NamedTuple):
    """The fields of one partner, and the address of the logo it has so far."""

    name: forms.BoundField
    url: forms.BoundField
    logo: forms.BoundField
    logo_kept: forms.BoundField
    logo_url: str


class PartnerRows:
    """What `EntryForm` does with partners. A row that was taken off in the page leaves a gap."""

    def add_typed_partners(self):
        """Add the rows of partners that were typed; to a fresh form, a few blank ones."""
        typed = [*self.data, *self.files] if self.is_bound else self.initial
        # A row that was taken off in the page leaves a gap.
        self.partner_numbers = sorted(
            {int(match[1]) for name in typed if (match := _FIELD.match(name))}
        )
        for number in self.partner_numbers:
            self._add_partner(number)
        if not self.is_bound:
            for _each in range(BLANK_PARTNERS):
                self._add_blank_partner()

    def _add_blank_partner(self):
        number = max(self.partner_numbers, default=-1) + 1
        if len(self.partner_numbers) < MOST_PARTNERS and number < MOST_NUMBERS:
            self.partner_numbers.append(number)
            self._add_partner(number)

    def add_partner(self):
        """Show one more blank row of partners, as long as there is room for one."""
        self._add_blank_partner()
        self.opened.add("partners")

    def _add_partner(self, number):
        fields = {
            "name": TextField(
                answers.read_partner_name,
                label=_("Name of the partner"),
                required=False,
                widget=text_input(maxlength=LONGEST_PARTNER_NAME, autocomplete="off"),
            ),
            "url": answers.url_field(_("Its site")),
            "logo": PictureField(label=_("Its logo"), required=False, widget=picture_input()),
            "logo_kept": TextField(
                answers.read_kept_picture, required=False, widget=forms.HiddenInput
            ),
        }
        for part, field in fields.items():
            self.fields[f"partner_{number}_{part}"] = field

    def clean_partners(self):
        rows = self.filled_numbers()
        if len(rows) > MOST_PARTNERS:
            self.add_error(
                f"partner_{rows[MOST_PARTNERS]}_name",
                _("A group has at most 30 partners. Take some off the list."),
            )
        for number in rows:
            if not self.cleaned_data.get(f"partner_{number}_name", "unknown"):
                self.add_error(f"partner_{number}_name", _("Give this partner a name."))

    def filled_partners(self):
        """Return the rows in which a partner was given."""
        filled = set(self.filled_numbers())
        rows = zip(self.partner_numbers, self.partner_rows, strict=True)
        return [row for number, row in rows if number in filled]

    def filled_numbers(self):
        """Return the numbers of the rows in which something was given.

        A logo that is left of one whose name was emptied is nothing: so partners are taken off.
        """
        return [
            number
            for number in self.partner_numbers
            if any(self.cleaned_data.get(f"partner_{number}_{p}") for p in ("name", "url", "logo"))
        ]

    @property
    def partner_rows(self):
        """The rows of partners, each with the address of the logo that was kept."""
        return [
            PartnerRow(
                *(self[f"partner_{number}_{part}"] for part in PARTS),
                shown_picture(self[f"partner_{number}_logo_kept"].value()),
            )
            for number in self.partner_numbers
        ]

    def partner_fields(self):
        return [f"partner_{number}_{part}" for number in self.partner_numbers for part in PARTS]

    def cleaned_partners(self):
        """Return the partners as an entry has them, each once."""
        partners = {}
        for number in self.filled_numbers():
            name = self.cleaned_data[f"partner_{number}_name"]
            url = self.cleaned_data[f"partner_{number}_url"]
            partners.setdefault(fold(name) or name, {"name": name, "url": url})
        return list(partners.values())

    def cleaned_logos(self):
        """Return ``{folded name of a partner: stored name of its logo}``."""
        return {
            fold(self.cleaned_data[f"partner_{number}_name"]): logo
            for number in self.filled_numbers()
            if (logo := self.cleaned_data[f"partner_{number}_logo_kept"])
        }
