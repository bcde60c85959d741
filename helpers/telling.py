"""Who is told of an alert, by mail: once when it opens, and once at each of its steps.

An alert remembers up to when it was told (`Alert.told_at`); whoever moves that on writes the mails,
in the same transaction. What leads others is told for all of them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import override

from groups.access import confirmed_facilitators
from groups.links import page_address
from groups.mail import queue_mail
from groups.models import Mail, Membership, Person, Role

from .access import helpers_of
from .alerts import age_of, is_snoozed
from .digests import pleasant_moment
from .local_days import today_of, zone_named
from .models import Alert, Rhythm
from .sentences import moved_question, outlook, sentence

KEY = re.compile(r"alert:(\d+):")


@dataclass(frozen=True)
class Step:
    """A moment of an alert, and whom it concerns."""

    name: str
    moment: str
    receivers: Callable[[Alert], Iterable[Person]]


def tell(now):
    """Queue the mails of what is new with the alerts. Return how many of which step."""
    tally = Counter(withdrawn=_withdraw())
    for alert in _with_news(now):
        tally += _tell_one(alert, now)
    return +tally


def _withdraw():
    """Forget the mails about alerts that were closed before they left. Return how many."""
    waiting = Mail.objects.filter(key__startswith="alert:", outcome=Mail.Outcome.QUEUED)
    about = {pk: int(KEY.match(key)[1]) for pk, key in waiting.values_list("pk", "key")}
    if not about:
        return 0
    still = Alert.objects.filter(pk__in=set(about.values()), closed_at=None)
    still = set(still.values_list("pk", flat=True))
    outdated = [pk for pk, alert in about.items() if alert not in still]
    return waiting.filter(pk__in=outdated).delete()[0]


def _with_news(now):
    """Return the open alerts with something that nobody was told."""
    news = Q(told_at=None) | Q(reopened_at__gt=F("told_at"))
    for step in STEPS:
        news |= Q(**{f"{step.moment}__gt": F("told_at")})
    alerts = Alert.objects.filter(news, closed_at=None, frozen_on=None, lead=None)
    alerts = alerts.select_related("rhythm__group").order_by("pk")
    return [alert for alert in alerts if not is_snoozed(alert, today_of(alert.rhythm.group, now))]


def _tell_one(alert, now):
    """Tell what is new with one alert, if nobody else does. Return how many mails of which step."""
    tally = Counter()
    with transaction.atomic():
        mine = Alert.objects.filter(pk=alert.pk, told_at=alert.told_at, closed_at=None)
        if not mine.update(told_at=now):
            return tally
        for step in steps_to_tell(alert):
            for person in step.receivers(alert):
                tally[step.name] += _write(step, alert, person, now)
    return tally


def steps_to_tell(alert):
    """Return the steps of ``alert`` that are newer than what was told, none to the same people."""
    new = [step for step in STEPS if _is_new(getattr(alert, step.moment), alert)]
    if _is_new(alert.reopened_at or alert.opened_at, alert):
        new = [step for step in new if step.receivers is not _followers]
        new.append(OPENED)
    return new


def _is_new(moment, alert):
    return moment is not None and (alert.told_at is None or moment > alert.told_at)


# ── Who is told ─────────────────────────────────────────────────────────────────────────────────


def _followers(alert):
    """The helpers who follow the group, but for whoever has taken the task already."""
    people = Person.objects.filter(helpers_of(alert.rhythm.group), is_active=True)
    return people.exclude(pk=alert.taken_by_id or 0).order_by("pk")


def _other_helpers(alert):
    """The helpers of the group's ecosystems who do not follow it."""
    group = alert.rhythm.group
    homes = Membership.objects.filter(group=group, status=Membership.Status.ACCEPTED)
    helping = Role.objects.filter(
        person=OuterRef("pk"),
        kind=Role.Kind.HELPER,
        withdrawn_at=None,
        ecosystem__in=homes.values("ecosystem"),
    )
    people = Person.objects.filter(Exists(helping), is_active=True)
    return people.exclude(helpers_of(group)).order_by("pk")


def _all_helpers(alert):
    return [*_followers(alert), *_other_helpers(alert)]


def _facilitators(alert):
    return [each.person for each in confirmed_facilitators(alert.rhythm.group).order_by("pk")]


OPENED = Step("opened", "opened_at", _followers)
STEPS = [
    Step("reminded", "reminded_at", _followers),
    Step("offered", "offered_at", _other_helpers),
    Step("asked", "asked_at", _facilitators),
    Step("archive", "archive_suggested_at", _all_helpers),
]


# ── What they are told ──────────────────────────────────────────────────────────────────────────


def _write(step, alert, person, now):
    """Queue one mail. Return whether it waits now."""
    with override(person.language), timezone.override(zone_named(person.time_zone)):
        context = _context(alert, person, now)
    began = alert.reopened_at or alert.opened_at
    mail = queue_mail(
        "alert",
        person=person,
        key=f"alert:{alert.pk}:{began:%Y%m%d%H%M%S}:{step.name}:{person.pk}",
        context={"step": step.name, **context},
        due_at=pleasant_moment(person, now),
        now=now,
    )
    return mail is not None


def _context(alert, person, now):
    rhythm, group = alert.rhythm, alert.rhythm.group
    today = today_of(group, now)
    joined = Rhythm.objects.filter(alerts__lead=alert, alerts__closed_at=None)
    others = [each for each in Rhythm.objects.filter(group=group) if each.pk != rhythm.pk]

    def page(name):
        return page_address(f"helpers:{name}", group.short_name, language=person.language)

    return {
        "group": group.name,
        "kind": alert.kind,
        "indicator": rhythm.get_indicator_display(),
        "sentence": sentence(rhythm, today),
        "outlook": outlook(rhythm, today),
        "moved": moved_question(rhythm, others),
        "also": [each.get_indicator_display() for each in joined.order_by("pk")],
        "days": age_of(alert, today),
        "quiet_days": (today - alert.quiet_since).days,
        "write_address": f"{page('write')}?about={rhythm.indicator}",
        "page_address": page("group"),
    }
