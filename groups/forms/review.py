"""The forms of the review: a reason, a question, how something ends, whom to invite."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Task
from ..text import plain_text
from .fields import RadioSelect, as_typed, email_field

# As much as a group and a membership keep of a reason; an end is kept with its code.
LONGEST_REASON = 500
LONGEST_END = 460

# What is often said, to begin with; whoever decides goes on in their own words.
PHRASES = {
    Task.Kind.NEW: (
        gettext_lazy("What the group does is not clear yet: say it in the one line."),
        gettext_lazy("This group is here already: you can take part in its page."),
        gettext_lazy("A link leads nowhere, or to something else."),
        gettext_lazy("This is not a group that people can join; the directory lists only those."),
        gettext_lazy("The entry reads like an advertisement: say who you are and what you do."),
    ),
    Task.Kind.EDIT: (
        gettext_lazy("A link leads nowhere, or to something else."),
        gettext_lazy("Something that was right would be lost."),
        gettext_lazy("The entry would read like an advertisement."),
    ),
    Task.Kind.LOOK: (
        gettext_lazy("A link leads nowhere, or to something else."),
        gettext_lazy("Something that was right was lost."),
        gettext_lazy("The entry reads like an advertisement now."),
    ),
    Task.Kind.MEMBERSHIP: (
        gettext_lazy("We do not see yet how the group follows the charter."),
        gettext_lazy("The group does not seem to be about what brings us together."),
        gettext_lazy("Talk with us first: we would like to know you."),
    ),
    Task.Kind.TAKE_OVER: (
        gettext_lazy("Tell us more: how do you know this group?"),
        gettext_lazy("Somebody of the group is still there."),
    ),
}

ENDS = {
    "nothing": (gettext_lazy("The page is right"), gettext_lazy("It stays as it is")),
    "corrected": (gettext_lazy("It was put right"), gettext_lazy("By the group, or by you")),
    "still_right": (
        gettext_lazy("It is still right"),
        gettext_lazy("You wrote to somebody of the group, or looked at its site"),
    ),
    "asleep": (
        gettext_lazy("The group is asleep"),
        gettext_lazy("The page stays and says so; the group can wake itself"),
    ),
    "archived": (
        gettext_lazy("The group has stopped"),
        gettext_lazy("The page stays, and leaves the lists"),
    ),
    "somebody_there": (
        gettext_lazy("Somebody is there"),
        gettext_lazy("Though nobody has confirmed an address"),
    ),
    "taken_out": (
        gettext_lazy("It leaves the directory"),
        gettext_lazy("The group is told your reason; it may change its entry and send it again"),
    ),
}


class _Form(forms.Form):
    def __init__(self, data=None, *, deed, **kwargs):
        data = as_typed(data) if data is not None else None
        # Several forms lie on one page: each has identifiers of its own.
        super().__init__(data, auto_id=f"{deed}_%s", label_suffix="", **kwargs)


def _words(label, *, longest, rows=3, required=True, sorry="", help_text=""):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"class": "input", "rows": rows, "maxlength": longest}),
        error_messages={"required": sorry},
    )


class ReasonForm(_Form):
    """Why not: a ready phrase, words of one's own, or both."""

    phrase = forms.ChoiceField(
        label=gettext_lazy("Begin with"),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the list.")},
    )
    words = _words(
        gettext_lazy("In your words"),
        longest=LONGEST_REASON,
        required=False,
        help_text=gettext_lazy("The group reads it: say what would help."),
    )

    def __init__(self, data=None, *, kind, **kwargs):
        super().__init__(data, **kwargs)
        choices = [(str(number), phrase) for number, phrase in enumerate(PHRASES[kind], start=1)]
        self.fields["phrase"].choices = [("", _("Nothing: my own words")), *choices]
        self.phrases = dict(choices)

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        phrase = str(self.phrases.get(cleaned["phrase"], ""))
        reason = " ".join(filter(None, [phrase, plain_text(cleaned["words"])]))
        if not reason:
            self.add_error("words", _("Choose a phrase, or write why."))
        elif len(reason) > LONGEST_REASON:
            self.add_error("words", _("Together that is too long: shorten your words a little."))
        cleaned["reason"] = reason
        return cleaned


class QuestionForm(_Form):
    question = _words(
        gettext_lazy("Your question"), longest=1000, sorry=gettext_lazy("Write your question.")
    )

    def clean_question(self):
        question = plain_text(self.cleaned_data["question"])
        if not question:
            # What was typed was invisible.
            raise forms.ValidationError(_("Write your question."))
        return question


class EndForm(_Form):
    """How a report or a silence ends, and a word with it."""

    done = forms.ChoiceField(
        label=gettext_lazy("How is it?"),
        widget=RadioSelect({name: explained for name, (_label, explained) in ENDS.items()}),
        error_messages={
            "required": gettext_lazy("Choose one of these."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
    )
    words = _words(gettext_lazy("A word with it"), longest=LONGEST_END, required=False)

    def __init__(self, data=None, *, ends, told, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["done"].choices = [(name, ENDS[name][0]) for name in ends]
        self.fields["words"].help_text = told

    def clean_words(self):
        return plain_text(self.cleaned_data["words"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("done") == "taken_out" and not cleaned.get("words"):
            self.add_error("words", _("Say why: the group is told your reason."))
        return cleaned


class SomebodyForm(_Form):
    """How a helper knows that somebody is there."""

    words = _words(
        gettext_lazy("How do you know?"),
        longest=LONGEST_END,
        rows=2,
        sorry=gettext_lazy("Write a word about how you know."),
        help_text=gettext_lazy("For the other helpers: no address, please."),
    )

    def clean_words(self):
        words = plain_text(self.cleaned_data["words"])
        if not words:
            # What was typed was invisible.
            raise forms.ValidationError(_("Write a word about how you know."))
        return words


class FindForm(_Form):
    """Somebody who may want to facilitate a group that has nobody."""

    email = email_field(
        gettext_lazy("Their e-mail address"),
        gettext_lazy("They get a link, and say yes or not. Ask them first."),
    )
