"""Signing in, and what people say about themselves."""

from functools import cache
from itertools import groupby
from zoneinfo import available_timezones

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..accounts import hash_of, person_of
from ..models import Person

# What the others are called is no place somebody lives in.
CONTINENTS = frozenset(
    "Africa America Antarctica Asia Atlantic Australia Europe Indian Pacific".split()
)


class RequestCodeForm(forms.Form):
    """Asks for the address that a code goes to. Says nothing about whether it is known."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
    )

    def clean_email(self):
        email = self.cleaned_data["email"]
        request = context.request
        if not ratelimit.consume(request, action="request_login_code", key=hash_of(email)):
            raise get_adapter().validation_error("too_many_login_attempts")
        # allauth looks here for whom to send a code to.
        self._user = person_of(email)
        return email


def code_field(label):
    digits = {"class": "input", "autocomplete": "one-time-code", "inputmode": "numeric"}
    return forms.CharField(label=label, max_length=40, widget=forms.TextInput(attrs=digits))


def password_field():
    attrs = {"class": "input", "autocomplete": "current-password"}
    return forms.CharField(
        label=_("Password"), strip=False, max_length=1000, widget=forms.PasswordInput(attrs=attrs)
    )


class ConfirmCodeForm(account.ConfirmLoginCodeForm):
    code = code_field(_("The six digits of the mail"))


class PasswordForm(account.LoginForm):
    """How operators sign in where no mail leaves yet."""

    password = password_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("Your e-mail address"),
            max_length=254,
            widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "username"}),
        )
        self.order_fields(["login", "password"])


class PasswordAgainForm(account.ReauthenticateForm):
    password = password_field()


class SecondFactorForm(second_factor.AuthenticateForm):
    code = code_field(_("The code your application shows, or a recovery code"))


class SecondFactorAgainForm(second_factor.ReauthenticateForm):
    code = code_field(_("The code your application shows, or a recovery code"))


class ActivateSecondFactorForm(totp.ActivateTOTPForm):
    code = code_field(_("The six digits your application shows"))


class AboutMeForm(forms.ModelForm):
    """What a person says about themselves."""

    class Meta:
        model = Person
        fields = ["name", "language", "time_zone", "wants_reminders"]
        labels = {
            "name": _("Your name"),
            "language": _("Language of the mails you get"),
            "time_zone": _("Time zone"),
            "wants_reminders": _("Write to me when one of my groups needs a word"),
        }
        help_texts = {
            "name": _("Optional. The other facilitators and the helpers of your groups see it."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
            "language": forms.Select(attrs={"class": "input"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        site = _("That of this site (%s)") % settings.TIME_ZONE
        zones = [("", site), *time_zones()]
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=zones,
            required=False,
            widget=forms.Select(attrs={"class": "input"}),
        )


@cache
def time_zones():
    """Return the time zones by continent, as a list of choices."""
    zones = sorted(zone for zone in available_timezones() if zone.split("/")[0] in CONTINENTS)
    return [
        (continent, [(zone, zone.partition("/")[2].replace("_", " ")) for zone in names])
        for continent, names in groupby(zones, key=lambda zone: zone.split("/")[0])
    ]


class EraseForm(forms.Form):
    """Makes sure that somebody means it."""

    LAST_OPERATOR = _(
        "You are the last operator: nobody could look after this site. Name another one first."
    )

    sure = forms.BooleanField(
        label=_("Yes, erase what this site knows about me"),
        error_messages={"required": _("Tick this box if you mean it.")},
    )
