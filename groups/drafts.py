"""A registration that is finished later: kept for thirty days, opened by a mailed link."""

from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from .limits import over_limit
from .links import link_address, make_link
from .mail import queue_mail
from .models import Draft, Link
from .models.access import DRAFT_KEPT
from .models.people import fold_email

SESSION_KEY = "draft"


def keep_draft(typed, *, email, language, token, draft=None, now):
    """Keep what was typed for later and mail the link that opens it. Return the `Draft`.

    ``draft`` is the one that is continued. The same sent twice, by a double click, is kept and
    mailed once; then None comes back.
    """
    said = sha256(repr((token, email, sorted(typed.items()))).encode()).hexdigest()
    with transaction.atomic():
        draft, _made = Draft.objects.update_or_create(
            pk=draft and draft.pk,
            defaults={"email": email, "language": language, "typed": typed, "created_at": now},
        )
        secret = make_link(Link.Purpose.DRAFT, draft=draft, now=now)
        mail = queue_mail(
            "draft",
            receiver=email,
            language=language,
            key=f"draft:{said}",
            context={
                "address": link_address(secret, language),
                "until": timezone.localdate(now + DRAFT_KEPT),
            },
            is_asked=True,
            now=now,
        )
        if mail is None:
            transaction.set_rollback(True)
    return draft if mail else None


def too_many_drafts(request, email, now):
    """Count a draft; say whether it is one too many for this network or this address."""
    is_over = over_limit(request, "draft", times=10, within=timedelta(hours=1), now=now)
    who = fold_email(email)
    return over_limit("", "draft", times=5, within=timedelta(days=1), who=who, now=now) or is_over


def resume(request, draft):
    """Open ``draft`` in this browser: answer the way to the form that shows it."""
    # A new session identifier: whoever knew the old one gains nothing.
    request.session.cycle_key()
    request.session[SESSION_KEY] = draft.pk
    with override(draft.language):
        return redirect(reverse("groups:new_group", query={"draft": "1"}))


def draft_of(request, now):
    """Return the draft this browser has opened, or None."""
    kept = Draft.objects.filter(created_at__gt=now - DRAFT_KEPT)
    return kept.filter(pk=request.session.get(SESSION_KEY)).first()
