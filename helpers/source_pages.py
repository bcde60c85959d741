"""What the pages about sources show: a group's own, and the operators' of all."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from django.db.models import Count, F, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from .accepting import FOUND_LASTS, links_to_look_at
from .local_days import today_of
from .models import Host, LinkCheck, Look, Rhythm, Run, Source
from .source_words import (
    problem_in_words,
    state_of_link,
    state_of_source,
    what_would_count,
)
from .sources.kinds import kinds

State = Source.State

PAGE = 50
LAST_PAGE = 100
RUNS_SHOWN = 5
HOSTS_SHOWN = 20
LOOKS_SHOWN = 5
DAYS_SHOWN = 5


# ── A group's own ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SourceRow:
    """One source of a group, in words."""

    source: Source
    label: str
    state: str
    problem: str
    counted: int
    last_day: object
    # Where the indicator stands that it tells about.
    rhythm: Rhythm | None


@dataclass(frozen=True)
class FoundRow:
    """One thing that could be read, with what would be counted."""

    look: Look
    number: int
    found: dict
    label: str
    sentence: str
    counted: str
    days: list
    coming: list
    is_read: bool

    @property
    def indicator(self):
        """What it tells about: what the link it was found by is for, or what its kind often is."""
        return self.look.indicator or self.found["indicator"]

    @property
    def may_be_accepted(self):
        return not self.is_read and not self.found["problem"]


@dataclass(frozen=True)
class GroupSources:
    """All that the page of a group's sources shows."""

    sources: list
    looks: list
    links: list
    checks: list
    stopped: list
    is_waiting: bool


def sources_of(group, now):
    """Return what the page of the sources of ``group`` shows. In a fixed number of queries."""
    today = today_of(group, now)
    of_group = Source.objects.filter(group=group, accepted_at__isnull=False)
    counted = of_group.annotate(counted=Sum("sightings__count"), last_day=Max("sightings__day"))
    every = list(counted.order_by("indicator", "pk"))
    read = [each for each in every if each.stopped_at is None]
    recent = Look.objects.filter(group=group, asked_at__gt=now - FOUND_LASTS)
    looks = list(recent.order_by("-asked_at", "-pk")[:LOOKS_SHOWN])
    rhythms = {each.indicator: each for each in Rhythm.objects.filter(group=group)}
    checks = LinkCheck.objects.filter(group=group).exclude(state__in=["new", "fine"])
    return GroupSources(
        sources=[_source_row(each, rhythms.get(each.indicator), today) for each in read],
        looks=[(look, problem_of(look), _found_rows(look, read)) for look in looks],
        links=links_to_look_at(group),
        checks=[state_of_link(each) for each in checks.order_by("kind")],
        stopped=[each for each in every if each.stopped_at is not None][-LOOKS_SHOWN:],
        is_waiting=any(look.done_at is None for look in looks)
        or any(each.state == State.NEW for each in read),
    )


def label_of(kind):
    return kinds()[kind].KIND.label if kind in kinds() else kind


def sentence_of(kind):
    return kinds()[kind].KIND.sentence if kind in kinds() else ""


def problem_of(look):
    return problem_in_words(look.problem, look.http_status) if look.problem else ""


def _source_row(source, rhythm, today):
    return SourceRow(
        source=source,
        label=label_of(source.kind),
        state=state_of_source(source, today),
        problem=problem_in_words(source.problem, source.http_status) if source.problem else "",
        counted=source.counted or 0,
        last_day=source.last_day,
        rhythm=rhythm,
    )


def _found_rows(look, read):
    addresses = {each.url for each in read}
    return [
        FoundRow(
            look=look,
            number=number,
            found=found,
            label=label_of(found["kind"]),
            sentence=sentence_of(found["kind"]),
            counted=what_would_count(found),
            days=[_date(day) for day, _count in found.get("days", [])[-DAYS_SHOWN:]][::-1],
            coming=[_date(day) for day in found.get("coming", [])[:DAYS_SHOWN]],
            is_read=found["url"] in addresses,
        )
        for number, found in enumerate(look.found, start=1)
    ]


def _date(text):
    return date.fromisoformat(text)


# ── The operators' of all ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SourceList:
    """One page of all sources, by state and host."""

    rows: list
    chips: list
    hosts: list
    runs: list
    state: str
    host: str
    number: int
    last: int
    query: str


def all_sources(now, *, state="", host="", page=1):
    """Return one page of the sources of all groups, those in trouble longest first."""
    accepted = Source.objects.accepted()
    counts = dict(accepted.values_list("state").annotate(n=Count("pk")).order_by())
    state = state if state in counts else ""
    shown = accepted.filter(state=state) if state else accepted
    shown = shown.filter(host=host) if host else shown
    total = shown.count() if host else (counts[state] if state else sum(counts.values()))
    last = min(max(1, -(-total // PAGE)), LAST_PAGE)
    number = min(max(1, page), last)
    ordered = shown.order_by(F("failing_since").asc(nulls_last=True), "next_check_at", "pk")
    rows = list(ordered.select_related("group")[(number - 1) * PAGE : number * PAGE])
    today, filters = timezone.localdate(now), {"state": state, "host": host}
    for row in rows:
        row.words = state_of_source(row, today)
        row.kind_label = label_of(row.kind)
        row.problem_words = problem_in_words(row.problem, row.http_status) if row.problem else ""
    return SourceList(
        rows=rows,
        chips=[
            (value, label, counts.get(value, 0), value == state) for value, label in State.choices
        ],
        hosts=_hosts_in_trouble(now),
        runs=[_run_in_words(each) for each in Run.objects.order_by("-ended_at")[:RUNS_SHOWN]],
        state=state,
        host=host,
        number=number,
        last=last,
        query="".join(f"&{name}={quote(value)}" for name, value in filters.items() if value),
    )


def _hosts_in_trouble(now):
    away = Host.objects.filter(not_before__gt=now).order_by("-failures", "name")
    return list(away[:HOSTS_SHOWN])


def _run_in_words(run):
    seconds = max(1, round((run.ended_at - run.began_at) / timedelta(seconds=1)))
    return {
        "run": run,
        "seconds": seconds,
        "faults": run.tally.get("faults", 0),
        "sentence": _("%(read)s read, %(unchanged)s unchanged, %(failed)s failed, %(links)s links")
        % {name: run.tally.get(name, 0) for name in ("read", "unchanged", "failed", "links")},
    }
