"""Reading what is due: most overdue first, many hosts at a time, each asked one thing at a time.

Safe to run twice at once, and to kill at any moment: what was read is written whole or not at all,
and what was claimed falls to the next one.
"""

import logging
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from queue import SimpleQueue

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from . import checking, looking, outcomes
from .claiming import claim_hosts, release, renew
from .models import LinkCheck, Look, Run, Source
from .pacing import back_off
from .sources.failures import Failed
from .sources.http import Fetcher
from .sources.readers import Readers
from .sources.robots import read_rules

logger = logging.getLogger(__name__)

AT_ONCE = 16
# What may become of what is due; "faults" are ours.
BECAME = "hosts read unchanged failed stopped links looks faults".split()
# What nobody answers for one address of a host, nobody would answer for another.
OF_THE_HOST = {"no_such_host", "no_connection", "timed_out", "bad_certificate", "bad_tls"}
# The rules of a site that are longer are asked for anew by every process.
LONGEST_KEPT_RULES = 20_000
RUNS_KEPT = timedelta(days=30)


@dataclass
class Tools:
    """What a collector works with; tests and benchmarks bring their own."""

    fetcher: Fetcher
    readers: Readers
    clock: object = timezone.now
    dice: random.Random = field(default_factory=random.Random)
    stop: object = bool


def own_fetcher():
    """Return a fetcher with our name, as the settings say it. That of the demo contacts nobody."""
    return Fetcher(
        settings.SOURCE_AGENT,
        allowed=frozenset(settings.SOURCES_ALLOWED),
        instead=("127.0.0.1", settings.ANSWERS_PORT) if settings.DEMO else None,
    )


@contextmanager
def own_tools(stop=bool):
    with ExitStack() as stack:
        fetcher = own_fetcher()
        stack.callback(fetcher.close)
        yield Tools(fetcher, stack.enter_context(Readers()), stop=stop)


def collect(*, tools=None, at_once=AT_ONCE, names=None):
    """Read all that is due, or what is due at the hosts ``names``. Return how many became what.

    "faults" counts what failed through our own fault. With ``at_once`` 0 all happens in this
    thread, one host after the other.
    """
    if not at_once:
        return _collect_in_turn(tools, names)
    tally, running = Counter(), 0
    with ExitStack() as stack:
        tools = tools or stack.enter_context(own_tools())
        pool = stack.enter_context(ThreadPoolExecutor(at_once, thread_name_prefix="collect"))
        hosts, tallies = stack.enter_context(_readers(pool, at_once, tools))
        while True:
            # Looking what is due costs more than a few idle threads: not for every host done.
            if running <= at_once // 2 and not tools.stop():
                claimed = claim_hosts(tools.clock(), at_once - running, names=names)
                running += len(claimed)
                for host in claimed:
                    hosts.put(host)
            if not running:
                return +tally
            tally.update(tallies.get())
            running -= 1


@contextmanager
def _readers(pool, count, tools):
    """Let ``count`` threads read from hosts; yield (where those are put, where tallies come)."""
    hosts, tallies = SimpleQueue(), SimpleQueue()
    for _reader in range(count):
        pool.submit(_read_hosts, hosts, tallies, tools)
    try:
        yield hosts, tallies
    finally:
        for _reader in range(count):
            hosts.put(None)


def _collect_in_turn(tools, names):
    tally = Counter()
    while not tools.stop():
        claimed = claim_hosts(tools.clock(), 1, names=names)
        if not claimed:
            break
        for host in claimed:
            tally.update(read_host(host, tools))
    return +tally


def _read_hosts(hosts, tallies, tools):
    try:
        while host := hosts.get():
            tallies.put(_read_safely(host, tools))
    finally:
        # A thread has connections of its own, and nobody else would close them.
        connections.close_all()


def _read_safely(host, tools):
    try:
        # One that was lost is made anew for the next host.
        close_old_connections()
        return read_host(host, tools)
    # What was claimed falls to the next one once its while is over; the other hosts go on.
    except Exception:
        logger.exception("Our fault while reading from %s.", host)
        return Counter(faults=1)


def read_host(host, tools):
    """Read what is due at ``host``, which was claimed. Return how many became what."""
    tally = Counter(hosts=1)
    _remember_rules(host, tools)
    away = None
    try:
        for job in _jobs_at(host, tools.clock()):
            if tools.stop() or not renew(host, tools.clock()):
                break
            became, failure = _do(job, host, tools, away)
            tally[became] += 1
            if failure is not None and _is_of_the_host(failure):
                away = failure
    finally:
        state = {"queued_until": None, **_state_of(host, away, tools)}
        release(host, **state, **_rules_kept(host, tools))
    return tally


@dataclass(frozen=True)
class Job:
    """One thing to do at a host: what kind, and the number of its record."""

    model: type
    pk: int


def _jobs_at(host, now):
    """Return what is due at ``host``: what somebody waits for, then the most overdue."""
    return [
        Job(due.model, pk)
        for due, moment in (
            (Look.objects.filter(done_at=None), "asked_at"),
            (Source.objects.due(now), "next_check_at"),
            (LinkCheck.objects.filter(next_check_at__lte=now), "next_check_at"),
        )
        for pk in due.filter(host=host.name).order_by(moment, "pk").values_list("pk", flat=True)
    ]


def _do(job, host, tools, away):
    """Do ``job``. Return what became of it, and the `Failed` it met, or None."""
    deed = {Look: looking.look, Source: outcomes.read, LinkCheck: checking.check}[job.model]
    try:
        return deed(job.pk, host, tools, away)
    # The one place where anything may happen: one bad source never stops another.
    except Exception:
        logger.exception("Our fault while reading %s %s.", job.model.__name__, job.pk)
        outcomes.put_aside(job, host, tools)
        return "faults", None


def _is_of_the_host(failure):
    return isinstance(failure, Failed) and (failure.wait or failure.code in OF_THE_HOST)


def _state_of(host, away, tools):
    if away is None:
        return {"failures": 0, "not_before": None}
    failures = min(host.failures + 1, 1000)
    pause = timedelta(seconds=away.wait) if away.wait else back_off(failures, tools.dice)
    return {"failures": failures, "not_before": tools.clock() + pause}


def _remember_rules(host, tools):
    for origin, (text, until) in host.robots.items():
        scheme, name, port = origin.split(" ")
        rules = read_rules(text, tools.fetcher.agent)
        tools.fetcher.robots.setdefault((scheme, name, int(port)), (rules, until))


def _rules_kept(host, tools):
    kept = {}
    for origin in [origin for origin in list(tools.fetcher.robots) if origin[1] == host.name]:
        rules, until = tools.fetcher.robots.pop(origin)
        if len(rules.text) <= LONGEST_KEPT_RULES:
            kept[" ".join(map(str, origin))] = [rules.text, until]
    return {"robots": kept} if kept != host.robots else {}


def run(*, stop=bool, at_once=AT_ONCE):
    """Collect with tools of our own, and keep what came of it. Return the tally."""
    began_at = timezone.now()
    with own_tools(stop) as tools:
        tally = collect(tools=tools, at_once=at_once)
    if tally:
        Run.objects.create(began_at=began_at, ended_at=timezone.now(), tally=dict(tally))
        Run.objects.filter(ended_at__lt=began_at - RUNS_KEPT).delete()
    return tally


def summary(tally):
    """Return in one line what was read, what could not be, and how many sites were asked."""
    return _(
        "Sites asked: %(hosts)s. Sources: %(read)s read, %(unchanged)s unchanged, %(failed)s "
        "failed, %(stopped)s stopped. Links: %(links)s. Looks: %(looks)s. Faults of ours: "
        "%(faults)s."
    ) % {name: tally[name] for name in BECAME}
