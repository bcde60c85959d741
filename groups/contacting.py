"""Bringing a visitor's message to the facilitators of a group, whose addresses stay with us."""

from datetime import timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from .access import confirmed_facilitators
from .limits import over_limit
from .links import page_address
from .mail import queue_mail
from .models.people import fold_email

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
A_NETWORK = 5
A_SENDER = 5
A_GROUP = 20


def too_many_messages(request, group, email, now):
    """Count one message, and say whether it is too many: of a network, a sender or for a group."""
    return (
        over_limit(request, "contact", times=A_NETWORK, within=HOUR, now=now)
        or over_limit("", "contact", times=A_SENDER, within=DAY, who=fold_email(email), now=now)
        or over_limit("", "contact", times=A_GROUP, within=DAY, who=group.pk, now=now)
    )


def relay(group, *, name, email, words, now):
    """Send a message to each facilitator of ``group``, to be answered straight to ``email``.

    Return whether there is anybody to read it. The same message sent again on the same day, by a
    second press of the button, is sent once. The address of its sender is kept nowhere but in the
    mails that wait.
    """
    message = salted_hmac("groups.contacting", f"{email} {words}", algorithm="sha256").hexdigest()
    facilitators = list(confirmed_facilitators(group).order_by("pk"))
    with transaction.atomic():
        for facilitator in facilitators:
            person = facilitator.person
            queue_mail(
                "contact",
                person=person,
                key=f"contact:{group.pk}:{person.pk}:{now:%Y-%m-%d}:{message[:32]}",
                reply_to=email,
                # Somebody wrote it to somebody: it is no reminder, and does not wait for one.
                is_asked=True,
                now=now,
                context={
                    "group": group.name,
                    "name": name,
                    "email": email,
                    "words": words,
                    "quoted": quoted(words),
                    "page_address": page_address(
                        "groups:group_detail", group.short_name, language=person.language
                    ),
                },
            )
    return bool(facilitators)


def quoted(words):
    """Return somebody's words as a mail of plain text quotes them, "" for none."""
    return "\n".join(f"> {line}".rstrip() for line in words.split("\n")) if words else ""
