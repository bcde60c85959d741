"""Decisions about what waits: each taken once, by somebody, on what they were shown.

``version`` is what they were shown (see `claims`). All raise `claims.NotDone` where it is too late.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction

from .. import deciding, freshness, history, saving, taking_over, upkeep
from ..derived import changing
from ..entries import entries_of, record
from ..models import Group, Membership, Task
from ..restoring import brought_back
from ..tasks import open_task
from . import telling
from .asking import resubmit
from .claims import DecidedAlready, NotDone, deciding_on, free, why_not

ANSWER_WITHIN = timedelta(days=14)

Kind, Decision = Task.Kind, Task.Decision
# How a report ends, and how silence does.
REPORT_ENDS = ("nothing", "corrected", "asleep", "archived", "taken_out")
STALE_ENDS = ("still_right", "asleep", "archived")


class CannotBeSaved(NotDone):
    """What was proposed is no longer possible: its short name went to another group."""


# ── Deciding ────────────────────────────────────────────────────────────────────────────────────


def accept(task, by, now, *, version=None):
    """Say yes: to a group, a change, a membership, or an offer to take over."""
    match task.kind:
        case Kind.NEW:
            _accept_group(task, by, now, version)
        case Kind.EDIT:
            _accept_change(task, by, now, version)
        case Kind.MEMBERSHIP:
            _accept_membership(task, by, now, version)
        case Kind.TAKE_OVER:
            _decide_offer(task, by, now, lambda offer: taking_over.give(offer, by, now))
        case _:
            raise ValueError(f"Nobody accepts what is {task.kind}.")


def refuse(task, by, reason, now, *, version=None):
    """Say no, with the reason that is told. ``reason`` is not empty."""
    match task.kind:
        case Kind.NEW:
            with deciding_on(task, by, Decision.REFUSED, now, reason, version) as group:
                _take_out(task, group, by, reason, now)
        case Kind.EDIT:
            with deciding_on(task, by, Decision.REFUSED, now, reason, version):
                telling.tell_group("change_refused", task, by, now, reason=reason)
        case Kind.LOOK:
            _bring_back(task, by, reason, now, version)
        case Kind.MEMBERSHIP:
            with deciding_on(task, by, Decision.REFUSED, now, reason, version):
                _decide_membership(task, Membership.Status.REFUSED, by, reason, now)
                telling.tell_group("membership_refused", task, by, now, reason=reason)
        case Kind.TAKE_OVER:
            _decide_offer(task, by, now, lambda offer: taking_over.refuse(offer, by, reason, now))
        case _:
            raise ValueError(f"Nobody refuses what is {task.kind}.")


def seen(task, by, now, *, version=None):
    """Note that a change was looked at and stays."""
    with deciding_on(task, by, Decision.SEEN, now, "", version):
        pass


def close_report(task, by, now, *, done, words="", version=None):
    """Close a report by what was ``done``, one of `REPORT_ENDS`, and answer whoever reported.

    ``words`` are for the reporter; for a group that is taken out, they are the reason it is told.
    The address of the reporter goes with the answer.
    """
    with deciding_on(task, by, Decision.SEEN, now, _ending(done, words), version) as group:
        _end(task, group, done, by, words, now)
        reporter = Task.objects.select_for_update().get(pk=task.pk).reporter
        if reporter:
            telling.tell_reporter(task, reporter, done, words, now)
            Task.objects.filter(pk=task.pk).update(reporter="")


def close_stale(task, by, now, *, done, words="", version=None):
    """Say for a silent group how it is, after writing or by looking: one of `STALE_ENDS`."""
    with deciding_on(task, by, Decision.SEEN, now, _ending(done, words), version) as group:
        _end(task, group, done, by, words, now)


def close_orphan(task, by, now, *, version=None):
    """Archive a group for which nobody was found."""
    with deciding_on(task, by, Decision.SEEN, now, "archived", version) as group:
        _end(task, group, "archived", by, "", now)


def somebody_is_there(task, by, words, now, *, version=None):
    """Note that a group has somebody, though without a confirmed address; ``words`` say how so."""
    ending = _ending("somebody_there", words)
    with deciding_on(task, by, Decision.SEEN, now, ending, version) as group:
        freshness.look_again_later(group, now)


def invite(task, by, email, language, now):
    """Invite somebody to facilitate a group that has nobody; it waits for them fourteen days.

    If they confirm their address, the task settles; if they do not, it is shown again.
    """
    with transaction.atomic():
        group = Group.objects.select_for_update().get(pk=task.group_id)
        waiting = free(task, by, now).filter(kind=Kind.ORPHAN)
        if not waiting.update(shown_from=now + ANSWER_WITHIN, taken_by=None, taken_until=None):
            raise why_not(task, by, now)
        upkeep.add_facilitator(group, email, language, by, now)


def ask(task, by, question, now):
    """Ask the group before deciding. Return how many facilitators were written to.

    Whoever keeps the edit link reads the question there. The task is hidden until they answer, or
    for fourteen days.
    """
    with transaction.atomic():
        waiting = free(task, by, now)
        if not waiting.update(
            question=question,
            answer="",
            asked_at=now,
            asked_by=by,
            shown_from=now + ANSWER_WITHIN,
            taken_by=None,
            taken_until=None,
        ):
            raise why_not(task, by, now)
        if task.kind == Kind.MEMBERSHIP:
            _memberships(task).filter(status=Membership.Status.ASKED).update(
                status=Membership.Status.QUESTIONED
            )
        task.refresh_from_db()
        return telling.send_question(task, now)


def reopen(task, by, now):
    """Take a refusal back: the same is to be decided again. Return the new task, or None.

    A verdict is somebody's, and can be taken back.
    """
    if task.decision != Decision.REFUSED:
        return None
    if task.kind == Kind.NEW:
        return resubmit(task.group, by, now)
    if task.kind != Kind.MEMBERSHIP:
        return None
    with changing([task.group_id]):
        refused = _memberships(task).filter(status=Membership.Status.REFUSED)
        if not refused.update(
            status=Membership.Status.ASKED, reason="", decided_at=None, decided_by=None
        ):
            return None
        record([task.group], by=by, why="membership", now=now)
        return open_task(Kind.MEMBERSHIP, task.group, ecosystem=task.ecosystem, now=now)


# ── Deciding about whole groups, without reading what waits ──────────────────────────────────────


def publish_groups(groups, by, now):
    """Accept ``groups``, whatever was decided before, and tell those that were not public."""
    with transaction.atomic():
        groups = _locked(groups)
        hidden = [group for group in groups if group.review != Group.Review.PUBLISHED]
        # What is told belongs to a task; deciding settles it.
        tasks = [open_task(Kind.NEW, group, now=now) for group in hidden]
        deciding.publish(groups, by=by)
        for task in tasks:
            telling.tell_group("accepted", task, by, now)


def refuse_groups(groups, by, reason, now):
    """Refuse ``groups``, whatever was decided before, and tell each of them why."""
    with transaction.atomic():
        groups = _locked(groups)
        public = {group.pk for group in groups if group.review == Group.Review.PUBLISHED}
        tasks = [open_task(Kind.NEW, group, now=now) for group in groups]
        deciding.refuse(groups, by=by, reason=reason)
        for task in tasks:
            _tell_refused(task, by, reason, now, was_public=task.group_id in public)


def _locked(groups):
    ids = [group.pk for group in groups]
    return list(Group.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


# ── What each decision does ─────────────────────────────────────────────────────────────────────


def _accept_group(task, by, now, version):
    with deciding_on(task, by, Decision.ACCEPTED, now, "", version) as group:
        # Where groups are published first, reading it was all there was to do.
        if group.review != Group.Review.PUBLISHED:
            deciding.publish([group], by=by)
            telling.tell_group("accepted", task, by, now)


def _accept_change(task, by, now, version):
    """Save what was proposed, joined with what changed meanwhile; where both did, as proposed."""
    with deciding_on(task, by, Decision.ACCEPTED, now, "", version) as group:
        entry, extras, _conflicts = proposal_of(task, entries_of([group])[group.pk])
        _save(task, entry, extras, group, by, "change accepted", now)
        telling.tell_group("change_accepted", task, by, now)


def _bring_back(task, by, reason, now, version):
    with deciding_on(task, by, Decision.REFUSED, now, reason, version) as group:
        entry = brought_back(task.revision.entry, group, entries_of([group])[group.pk])
        _save(task, entry, {}, group, by, f"restored {task.revision_id}", now)
        telling.tell_group("brought_back", task, by, now, is_awaited=False, reason=reason)


def _accept_membership(task, by, now, version):
    with deciding_on(task, by, Decision.ACCEPTED, now, "", version) as group:
        _decide_membership(task, Membership.Status.ACCEPTED, by, "", now)
        is_public = group.review == Group.Review.PUBLISHED
        telling.tell_group("membership_accepted", task, by, now, is_public=is_public)


def _decide_membership(task, status, by, reason, now):
    with changing([task.group_id]):
        waiting = _memberships(task).filter(
            status__in=[Membership.Status.ASKED, Membership.Status.QUESTIONED]
        )
        if not waiting.update(status=status, reason=reason, decided_at=now, decided_by=by):
            raise DecidedAlready(Task.objects.get(pk=task.pk))
        record([task.group], by=by, why="membership", now=now)


def _decide_offer(task, by, now, decide):
    with transaction.atomic():
        Group.objects.select_for_update().get(pk=task.group_id)
        is_decided = free(task, by, now).exists() and decide(task)
    # Not inside: an offer of somebody who was erased has settled, and stays so.
    if not is_decided:
        raise why_not(task, by, now)


def _end(task, group, done, by, words, now):
    """Bring a group where a report or its silence leads, and tell its facilitators."""
    match done:
        case "still_right":
            upkeep.confirm_entry(group, by, now)
        case "asleep":
            upkeep.put_to_sleep(group, by, now)
        case "archived":
            upkeep.archive(group, by, now)
        case "taken_out":
            _take_out(task, group, by, words, now)
            return
        case _:
            return
    # What is said with a report is for whoever reported.
    told = words if task.kind == Kind.STALE else ""
    telling.tell_group("ended", task, by, now, is_awaited=False, done=done, words=told)


def _take_out(task, group, by, reason, now):
    """Refuse a group, and tell it why: it waited for that, or was public until now."""
    was_public = group.review == Group.Review.PUBLISHED
    deciding.refuse([group], by=by, reason=reason)
    _tell_refused(task, by, reason, now, was_public=was_public)


def _tell_refused(task, by, reason, now, *, was_public):
    telling.tell_group(
        "refused",
        task,
        by,
        now,
        is_awaited=not was_public,
        reason=reason,
        was_public=was_public,
    )


def _ending(done, words):
    """Return what a task remembers of its end; see `ending_of`."""
    return f"{done}: {words}" if words else done


def ending_of(task):
    """Return (how a report or silence ended, the words said with it)."""
    done, _colon, words = task.decision_reason.partition(": ")
    return done, words


def proposal_of(task, current):
    """Return (entry, extras, conflicts): what a proposal comes to, over the entry as it is now.

    It is joined with what changed since; where both changed the same, the proposal counts, and the
    `history.Conflict` says so.
    """
    entry = dict(task.entry)
    extras, before = entry.pop("extras", {}), entry.pop("extras_before", {})
    # Also what is not here before: the logos partners lack.
    extras = {name: value for name, value in extras.items() if value != before.get(name)}
    base = task.revision.entry if task.revision else current
    merged, conflicts = history.merge(base, current, {**base, **entry})
    return merged, extras, conflicts


def _memberships(task):
    return Membership.objects.filter(group=task.group_id, ecosystem=task.ecosystem_id)


def _save(task, entry, extras, group, by, why, now):
    if "started_in" in extras:
        extras = extras | {"started_in": Group.objects.filter(pk=extras["started_in"]).first()}
    try:
        with transaction.atomic():
            saving.save_parts(entry, extras, group=group, by=by, why=why, now=now)
    except IntegrityError as error:
        raise CannotBeSaved(task) from error
