"""Who sends a registration, and what they accept: nothing of it is asked for."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..guards import GuardedForm
from ..text import one_line
from .fields import TextField, as_typed, at_most, email_field, text_input

LONGEST_NAME = 120


def _person_name(text):
    return at_most(one_line(text), LONGEST_NAME)


class SenderForm(GuardedForm):
    """An address to write to, a name, and the charters of the ecosystems that were chosen.

    ``charters`` are those the page shows.
    """

    email = email_field(gettext_lazy("Your e-mail address"), required=False)
    sender_name = TextField(
        _person_name,
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("Only the other facilitators of the group will see it."),
        required=False,
        widget=text_input(autocomplete="name"),
    )

    def __init__(self, data=None, *, charters=(), typed=None, **kwargs):
        kwargs.setdefault("label_suffix", "")
        data = None if data is None else as_typed(data)
        super().__init__(data, initial=typed, **kwargs)
        self.charters = [
            CharterBox(charter, f"charter_{charter.ecosystem.pk}", self.data)
            for charter in charters
        ]

    def clean(self):
        cleaned = super().clean()
        for box in self.charters:
            if box.is_outdated:
                self.add_error(
                    None,
                    _("The charter of %(name)s has changed in the meantime. Please read it again.")
                    % {"name": box.charter.ecosystem.name},
                )
        return cleaned

    def require_address(self):
        """Ask for the address without which nothing can be finished later."""
        if self.is_valid() and not self.cleaned_data["email"]:
            self.add_error("email", _("Give the address the link should go to."))
        return self.is_valid()

    def accepted_charters(self):
        """Return the charters whose box was ticked, in the version that was read."""
        return [box.charter for box in self.charters if box.is_ticked]


class CharterBox:
    """The box by which a charter is accepted; it carries the version that was read."""

    def __init__(self, charter, name, data):
        self.charter = charter
        self.name = name
        sent = data.get(name, "")
        self.is_ticked = bool(charter.rules) and sent == str(charter.version)
        self.is_outdated = bool(charter.rules and sent) and not self.is_ticked
