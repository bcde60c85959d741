"""What visitors report about an entry: it joins the queue, and the group's own people are told."""

from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import get_language

from .access import confirmed_facilitators
from .contacting import quoted
from .limits import network_of, over_limit
from .links import link_address, make_link, page_address
from .mail import queue_mail
from .models import Group, Link, Task
from .models.people import fold_email
from .tasks import open_task

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
A_NETWORK = 5
A_SENDER = 5
A_GROUP = 20
LONGEST_WORDS = Task._meta.get_field("words").max_length
# What the group itself can put right. The rest is between the visitor and the helpers.
TOLD = (Task.Reason.CLOSED, Task.Reason.WRONG)
# Nobody asked for these mails: they may be read weeks later.
LINKS_LAST = timedelta(days=30)


def too_many_reports(request, group, email, now):
    """Count one report, and say whether it is too many: of a network, a sender or about a group."""
    who = fold_email(email)
    return (
        over_limit(request, "report", times=A_NETWORK, within=HOUR, now=now)
        or (who and over_limit("", "report", times=A_SENDER, within=DAY, who=who, now=now))
        or over_limit("", "report", times=A_GROUP, within=DAY, who=group.pk, now=now)
    )


def report(request, group, *, reason, words, other, email, now):
    """Put a report into the queue and tell the facilitators. Return the task.

    ``other`` is the other page of a group that is here twice, or None. The same reason given again
    from the same network within a day joins the first report: a second press of the button, or an
    afterthought.
    """
    if other:
        named = page_address("groups:group_detail", other.short_name, language=get_language())
        words = f"{named}\n\n{words}".strip()
    known = f"report:{group.pk}:{reason}:{network_of(request, now=now)}"
    with transaction.atomic():
        # Two reports at once: the second sees the first.
        Group.objects.select_for_update().get(pk=group.pk)
        if task := _joined(cache.get(known), words, email):
            return task
        task = open_task(
            Task.Kind.REPORT,
            group,
            now=now,
            reason=reason,
            words=words,
            reporter=email,
            language=get_language(),
        )
        cache.set(known, task.pk, DAY.total_seconds())
        if reason in TOLD:
            _tell_facilitators(task, now)
    return task


def _joined(pk, words, email):
    """Add to the open report ``pk`` what is said again, and return it; None where it stays apart.

    Whoever wants an answer elsewhere is somebody else, and what does not fit is not cut.
    """
    task = Task.objects.filter(pk=pk, decided_at=None).first() if pk else None
    if task is None or (email and task.reporter and email != task.reporter):
        return None
    if words not in task.words:
        words = f"{task.words}\n\n{words}".strip()
        if len(words) > LONGEST_WORDS:
            return None
        task.words = words
    task.reporter = task.reporter or email
    task.save(update_fields=["words", "reporter"])
    return task


def _tell_facilitators(task, now):
    group = task.group
    for facilitator in confirmed_facilitators(group).order_by("pk"):
        person = facilitator.person
        if not person.wants_reminders:
            continue

        def link(purpose, person=person):
            secret = make_link(purpose, person=person, group=group, lasts=LINKS_LAST, now=now)
            return link_address(secret, person.language)

        queue_mail(
            "reported",
            person=person,
            key=f"reported:{task.pk}:{person.pk}",
            now=now,
            context={
                "group": group.name,
                "is_closed": task.reason == Task.Reason.CLOSED,
                "words": task.words,
                "quoted": quoted(task.words),
                "edit_address": link(Link.Purpose.EDIT),
                "still_right_address": link(Link.Purpose.STILL_RIGHT),
            },
        )
