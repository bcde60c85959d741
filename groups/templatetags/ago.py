"""How long ago, for templates: the one place where a page's words about time read the clock."""

from django import template
from django.utils import timezone

from ..ago import ago as words_for

register = template.Library()


@register.filter
def ago(moment):
    """Return how long ago ``moment`` was, in words and whole days of the site's clock."""
    return words_for(timezone.localdate(moment), timezone.localdate())
