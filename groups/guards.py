"""What keeps robots out of open forms, without a third party, a cookie or JavaScript.

A field nobody sees must stay empty, and a signed stamp tells how long ago the page was shown. A
person who stumbles over either loses nothing: they press the button once more.
"""

from datetime import UTC, datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _

# Nobody reads and fills a form in less; and a page may stay open for long, but not for ever.
AT_LEAST = timedelta(seconds=3)
AT_MOST = timedelta(days=30)


class GuardedForm(forms.Form):
    """A form that anybody may send. Its template includes `groups/_guards.html`.

    Its two hidden inputs are no fields, so that a template may show all fields of a form.
    """

    def __init__(self, *args, now=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now or timezone.now()

    def clean(self):
        cleaned_data = super().clean()
        if self._sent("website"):
            raise ValidationError(
                _(
                    "A field that is not for people was filled in, perhaps by your browser. It is "
                    "empty again: press the button once more."
                ),
                code="robot",
            )
        if self._age() is None:
            raise ValidationError(
                _("This page had been open for too long. Press the button once more."), code="stale"
            )
        if self._age() < AT_LEAST:
            raise ValidationError(
                _("That was quicker than we expected. Press the button once more."), code="quick"
            )
        return cleaned_data

    @property
    def stamp(self):
        """The stamp to show: the one that was sent while it is good, so that time counts on."""
        if self.is_bound and self._age() is not None:
            return self._sent("stamp")
        return make_stamp(type(self), self.now)

    def _sent(self, name):
        return self.data.get(name, "")

    def _age(self):
        """Return how long ago the stamp was made, None where it is not one of ours or too old."""
        try:
            made = Signer(salt=_salt(type(self))).unsign(str(self._sent("stamp")))
        except (BadSignature, UnicodeEncodeError):
            return None
        age = self.now - datetime.fromtimestamp(float(made), UTC)
        return age if age <= AT_MOST else None


def make_stamp(form_class, now):
    """Return a stamp for a page with a form of this class, shown at ``now``."""
    return Signer(salt=_salt(form_class)).sign(str(now.timestamp()))


def _salt(form_class):
    return f"groups.guards.{form_class.__name__}"
