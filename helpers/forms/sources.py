"""The one thing typed about sources: an address to look at."""

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.forms.fields import as_typed

from ..sources.failures import WORDS


class AddressForm(forms.Form):
    """An address of the web. Without a scheme it is taken for https."""

    url = forms.URLField(
        label=_("Address of your site, blog, calendar, forum…"),
        help_text=_("We look once what can be read there. Nothing is counted before you say yes."),
        max_length=500,
        widget=forms.TextInput(
            attrs={"class": "input", "inputmode": "url", "autocomplete": "url", "maxlength": 500}
        ),
        error_messages={
            "required": _("Paste an address first."),
            "invalid": _("This does not look like an address: https://garden.example.org"),
        },
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(None if data is None else as_typed(data), label_suffix="", **kwargs)

    @staticmethod
    def sorry(code):
        """Return why an address is not looked at, for the code of `sources/failures.py`."""
        return WORDS[code]
