"""Where a group stands, in its own words: what waits, what was decided, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ..letters import name_of
from ..models import Group, Membership, Service, Task


@dataclass(frozen=True, slots=True)
class State:
    """What a group is told about one thing. Nothing is without a next step."""

    code: str
    sentence: str
    next_step: str
    since: datetime | None = None
    # Why it was refused, in the words of whoever decided.
    reason: str = ""
    # What the reviewers ask, and the task an answer belongs to.
    question: str = ""
    task: Task | None = None
    # Where the next step is taken, if that is not on this page.
    url: str = ""

    @property
    def may_resubmit(self):
        return self.code == "refused"


def state_of(group):
    """Return the most pressing `State` of ``group``."""
    return states_of(group)[0]


def states_of(group):
    """Return the `State` of the entry and of all that waits, the most pressing first.

    Four queries at most.
    """
    open_tasks = list(
        group.tasks.filter(decided_at=None).select_related("ecosystem__keyword", "asked_by")
    )
    asked = [_questioned(task) for task in open_tasks if task.asked_at and not task.answer]
    others = [task for task in open_tasks if not task.asked_at or task.answer]
    return [*asked, *_of_the_entry(group, open_tasks, others), *_of_memberships(group, asked)]


def _questioned(task):
    who = name_of(task.asked_by)
    if task.ecosystem:
        sentence = _("The curators of %(ecosystem)s have a question before they decide.") % {
            "ecosystem": task.ecosystem.name
        }
    elif who:
        sentence = _("%(name)s, who reads your entry, has a question.") % {"name": who}
    else:
        sentence = _("Whoever reads your entry has a question.")
    return State(
        "questioned",
        sentence,
        _("Answer here, or change the entry: it is read again as soon as you do."),
        task.asked_at,
        question=task.question,
        task=task,
    )


def _of_the_entry(group, open_tasks, unasked):
    if group.review == Group.Review.REFUSED:
        return [_refused(group)]
    if group.review == Group.Review.PENDING:
        if any(task.kind == Task.Kind.NEW and task not in unasked for task in open_tasks):
            # The question says it all.
            return []
        return [_waiting(group, unasked)]
    proposal = next((task for task in unasked if task.kind == Task.Kind.EDIT), None)
    if proposal:
        return [
            State(
                "change_waiting",
                _("Your change waits to be read. Until then the page stays as it is."),
                _(
                    "A helper reads it, after a week an operator too. You may still change it: "
                    "the later version counts."
                ),
                proposal.shown_from,
                task=proposal,
            )
        ]
    return [_refused_change(group) or _published(group)]


def _waiting(group, tasks):
    task = next((task for task in tasks if task.kind == Task.Kind.NEW), None)
    since = task.opened_at if task else group.created_at
    if task and task.answer:
        return State(
            "waiting",
            _("Thank you for your answer. Your group waits to be read again."),
            _("A helper reads it, after a week an operator too. You may still change the entry."),
            since,
            task=task,
        )
    return State(
        "waiting",
        _("Your group waits to be read. It is not public yet."),
        _("A helper reads it, after a week an operator too. You may still change the entry."),
        since,
        task=task,
    )


def _refused(group):
    return State(
        "refused",
        _by(
            group.reviewed_by,
            _("%(name)s could not accept your group yet."),
            _("Your group could not be accepted yet."),
        ),
        _("Change the entry, then send it again: it will be read anew."),
        group.reviewed_at,
        reason=group.review_reason,
    )


def _refused_change(group):
    """Return the state of the last change if it was refused and nothing came after it."""
    last = (
        group.tasks.filter(kind=Task.Kind.EDIT, decided_at__isnull=False)
        .select_related("decided_by")
        .order_by("-decided_at")
        .first()
    )
    if last is None or last.decision != Task.Decision.REFUSED:
        return None
    if last.decided_at < group.updated_at:
        return None
    return State(
        "change_refused",
        _by(
            last.decided_by,
            _("%(name)s could not accept your last change. The page stayed as it was."),
            _("Your last change could not be accepted. The page stayed as it was."),
        ),
        _("Change the entry again: your next version will be read anew."),
        last.decided_at,
        reason=last.decision_reason,
        task=last,
    )


def _published(group):
    return State(
        "published",
        _("Your group is public."),
        _("Keep its entry true: a look twice a year is enough."),
        group.reviewed_at,
        url=group.get_absolute_url(),
    )


def _of_memberships(group, asked):
    """Return what the curators of ecosystems have not decided, or have refused."""
    spoken_of = {state.task.ecosystem_id for state in asked}
    memberships = (
        group.memberships.filter(
            status__in=[
                Membership.Status.ASKED,
                Membership.Status.QUESTIONED,
                Membership.Status.REFUSED,
            ]
        )
        .exclude(ecosystem__in=spoken_of)
        .select_related("ecosystem__keyword", "ecosystem__core_group", "decided_by")
        .order_by("ecosystem__name")
    )
    return [
        _refused_membership(each)
        if each.status == Membership.Status.REFUSED
        else State(
            "membership_waiting",
            _("The curators of %(ecosystem)s have not decided yet.")
            % {"ecosystem": each.ecosystem.name},
            _("They read it, after a week an operator too. There is nothing you have to do."),
            each.asked_at,
            url=each.ecosystem.get_absolute_url(),
        )
        for each in memberships
    ]


def _refused_membership(membership):
    ecosystem = membership.ecosystem
    return State(
        "membership_refused",
        _by(
            membership.decided_by,
            _("%(name)s, for %(ecosystem)s, did not accept your group there."),
            _("The curators of %(ecosystem)s did not accept your group there."),
            ecosystem=ecosystem.name,
        ),
        _("You can talk about it where the core group of %(ecosystem)s debates its charter.")
        % {"ecosystem": ecosystem.name},
        membership.decided_at,
        reason=membership.reason,
        url=discussion_address(ecosystem),
    )


def discussion_address(ecosystem):
    """Return where the core group of ``ecosystem`` debates, or the next best place. One query."""
    core = ecosystem.core_group
    if core is None or not core.shelf:
        return ecosystem.get_absolute_url()
    discussions = core.services.filter(kind=Service.Kind.DISCUSSIONS).first()
    return discussions.url if discussions else core.get_absolute_url()


def _by(person, sentence, anonymous, **names):
    """Return ``sentence`` with the name of ``person``, or ``anonymous`` where there is none."""
    name = name_of(person)
    return (sentence if name else anonymous) % {"name": name, **names}
