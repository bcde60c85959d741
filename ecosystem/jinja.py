"""The Jinja environment of the few templates where Django's would be too slow."""

from django.templatetags.static import static
from django.utils.translation import gettext
from jinja2 import Environment


def environment(**options):
    """Return an environment that knows translated words and the addresses of static files."""
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)
    env.globals |= {"_": gettext, "static": static}
    return env
