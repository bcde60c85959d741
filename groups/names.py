"""Which short names a group may take. A short name is a web and a mail address."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .text import is_short_name

# Patterns that Python, PostgreSQL and the program sqlite3 understand alike.
SHORT_NAME_FORM = "^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$"
SHORT_NAME_HAS_A_LETTER = "[a-z-]"
TWO_LETTER_CODE = "^[a-z]{2}$"

# Every first segment of our own addresses (a test reads the URL table), and mail's own names.
RESERVED = frozenset(
    "about account accounts admin api checkin demo ecosystems embed groups healthz helpers map"
    " media network new oembed privacy review static sitemap robots favicon l"
    " abuse hostmaster mail noreply postmaster webmaster www".split()
)


def check_short_name(short_name):
    """Raise ValidationError with one clear sentence unless ``short_name`` may be given."""
    if not is_short_name(short_name):
        raise ValidationError(
            _(
                "“%(name)s” cannot be a short name: use 2 to 40 small letters without accents, "
                "digits or hyphens, not only digits."
            )
            % {"name": short_name},
            code="malformed",
        )
    if short_name in RESERVED or (len(short_name) == 2 and short_name.isalpha()):
        raise ValidationError(
            _("“%(name)s” is kept for the site itself; choose another short name.")
            % {"name": short_name},
            code="reserved",
        )
