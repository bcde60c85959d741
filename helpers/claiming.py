"""Who asks which site: a host is claimed for a while by a conditional update, and given back.

Whoever dies leaves what they claimed to the next one, once the while is over.
"""

import secrets
from datetime import timedelta

from django.db.models import Min

from .models import Host, LinkCheck, Look, Source

# Renewed before everything that is read: longer than the longest reading.
LASTS = timedelta(minutes=5)
# So many of the most overdue are looked at for a host that is free.
LOOKED_AT = 200


def claim_hosts(now, most, *, names=None):
    """Claim up to ``most`` hosts where something is due, most overdue first. Return them.

    Each goes to exactly one caller, however many try at once.
    """
    if most <= 0:
        return []
    claimed = []
    for name in hosts_due(now, names=names):
        token = secrets.token_hex(16)
        free = Host.objects.free(now).filter(name=name)
        if free.update(claim=token, lease_until=now + LASTS):
            claimed.append(Host.objects.get(name=name))
            if len(claimed) == most:
                break
    return claimed


def hosts_due(now, *, names=None, most=LOOKED_AT):
    """Return the names of free hosts where something is due, most overdue first.

    What somebody is waiting for comes before everything else.
    """
    found = {}
    for due, moment in (
        (Look.objects.filter(done_at=None), "asked_at"),
        (Source.objects.due(now), "next_check_at"),
        (LinkCheck.objects.filter(next_check_at__lte=now), "next_check_at"),
    ):
        if names is not None:
            due = due.filter(host__in=names)
        busy = Host.objects.exclude(pk__in=Host.objects.free(now))
        due = due.exclude(host__in=busy.values("name"))
        first = due.values("host").annotate(first=Min(moment)).order_by("first")[:most]
        found |= {each["host"]: None for each in first if each["host"] not in found}
    make_hosts(found)
    return list(found)


def make_hosts(names):
    """Make the rows of hosts that have none yet."""
    known = set(Host.objects.filter(name__in=list(names)).values_list("name", flat=True))
    missing = [Host(name=name) for name in names if name not in known]
    Host.objects.bulk_create(missing, ignore_conflicts=True)


def renew(host, now):
    """Keep what was claimed for a while more. Return False where somebody else has it by now."""
    return bool(mine(host).update(lease_until=now + LASTS, last_asked_at=now))


def release(host, **fields):
    """Give back what was claimed, and note ``fields`` with it."""
    mine(host).update(claim="", lease_until=None, **fields)


def mine(host):
    return Host.objects.filter(pk=host.pk, claim=host.claim)


def hold(host):
    """Lock the row of ``host`` for this transaction. Return False where somebody else has it.

    So what a slow reader found is never written beside what the next one found.
    """
    return mine(host).select_for_update().exists()
