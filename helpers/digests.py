"""One digest a week for each person who has something to be told: on their day, at their hour.

What a helper reads there is their dashboard in brief; facilitators read which of their own
indicators are late, before anybody else hears of it. Who has nothing to be told gets nothing.

    plan(now)   queues the digests that are due; safe to run at any time, and twice at once
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import override

from groups.links import page_address
from groups.mail import queue_mail
from groups.models import Facilitator, Group, Membership, Person, Role

from .access import may_help
from .indicators import Indicator, Status, UnknownReason
from .local_days import today_in, zone_named
from .models import Digest, Follow, Rhythm
from .models.digests import MONDAY, MORNING
from .seasons import proposals_for, question
from .sentences import sentence
from .today import PRESSING, SHOWN, calls_for, words_for

WEEK = timedelta(days=7)
# After a time in which nothing ran, a digest is still worth reading so long.
CATCH_UP = timedelta(days=2)
# Nobody is written to by a program after this hour.
EVENING = 20
# A source that cannot be read is mentioned for so long; then its page goes on saying it.
UNREADABLE_MENTIONED = timedelta(days=28)


def plan(now):
    """Queue the digests that are due. Return how many."""
    return sum(_plan_one(person, day, now) for person, day in due(now))


def due(now):
    """Return [(number of a person, day)]: those whose digest of that day is not planned yet."""
    known = {
        person: (weekday, hour, planned_on)
        for person, weekday, hour, planned_on in Digest.objects.values_list(
            "person", "weekday", "hour", "planned_on"
        )
    }
    found = []
    for person, zone in _readers().values_list("pk", "time_zone"):
        weekday, hour, planned_on = known.get(person, (MONDAY, MORNING, None))
        slot = last_slot(zone_named(zone), weekday, hour, now)
        is_planned = planned_on is not None and planned_on >= slot.date()
        if not is_planned and now - slot <= CATCH_UP:
            found.append((person, slot.date()))
    return found


def last_slot(zone, weekday, hour, now):
    """Return the last moment, not after ``now``, at which it was that day and hour in ``zone``."""
    here = now.astimezone(zone)
    day = here.date() - timedelta(days=(here.weekday() - weekday) % 7)
    slot = datetime.combine(day, time(hour), zone)
    return slot if slot <= now else datetime.combine(day - WEEK, time(hour), zone)


def pleasant_moment(person, now):
    """Return when a mail that can wait may leave: at the hour ``person`` reads, or by day."""
    hour = Digest.objects.filter(person=person).values_list("hour", flat=True).first()
    hour = MORNING if hour is None else hour
    here = now.astimezone(zone_named(person.time_zone))
    if hour <= here.hour < max(EVENING, hour + 1):
        return now
    day = here.date() + timedelta(days=here.hour >= hour)
    return datetime.combine(day, time(hour), here.tzinfo)


def _readers():
    """Return the people who may have something to be told: helpers, and facilitators of groups
    that are late or cannot be read."""
    helping = Role.objects.filter(person=OuterRef("pk"), kind=Role.Kind.HELPER, withdrawn_at=None)
    needy = Rhythm.objects.filter(NEEDS_FACILITATOR).values("group")
    facilitating = Facilitator.objects.filter(
        person=OuterRef("pk"), confirmed_at__isnull=False, ended_at=None, group__in=needy
    )
    return Person.objects.filter(
        Exists(helping) | Exists(facilitating), is_active=True, wants_reminders=True
    ).order_by("pk")


def _plan_one(pk, day, now):
    """Plan one digest, if nobody else has. Return whether a mail waits now."""
    Digest.objects.get_or_create(person_id=pk)
    with transaction.atomic():
        mine = Digest.objects.filter(person=pk).filter(Q(planned_on=None) | Q(planned_on__lt=day))
        if not mine.update(planned_on=day):
            return False
        person = Person.objects.get(pk=pk)
        news = news_for(person, now)
        if not news:
            return False
        mail = queue_mail("digest", person=person, key=f"digest:{pk}:{day}", context=news, now=now)
    return mail is not None


# ── What it says ────────────────────────────────────────────────────────────────────────────────


def news_for(person, now):
    """Return what the digest tells ``person``, in their language, or {} where that is nothing."""
    with override(person.language), timezone.override(zone_named(person.time_zone)):
        helping, facilitating = _as_helper(person, now), _as_facilitator(person, now)
        if not (any(helping.values()) or facilitating):
            return {}
        return {**helping, "groups": facilitating, **_around(person)}


def _around(person):
    digest = Digest.objects.filter(person=person).first() or Digest()
    return {
        "weekday": WEEKDAYS[digest.weekday],
        "hour": digest.hour,
        "settings_address": page_address("helpers:digest", language=person.language),
        "dashboard_address": page_address("helpers:dashboard", language=person.language),
    }


def _as_helper(person, now):
    """Return what waits for ``person`` as a helper: the dashboard, in brief."""
    followed = Follow.objects.filter(group=OuterRef("pk"), person=person, ended_at=None)
    groups = Group.objects.filter(Exists(followed)).filter(may_help(person)).values("pk")
    words = words_for(groups, now)
    calls, unanswered = calls_for(groups, now)

    def page(name, *args):
        return page_address(f"helpers:{name}", *args, language=person.language)

    return {
        "words": [
            {
                "name": word.group.name,
                "sentence": word.sentence,
                "address": page("write", word.group.short_name) + f"?about={word.rhythm.indicator}",
            }
            for word in words[:SHOWN]
        ],
        "waiting": len(words),
        "more": len(words[SHOWN:]),
        "calls": [
            {
                "name": call.group.name,
                "occasion": call.get_occasion_display(),
                "address": page("group", call.group.short_name),
            }
            for call in calls
        ],
        "unanswered": [
            {"name": nudge.group.name, "sent": nudge.sent_at, "address": page("outcome", nudge.pk)}
            for nudge in unanswered
            if nudge.by_id == person.pk
        ],
        "alone": _followed_by_nobody(person),
    }


def _followed_by_nobody(person):
    """Return how many groups, where ``person`` helps, need a word and have no helper."""
    helped = Role.objects.filter(person=person, kind=Role.Kind.HELPER, withdrawn_at=None)
    members = Membership.objects.filter(
        ecosystem__in=helped.values("ecosystem"), status=Membership.Status.ACCEPTED
    )
    followed = Follow.objects.filter(group=OuterRef("group"), ended_at=None)
    needy = Rhythm.objects.filter(PRESSING, ~Exists(followed), group__in=members.values("group"))
    return needy.order_by().values("group").distinct().count()


NEEDS_FACILITATOR = Q(status=Status.LATE) | Q(
    status=Status.UNKNOWN, unknown_reason=UnknownReason.UNREADABLE
)


def _as_facilitator(person, now):
    """Return the groups of ``person`` in which something is late, each with its sentences."""
    own = Facilitator.objects.filter(person=person, confirmed_at__isnull=False, ended_at=None)
    rhythms = Rhythm.objects.filter(
        NEEDS_FACILITATOR, group__in=own.values("group"), group__review=Group.Review.PUBLISHED
    ).exclude(group__activity=Group.Activity.PREPARING)
    by_group = {}
    for rhythm in rhythms.select_related("group").order_by("group__name_key", "group"):
        today = today_in(rhythm.group.time_zone, now)
        since = rhythm.status_since or today
        if rhythm.status == Status.LATE or today - since <= UNREADABLE_MENTIONED:
            by_group.setdefault(rhythm.group, []).append((rhythm, today))
    return [
        {
            "name": group.name,
            "address": page_address("helpers:group", group.short_name, language=person.language),
            # A season may be the reason.
            "rest": [question(each, rows[0][1]) for each in proposals_for(group, rows[0][1])],
            "late": [
                {"indicator": rhythm.get_indicator_display(), "sentence": sentence(rhythm, today)}
                for rhythm, today in sorted(rows, key=_place)
            ],
        }
        for group, rows in by_group.items()
    ]


def _place(row):
    return Indicator.values.index(row[0].indicator)
