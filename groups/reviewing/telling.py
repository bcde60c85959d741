"""What groups and reporters are told of a decision: what it is, whose, and what comes next."""

from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import ngettext_lazy, override

from .. import letters
from ..access import confirmed_facilitators
from ..contacting import quoted
from ..links import page_address
from ..mail import queue_mail
from ..models import Link, Task
from .states import discussion_address

# What waits, by kind.
WAITING = {
    Task.Kind.NEW: ngettext_lazy(
        "%(n)s new group waits to be read.", "%(n)s new groups wait to be read.", "n"
    ),
    Task.Kind.EDIT: ngettext_lazy(
        "%(n)s change waits to be accepted.", "%(n)s changes wait to be accepted.", "n"
    ),
    Task.Kind.LOOK: ngettext_lazy(
        "%(n)s change, public already, waits for a look.",
        "%(n)s changes, public already, wait for a look.",
        "n",
    ),
    Task.Kind.MEMBERSHIP: ngettext_lazy(
        "%(n)s group asks to join an ecosystem.", "%(n)s groups ask to join an ecosystem.", "n"
    ),
    Task.Kind.REPORT: ngettext_lazy(
        "%(n)s report of a visitor waits for a word.",
        "%(n)s reports of visitors wait for a word.",
        "n",
    ),
    Task.Kind.STALE: ngettext_lazy(
        "%(n)s group does not say whether its page is still right.",
        "%(n)s groups do not say whether their pages are still right.",
        "n",
    ),
    Task.Kind.TAKE_OVER: ngettext_lazy(
        "%(n)s offer to take a group over waits for an answer.",
        "%(n)s offers to take a group over wait for an answer.",
        "n",
    ),
    Task.Kind.ORPHAN: ngettext_lazy(
        "%(n)s group has nobody who facilitates it.",
        "%(n)s groups have nobody who facilitates them.",
        "n",
    ),
}


def tell_group(template, task, by, now, *, is_awaited=True, **context):
    """Send every facilitator of the task's group what ``by`` has decided. Return how many.

    They wait for most decisions; of one they did not (``is_awaited``) they hear in the day's mail,
    and also where they want no reminders: it reminds of nothing.
    """
    people = [facilitator.person for facilitator in confirmed_facilitators(task.group)]
    for person in people:
        queue_mail(
            template,
            person=person,
            key=f"{template}:{task.pk}:{person.pk}",
            context=_context(task, person.language, by=letters.name_of(by), **context),
            is_asked=is_awaited or not person.wants_reminders,
            now=now,
        )
    return len(people)


def send_question(task, now):
    """Send every facilitator the question of ``task`` with a link to answer. Return how many."""
    people = [facilitator.person for facilitator in confirmed_facilitators(task.group)]
    for person in people:
        context = _context(
            task,
            person.language,
            by=letters.name_of(task.asked_by),
            question=task.question,
            address=letters.link(Link.Purpose.ANSWER, person, task.group, now, task=task),
            until=task.shown_from,
        )
        # The same task may be asked about twice.
        key = f"question:{task.pk}:{person.pk}:{now.isoformat()}"
        queue_mail("question", person=person, key=key, context=context, is_asked=True, now=now)
    return len(people)


def tell_reporter(task, reporter, done, words, now):
    """Answer whoever reported, at the address they left for it."""
    queue_mail(
        "report_answered",
        receiver=reporter,
        language=task.language,
        key=f"report_answered:{task.pk}",
        context=_context(task, task.language, done=done, words=words),
        is_asked=True,
        now=now,
    )


def remind(person, tasks, oldest, now, today):
    """Tell an operator how many tasks wait, at most once a day. Return the mail, or None."""
    return queue_mail(
        "operator_reminder",
        person=person,
        key=f"operator_reminder:{person.pk}:{today.isoformat()}",
        context={
            "count": tasks,
            "oldest": oldest,
            "address": page_address("groups:review_queue", language=person.language),
        },
        now=now,
    )


def remind_reviewer(person, kinds, now, today):
    """Tell a helper or curator how many tasks of which kind wait (``{kind: count}``).

    At most once a day. Return the mail, or None.
    """
    with override(person.language):
        # A number has one language: it is put in at once.
        sentences = [WAITING[kind] % {"n": kinds[kind]} for kind in WAITING if kinds[kind]]
    return queue_mail(
        "review_waiting",
        person=person,
        key=f"review:{person.pk}:{today.isoformat()}",
        context={
            "count": sum(kinds.values()),
            "sentences": sentences,
            "address": page_address("groups:review_queue", language=person.language),
        },
        now=now,
    )


def _context(task, language, **words):
    """Return what a mail about ``task`` shows: the group, its addresses, and ``words``."""
    group, ecosystem = task.group, task.ecosystem
    context = {
        "group": group.name,
        "page": page_address("groups:group_detail", group.short_name, language=language),
        "edit": page_address("groups:group_edit", group.short_name, language=language),
        "ecosystem": "",
    }
    if ecosystem:
        slug = ecosystem.keyword.slug
        context["ecosystem"] = ecosystem.name
        context["ecosystem_page"] = page_address("groups:ecosystem_detail", slug, language=language)
        with override(language):
            # A page of ours comes without its host; one elsewhere stays as it is.
            context["discussion"] = urljoin(settings.SITE_URL, discussion_address(ecosystem))
    for name in ("reason", "question", "words"):
        if name in words:
            context[f"quoted_{name}"] = quoted(words[name])
    return context | words
