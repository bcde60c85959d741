"""Asking whether entries are still right: twice a year, kindly, and not for ever.

A group is asked by a mail to each of its facilitators, once more two weeks later, and two weeks
after that a helper has a look. Whoever confirms, edits or puts to sleep ends the round
(`groups.upkeep`). A group that pauses is left in peace, one that sleeps is asked once a year.
Groups that nobody ever answered for (imported ones) are asked nothing: there is nobody to ask.
Whoever holds a kept link cannot be asked either: as long as they use it, they are there.

Everybody gets one mail for all their groups. So groups that share people are asked together, in
one transaction: killed anywhere, it was done or it was not; two at once do each part once.
"""

from collections import Counter, defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import override

from .ago import ago
from .links import link_address, make_link
from .mail import queue_mail
from .models import Facilitator, Group, Link, Pause, Revision, Task
from .tasks import open_task

MOST = 500
EVERY = timedelta(days=182)
EVERY_ASLEEP = timedelta(days=365)
AGAIN_AFTER = timedelta(days=14)
# The mail may be read weeks later.
LINKS_LAST = timedelta(days=60)

# What only whoever holds the kept link does in nobody's name.
BY_KEPT_LINK = ("edited_by_kept_link", "still_right", "kept_link_replaced")
# How often a group was asked in this round; after the second mail, helpers were.
ASKED, ASKED_AGAIN, LEFT_TO_HELPERS = 1, 2, 3


def ask_freshness(now, *, most=MOST):
    """Ask at most ``most`` groups that are due, the oldest first.

    Returns how many `groups` were asked by how many `mails`, and how many became a `stale` or an
    `orphan` task.
    """
    tally = Counter()
    waiting = list(due(now).order_by("checked_at", "pk").values_list("pk", flat=True)[:most])
    handled = set()
    for pk in waiting:
        if pk in handled or len(handled) >= most:
            continue
        together = _sharing_people(pk, now, room=most - len(handled))
        handled |= together
        with transaction.atomic():
            tally += _ask(_claimed(together, now), now)
    return tally


def due(now):
    """Return the groups to be asked, or to be left to the helpers, with when they were checked."""
    today = timezone.localdate(now)
    groups = Group.objects.listed().annotate(
        checked_at=Coalesce("confirmed_at", "reviewed_at", "created_at")
    )
    is_asked = Q(times_asked__in=[ASKED, ASKED_AGAIN], asked_at__isnull=False)
    is_answered = Q(confirmed_at__gte=F("asked_at"))
    is_waiting = is_asked & (Q(confirmed_at=None) | Q(confirmed_at__lt=F("asked_at")))
    is_quiet = Q(times_asked=0) | Q(times_asked=LEFT_TO_HELPERS) | Q(asked_at=None) | is_answered
    is_due = is_waiting & Q(asked_at__lte=now - AGAIN_AFTER)
    asleep = Q(activity=Group.Activity.ASLEEP)
    for kind, every in ((asleep, EVERY_ASLEEP), (~asleep, EVERY)):
        is_due |= (
            kind
            & is_quiet
            & Q(checked_at__lte=now - every)
            & (Q(asked_at=None) | Q(asked_at__lte=now - every))
        )
    pauses = Pause.objects.filter(group=OuterRef("pk"), from_day__lte=today).filter(
        Q(until_day__gte=today) | Q(until_day=None, review_on__gte=today)
    )
    groups = groups.filter(is_due, ~Exists(pauses)).filter(_had_somebody())
    return groups.filter(Exists(_facilitators(group=OuterRef("pk"))) | ~_holder_is_there(now))


def look_again_later(group, now):
    """Leave ``group`` in peace for a round: a helper has just looked whether somebody is there."""
    Group.objects.filter(pk=group.pk).update(times_asked=LEFT_TO_HELPERS, asked_at=now)


def _had_somebody():
    """Keep the groups that somebody answers for, or once did."""
    confirmed = Facilitator.objects.filter(group=OuterRef("pk"), confirmed_at__isnull=False)
    # Those who keep the edit link have no address, and a person who was erased left none.
    registered = Revision.objects.filter(group=OuterRef("pk"), why__startswith="registered")
    return Q(confirmed_at__isnull=False) | Exists(confirmed) | Exists(registered)


def _holder_is_there(now):
    """Keep the groups whose open kept link was made or used in the last half year.

    Using it is to change, to propose, or to say "still right"; each leaves its trace.
    """
    kept = Link.objects.filter(group=OuterRef("pk"), purpose=Link.Purpose.KEPT, ended_at=None)
    nobody = {"group": OuterRef("pk"), "by": None, "created_at__gt": now - EVERY}
    used = Revision.objects.filter(why__in=BY_KEPT_LINK, **nobody)
    proposed = Task.objects.filter(
        group=OuterRef("pk"), kind=Task.Kind.EDIT, person=None, shown_from__gt=now - EVERY
    )
    is_recent = Exists(kept.filter(created_at__gt=now - EVERY)) | Exists(used) | Exists(proposed)
    return Exists(kept) & is_recent


def _facilitators(**narrowed):
    """Return those who may be asked (see `groups.access.confirmed_facilitators`)."""
    return Facilitator.objects.filter(
        confirmed_at__isnull=False, ended_at=None, person__is_active=True, **narrowed
    )


def _sharing_people(pk, now, *, room):
    """Return the due groups, at most ``room``, that are joined to this one by those they share."""
    together, people, found = {pk}, set(), {pk}
    while found and len(together) < room:
        new_people = set(
            _facilitators(group__in=found, person__wants_reminders=True)
            .exclude(person__in=people)
            .values_list("person", flat=True)
        )
        people |= new_people
        theirs = due(now).filter(pk__in=_facilitators(person__in=new_people).values("group"))
        others = theirs.exclude(pk__in=together).order_by("checked_at", "pk")
        found = set(others.values_list("pk", flat=True)[: room - len(together)])
        together |= found
    return together


def _claimed(pks, now):
    """Lock these groups, in one order, and return those that are still due."""
    locked = Group.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    return list(due(now).filter(pk__in=[group.pk for group in locked]).order_by("name_key", "pk"))


def _ask(groups, now):
    """Do what is due for ``groups``. Return what was done."""
    facilitators = defaultdict(list)
    for each in _facilitators(group__in=groups).select_related("person").order_by("pk"):
        facilitators[each.group_id].append(each.person)
    tally, asked = Counter(), defaultdict(list)
    for group in groups:
        step = _next_step(group) if facilitators[group.pk] else LEFT_TO_HELPERS
        Group.objects.filter(pk=group.pk).update(times_asked=step, asked_at=now)
        if step != LEFT_TO_HELPERS:
            tally["groups"] += 1
            for person in facilitators[group.pk]:
                asked[person].append((group, step))
        elif facilitators[group.pk]:
            open_task(Task.Kind.STALE, group, now=now)
            tally["stale"] += 1
        else:
            open_task(Task.Kind.ORPHAN, group, now=now)
            tally["orphan"] += 1
    for person, theirs in asked.items():
        tally["mails"] += _write(person, theirs, now)
    return tally


def _next_step(group):
    """Return how often ``group``, which is due, is asked with this time."""
    is_answered = group.asked_at is None or (
        group.confirmed_at is not None and group.confirmed_at >= group.asked_at
    )
    if is_answered or group.times_asked not in (ASKED, ASKED_AGAIN):
        return ASKED
    return group.times_asked + 1


def _write(person, groups, now):
    """Ask ``person`` about all their groups, as (group, how often). Return whether a mail waits."""
    if not person.wants_reminders:
        return False
    first = min(group.pk for group, _step in groups)
    mail = queue_mail(
        "freshness",
        person=person,
        # A group is asked once a day at most, so its first one names the round of a person.
        key=f"freshness:{person.pk}:{now:%Y-%m-%d}:{first}",
        now=now,
        context={
            "groups": [_asked(group, step, person, now) for group, step in groups],
            "only": groups[0][0].name if len(groups) == 1 else "",
            "is_second": any(step == ASKED_AGAIN for _group, step in groups),
        },
    )
    return mail is not None


def _asked(group, step, person, now):
    """Return what the mail says of one group."""

    def link(purpose):
        secret = make_link(purpose, person=person, group=group, lasts=LINKS_LAST, now=now)
        return link_address(secret, person.language)

    is_asleep = group.activity == Group.Activity.ASLEEP
    with override(person.language):
        checked = (
            ago(timezone.localdate(group.confirmed_at), timezone.localdate(now))
            if group.confirmed_at
            else ""
        )
    return {
        "name": group.name,
        "tagline": group.tagline,
        "checked": checked,
        "is_asleep": is_asleep,
        "still_right_address": link(Link.Purpose.STILL_RIGHT),
        "edit_address": link(Link.Purpose.EDIT),
        "turn_address": link(Link.Purpose.WAKE if is_asleep else Link.Purpose.SLEEP),
    }
