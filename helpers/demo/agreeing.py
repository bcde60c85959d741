"""Groups of the demo whose facilitators agreed to be read."""

from groups.access import confirmed_facilitators
from groups.demo import world
from groups.models import Group, Service

from .. import recording
from ..claiming import make_hosts
from ..models import Source, Transition
from ..sources.addresses import target_of

# Two thirds agreed: the others have their reasons, and a page that says how to begin.
AGREED = 3


def agree(now):
    """Let groups of the demo be read from now on. Return how many sources that makes."""
    invented = [each["short_name"] for each in world.groups()]
    groups = Group.objects.published().filter(short_name__in=invented).order_by("pk")
    news = Service.objects.filter(group__in=groups, kind=Service.Kind.NEWS)
    count = 0
    for number, link in enumerate(news.select_related("group").order_by("pk")):
        if number % AGREED == 0:
            continue
        target = target_of(f"{link.url.rstrip('/')}/feed.xml")
        make_hosts([target.host])
        first = confirmed_facilitators(link.group).order_by("pk").first()
        Source.objects.create(
            group=link.group,
            indicator="news",
            kind="feed",
            url=target.url,
            host=target.host,
            accepted_at=now,
            accepted_by=first and first.person,
            next_check_at=now,
        )
        recording.recompute(link.group, cause=Transition.Cause.SOURCE, now=now)
        count += 1
    return count
