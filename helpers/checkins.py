"""Asking facilitators once a month about what no source tells, in one mail for all their groups.

A person is asked in one transaction: the check-ins and the mail are there, or neither is. Killed
anywhere, run twice or by two at once, each person is asked once a month about each group.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import override

from groups.access import is_facilitator
from groups.limits import over_limit
from groups.links import digest, page_address
from groups.mail import queue_mail
from groups.models import Facilitator, Group, Pause, Person

from .digests import pleasant_moment
from .indicators import Indicator, Status
from .local_days import today_of
from .models import CheckIn, Rhythm, Source
from .questions import Answer, answers_to, question

MOST = 500
# So that the end of one month and the beginning of the next are not two mails in a row.
RESTS = timedelta(days=28)
# What nobody knows anything of is asked about once it has been followed for so long.
FOLLOWED_FOR = timedelta(days=30)
# The mail may be read weeks later.
LASTS = timedelta(days=60)

NEW_LINKS = 3
NEW_LINKS_WITHIN = timedelta(hours=1)


# ── Whom, and about what ────────────────────────────────────────────────────────────────────────


def questions_due(now):
    """Keep the rhythms to ask about: unknown or late, with no source, of groups that are active."""
    today = timezone.localdate(now)
    sources = Source.objects.accepted().filter(
        group=OuterRef("group"), indicator=OuterRef("indicator")
    )
    pauses = Pause.objects.filter(group=OuterRef("group"), from_day__lte=today).filter(
        Q(until_day__gte=today) | Q(until_day=None, review_on__gte=today)
    )
    is_followed = Q(since__lte=today - FOLLOWED_FOR) & (
        Q(group__reviewed_at=None) | Q(group__reviewed_at__lte=now - FOLLOWED_FOR)
    )
    is_unknown = Q(status=Status.UNKNOWN) & (Q(last_on__isnull=False) | is_followed)
    # Somebody said a few days ago that there was nothing new.
    is_answered = Q(noted_through__gt=today - RESTS) & (
        Q(last_on=None) | Q(noted_through__gt=F("last_on"))
    )
    return Rhythm.objects.filter(
        is_unknown | Q(status__in=[Status.LATE, Status.SILENT]),
        ~is_answered | Q(noted_through=None),
        ~Exists(sources),
        ~Exists(pauses),
        group__review=Group.Review.PUBLISHED,
        group__activity=Group.Activity.ACTIVE,
    )


def _due(now):
    """Keep the facilitators to be asked now: of a group with questions, and not asked lately."""
    recent = CheckIn.objects.filter(person=OuterRef("person"), month__isnull=False)
    recent = recent.filter(Q(month=month_of(now)) | Q(asked_at__gt=now - RESTS), is_another=False)
    return Facilitator.objects.filter(
        Exists(questions_due(now).filter(group=OuterRef("group"))),
        ~Exists(recent),
        confirmed_at__isnull=False,
        ended_at=None,
        person__is_active=True,
        person__wants_reminders=True,
    )


def month_of(now):
    return timezone.localdate(now).replace(day=1)


# ── Asking ──────────────────────────────────────────────────────────────────────────────────────


def ask(now, *, most=MOST):
    """Ask at most ``most`` people. Returns how many `mails` ask how many `questions`."""
    tally = Counter()
    people = _due(now).order_by("person").values_list("person", flat=True).distinct()[:most]
    groups = defaultdict(list)
    theirs = _due(now).filter(person__in=list(people)).select_related("group")
    for facilitator in theirs.order_by("group__name_key", "group"):
        groups[facilitator.person_id].append(facilitator.group)
    concerned = {group.pk for each in groups.values() for group in each}
    rhythms = defaultdict(list)
    for rhythm in questions_due(now).filter(group__in=concerned):
        rhythms[rhythm.group_id].append(rhythm)
    for person_id in sorted(groups):
        asked = [(group, in_order(rhythms[group.pk])) for group in groups[person_id]]
        tally += _ask_person(person_id, [each for each in asked if each[1]], now)
    return tally


def in_order(rhythms):
    return sorted(rhythms, key=lambda rhythm: Indicator.values.index(rhythm.indicator))


def _ask_person(person_id, asked, now):
    """Ask one person about these (group, rhythms), unless that was done meanwhile."""
    month = month_of(now)
    with transaction.atomic():
        # Two at once wait here; the second finds what the first has done.
        people = Person.objects.select_for_update(no_key=True)
        person = people.get(pk=person_id)
        known = CheckIn.objects.filter(person=person, month=month, is_another=False)
        wants = person.is_active and person.wants_reminders
        if not (asked and wants) or known.exists():
            return Counter()
        made = [_new(person, group, rhythms, month=month, asked_at=now) for group, rhythms in asked]
        CheckIn.objects.bulk_create([check_in for check_in, _secret in made])
        secrets = [secret for _check_in, secret in made]
        key = f"checkin:{person.pk}:{month:%Y-%m}"
        if not _mail(person, asked, secrets, key=key, is_asked=False, now=now):
            # It left already: a question that nobody gets is none.
            transaction.set_rollback(True)
            return Counter()
    return Counter(mails=1, questions=sum(len(rhythms) for _group, rhythms in asked))


def _new(person, group, rhythms, *, asked_at, **fields):
    """Return a check-in that is still to be saved, and its secret, which is nowhere else."""
    secret = token_urlsafe(24)
    check_in = CheckIn(
        person=person,
        group=group,
        indicators=[rhythm.indicator for rhythm in rhythms],
        secret_hash=digest(secret),
        asked_at=asked_at,
        expires_at=asked_at + LASTS,
        **fields,
    )
    return check_in, secret


def make_for_nudge(nudge, person, rhythms, now):
    """Make the check-in that goes with a kind word. Return its secret."""
    check_in, secret = _new(person, nudge.group, rhythms, nudge=nudge, asked_at=now)
    check_in.save()
    return secret


def _mail(person, asked, secrets, *, key, is_asked, now):
    """Queue the mail that asks ``person`` about these groups. Return it, or None."""
    with override(person.language):
        groups = [
            _section(group, rhythms, secret, person, now)
            for (group, rhythms), secret in zip(asked, secrets, strict=True)
        ]
    context = {"groups": groups, "only": groups[0]["name"] if len(groups) == 1 else ""}
    due_at = now if is_asked else pleasant_moment(person, now)
    return queue_mail(
        "check_in",
        person=person,
        key=key,
        context=context,
        is_asked=is_asked,
        due_at=due_at,
        now=now,
    )


def _section(group, rhythms, secret, person, now):
    """Return what the mail asks about one group."""
    address = address_of(secret, person.language)
    today = today_of(group, now)
    return {
        "name": group.name,
        "address": address,
        "questions": [
            {
                "words": question(rhythm, today),
                "answers": [
                    {"words": words, "address": f"{address}?{rhythm.indicator}={answer}"}
                    for answer, words in answers_to(rhythm)
                    if answer in {Answer.HELD, Answer.NOTHING}
                ],
            }
            for rhythm in rhythms
        ],
    }


def address_of(secret, language):
    return page_address("helpers:check_in", secret, language=language)


# ── The link ────────────────────────────────────────────────────────────────────────────────────


def find(secret):
    """Return the check-in of this secret, whatever its state, or None."""
    known = CheckIn.objects.select_related("person", "group", "nudge")
    return known.filter(secret_hash=digest(secret)).first()


def is_open(check_in, now):
    return check_in.expires_at > now


def may_answer(check_in):
    """Say whether whoever was asked still speaks for the group."""
    return check_in.person.is_active and is_facilitator(check_in.person, check_in.group)


def rhythms_of(check_in):
    """Return the rhythms it asks about, in order."""
    rhythms = Rhythm.objects.filter(group=check_in.group, indicator__in=check_in.indicators)
    return in_order(rhythms)


def send_another(check_in, now):
    """Mail the same questions again to whoever was asked, if they still speak for the group.

    Return whether there was not too much of it; whether one was sent is nobody's business.
    """
    who = f"check-in:{check_in.person_id}"
    if over_limit("", "new_link", times=NEW_LINKS, within=NEW_LINKS_WITHIN, who=who, now=now):
        return False
    if may_answer(check_in):
        occasion = {"month": check_in.month, "nudge": check_in.nudge}
        rhythms = rhythms_of(check_in)
        person, group = check_in.person, check_in.group
        with transaction.atomic():
            another, secret = _new(
                person, group, rhythms, is_another=True, asked_at=now, **occasion
            )
            another.save()
            key = f"checkin:another:{another.pk}"
            _mail(person, [(group, rhythms)], [secret], key=key, is_asked=True, now=now)
    return True
