"""Fields that understand what is meant, and say in one sentence what is wrong."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, Signer
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import pictures
from ..exchange.problems import Wrong

# Databases and encodings refuse these; nobody sees them, so nobody misses them.
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_pictures = Signer(salt="groups.pictures")


def as_typed(data):
    """Return ``{name: text}`` of what was sent or kept, without what cannot be stored or shown."""
    return {
        name: _UNFIT.sub("", value)
        for name, value in data.items()
        if isinstance(name, str) and isinstance(value, str)
    }


class TextField(forms.CharField):
    """A text, made into what is kept by a function that raises `Wrong`."""

    def __init__(self, understand, *, advice="", **kwargs):
        self.understand = understand
        self.advice = advice
        super().__init__(**kwargs)

    def clean(self, value):
        try:
            return self.understand(value or "")
        except Wrong as wrong:
            raise ValidationError(sentence(wrong, self.advice)) from wrong


class ChoiceField(forms.ChoiceField):
    """One of a few; where nothing was chosen, the one that stood there at first is meant."""

    def __init__(self, *, sorry, **kwargs):
        super().__init__(**kwargs)
        self.sorry = sorry

    def clean(self, value):
        value = value or (self.initial or "")
        if not value and not self.required:
            return ""
        if not self.valid_value(value):
            raise ValidationError(str(self.sorry))
        return value


class RadioSelect(forms.RadioSelect):
    """Radio buttons, each with a line that explains it."""

    def __init__(self, explained):
        super().__init__()
        self.explained = explained

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"explanation": self.explained.get(value, "")}


class PictureField(forms.FileField):
    """A picture somebody chose, decoded; None for none."""

    def __init__(self, *, narrowest=1, **kwargs):
        super().__init__(**kwargs)
        self.narrowest = narrowest

    def clean(self, data, initial=None):
        return pictures.read_picture(data, narrowest=self.narrowest) if data else None


def text_input(**attributes):
    return forms.TextInput(attrs={"class": "input", **attributes})


def picture_input():
    return forms.FileInput(attrs={"accept": pictures.ACCEPTED, "class": "input input--file"})


def email_field(label, help_text="", *, required=True):
    return forms.EmailField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Write an e-mail address."),
            "invalid": gettext_lazy("This is not an e-mail address yet. Is the @ there?"),
        },
    )


def sign_picture(name):
    """Return the stored name of a picture as a form carries it: nobody can name another one."""
    return _pictures.sign(name) if name else ""


def signed_picture(signed):
    """Return the stored name of the picture a form carries, "" for none of ours."""
    try:
        return _pictures.unsign(signed) if signed else ""
    except BadSignature:
        return ""


def shown_picture(signed, of=str):
    """Return the address at which whoever holds the form may see the picture it carries.

    ``of`` names the copy to show. "" for no picture.
    """
    name = signed_picture(signed)
    return f"{default_storage.url(of(name))}?key={signed.rpartition(':')[2]}" if name else ""


def sentence(reason, advice=""):
    """Make a sentence of a reason in words that follow a colon, and add what to do about it."""
    reason = str(reason)
    whole = reason[:1].upper() + reason[1:]
    if whole and whole[-1] not in ".!?…":
        whole += "."
    return f"{whole} {advice}" if advice else whole


def at_most(text, most):
    """Return ``text``, or raise `Wrong` where it is longer than ``most`` characters."""
    if len(text) > most:
        raise Wrong(
            _("This is %(length)s characters long, and %(most)s is the most. Shorten it a little.")
            % {"length": number_format(len(text)), "most": number_format(most)}
        )
    return text
