"""What a visitor says is wrong with an entry."""

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..exchange.problems import Wrong
from ..guards import GuardedForm
from ..models import Group, Task
from ..text import is_short_name, one_line, tidy_lines
from .fields import ChoiceField, RadioSelect, TextField, at_most, email_field

LONGEST_WORDS = 1500

EXPLAINED = {
    Task.Reason.CLOSED: gettext_lazy("Nobody has been there for long, its links lead nowhere"),
    Task.Reason.WRONG: gettext_lazy("A link, a place, a name, a picture"),
    Task.Reason.DUPLICATE: gettext_lazy("Another page shows the same group"),
    Task.Reason.CHARTER: gettext_lazy("Closed to some, for gain, or hurting somebody"),
}


def _words(text):
    return at_most(tidy_lines(text), LONGEST_WORDS)


def _other(text):
    """Return the published group of this short name or address, None for no text."""
    text = one_line(text)
    if not text:
        return None
    try:
        # The short address and that of the page, in either language, end with the short name.
        short_name = urlsplit(text).path.rstrip("/").rpartition("/")[2].lower()
    except ValueError:
        short_name = ""
    group = Group.objects.published().named(short_name) if is_short_name(short_name) else None
    if group is None:
        raise Wrong(_("No group is shown at this address. Copy that of its page."))
    return group


class ReportForm(GuardedForm):
    """A report about ``group``."""

    reason = ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=Task.Reason.choices,
        sorry=gettext_lazy("Choose what it is about; the words below can say more."),
        widget=RadioSelect(EXPLAINED),
    )
    other = TextField(
        _other,
        label=gettext_lazy("The other page of the group"),
        help_text=gettext_lazy("Its address or its short name, if it is here twice."),
        required=False,
        widget=forms.TextInput(
            attrs={"class": "input", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    words = TextField(
        _words,
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("What should change? The facilitators may read it."),
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 5}),
    )
    email = email_field(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy(
            "Only if you would like to hear what became of it. It is forgotten then."
        ),
        required=False,
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.group = group

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") != Task.Reason.DUPLICATE:
            # Typed before another reason was chosen, and no longer shown.
            self.errors.pop("other", None)
            cleaned["other"] = None
        elif cleaned.get("other") == self.group:
            self.add_error("other", _("This is the page you are reporting. Which is the other?"))
        if cleaned.get("reason") == Task.Reason.WRONG and cleaned.get("words") == "":
            self.add_error("words", _("Say what is wrong: nobody else may see it."))
        return cleaned
