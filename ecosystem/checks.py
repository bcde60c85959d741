"""What `manage.py check --deploy` refuses besides Django's own list."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def demo_is_off(app_configs, **kwargs):
    """Refuse to deploy the demo: it shows everything to whoever comes."""
    if not settings.DEMO:
        return []
    hint = "Unset DEMO; it is for trying things on one's own machine."
    return [Error("DEMO is on.", hint=hint, id="ecosystem.E001")]
