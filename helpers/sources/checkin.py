"""A check-in: the group answers a question of one tap. Nothing is fetched."""

from django.utils.translation import gettext_lazy as _

from .reading import Kind

KIND = Kind(
    "checkin",
    _("Check-in"),
    _("One sign of life on the day a facilitator says, by one tap in a mail, that it goes on."),
    is_fetched=False,
)
