"""What somebody writes to the facilitators of a group."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..exchange.problems import Wrong
from ..guards import GuardedForm
from ..models import Person
from ..text import one_line, tidy_lines
from .fields import TextField, at_most, email_field

LONGEST_NAME = Person._meta.get_field("name").max_length
LONGEST_WORDS = 4000


def _name(text):
    return at_most(one_line(text), LONGEST_NAME)


def _words(text):
    words = tidy_lines(text)
    if not words:
        raise Wrong(_("Write a few words: the facilitators read them as you wrote them."))
    return at_most(words, LONGEST_WORDS)


class ContactForm(GuardedForm):
    name = TextField(
        _name,
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("If you like. It is shown to the facilitators only."),
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
    )
    email = email_field(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("The answer goes there, straight from the facilitators."),
    )
    words = TextField(
        _words,
        label=gettext_lazy("Your message"),
        widget=forms.Textarea(attrs={"class": "input", "rows": 8}),
    )
