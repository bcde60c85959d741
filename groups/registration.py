"""Registering a group: all of it or nothing, and once, however often the button is pressed."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction

from . import reviewing, upkeep
from .charters import accept_charters
from .limits import over_limit
from .links import end_kept_links, make_link
from .models import Draft, Facilitator, Group, Link, Submission
from .models.people import fold_email
from .saving import save_form
from .short_names import answer_short_name

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}\Z")
# Whoever sends the same form again so soon has lost the answer, and may see it again.
ANSWERED_AGAIN = timedelta(hours=2)


class NameTaken(Exception):
    """Somebody took the short name a moment ago. The message is a sentence with another one."""


@dataclass(frozen=True)
class Registration:
    """A group that was registered. ``secret`` opens it where no address was given, else ""."""

    group: Group
    secret: str


def fresh_token(text):
    """Return ``text`` if it tells one form that was shown from all others, else a new token.

    One that was sent already counts no more: whoever goes back registers another group.
    """
    if _TOKEN.match(text) and not Submission.objects.filter(token=text).exists():
        return text
    return secrets.token_urlsafe(24)


def too_many_registrations(request, email, now):
    """Count a registration; say whether it is one too many for this network or this address."""
    is_over = over_limit(request, "register", times=10, within=timedelta(hours=1), now=now)
    if email:
        who = fold_email(email)
        is_over |= over_limit("", "register", times=5, within=timedelta(days=1), who=who, now=now)
    return is_over


def register(form, *, token, charters=(), email="", name="", language, draft=None, now):
    """Register the group of a valid `EntryForm`. Return the `Registration`.

    ``charters`` are the accepted ones; ``email`` and ``name`` those of whoever registers; ``draft``
    is the one it was finished from, which is no longer needed. Sent again with one ``token``,
    nothing more happens. Raises `NameTaken`.
    """
    sender = {"email": email, "name": name, "language": language}
    for is_last in (False, True):
        if again := registered_before(token, now):
            return again
        try:
            return _register(form, token, charters, sender, draft, now)
        except IntegrityError:
            # Perhaps the same was sent twice, or somebody else wrote the same new keyword a moment
            # ago: once more, and it is there.
            if is_last:
                _say_if_taken(form)
                raise


def _say_if_taken(form):
    cleaned = form.cleaned_data
    answer = answer_short_name(cleaned["short_name"], name=cleaned["name"])
    if not answer.is_free:
        raise NameTaken(answer.sentence) from None


def _register(form, token, charters, sender, draft, now):
    with transaction.atomic():
        # First of all: whoever sends the same at the same time waits here, and then fails.
        submission = Submission.objects.create(token=token, created_at=now)
        group = save_form(form, group=None, by=None, why="registered", now=now)
        accept_charters(group, charters, now)
        reviewing.submitted(group, now=now)
        secret = _give_key(group, **sender, now=now)
        submission.group = group
        submission.save(update_fields=["group"])
        Draft.objects.filter(pk=draft and draft.pk).delete()
    return Registration(group, secret)


def _give_key(group, email, name, language, now):
    """Let whoever registered come back: by their address, or by a link shown once."""
    if email:
        upkeep.welcome(group, email=email, language=language, name=name, now=now)
        return ""
    return make_link(Link.Purpose.KEPT, group=group, now=now)


def give_address(group, sender, language, now):
    """Let whoever registered ``group`` without an address leave one after all."""
    upkeep.welcome(
        group, email=sender["email"], language=language, name=sender["sender_name"], now=now
    )


def registered_before(token, now):
    """Return the `Registration` of a form that was sent already, or None.

    The answer may have been lost on the way, and with it the link that is shown once: for a while
    another one takes its place.
    """
    if not _TOKEN.match(token):
        return None
    submission = Submission.objects.select_related("group").filter(token=token).first()
    if submission is None:
        return None
    group, secret = submission.group, ""
    is_recent = submission.created_at > now - ANSWERED_AGAIN
    kept = Link.objects.filter(group=group, purpose=Link.Purpose.KEPT, ended_at=None)
    if is_recent and kept.exists() and not Facilitator.objects.filter(group=group).exists():
        with transaction.atomic():
            # Two who come at once leave one link: the second ends the first one's.
            Group.objects.select_for_update().get(pk=group.pk)
            end_kept_links(group, now)
            secret = make_link(Link.Purpose.KEPT, group=group, now=now)
    return Registration(group, secret)
