"""One look at an address, as a facilitator asked: what could be read there, and what would count.

Nothing is counted by a look. Whoever accepts what was found says yes to being read from then on.
"""

from collections import Counter

from django.db import transaction

from .claiming import hold
from .models import Look
from .outcomes import context_for, module_of
from .sources.failures import Failed
from .sources.kinds import kind_named
from .sources.reading import SourceError

MOST_FOUND = 8
MOST_DAYS = 60


def look(pk, host, tools, away=None):
    """Do one look. Return what became of it, and the `Failed` it met, or None."""
    wanted = Look.objects.select_related("group").get(pk=pk)
    found, failure = [], away
    if away is None:
        try:
            context = context_for(wanted.group, tools.clock())
            proposals = tools.readers.run(
                "helpers.sources.finding", "propose", tools.fetcher.fetch, wanted.url, context
            )
            # What nobody fetches, as a check-in, is there without a look.
            read = [each for each in proposals if kind_named(each.kind).KIND.is_fetched]
            found = [preview(each, wanted, tools) for each in read[:MOST_FOUND]]
            if not found:
                # Asked once more, to say why there is nothing.
                tools.fetcher.fetch(wanted.url)
        except SourceError as error:
            failure = error
    with transaction.atomic():
        if hold(host):
            Look.objects.filter(pk=pk, done_at=None).update(
                done_at=tools.clock(),
                found=found,
                problem="" if failure is None else failure.code,
                http_status=getattr(failure, "status", None),
            )
    return "looks", failure if isinstance(failure, Failed) else None


def preview(proposal, wanted, tools):
    """Return, as plain values, what would be counted if ``proposal`` were accepted."""
    shown = {
        "kind": proposal.kind,
        "indicator": proposal.indicator,
        "url": proposal.url,
        "problem": "",
    }
    context = context_for(wanted.group, tools.clock())
    try:
        reading = tools.readers.run(
            module_of(proposal.kind), "read", tools.fetcher.fetch, proposal.url, context
        )
    except SourceError as failure:
        return shown | {"problem": failure.code, "http_status": failure.status}
    days = Counter()
    for each in reading.seen:
        if each.day <= context.today:
            days[each.day] += each.count
    coming = {each.day for each in reading.coming if each.is_confirmed and not each.is_cancelled}
    return shown | {
        "total": sum(days.values()),
        "days": [[day.isoformat(), days[day]] for day in sorted(days)[-MOST_DAYS:]],
        "coming": sorted(day.isoformat() for day in coming if day >= context.today)[:MOST_DAYS],
        "declared_days": reading.declared_days,
    }
