"""Somebody who notes by hand what no tool leaves in public. Nothing is fetched."""

from django.utils.translation import gettext_lazy as _

from .reading import Kind

KIND = Kind(
    "person",
    _("Somebody’s note"),
    _("One sign of life on each day a helper or facilitator notes. A day to come never counts."),
    is_fetched=False,
)
