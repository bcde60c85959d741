"""Who may act for a group in this browser: by a link, by signing in, or as an operator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from .models import Facilitator, Person

LASTS = timedelta(hours=2)
SESSION_KEY = "groups"


@dataclass(frozen=True)
class Grant:
    """What this browser may do for one group, and in whose name (None: by the kept link)."""

    person: Person | None
    # The kept link, or the browser that has just registered: may edit and nothing else.
    may_only_edit: bool


def open_session(request, group, *, person=None, may_only_edit=False):
    """Let this browser act for ``group`` for two hours, and for no other group."""
    grants = request.session.get(SESSION_KEY, {})
    # A new session identifier: whoever knew the old one gains nothing.
    request.session.cycle_key()
    grants[str(group.pk)] = {
        "person": person and person.pk,
        "only_edit": may_only_edit,
        "until": (timezone.now() + LASTS).isoformat(),
    }
    request.session[SESSION_KEY] = grants


def grant_for(request, group):
    """Return the `Grant` this browser has for ``group``, or None.

    Signing in counts for whoever is a confirmed facilitator, and for operators. A session is asked
    again each time whether its person still is one: who was taken off the list is out at once.
    """
    user = request.user
    if user.is_authenticated and (user.is_operator() or is_facilitator(user, group)):
        return Grant(user, may_only_edit=False)
    given = request.session.get(SESSION_KEY, {}).get(str(group.pk))
    if given is None or datetime.fromisoformat(given["until"]) <= timezone.now():
        return None
    if given["person"] is None:
        return Grant(None, may_only_edit=given["only_edit"])
    person = Person.objects.filter(pk=given["person"], is_active=True).first()
    if person is None or not is_facilitator(person, group):
        return None
    return Grant(person, may_only_edit=given["only_edit"])


def is_facilitator(person, group):
    """Say whether ``person`` is a confirmed facilitator of ``group`` now."""
    return confirmed_facilitators(group).filter(person=person).exists()


def confirmed_facilitators(group):
    """Return those who may act for ``group`` and get its mail."""
    return Facilitator.objects.filter(
        group=group, confirmed_at__isnull=False, ended_at=None, person__is_active=True
    ).select_related("person")


def is_trusted(group):
    """Say whether changes to ``group`` are published at once: accepted, and somebody confirmed.

    A group is trusted again each time it is asked, so the last facilitator takes the trust along.
    """
    return group.review == group.Review.PUBLISHED and confirmed_facilitators(group).exists()
