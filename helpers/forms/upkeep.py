"""The small forms of the helpers: a sign of life, a date, a rhythm, a pause, a word."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from ..arithmetic import RHYTHMS
from ..indicators import Indicator, Sensitivity
from ..models import Digest, HelpRequest, Nudge, Season
from ..sentences import RHYTHM_WORDS

LONGEST_AGO = timedelta(days=10 * 365)
FURTHEST_AHEAD = timedelta(days=2 * 365)


def day_input():
    return forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d")


def day_field(label, **kwargs):
    return forms.DateField(label=label, widget=day_input(), **kwargs)


def choice_field(label, choices, **kwargs):
    select = forms.Select(attrs={"class": "input"})
    return forms.ChoiceField(label=label, choices=choices, widget=select, **kwargs)


def words_field(label, longest, rows, **kwargs):
    area = forms.Textarea(attrs={"class": "input", "rows": rows, "maxlength": longest})
    return forms.CharField(label=label, max_length=longest, widget=area, **kwargs)


class _Form(forms.Form):
    """A form that knows which day it is for the group."""

    def __init__(self, data=None, *, today, prefix_id="", **kwargs):
        super().__init__(data, label_suffix="", auto_id=f"{prefix_id}%s", **kwargs)
        self.today = today


class IndicatorForm(_Form):
    indicator = choice_field(_("What"), Indicator.choices)


class PastDayForm(IndicatorForm):
    day = day_field(_("We met, or it happened, on"))

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not self.today - LONGEST_AGO <= day <= self.today:
            raise forms.ValidationError(_("Choose a day that has passed; announce one to come."))
        return day


class ComingDayForm(IndicatorForm):
    day = day_field(_("It will take place on"))

    def clean_day(self):
        return _ahead(self.cleaned_data["day"], self.today)


class UntilForm(_Form):
    day = day_field(_("Until"))

    def clean_day(self):
        return _ahead(self.cleaned_data["day"], self.today)


def _ahead(day, today):
    if not today <= day <= today + FURTHEST_AHEAD:
        raise forms.ValidationError(_("Choose a day to come, within two years."))
    return day


class RhythmForm(IndicatorForm):
    rhythm = choice_field(
        _("How often"), [("", _("we do not say")), *RHYTHM_WORDS.items()], required=False
    )
    sensitivity = choice_field(
        _("How soon a word"), [("", _("as usual")), *Sensitivity.choices], required=False
    )

    def days(self):
        return RHYTHMS.get(self.cleaned_data["rhythm"])


class EndForm(IndicatorForm):
    why = forms.CharField(
        label=_("Why, in a few words"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "input"}),
    )


class HelpForm(_Form):
    occasion = choice_field(_("What is it about?"), HelpRequest.Occasion.choices)
    words = words_field(_("In a few words"), 2000, 3, required=False)


class NudgeForm(_Form):
    text = words_field(_("Your words"), 4000, 12)
    language = choice_field(_("Language"), [("fr", "Français"), ("en", "English")])
    way = choice_field(_("Way"), Nudge.Way.choices)


class OutcomeForm(_Form):
    outcome = choice_field(_("What came of it?"), Nudge.Outcome.choices)
    until_day = day_field(_("Until (if they are away)"), required=False)

    def clean(self):
        """Say what is wrong with a day that would let the group pause."""
        until_day = self.cleaned_data.get("until_day")
        if self.cleaned_data.get("outcome") == Nudge.Outcome.ON_HOLIDAY and until_day:
            try:
                _ahead(until_day, self.today)
            except forms.ValidationError as wrong:
                self.add_error("until_day", wrong)
        return self.cleaned_data


class DigestForm(forms.ModelForm):
    """When the weekly digest of a person comes."""

    class Meta:
        model = Digest
        fields = ["weekday", "hour"]
        labels = {"weekday": _("Day of the week"), "hour": _("Hour")}
        widgets = {
            "weekday": forms.Select(attrs={"class": "input"}),
            "hour": forms.Select(attrs={"class": "input"}),
        }


class SeasonForm(forms.ModelForm):
    """A season of an ecosystem, which a curator enters."""

    class Meta:
        model = Season
        fields = ["name", "first_on", "last_on", "is_yearly"]
        widgets = {
            "name": forms.TextInput(attrs={"class": "input"}),
            "first_on": day_input(),
            "last_on": day_input(),
        }
