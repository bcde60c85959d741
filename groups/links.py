"""Mailed links: a row, a secret nobody keeps, a page with a button, and a session of two hours.

The secret leaves once, in a mail or on the page shown to who left no address; the database keeps
its digest. Opening a link changes nothing; pressing its button does, once.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from .models import Link

VALID_FOR = {
    Link.Purpose.CONFIRM: timedelta(days=14),
    Link.Purpose.DRAFT: timedelta(days=30),
    Link.Purpose.STILL_RIGHT: timedelta(days=60),
    Link.Purpose.SLEEP: timedelta(days=60),
    Link.Purpose.ANSWER: timedelta(days=30),
    Link.Purpose.KEEP: timedelta(days=30),
    Link.Purpose.LET_GO: timedelta(days=30),
}
# What was asked for a minute ago is used today or asked for again.
OTHERS_VALID_FOR = timedelta(days=2)


def make_link(purpose, *, person=None, group=None, draft=None, task=None, lasts=None, now=None):
    """Make a link. Return its secret, which is nowhere else.

    ``lasts`` is for a link that nobody just asked for: its mail may be read weeks later.
    """
    now = now or timezone.now()
    secret = secrets.token_urlsafe(24)
    if purpose != Link.Purpose.KEPT:
        lasts = lasts or VALID_FOR.get(purpose, OTHERS_VALID_FOR)
    Link.objects.create(
        purpose=purpose,
        person=person,
        group=group,
        draft=draft,
        task=task,
        secret_hash=digest(secret),
        created_at=now,
        expires_at=lasts and now + lasts,
    )
    return secret


def link_address(secret, language):
    """Return the whole address of a link, as a mail shows it."""
    return page_address("groups:mailed_link", secret, language=language)


def page_address(name, *args, language):
    """Return the whole address of a page in this language, as a mail shows it."""
    with override(language):
        return settings.SITE_URL + reverse(name, args=args)


def find_link(secret):
    """Return the link of this secret, whatever its state, or None."""
    links = Link.objects.select_related("person", "group", "draft", "task")
    return links.filter(secret_hash=digest(secret)).first()


def is_open(link, now):
    """Say whether the button of ``link`` still does something."""
    return (
        link.ended_at is None
        and link.used_at is None
        and (link.expires_at is None or link.expires_at > now)
    )


def use_link(link, now):
    """Mark ``link`` as used. Return whether it was this call that did it.

    The kept edit link is never used up: it is only ever ended.
    """
    still = Link.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), pk=link.pk)
    still = still.filter(used_at=None, ended_at=None)
    if link.purpose == Link.Purpose.KEPT:
        return still.exists()
    return still.update(used_at=now) == 1


def end_kept_links(group, now):
    """End the kept edit links of a group: another replaces them, or an address was confirmed."""
    Link.objects.filter(group=group, purpose=Link.Purpose.KEPT, ended_at=None).update(ended_at=now)


def digest(secret):
    # The secret is random and long: a plain digest says nothing about it.
    return sha256(secret.encode()).hexdigest()
