"""What the days do: every status as of today, for all groups at once.

The dates of a rhythm move with its evidence; a day that passes only changes on which side of them
it lies. So this pass is a comparison, the rules of `arithmetic.status_on` in the words of the
database. A day that was missed is no harm, and running twice changes nothing.
"""

from collections import Counter, defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from groups.bulk import insert
from groups.models import Group, Pause

from .arithmetic import NO_SOURCE, NOTHING_YET, POLL_DAYS, UNREADABLE, UNREADABLE_AFTER
from .indicators import Indicator, Status
from .local_days import today_in
from .models import Announcement, Rhythm, Transition
from .pauses import laid_out, next_pause
from .recording import recompute, settle_passed
from .recording.keeping import key_of, new_rhythm, pauses_of_groups, place

Cause = Transition.Cause

# So many rows a transaction: whoever records a sign of life waits for no more than these.
ROWS_A_STEP = 2000


def refresh(now):
    """Bring every rhythm to the day it is where its group lives. Return what changed, counted."""
    tally = Counter()
    days = _days(now)
    tally["new"] = make_missing(now)
    _follow_groups(tally, now)
    tally["announcements"] = settle_announcements(now)
    for today, here in days:
        _move_on_pauses(here, today)
        tally["statuses"] += _compare(here, today, now)
    return tally


def _days(now):
    """Return [(day, the rhythms for which it is that day)]: two or three for all time zones."""
    zones = defaultdict(list)
    for name in Group.objects.order_by().values_list("time_zone", flat=True).distinct():
        zones[today_in(name, now)].append(name)
    if len(zones) <= 1:
        return [(today, Rhythm.objects.all()) for today in zones]
    return [
        (today, Rhythm.objects.filter(group__time_zone__in=names))
        for today, names in sorted(zones.items())
    ]


def make_missing(now):
    """Give published groups the rhythms that they lack. Return how many."""
    made = 0
    for indicator in Indicator.values:
        has = Rhythm.objects.filter(group=OuterRef("pk"), indicator=indicator)
        lacking = Group.objects.filter(~Exists(has), review=Group.Review.PUBLISHED)
        rows = list(lacking.order_by("pk").values_list("pk", "time_zone", "activity"))
        for start in range(0, len(rows), ROWS_A_STEP):
            _make(rows[start : start + ROWS_A_STEP], indicator, now)
        made += len(rows)
    return made


def _make(groups, indicator, now):
    chosen = pauses_of_groups(Pause.objects.filter(group__in=[pk for pk, *_other in groups]))
    rhythms = []
    for pk, zone, activity in groups:
        today = today_in(zone, now)
        rhythm = new_rhythm(pk, indicator, today)
        rhythm.pauses_seen = key_of(chosen.get(pk, ()))
        place(rhythm, activity, laid_out(chosen.get(pk, ()), today), today)
        rhythms.append(rhythm)
    Rhythm.objects.bulk_create(rhythms, ignore_conflicts=True, batch_size=500)


# ── What changed in the directory, which does not know us ───────────────────────────────────────


def _follow_groups(tally, now):
    """Note which groups fell asleep, were archived, woke up, or chose other pauses."""
    asleep, archived = Group.Activity.ASLEEP, Group.Activity.ARCHIVED
    Rhythm.objects.filter(group__activity=asleep, is_asleep=False).update(is_asleep=True)
    Rhythm.objects.filter(group__activity=archived, is_archived=False).update(is_archived=True)
    changed = Rhythm.objects.filter(
        Q(is_asleep=True) & ~Q(group__activity=asleep)
        | Q(is_archived=True, ended_on=None) & ~Q(group__activity=archived)
    )
    # A clock that begins anew, or gaps that are others now, need more than a comparison.
    woken = set(changed.values_list("group", flat=True))
    paused = _with_other_pauses()
    for group in Group.objects.filter(pk__in=woken | paused).order_by("pk"):
        cause = Cause.CHOICE if group.pk in woken else Cause.PAUSE
        recompute(group, cause=cause, now=now)
    tally["groups"] += len(woken | paused)


def _with_other_pauses():
    """Return the groups whose rhythms do not know the pauses that are chosen now."""
    chosen = pauses_of_groups(Pause.objects.all())
    keys = {group_id: key_of(pauses) for group_id, pauses in chosen.items()}
    has_some = Exists(Pause.objects.filter(group=OuterRef("group")))
    rows = Rhythm.objects.filter(~Q(pauses_seen="") | has_some).order_by()
    return {
        group_id
        for group_id, seen in rows.values_list("group", "pauses_seen").distinct()
        if seen != keys.get(group_id, "")
    }


def _move_on_pauses(here, today):
    """Where a pause is over, write down the next one."""
    over = here.filter(paused_until__lt=today)
    group_ids = list(over.order_by().values_list("group", flat=True).distinct())
    for start in range(0, len(group_ids), ROWS_A_STEP):
        part = group_ids[start : start + ROWS_A_STEP]
        chosen = pauses_of_groups(Pause.objects.filter(group__in=part))
        spans = defaultdict(list)
        for group_id in part:
            pauses = laid_out(chosen.get(group_id, ()), today)
            spans[next_pause(pauses, today)].append(group_id)
        for (first, last), ids in spans.items():
            over.filter(group__in=ids).update(paused_from=first, paused_until=last)


def settle_announcements(now):
    """Settle the announced dates that have passed where their group lives. Return how many."""
    # Nowhere is it later than a day after here.
    passed = Announcement.objects.filter(
        kind=Announcement.Kind.DATE,
        day__lte=timezone.localdate(now),
        cancelled_at=None,
        settled_at=None,
    )
    rows = passed.order_by("group", "indicator").values_list(
        "group", "indicator", "day", "group__time_zone"
    )
    due = {
        (group_id, indicator)
        for group_id, indicator, day, zone in rows
        if day < today_in(zone, now)
    }
    for group_id, indicator in sorted(due):
        settle_passed(group_id, indicator, now)
    return len(due)


# ── The comparison ──────────────────────────────────────────────────────────────────────────────


def status_of_rows(today):
    """Return (status, why unknown) as expressions: `arithmetic.status_on`, row by row."""
    by_then = Q(collected_through=None)
    silent = Q(silent_on__lte=today) & (by_then | Q(collected_through__gte=F("silent_on")))
    late = Q(late_on__lte=today) & (by_then | Q(collected_through__gte=F("late_on")))
    quieter = Q(quieter_from__lte=today) & (
        by_then | Q(collected_through__gte=F("quieter_from")) | Q(last_on__gte=F("quieter_from"))
    )
    readable_from = today - timedelta(days=UNREADABLE_AFTER)
    unreadable = Q(collected_through__lt=readable_from) & (
        Q(last_on=None) | Q(last_on__lt=readable_from)
    )
    poll = Q(poll_since__gte=today - timedelta(days=POLL_DAYS))
    # The first that fits, in the order of `status_on`.
    rules = [
        (Q(is_archived=True), Status.ARCHIVED, ""),
        (Q(is_asleep=True), Status.PAUSED, ""),
        (Q(paused_from__lte=today, paused_until__gte=today), Status.PAUSED, ""),
        (Q(has_source=False), Status.UNKNOWN, NO_SOURCE),
        (unreadable, Status.UNKNOWN, UNREADABLE),
        (Q(silent_on=None), Status.UNKNOWN, NOTHING_YET),
        (Q(busy_from__lte=today, busy_until__gt=today), Status.TOO_BUSY, ""),
        (Q(announced_from__lte=today, next_on__gte=today), Status.ON_TRACK, ""),
        (silent & poll, Status.LATE, ""),
        (silent, Status.SILENT, ""),
        (Q(last_on=None), Status.UNKNOWN, NOTHING_YET),
        (late | quieter, Status.LATE, ""),
    ]
    text = CharField()
    return (
        Case(
            *(When(rule, then=Value(status.value)) for rule, status, _why in rules),
            default=Value(Status.ON_TRACK.value),
            output_field=text,
        ),
        Case(
            *(When(rule, then=Value(why)) for rule, _status, why in rules),
            default=Value(""),
            output_field=text,
        ),
    )


def _compare(here, today, now):
    """Write every status that is another today, each with its row. Return how many."""
    said, why = status_of_rows(today)
    other = ~Q(said=F("status")) | ~Q(why=F("unknown_reason"))
    rows = here.annotate(said=said, why=why).filter(other).order_by("pk")
    changed, after = 0, 0
    while True:
        with transaction.atomic():
            ids = list(rows.filter(pk__gt=after).values_list("pk", flat=True)[:ROWS_A_STEP])
            if not ids:
                return changed
            # Locked, then looked at once more: somebody may have recorded in between.
            locked = rows.filter(pk__in=ids).select_for_update(of=["self"], no_key=True)
            changed += _write(list(locked), today, now)
        after = ids[-1]


def _write(rhythms, today, now):
    """Write what was said of each, all that say the same at once."""
    alike, transitions = defaultdict(list), []
    for each in rhythms:
        on = each.status_since
        if each.said != each.status:
            on = _since(each, today)
            row = (each.pk, each.status, each.said, on, now, _cause(each), None)
            transitions.append(row)
        alike[each.said, each.why, on].append(each.pk)
    for (status, why, on), ids in alike.items():
        Rhythm.objects.filter(pk__in=ids).update(status=status, unknown_reason=why, status_since=on)
    columns = ["rhythm_id", "before", "after", "on", "at", "cause", "by_id"]
    insert(Transition, columns, transitions)
    return len(transitions)


def _since(rhythm, today):
    """Return the day it became so: if the pass missed days, the day that was missed."""
    day = {Status.LATE: rhythm.late_on, Status.SILENT: rhythm.silent_on}.get(rhythm.said)
    if day and rhythm.status_since and rhythm.status_since <= day <= today:
        return day
    return today


def _cause(rhythm):
    if rhythm.said == Status.ARCHIVED:
        return Cause.ARCHIVED
    if Status.PAUSED in {rhythm.said, rhythm.status}:
        return Cause.PAUSE
    if rhythm.why == UNREADABLE:
        return Cause.SOURCE
    return Cause.TIME
