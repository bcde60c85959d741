"""Taking over a group that sleeps or has nobody: offered, confirmed by mail, answered, decided.

The last facilitators are asked first. They answer, or are silent for fourteen days; then a helper
decides, in the queue of what waits.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from . import letters
from .access import confirmed_facilitators
from .entries import record
from .links import end_kept_links
from .models import Draft, Facilitator, Group, Link, Task
from .tasks import open_task, settle_tasks
from .upkeep import confirm_entry, find_or_make_person, leave

ANSWER_WITHIN = timedelta(days=14)


def may_be_taken_over(group):
    """Say whether somebody may offer to take ``group`` over: it sleeps, or nobody is there.

    Whoever holds a kept edit link is there, though nobody knows them.
    """
    if group.review != Group.Review.PUBLISHED or group.activity == Group.Activity.ARCHIVED:
        return False
    if group.activity == Group.Activity.ASLEEP:
        return True
    kept = Link.objects.filter(group=group, purpose=Link.Purpose.KEPT, ended_at=None)
    return not confirmed_facilitators(group).exists() and not kept.exists()


def open_offer(group):
    """Return the offer that waits for an answer or a decision, or None."""
    offers = Task.objects.filter(group=group, kind=Task.Kind.TAKE_OVER, decided_at=None)
    return offers.select_related("person", "group").first()


def offer(group, *, name, email, words, language, now):
    """Keep an offer until its sender has confirmed their address, by the link they are sent."""
    with transaction.atomic():
        person = find_or_make_person(email, language)
        typed = {"name": name, "words": words}
        draft = Draft.objects.create(
            email=person.email, language=person.language, typed=typed, created_at=now
        )
        if person.is_active:
            letters.ask_to_confirm_offer(person, group, draft, now)


def confirm_offer(link, now):
    """Bring the offer of ``link`` before the last facilitators, or before the helpers.

    Returns the `Task`, or None where the group is awake again or somebody else was first.
    """
    with transaction.atomic():
        # Two who offer at once: the second finds the first.
        group = Group.objects.select_for_update().get(pk=link.group_id)
        if not may_be_taken_over(group) or open_offer(group):
            return None
        person, typed = link.person, link.draft.typed
        if not person.name:
            person.name = typed["name"]
            person.save(update_fields=["name"])
        asked = confirmed_facilitators(group).exists()
        task = open_task(
            Task.Kind.TAKE_OVER,
            group,
            now=now,
            person=person,
            words=typed["words"],
            shown_from=now + ANSWER_WITHIN if asked else now,
        )
        letters.ask_last_facilitators(task, now)
    return task


def keep(task, by, now):
    """Answer for the facilitators: the group stays with them. Return whether it was still open."""
    with transaction.atomic():
        reason = _("The facilitators answered: the group stays with them.")
        if not _decide(task, Task.Decision.REFUSED, by, now, reason=reason):
            return False
        confirm_entry(task.group, by, now)
        letters.tell_offer_was_kept(task, now)
    return True


def let_go(task, by, now, *, leaves):
    """Answer for the facilitators: yes. ``by`` stays beside the new one, or ``leaves``.

    Return whether it was still open.
    """
    with transaction.atomic():
        if not give(task, by, now):
            return False
        if leaves:
            leave(task.group, by, now)
    return True


def give(task, by, now):
    """Make whoever offered a confirmed facilitator. Return whether that was still to be decided.

    The group is not woken: that is for whoever has it now. Who facilitated stays on the list.
    """
    with transaction.atomic():
        person = task.person
        if person is None or not person.is_active:
            settle_tasks(task.group, Task.Kind.TAKE_OVER, now=now)
            return False
        if not _decide(task, Task.Decision.ACCEPTED, by, now):
            return False
        # Their address was confirmed when they offered.
        Facilitator.objects.update_or_create(
            group=task.group,
            person=person,
            ended_at=None,
            defaults={"confirmed_at": now},
            create_defaults={"confirmed_at": now, "added_by": by},
        )
        end_kept_links(task.group, now)
        settle_tasks(task.group, Task.Kind.ORPHAN, now=now)
        record([task.group], by=by, why="taken_over", now=now)
        letters.tell_taken_over(task, now)
    return True


def refuse(task, by, reason, now):
    """Say no to an offer, with the reason it is told. Return whether it was still to be decided."""
    with transaction.atomic():
        if not _decide(task, Task.Decision.REFUSED, by, now, reason=reason):
            return False
        letters.tell_offer_was_refused(task, reason, now)
    return True


def _decide(task, decision, by, now, *, reason=""):
    """Decide ``task``, once: whoever changes the row has decided."""
    waiting = Task.objects.filter(pk=task.pk, decided_at=None)
    return bool(
        waiting.update(
            decision=decision, decided_at=now, decided_by=by, decision_reason=reason[:500]
        )
    )
