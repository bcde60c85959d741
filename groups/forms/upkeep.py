"""The small forms of upkeep: asking for a link, pausing, people, answers, taking over."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..guards import GuardedForm
from ..models import Link
from ..text import one_line, plain_text
from ..upkeep import LONGEST_PAUSE
from .fields import as_typed, email_field

ASKED_FOR = [
    (Link.Purpose.EDIT, gettext_lazy("Edit the entry")),
    (Link.Purpose.PEOPLE, gettext_lazy("Add a facilitator")),
    (Link.Purpose.HAND_OVER, gettext_lazy("Hand the group over to somebody")),
    (Link.Purpose.PAUSE, gettext_lazy("Pause until a date")),
    (Link.Purpose.SLEEP, gettext_lazy("Put the group to sleep")),
    (Link.Purpose.WAKE, gettext_lazy("Wake the group up")),
    (Link.Purpose.ARCHIVE, gettext_lazy("Archive the group")),
    (Link.Purpose.ERASE, gettext_lazy("Erase my data")),
]
_SECRET = re.compile(r"/l/([A-Za-z0-9_-]{20,64})/?\s*\Z")


class _Form(forms.Form):
    def __init__(self, data=None, **kwargs):
        super().__init__(None if data is None else as_typed(data), label_suffix="", **kwargs)


def words_field(label, *, longest, sorry, help_text="", rows=4, required=True):
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        required=required,
        widget=forms.Textarea(attrs={"class": "input", "rows": rows, "maxlength": longest}),
        error_messages={"required": sorry},
    )


class AskForLinkForm(_Form):
    """At the gate: an address, and what the link is for."""

    email = email_field(gettext_lazy("Your e-mail address"))
    purpose = forms.ChoiceField(
        label=gettext_lazy("What for?"),
        choices=ASKED_FOR,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={
            "required": gettext_lazy("Choose what the link is for."),
            "invalid_choice": gettext_lazy("Choose what the link is for."),
        },
    )


class KeptLinkForm(_Form):
    """At the gate: the kept link itself, pasted."""

    kept_link = forms.CharField(
        label=gettext_lazy("The link you kept"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "inputmode": "url"}),
        error_messages={"required": gettext_lazy("Paste the link you kept.")},
    )

    def clean_kept_link(self):
        """Return the secret in what was pasted."""
        found = _SECRET.search(self.cleaned_data["kept_link"])
        if found is None:
            raise forms.ValidationError(
                _("This is not such a link. It ends in /l/ and a long row of letters.")
            )
        return found[1]


class PauseForm(_Form):
    """Until when a group pauses, and what happens then."""

    day = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"}),
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Write the day like this: 2027-03-31."),
        },
    )
    ends = forms.ChoiceField(
        label=gettext_lazy("And then?"),
        choices=[
            ("by_itself", gettext_lazy("The pause ends by itself")),
            ("looked_at", gettext_lazy("We look that day whether it goes on")),
        ],
        initial="by_itself",
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("If you like: “summer holidays”, “the hall is being repaired”."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "maxlength": 200}),
    )

    def __init__(self, data=None, *, today, **kwargs):
        super().__init__(data, **kwargs)
        self.today = today
        self.fields["day"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + LONGEST_PAUSE).isoformat(),
        }

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose one that is to come."))
        if day > self.today + LONGEST_PAUSE:
            raise forms.ValidationError(
                _("A pause lasts two years at most. For longer, put the group to sleep.")
            )
        return day

    def answers(self):
        """Return what `upkeep.pause` wants to know."""
        day, is_looked_at = self.cleaned_data["day"], self.cleaned_data["ends"] == "looked_at"
        return {
            "until_day": None if is_looked_at else day,
            "review_on": day if is_looked_at else None,
            "reason": one_line(self.cleaned_data["reason"]),
        }


class LetGoForm(_Form):
    """Whether whoever lets a group go leaves it, too."""

    leaves = forms.BooleanField(
        label=gettext_lazy("Take me off the list of facilitators"), required=False
    )

    def answers(self):
        return self.cleaned_data


class InviteForm(_Form):
    """Somebody else who is to facilitate the group."""

    email = email_field(gettext_lazy("Their e-mail address"))


class OwnAddressForm(_Form):
    """The address of whoever has only had the kept link so far."""

    email = email_field(
        gettext_lazy("Your e-mail address"),
        gettext_lazy("It is never shown to the public."),
    )


class AnswerForm(_Form):
    """What a group answers to a question of the reviewers."""

    answer = words_field(
        gettext_lazy("Your answer"), longest=2000, sorry=gettext_lazy("Write your answer.")
    )

    def clean_answer(self):
        return plain_text(self.cleaned_data["answer"])


class TakeOverForm(GuardedForm):
    """An offer to take a group over."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write your name.")},
    )
    email = email_field(
        gettext_lazy("Your e-mail address"),
        gettext_lazy("You get a link there, to confirm the offer."),
    )
    words = words_field(
        gettext_lazy("A few words"),
        longest=1000,
        sorry=gettext_lazy("Write a few words: it is people who decide."),
        help_text=gettext_lazy(
            "Who you are, and what you would like to do with the group. The last facilitators "
            "read it."
        ),
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(None if data is None else as_typed(data), label_suffix="", **kwargs)

    def clean_name(self):
        return one_line(plain_text(self.cleaned_data["name"]))

    def clean_words(self):
        return plain_text(self.cleaned_data["words"])
