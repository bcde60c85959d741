"""Keeping a group true: what its facilitators do, each deed whole, with who and when.

Every deed leaves a revision, whose ``why`` is a code that the history puts into words.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import letters
from .access import confirmed_facilitators
from .derived import changing
from .entries import record
from .links import end_kept_links, make_link
from .models import Facilitator, Group, Link, Pause, Person, Task
from .models.people import fold_email
from .tasks import open_task, settle_tasks

LONGEST_PAUSE = timedelta(days=2 * 365)


# ── People ──────────────────────────────────────────────────────────────────────────────────────


def welcome(group, email, language, name, now):
    """Name a facilitator who has still to confirm, and send them the link for it.

    Returns the `Facilitator`. Says nothing about whether the person was known; who was known keeps
    their own name and language.
    """
    with transaction.atomic():
        facilitator = _named(group, email, language, name=name)
        if facilitator.confirmed_at is None:
            letters.ask_to_confirm(facilitator, now)
    return facilitator


def add_facilitator(group, email, language, by, now):
    """Invite somebody to facilitate ``group`` too. Returns the `Facilitator`, confirmed or not."""
    with transaction.atomic():
        facilitator = _named(group, email, language, by=by)
        if facilitator.confirmed_at is None:
            # Whoever wanted to hand over to them has thought again.
            _set_replaces(facilitator, None)
            letters.invite(facilitator, by, now)
            record([group], by=by, why="facilitator_invited", now=now)
    return facilitator


def hand_over(group, email, language, by, now):
    """Invite somebody in the place of ``by``, who ends once they have confirmed.

    Returns the `Facilitator` invited. Whoever is one already takes over at once.
    """
    with transaction.atomic():
        facilitator = _named(group, email, language, by=by)
        own = Facilitator.objects.filter(group=group, person=by, ended_at=None).first()
        if own is None or own == facilitator:
            return add_facilitator(group, email, language, by, now)
        _set_replaces(facilitator, own)
        if facilitator.confirmed_at is None:
            letters.invite(facilitator, by, now)
            record([group], by=by, why="facilitator_invited", now=now)
        else:
            _complete_handing_over(facilitator, now)
    return facilitator


def confirm_address(facilitator, now):
    """Let ``facilitator`` act for their group from now on. Return whether they may.

    Whoever was taken off the list before they confirmed may not.
    """
    with transaction.atomic():
        listed = Facilitator.objects.filter(pk=facilitator.pk, ended_at=None)
        if not listed.filter(confirmed_at=None).update(confirmed_at=now):
            return listed.exists()
        facilitator.confirmed_at = now
        end_kept_links(facilitator.group, now)
        settle_tasks(facilitator.group, Task.Kind.ORPHAN, now=now)
        record([facilitator.group], by=facilitator.person, why="address_confirmed", now=now)
        if facilitator.replaces_id:
            _complete_handing_over(facilitator, now)
    return True


def leave(group, person, now):
    """Take ``person`` off the list at their own wish. Return whether they were on it."""
    return _end(group, person, "facilitator_left", now, person=person)


def remove_facilitator(group, person, by, now):
    """Take ``person`` off the list at the wish of ``by``. Return whether they were on it."""
    with transaction.atomic():
        was_confirmed = confirmed_facilitators(group).filter(person=person).exists()
        ended = _end(group, by, "facilitator_removed", now, person=person)
        # Whoever never confirmed has had the one mail that an address gets.
        if ended and was_confirmed:
            letters.tell_removed(group, person, by, now)
    return ended


def facilitator_left(group, now):
    """Ask the helpers to find somebody, if nobody facilitates a published group any more."""
    needs_somebody = group.review == Group.Review.PUBLISHED
    needs_somebody &= group.activity != Group.Activity.ARCHIVED
    if needs_somebody and not confirmed_facilitators(group).exists():
        open_task(Task.Kind.ORPHAN, group, now=now)


def replace_kept_link(group, by, now):
    """End the kept edit link of ``group`` and return the secret of another."""
    with transaction.atomic():
        end_kept_links(group, now)
        record([group], by=by, why="kept_link_replaced", now=now)
        return make_link(Link.Purpose.KEPT, group=group, now=now)


def _named(group, email, language, *, by=None, name=""):
    """Return the facilitator of this address, made if need be: the person too, who may do nothing
    before they confirm."""
    person = find_or_make_person(email, language, name)
    facilitator, _made = Facilitator.objects.select_related("replaces").get_or_create(
        group=group, person=person, ended_at=None, defaults={"added_by": by}
    )
    return facilitator


def find_or_make_person(email, language, name=""):
    """Return the person of this address. Who is known already keeps their name and language."""
    # "!" as a password fits none: they come in by a link or a code.
    defaults = {"language": language, "name": name, "password": "!"}
    return Person.objects.get_or_create(email=fold_email(email), defaults=defaults)[0]


def _set_replaces(facilitator, own):
    Facilitator.objects.filter(pk=facilitator.pk).update(replaces=own)
    facilitator.replaces = own


def _complete_handing_over(facilitator, now):
    """End the one who handed over, now that ``facilitator`` is there."""
    group, own = facilitator.group, facilitator.replaces
    if _end(group, own.person, "handed_over", now, pk=own.pk):
        letters.tell_handed_over(group, own.person, facilitator.person, now)


def _end(group, by, why, now, **whom):
    """End the facilitator of ``group`` that ``whom`` filters. Return whether there was one."""
    with transaction.atomic():
        listed = Facilitator.objects.filter(group=group, ended_at=None, **whom)
        if not listed.update(ended_at=now, ended_by=by):
            return False
        record([group], by=by, why=why, now=now)
        facilitator_left(group, now)
    return True


# ── The entry, and how active the group is ──────────────────────────────────────────────────────


def confirm_entry(group, by, now):
    """Note that somebody of the group says: still right."""
    _change(group, by, now, "still_right")


def holder_is_there(group, now):
    """Note that whoever holds the kept link of ``group`` is there, if it is still open."""
    if Link.objects.filter(group=group, purpose=Link.Purpose.KEPT, ended_at=None).exists():
        settle_tasks(group, Task.Kind.ORPHAN, now=now)


def put_to_sleep(group, by, now):
    _change(group, by, now, "asleep", activity=Group.Activity.ASLEEP)


def wake(group, by, now):
    """Make a group active again, from sleep or from the archive."""
    with transaction.atomic():
        _change(group, by, now, "awake", activity=Group.Activity.ACTIVE)
        _thank_who_offered(group, now)


def archive(group, by, now):
    """Note that the group has stopped. Its page stays; nobody is needed for it any more."""
    with transaction.atomic():
        _change(group, by, now, "archived", activity=Group.Activity.ARCHIVED)
        settle_tasks(group, Task.Kind.ORPHAN, now=now)
        _thank_who_offered(group, now)


def _thank_who_offered(group, now):
    """End an offer to take the group over: its own facilitators are there."""
    offers = Task.objects.filter(group=group, kind=Task.Kind.TAKE_OVER, decided_at=None)
    for task in offers.select_related("person", "group"):
        letters.tell_offer_was_kept(task, now)
    settle_tasks(group, Task.Kind.TAKE_OVER, now=now)


def publish_profile(group, by, now):
    """Let other directories find ``group`` by a profile of it (see `murmurations`)."""
    _choose_profile(group, by, now, "profile_published", has_profile=True)


def withdraw_profile(group, by, now):
    """Publish the profile of ``group`` no more."""
    _choose_profile(group, by, now, "profile_withdrawn", has_profile=False)


def _choose_profile(group, by, now, why, *, has_profile):
    with changing([group.pk]):
        Group.objects.filter(pk=group.pk).update(has_profile=has_profile)
        record([group], by=by, why=why, now=now)
    group.has_profile = has_profile


def mark_confirmed(group, now, **fields):
    """Note, without a revision, that the entry is right now; whoever changed it writes one."""
    fields |= {"confirmed_at": now, "asked_at": None, "times_asked": 0}
    with changing([group.pk]):
        Group.objects.filter(pk=group.pk).update(**fields)
        settle_tasks(group, Task.Kind.STALE, now=now)
    for name, value in fields.items():
        setattr(group, name, value)


def _change(group, by, now, why, **fields):
    """Change the record; whoever says how the group is has said that it is still right."""
    if fields:
        fields["updated_at"] = now
    with changing([group.pk]):
        mark_confirmed(group, now, **fields)
        record([group], by=by, why=why, now=now)


# ── Pauses ──────────────────────────────────────────────────────────────────────────────────────


def pause(group, until_day, by, now, reason="", review_on=None):
    """Pause ``group`` until a day, or (with None) until somebody looks again on ``review_on``.

    A pause that is running is changed: it is the same one. Raises ValueError for days that are
    past or further away than `LONGEST_PAUSE`. Returns the `Pause`.
    """
    today = timezone.localdate(now)
    end = until_day or review_on
    if end is None or not today <= end <= today + LONGEST_PAUSE:
        raise ValueError("A pause ends within two years.")
    with transaction.atomic():
        running = _locked_pause(group, today)
        paused = running or Pause(group=group, from_day=today, created_at=now, created_by=by)
        paused.until_day, paused.review_on, paused.reason = until_day, review_on, reason
        paused.save()
        record([group], by=by, why="paused", now=now)
    return paused


def plan_pause(group, from_day, until_day, by, now, reason=""):
    """Pause ``group`` from a day to come, or one that has begun, until a day. Returns the `Pause`.

    Raises ValueError where it would be over already, or end further away than `LONGEST_PAUSE`.
    """
    today = timezone.localdate(now)
    if not max(from_day, today) <= until_day <= today + LONGEST_PAUSE:
        raise ValueError("A pause ends within two years, and after it begins.")
    with transaction.atomic():
        Group.objects.select_for_update().get(pk=group.pk)
        paused = group.pauses.create(
            from_day=from_day, until_day=until_day, reason=reason, created_at=now, created_by=by
        )
        record([group], by=by, why="paused", now=now)
    return paused


def end_pause(group, by, now):
    """End the pause that is running. Return whether there was one."""
    today = timezone.localdate(now)
    with transaction.atomic():
        running = _locked_pause(group, today)
        if running is None:
            return False
        if running.from_day == today:
            # Begun and ended on one day: there was none worth remembering.
            running.delete()
        else:
            # Where nobody looked on the day to look, nothing is known of the days after it.
            last = today - timedelta(days=1)
            running.until_day = min(last, running.review_on) if running.review_on else last
            running.review_on = None
            running.save()
        record([group], by=by, why="pause_ended", now=now)
    return True


def latest_pause(group, today):
    """Return the pause that ``group`` has not ended by this day, or None.

    Also one whose day to look again has come (see `is_to_be_looked_at`): it is to be asked about.
    """
    pauses = group.pauses.filter(from_day__lte=today).exclude(until_day__lt=today)
    return pauses.order_by("-pk").first()


def is_to_be_looked_at(pause, today):
    """Say whether the day has come to ask whether ``pause`` goes on."""
    return pause.until_day is None and pause.review_on <= today


def _locked_pause(group, today):
    # Two who pause at once change one pause instead of making two.
    Group.objects.select_for_update().get(pk=group.pk)
    return latest_pause(group, today)
