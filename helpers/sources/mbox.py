"""A mail archive as one file (mbox), gzipped or not."""

from django.utils.translation import gettext_lazy as _

from .markup import refuse_page
from .messages import counts_of, messages_of_mbox
from .reading import Kind, body_of, reading_of_days

KIND = Kind(
    "mbox",
    _("Mail archive (mbox)"),
    _(
        "How many messages were sent each day. Digests and automatic answers do not count, and a"
        " month flooded by spam counts only answers; no message and no sender is kept."
    ),
)


def read(ask, url, context):
    """Return how many messages each day had."""
    body = body_of(ask(url))
    refuse_page(body)
    messages = messages_of_mbox(body, context)
    return reading_of_days(counts_of(messages), context, had_items=bool(messages))
