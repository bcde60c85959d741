"""What becomes of a source that was read: its evidence and its state, written whole or not at all.

A source that cannot be read says something about the source, never about the group.
"""

from datetime import timedelta

from django.db import transaction

from . import recording
from .claiming import hold
from .local_days import today_of, zone_named
from .models import LinkCheck, Look, Rhythm, Source, Transition
from .pacing import back_off, jittered, next_interval
from .sources.addresses import is_same_host, target_of
from .sources.failures import Failed
from .sources.reading import Coming, Context, Seen, SourceError, Unchanged, Unreadable

State = Source.State

# After this long, what may be the same as before is read in full again: a calendar moves on even
# where its file does not change.
IN_FULL_EVERY = timedelta(days=7)
# What is not found any more is gone only when it was missed so often, over so long.
GONE_FAILURES, GONE_AFTER = 3, timedelta(days=3)
# What met a fault of ours is tried again by a program that may be mended by then.
LATER = timedelta(hours=6)

STATES = {
    "needs_login": State.NEEDS_LOGIN,
    "moved": State.MOVED,
    **dict.fromkeys(
        (
            "no_such_host no_connection timed_out bad_certificate bad_tls broken too_many"
            " server_error bad_status gone own_fault"
        ).split(),
        State.FAILING,
    ),
}


def read(pk, host, tools, away=None):
    """Read one source and write what came of it. Return what became of it, and what failed.

    ``away`` is the failure met at this host a moment ago: then it is not asked again.
    """
    source = Source.objects.select_related("group").get(pk=pk)
    try:
        if away is not None:
            raise away
        attempt = Attempt(source, tools)
        context = context_for(source.group, tools.clock(), fingerprint=source.fingerprint)
        reading = tools.readers.run(
            module_of(source.kind), "read", attempt.ask, source.url, context
        )
        if source.had_items and not reading.had_items:
            raise Unreadable("emptied")
    except Unchanged:
        return write_unchanged(source, attempt, host, tools), None
    except SourceError as failure:
        return write_failure(source, failure, host, tools), failure
    try:
        return write_reading(source, reading, attempt, host, tools), None
    except recording.Refused as refusal:
        return write_failure(source, Unreadable(refusal.code), host, tools), None


class Attempt:
    """One reading of a source: asks on its behalf, and remembers what its own address answered."""

    def __init__(self, source, tools):
        self.source, self.tools = source, tools
        self.fetched = None
        self.url = source.url
        in_full = source.understood_at is None or source.state != State.FINE
        self.is_in_full = in_full or source.understood_at <= tools.clock() - IN_FULL_EVERY

    def ask(self, url):
        """Return the answer of ``url``. Raise `Unchanged` where that of the source is as before."""
        if url != self.source.url:
            return self.tools.fetcher.fetch(url)
        known = {}
        if not self.is_in_full:
            known = {"etag": self.source.etag, "last_modified": self.source.last_modified}
        self.fetched = self.tools.fetcher.fetch(url, **known)
        if self.fetched.moved_to:
            self._move(self.fetched.moved_to)
        if self.fetched.is_unchanged:
            raise Unchanged
        return self.fetched

    def _move(self, moved_to):
        """Follow to another address of the same site; to another site, ask first."""
        if not is_same_host(target_of(moved_to).host, target_of(self.source.url).host):
            raise Failed("moved", moved_to=moved_to)
        if len(moved_to) <= 500:
            self.url = moved_to


def module_of(kind):
    return f"helpers.sources.{kind}"


def context_for(group, now, *, fingerprint=""):
    """Return what a reader has to know of the group whose source it understands."""
    return Context(
        today=today_of(group, now),
        time_zone=zone_named(group.time_zone),
        fingerprint=fingerprint,
    )


# ── Writing what came of it ─────────────────────────────────────────────────────────────────────


def write_reading(source, reading, attempt, host, tools):
    """Write the evidence and the state of ``source`` together. Return what became of it."""
    now = tools.clock()
    with transaction.atomic():
        if (source := _still_read(source, host)) is None:
            return "stopped"
        through = today_of(source.group, now)
        seen = _as_first_seen(source, reading.seen)
        new = recording.see_all(source, seen, through=through, now=now)
        is_announced = _announce(source, reading, now)
        has_changed = bool(new) or is_announced or reading.fingerprint != source.fingerprint
        source.fingerprint = reading.fingerprint
        source.had_items = source.had_items or reading.had_items
        if reading.declared_days and source.understood_at is None:
            _declare(source, reading.declared_days, now)
        if attempt.fetched is not None:
            source.etag = _kept(attempt.fetched.headers.get("etag", ""), "etag")
            source.last_modified = _kept(
                attempt.fetched.headers.get("last-modified", ""), "last_modified"
            )
        if attempt.url != source.url and not _is_read_already(source, attempt.url):
            source.url, source.host = attempt.url, target_of(attempt.url).host
        source.understood_at = now
        _note_success(source, tools, now, has_changed=has_changed)
    return "read"


def write_unchanged(source, attempt, host, tools):
    """Note that ``source`` was looked at and holds nothing new."""
    now = tools.clock()
    with transaction.atomic():
        if (source := _still_read(source, host)) is None:
            return "stopped"
        _note_success(source, tools, now, has_changed=False)
        recording.cover(source, today_of(source.group, now), now=now)
    return "unchanged"


def write_failure(source, failure, host, tools):
    """Note that ``source`` could not be read, and why. Nothing is said about its group."""
    now = tools.clock()
    with transaction.atomic():
        if (source := _still_read(source, host)) is None:
            return "stopped"
        source.failures = min(source.failures + 1, 1000)
        source.failing_since = source.failing_since or now
        source.problem = failure.code
        source.http_status = getattr(failure, "status", None)
        source.moved_to = getattr(failure, "moved_to", "")[:500]
        _set_state(source, state_after(source, failure, now), now)
        pause = back_off(source.failures, tools.dice)
        wait = timedelta(seconds=getattr(failure, "wait", None) or 0)
        source.next_check_at = now + max(pause, wait)
        source.save()
        recording.recompute(source.group, cause=Transition.Cause.SOURCE, by=None, now=now)
    return "failed"


def put_aside(job, host, tools):
    """Let what met a fault of ours wait, so that the others go on."""
    now = tools.clock()
    if job.model is Look:
        Look.objects.filter(pk=job.pk).update(done_at=now, problem="own_fault")
    elif job.model is LinkCheck:
        LinkCheck.objects.filter(pk=job.pk).update(next_check_at=now + LATER)
    else:
        source = Source.objects.select_related("group").get(pk=job.pk)
        write_failure(source, Unreadable("own_fault"), host, tools)


def state_after(source, failure, now):
    """Return the state of ``source`` after ``failure``, which is counted already."""
    if failure.code == "gone":
        missed_long = now - source.failing_since >= GONE_AFTER
        is_gone = source.http_status == 410 or (source.failures >= GONE_FAILURES and missed_long)
        return State.GONE if is_gone else State.FAILING
    return STATES.get(failure.code, State.UNREADABLE)


def _note_success(source, tools, now, *, has_changed):
    source.interval = next_interval(source.interval, has_changed=has_changed)
    source.next_check_at = now + jittered(source.interval, tools.dice)
    source.failures, source.failing_since = 0, None
    source.problem, source.http_status, source.moved_to = "", None, ""
    source.last_read_at = now
    _set_state(source, State.FINE, now)
    source.save()


def _set_state(source, state, now):
    if source.state != state:
        source.state, source.state_since = state, now


def _kept(value, name):
    """Return ``value`` where the column holds all of it: half of one is none."""
    return value if len(value) <= Source._meta.get_field(name).max_length else ""


def _is_read_already(source, url):
    return (
        Source.objects.accepted()
        .filter(group=source.group, indicator=source.indicator, url=url)
        .exclude(pk=source.pk)
        .exists()
    )


def _declare(source, days, now):
    """Take the rhythm of a recurrence for the group's own, unless the group said another."""
    own = Rhythm.objects.filter(group=source.group, indicator=source.indicator)
    if own.filter(declared_days=None).exists():
        recording.declare_rhythm(
            source.group, source.indicator, days, is_new=False, by=source.accepted_by, now=now
        )


def _as_first_seen(source, seen):
    """Return what was seen, each of the day it had at first and of the greatest count.

    Whoever edits an old post has not written a new one, and a day was not over when it was read.
    """
    by_id = {each.outside_id: each for each in seen}
    known = source.sightings.filter(outside_id__in=by_id)
    for name, day, count in known.values_list("outside_id", "day", "count"):
        by_id[name] = Seen(name, day, max(count, by_id[name].count))
    return list(by_id.values())


def _announce(source, reading, now):
    """Record what is to come, and whether something was called off. Return whether any is new."""
    open_ones = source.announcements.filter(cancelled_at=None, settled_at=None)
    coming = {each.outside_id: each for each in reading.coming}
    if not reading.lists_coming:
        # What is not mentioned may still take place.
        kept = [
            Coming(each.outside_id, each.day, each.is_confirmed)
            for each in open_ones.exclude(outside_id__in=coming)
        ]
        coming |= {each.outside_id: each for each in kept}
    if not coming and not open_ones.exists():
        return False
    return recording.announce_all(source, coming.values(), now=now)


def _still_read(source, host):
    """Return ``source`` locked, or None where it may not be written.

    Somebody else has the host by now, or a facilitator said no while we were reading.
    """
    if not hold(host):
        return None
    return Source.objects.accepted().select_for_update(no_key=True).filter(pk=source.pk).first()
