"""A group asks its helpers for a hand."""

from .models import HelpRequest


def ask_for_help(group, occasion, words="", *, by, now):
    """Put the group on its helpers' page. Asked again for the same, it is the same request."""
    request, _made = HelpRequest.objects.get_or_create(
        group=group,
        occasion=occasion,
        settled_at=None,
        defaults={"by": by, "words": words, "asked_at": now},
    )
    return request
