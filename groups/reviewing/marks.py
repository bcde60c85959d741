"""What makes a reviewer look twice, or leave something to another, in sentences."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ..duplicates import suspected
from ..letters import name_of
from ..models import CharterRule, Service, Task
from ..public import PUBLIC_SERVICES

Kind = Task.Kind


@dataclass(frozen=True)
class Mark:
    """What makes one look twice, or leave it to another."""

    icon: str
    text: str


def duplicates_of(tasks):
    """Return ``{id of a task: [groups]}``: what those that wait as new may be here already as."""
    new = [task for task in tasks if task.kind == Kind.NEW and not task.decided_at]
    found = suspected([task.group for task in new]) if new else {}
    return {task.pk: found[task.group_id] for task in new}


def doubts_about(tasks, duplicates, memberships):
    """Return ``{id of a task: [marks]}`` of what one reads before deciding. One query."""
    doubts = defaultdict(list)
    for pk, groups in duplicates.items():
        for group in groups:
            text = _("May be “%(name)s”, which is here already") % {"name": group.name}
            doubts[pk].append(Mark("copy", text))
    for task in _without_charter(tasks, memberships):
        text = _("The charter of today was not accepted yet")
        doubts[task.pk].append(Mark("scroll-text", text))
    for task in tasks:
        if task.answer:
            doubts[task.pk].append(Mark("messages-square", _("The group has answered")))
    return doubts


def _without_charter(tasks, memberships):
    """Return the tasks of groups that ask to join without accepting the charter of today."""
    asking = [task for task in tasks if task.kind == Kind.MEMBERSHIP and not task.decided_at]
    if not asking:
        return []
    rules = CharterRule.objects.filter(ecosystem__in={task.ecosystem_id for task in asking})
    charters = set(rules.values_list("ecosystem_id", "version"))
    return [
        task
        for task in asking
        if (task.ecosystem_id, task.ecosystem.charter_version) in charters
        and not _has_accepted_charter(task, memberships[task.group_id])
    ]


def _has_accepted_charter(task, memberships):
    return any(
        each.ecosystem_id == task.ecosystem_id
        and each.charter_version == task.ecosystem.charter_version
        for each in memberships
    )


def marks_of_moves(moves, sees_private_links):
    """Return a mark for each link that leads to another host, without naming private ones."""
    marks = []
    for move in moves:
        words = {
            "link": Service.Kind(move.kind).label,
            "before": move.before,
            "after": move.after,
        }
        if sees_private_links or move.kind in PUBLIC_SERVICES:
            text = _("%(link)s leads to another host: %(before)s → %(after)s") % words
        else:
            text = _("%(link)s, which is private, leads to another host") % words
        marks.append(Mark("shuffle", text))
    return marks


def marks_of(task, reviewer, now):
    """Return what else there is to know of a task before opening it."""
    marks = []
    if task.reason:
        marks.append(Mark("flag", str(task.get_reason_display())))
    if taken := taken_by(task, reviewer, now):
        marks.append(Mark("eye", taken))
    if task.decided_at:
        return [*marks, Mark("check", decided_by(task))]
    if task.shown_from > now:
        marks.append(Mark("moon", put_off(task)))
    if task.is_own and not reviewer.is_operator:
        marks.append(Mark("users", _("It is about your own group")))
    if task.is_late:
        marks.append(Mark("hourglass", _("Waits for the operators too")))
    return marks


def taken_by(task, reviewer, now):
    """Return who else is looking at ``task``, in a sentence, or ""."""
    if not task.taken_until or task.taken_until <= now or task.taken_by_id == reviewer.person.pk:
        return ""
    until = localtime(task.taken_until).strftime("%H:%M")
    if name := name_of(task.taken_by):
        return _("%(name)s is looking at it until %(time)s") % {"name": name, "time": until}
    return _("Somebody is looking at it until %(time)s") % {"time": until}


def put_off(task):
    """Return until when a task is hidden, and why."""
    day = {"day": _day(task.shown_from)}
    if task.asked_at and not task.answer:
        return _("Asked; shown again when the group answers, or on %(day)s") % day
    return _("Shown again on %(day)s") % day


def decided_by(task):
    """Return what was decided, by whom and when, in a sentence."""
    words = {
        "decision": task.get_decision_display(),
        "name": name_of(task.decided_by),
        "day": _day(task.decided_at),
    }
    if words["name"]:
        return _("%(decision)s by %(name)s on %(day)s") % words
    return _("%(decision)s on %(day)s") % words


def _day(moment):
    return date_format(timezone.localdate(moment), "DATE_FORMAT")


def kind_label(task):
    if task.kind == Kind.MEMBERSHIP:
        return _("Asks to join %(ecosystem)s") % {"ecosystem": task.ecosystem.name}
    return str(task.get_kind_display())
