"""The form of a check-in: one question an indicator, and what concerns the group as a whole."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.forms.fields import as_typed
from groups.text import one_line, plain_text

from ..answering import Said
from ..models import HelpRequest
from ..questions import HELP, PAUSING, Answer, answers_to, question
from .upkeep import FURTHEST_AHEAD, LONGEST_AGO, choice_field, words_field

UNREADABLE = gettext_lazy("Write the day like this: 2027-03-31.")
LONGEST_WHY = 200


def _day_field(label, *, first, last, sorry):
    """Return the field of a day between two, with what is said of any other."""
    widget = forms.DateInput(
        format="%Y-%m-%d",
        attrs={
            "class": "input",
            "type": "date",
            "min": first.isoformat(),
            "max": last.isoformat(),
        },
    )
    errors = {"invalid": UNREADABLE}
    field = forms.DateField(label=label, widget=widget, required=False, error_messages=errors)
    field.first, field.last, field.sorry = first, last, sorry
    return field


class CheckInForm(forms.Form):
    """Every answer is one's own choice; what was chosen is asked to be whole."""

    pausing = forms.BooleanField(label=gettext_lazy("We are pausing"), required=False)
    help = forms.BooleanField(label=gettext_lazy("I need help"), required=False)
    occasion = choice_field(
        gettext_lazy("What is it about?"),
        HelpRequest.Occasion.choices,
        required=False,
        initial=HelpRequest.Occasion.DIFFICULTY,
    )
    words = words_field(gettext_lazy("In a few words"), 2000, 3, required=False)

    def __init__(self, data=None, *, rhythms, answered, today, site_today, **kwargs):
        data = None if data is None else as_typed(data)
        super().__init__(data, label_suffix="", **kwargs)
        self.rhythms, self.answered, self.today = rhythms, answered, today
        # What is to come has to come where the group lives and where the site is.
        first = max(today, site_today)
        last = min(today, site_today) + FURTHEST_AHEAD
        sorry = _("Choose a day to come, within two years.")
        ahead = {"first": first, "last": last, "sorry": sorry}
        for rhythm in rhythms:
            self._ask_about(rhythm, ahead)
        self.fields["until"] = _day_field(_("Until"), **ahead)

    def _ask_about(self, rhythm, ahead):
        name, choices = rhythm.indicator, answers_to(rhythm)
        self.fields[name] = forms.ChoiceField(
            label=question(rhythm, self.today, is_answered=name in self.answered),
            choices=choices,
            required=False,
            widget=forms.RadioSelect,
        )
        answers = {answer for answer, _words in choices}
        if Answer.HELD in answers:
            day = _day_field(
                _("On which day? An approximate one will do."),
                first=self.today - LONGEST_AGO,
                last=self.today,
                sorry=_("Choose a day that has passed, or today."),
            )
            day.initial = self.today
            self.fields[f"{name}-held"] = day
        if Answer.AHEAD in answers:
            self.fields[f"{name}-ahead"] = _day_field(_("For which day?"), **ahead)
        if Answer.STOPPED in answers:
            self.fields[f"{name}-stopped"] = forms.CharField(
                label=_("Why, if you like to say"),
                max_length=LONGEST_WHY,
                required=False,
                widget=forms.TextInput(attrs={"class": "input", "maxlength": LONGEST_WHY}),
            )

    def questions(self):
        """Return (the question, its choices each with the field that belongs to it or None)."""
        for rhythm in self.rhythms:
            field = self[rhythm.indicator]
            choices = []
            for radio in field:
                name = f"{rhythm.indicator}-{radio.data['value']}"
                choices.append((radio, self[name] if name in self.fields else None))
            yield field, choices

    def clean(self):
        said = {}
        for rhythm in self.rhythms:
            name = rhythm.indicator
            chosen = self.cleaned_data.get(name)
            for answer in (Answer.HELD, Answer.AHEAD, Answer.STOPPED):
                if answer != chosen:
                    self._leave_out(f"{name}-{answer}")
            if chosen:
                said[name] = self._said(name, chosen)
        if self.cleaned_data["pausing"]:
            said[PAUSING] = Said(PAUSING, day=self._day("until"))
        else:
            self._leave_out("until")
        if self.cleaned_data["help"]:
            occasion = self.cleaned_data.get("occasion") or HelpRequest.Occasion.DIFFICULTY
            words = plain_text(self.cleaned_data.get("words", ""))
            said[HELP] = Said(occasion, words=words)
        else:
            self._leave_out("occasion")
            self._leave_out("words")
        if not said and not self.errors:
            raise forms.ValidationError(
                _("Nothing is chosen yet. Choose one answer, or close this page: both are fine.")
            )
        self.said = said
        return self.cleaned_data

    def _leave_out(self, name):
        """Mind nothing about a field that belongs to another answer."""
        self.errors.pop(name, None)

    def _said(self, name, chosen):
        if chosen in {Answer.HELD, Answer.AHEAD}:
            return Said(chosen, day=self._day(f"{name}-{chosen}"))
        return Said(chosen, words=one_line(self.cleaned_data.get(f"{name}-{chosen}") or ""))

    def _day(self, name):
        """Return the day in this field, and say what is wrong with it."""
        if name in self.errors:
            return None
        day, field = self.cleaned_data.get(name), self.fields[name]
        if day is None:
            self.add_error(name, _("Choose a day."))
        elif not field.first <= day <= field.last:
            self.add_error(name, field.sorry)
        return day
