"""Whether the links of groups that let us read still lead somewhere. The facilitators alone hear.

A link is dead only when it failed three times over fourteen days; what answers "no" to programs
may well answer people, so it is unknown.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from groups import letters
from groups.access import confirmed_facilitators
from groups.mail.queue import queue_mail
from groups.models import Link, Service

from .claiming import hold, make_hosts
from .models import LinkCheck, Look, Source
from .pacing import LINK_FAILING, LINK_FINE, jittered
from .source_words import state_of_link
from .sources.addresses import NotAnAddress, target_of
from .sources.reading import SourceError

State = LinkCheck.State

DEAD_FAILURES, DEAD_AFTER = 3, timedelta(days=14)
# They say nothing to programs, or not so often: people may well get an answer.
SAYS_NOTHING = {401, 403, 405, 407, 429, 999}
# What a look found is offered for a week; then it is forgotten.
LOOKS_KEPT = timedelta(days=30)
# Links that only people of the group may see are none of our business.
CHECKED = [
    kind
    for kind in Service.Kind.values
    if kind not in (Service.Kind.MEMBERS, Service.Kind.ADMIN, Service.Kind.FOLLOW_UP)
]


def follow_links(now):
    """Bring the checks in line with the links of the groups that let us read; forget old looks."""
    letting = Source.objects.accepted().values("group")
    links = Service.objects.filter(group__in=letting, kind__in=CHECKED, group__review="published")
    links = links.exclude(group__activity="archived")
    wanted = {
        (group, kind): (url, host)
        for group, kind, url in links.values_list("group", "kind", "url")
        if (host := _host(url))
    }
    known = {(each.group_id, each.kind): each for each in LinkCheck.objects.all()}
    outdated = [check.pk for key, check in known.items() if wanted.get(key, ("",))[0] != check.url]
    LinkCheck.objects.filter(pk__in=outdated).delete()
    new = [
        LinkCheck(group_id=group, kind=kind, url=url, host=host, next_check_at=now)
        for (group, kind), (url, host) in wanted.items()
        if (group, kind) not in known or known[group, kind].url != url
    ]
    Look.objects.filter(asked_at__lt=now - LOOKS_KEPT).delete()
    LinkCheck.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    make_hosts({each.host for each in new})


def _host(url):
    try:
        return target_of(url).host
    except NotAnAddress:
        return ""


def check(pk, host, tools, away=None):
    """Ask for one link and note what it answers. Return what became of it, and what failed."""
    link = LinkCheck.objects.get(pk=pk)
    try:
        if away is not None:
            raise away
        status, failure = tools.fetcher.status_of(link.url), None
    except SourceError as error:
        status, failure = error.status, error
    with transaction.atomic():
        if hold(host):
            note_answer(link.pk, status, failure and failure.code, tools.clock(), tools.dice)
    return "links", failure


def note_answer(pk, status, code, now, dice):
    """Note what a link answered: its ``status``, or the ``code`` of why there was none."""
    link = LinkCheck.objects.select_for_update().select_related("group").get(pk=pk)
    link.checked_at, link.http_status, link.problem = now, status, code or ""
    if code is None and status < 400:
        link.state, link.failures, link.failing_since = State.FINE, 0, None
    elif status in SAYS_NOTHING or code in ("robots", "too_many"):
        link.state, link.failures, link.failing_since = State.UNKNOWN, 0, None
    else:
        link.failures = min(link.failures + 1, 1000)
        link.failing_since = link.failing_since or now
        is_dead = link.failures >= DEAD_FAILURES and now - link.failing_since >= DEAD_AFTER
        link.state = State.DEAD if is_dead else State.FAILING
    pause = LINK_FAILING if link.state == State.FAILING else LINK_FINE
    link.next_check_at = now + jittered(pause, dice)
    link.save()
    if link.state == State.DEAD:
        tell(link, now)


def tell(link, now):
    """Tell the facilitators, once for each time a link died, within their one mail a day."""
    since = timezone.localdate(link.failing_since)
    for facilitator in confirmed_facilitators(link.group):
        queue_mail(
            "link_dead",
            key=f"link-dead-{link.group_id}-{link.kind}-{since}-{facilitator.person_id}",
            person=facilitator.person,
            context={
                "group": link.group,
                # Lazy: said in the language of the receiver.
                "sentence": lazy(state_of_link, str)(link),
                "url": link.url,
                "address": letters.link(Link.Purpose.EDIT, facilitator.person, link.group, now),
            },
            now=now,
        )
