"""What the site knows about a person: given to them, or erased.

Each app may know more: a module ``privacy`` of its own has `export` and `forget` for that.
"""

import json
from datetime import timedelta
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY as SIGNED_IN
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import module_has_submodule

from . import access, tidying
from .access import confirmed_facilitators
from .links import VALID_FOR
from .models import Draft, EcosystemRequest, Facilitator, Link, Mail, Person, Revision, Role, Task
from .models.access import DRAFT_KEPT
from .tasks import settle_tasks
from .upkeep import leave


class LastOperator(Exception):
    """Without this person nobody could look after the site any more."""


# ── Given ───────────────────────────────────────────────────────────────────────────────────────


def export(person):
    """Return everything kept about ``person`` as plain values, without what opens anything."""
    given = {
        "person": columns(
            Person.objects.filter(pk=person.pk),
            "email name language time_zone wants_reminders is_staff created_at last_login",
        )[0],
        "facilitator_of": columns(
            Facilitator.objects.filter(person=person),
            "group__short_name group__name confirmed_at ended_at",
        ),
        "roles": columns(
            Role.objects.filter(person=person),
            "ecosystem__name kind given_at withdrawn_at",
        ),
        "ecosystems_asked_for": columns(
            EcosystemRequest.objects.filter(person=person),
            "keyword name tagline words asked_at decision decided_at reason",
        ),
        "acts": columns(
            Revision.objects.filter(by=person), "group__short_name created_at why", order="pk"
        ),
        "decisions": columns(
            Task.objects.filter(decided_by=person),
            "group__short_name kind decision decision_reason decided_at",
        ),
        "questions": columns(
            Task.objects.filter(asked_by=person), "group__short_name kind question asked_at"
        ),
        "proposals": columns(
            Task.objects.filter(person=person),
            "group__short_name kind entry words answer opened_at decision decided_at",
        ),
        "reports": columns(
            Task.objects.filter(reporter=person.email),
            "group__short_name reason words opened_at decision decided_at",
        ),
        "mails": columns(
            Mail.objects.filter(Q(person=person) | Q(receiver=person.email)),
            "subject created_at due_at sent_at outcome",
            order="pk",
        ),
        "messages": columns(
            Mail.objects.filter(reply_to=person.email), "subject created_at sent_at", order="pk"
        ),
        "links": columns(
            Link.objects.filter(person=person),
            "purpose group__short_name created_at expires_at used_at ended_at",
        ),
        "drafts": columns(Draft.objects.filter(email=person.email), "typed created_at"),
    }
    for module in _in_other_apps():
        given |= module.export(person)
    return given


def _in_other_apps():
    """Return the modules ``privacy`` of the apps beside this one."""
    return [
        import_module(f"{app.name}.privacy")
        for app in apps.get_app_configs()
        if app.name != "groups" and module_has_submodule(app.module, "privacy")
    ]


def columns(rows, names, order="pk"):
    """Return dictionaries of these columns; those of a related record are named `group_name`."""
    return [
        {name.replace("__", "_"): value for name, value in row.items()}
        for row in rows.order_by(order).values(*names.split())
    ]


# ── Erased ──────────────────────────────────────────────────────────────────────────────────────


def erase(person, now):
    """Forget ``person``: what they were, not what became of their groups.

    What they did stays in the history, without who; the helpers are asked to find somebody for a
    group that is left alone. All of it or nothing. Raises `LastOperator`.
    """
    with transaction.atomic():
        # Two operators who leave at once cannot both be the one who stays.
        list(Person.objects.select_for_update().filter(is_superuser=True).order_by("pk"))
        if is_last_operator(person):
            raise LastOperator
        for facilitator in _facilitations(person):
            leave(facilitator.group, person, now)
        _end_offers(person, now)
        for module in _in_other_apps():
            module.forget(person)
        _forget_address(person.email)
        _forget_in_log(person)
        end_sessions(person, now)
        person.delete()


def is_last_operator(person):
    """Say whether nobody else could open the operators' pages."""
    if not (person.is_superuser and person.is_active):
        return False
    others = Person.objects.filter(is_superuser=True, is_staff=True, is_active=True)
    return not others.exclude(pk=person.pk).exists()


def groups_left_alone(person):
    """Return the groups that nobody would facilitate without ``person``."""
    return [
        facilitator.group
        for facilitator in _facilitations(person)
        if not confirmed_facilitators(facilitator.group).exclude(person=person).exists()
    ]


def end_sessions(person, now):
    """Sign ``person`` out everywhere, links they opened included."""
    ended = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=now).iterator()
        if _is_of(session.get_decoded(), person)
    ]
    Session.objects.filter(pk__in=ended).delete()


def _is_of(values, person):
    """Say whether a session is of ``person``: signed in, about to be, or by a link."""
    if values.get(SIGNED_IN) == str(person.pk):
        return True
    if any(
        grant.get("person") == person.pk for grant in values.get(access.SESSION_KEY, {}).values()
    ):
        return True
    # Whoever waits for a code has given an address, in whatever place of the session it is kept.
    return json.dumps(person.email) in json.dumps(values, default=str)


def _facilitations(person):
    listed = Facilitator.objects.filter(person=person, ended_at=None, confirmed_at__isnull=False)
    return listed.select_related("group").order_by("pk")


def _end_offers(person, now):
    """End what only ``person`` could go on with: their offers to take a group over."""
    offers = Task.objects.filter(person=person, kind=Task.Kind.TAKE_OVER)
    for task in offers.filter(decided_at=None).select_related("group"):
        settle_tasks(task.group, Task.Kind.TAKE_OVER, now=now)
    offers.update(words="")


def _forget_address(email):
    """Forget the address where it stands without a person: drafts, reports, messages."""
    Draft.objects.filter(email__iexact=email).delete()
    Task.objects.filter(reporter__iexact=email).update(reporter="")
    Mail.objects.filter(receiver__iexact=email).delete()
    messages = Mail.objects.filter(reply_to__iexact=email)
    messages.filter(outcome=Mail.Outcome.QUEUED).delete()
    # What has left stays counted: somebody got a mail that day. Of what may have left, the text
    # was kept.
    messages.update(reply_to="", text="", html="")


def _forget_in_log(person):
    """Take ``person`` out of the log of the operators' pages, which knows records by their names.

    A person is named there alone, or first in the line of what they facilitate or curate.
    """
    people = ContentType.objects.get_for_model(Person)
    named = Q(content_type=people, object_id=str(person.pk))
    for name in {str(person), person.email}:
        named |= Q(object_repr=name)
        for what_follows in (" → ", ": "):
            named |= Q(object_repr__startswith=name + what_follows)
        # The message is JSON, of ASCII only.
        named |= Q(change_message__contains=json.dumps(name)[:-1])
    LogEntry.objects.filter(named).update(object_repr="", change_message="")


# ── Promised ────────────────────────────────────────────────────────────────────────────────────


def how_long():
    """Return how long what is kept, in days unless it says otherwise: what /privacy/ promises."""
    return {
        "code_minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
        "drafts": DRAFT_KEPT.days,
        "link_hours": access.LASTS // timedelta(hours=1),
        "links": max(VALID_FOR.values()).days,
        "links_after": tidying.LINKS_KEPT.days,
        "mails": tidying.MAILS_KEPT.days,
        "mails_lost": tidying.PROBLEMS_KEPT.days,
        "network_hours": 24,
        "reporters": tidying.REPORTERS_KEPT.days,
        "sessions": settings.SESSION_COOKIE_AGE // (24 * 3600),
        "strangers": tidying.STRANGERS_KEPT.days,
    }
