"""Make every rhythm again from its evidence: after an import, a repair, or to be sure.

One ordered pass over the signs of life, some groups at a time. What the database is good at, going
through an index, it does; what was learned comes from the one `arithmetic`. Only what differs is
written.
"""

import json
import os
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_all_start_methods, get_context
from operator import attrgetter

from django.db import connection, transaction

from groups.bulk import insert
from groups.models import Group, Pause

from .arithmetic import learn
from .indicators import Indicator, Status
from .local_days import today_in
from .models import Announcement, Rhythm, Sighting, Source, Transition
from .pauses import laid_out
from .recording.keeping import covered_by, key_of, look_at, next_and_poll, pauses_of_groups, place
from .refreshing import make_missing, settle_announcements
from .weeks import WEEK, WEEKS_KEPT, add_to_weeks, monday_of

# Groups a transaction; with twenty signs for each of the five, a hundred thousand signs.
GROUPS_A_STEP = 1000
# What follows from the evidence; what a group declares and what people noted stays.
MADE_AGAIN = (
    "gaps first_on last_on weeks weeks_until next_on poll_since has_source collected_through"
    " is_asleep is_archived woken_on pauses_seen usual_days expected_on late_on silent_on"
    " announced_from busy_from busy_until quieter_from paused_from paused_until status"
    " unknown_reason status_since"
).split()
made_again = attrgetter(*MADE_AGAIN)


def rebuild(now, *, processes=1):
    """Learn everything again, for all groups. Return (how many rhythms, how many changed).

    With several ``processes`` (`most_processes` says how many may help) each takes some of the
    groups: not within a transaction, for each has a connection of its own.
    """
    make_missing(now)
    # Announced dates that passed are evidence too.
    settle_announcements(now)
    ids = list(Group.objects.order_by("pk").values_list("pk", flat=True))
    parts = [ids[start : start + GROUPS_A_STEP] for start in range(0, len(ids), GROUPS_A_STEP)]
    step = partial(_rebuild_some, now=now)
    if processes == 1 or len(parts) == 1:
        counts = [step(part) for part in parts]
    else:
        # Or the processes would speak over the connection of this one.
        connection.close()
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            counts = list(pool.map(step, parts))
    return sum(looked_at for looked_at, _changed in counts), sum(changed for _, changed in counts)


def most_processes():
    """Return how many processes may rebuild at once: SQLite lets only one write."""
    if connection.vendor == "sqlite" or "fork" not in get_all_start_methods():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def _rebuild_some(ids, now):
    """Learn again what is known of some groups, in one transaction. Return the two counts."""
    with transaction.atomic():
        rhythms = _locked(ids)
        return len(rhythms), _write(rhythms, _made_again(rhythms, ids, now), now)


def _locked(ids):
    rows = Rhythm.objects.filter(group__gte=ids[0], group__lte=ids[-1]).order_by("pk")
    return list(rows.select_for_update(no_key=True))


def _made_again(rhythms, ids, now):
    """Make the rhythms true. Return {its pk: what each was before}."""
    here = {"group__gte": ids[0], "group__lte": ids[-1]}
    groups = {
        pk: (zone, activity)
        for pk, zone, activity in Group.objects.filter(pk__gte=ids[0], pk__lte=ids[-1]).values_list(
            "pk", "time_zone", "activity"
        )
    }
    chosen = pauses_of_groups(Pause.objects.filter(**here))
    sources, announced = _sources(here), _announced(here)
    days = _days(ids[0], ids[-1])
    counts = _counts(ids[0], ids[-1])
    before = {}
    for rhythm in rhythms:
        before[rhythm.pk] = made_again(rhythm)
        zone, activity = groups[rhythm.group_id]
        today = today_in(zone, now)
        own = chosen.get(rhythm.group_id, ())
        pauses = laid_out(own, today) if own else ()
        key = rhythm.group_id, rhythm.indicator
        rhythm.pauses_seen = key_of(own)
        rhythm.gaps, rhythm.first_on, rhythm.last_on = learn(
            days.get(key, ()), pauses, rhythm.declared_on
        )
        rhythm.weeks, rhythm.weeks_until = _weeks(rhythm, counts)
        rhythm.next_on, rhythm.poll_since = next_and_poll(announced.get(key, ()), today)
        look_at(rhythm, covered_by(sources.get(key, ()), zone))
        place(rhythm, activity, pauses, today)
    return before


# ── Evidence of some groups, each kind in one look ──────────────────────────────────────────────


def _days(first, last):
    """Return {(group, indicator): its days}; the index alone is read, in its order."""
    joined = {"postgresql": "string_agg(day::text, ',')", "sqlite": "group_concat(day)"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT group_id, indicator, {joined[connection.vendor]}"
            f" FROM {Sighting._meta.db_table} WHERE group_id BETWEEN %s AND %s"
            " GROUP BY group_id, indicator",
            [first, last],
        )
        return {
            (group_id, indicator): set(map(date.fromisoformat, days.split(",")))
            for group_id, indicator, days in cursor
        }


def _counts(first, last):
    """Return {group: [(day, messages)]} of the discussions."""
    rows = Sighting.objects.filter(
        group__gte=first, group__lte=last, indicator=Indicator.DISCUSSION
    ).values_list("group", "day", "count")
    found = defaultdict(list)
    for group_id, day, count in rows.iterator(chunk_size=10_000):
        found[group_id].append((day, count))
    return found


def _weeks(rhythm, counts):
    weeks, until = [], None
    if rhythm.indicator != Indicator.DISCUSSION or rhythm.last_on is None:
        return weeks, until
    since = monday_of(rhythm.last_on) - (WEEKS_KEPT - 1) * WEEK
    for day, count in counts[rhythm.group_id]:
        if day >= since:
            weeks, until = add_to_weeks(weeks, until, day, count)
    return add_to_weeks(weeks, until, rhythm.first_on, 0)


def _sources(here):
    rows = Source.objects.filter(**here, stopped_at=None, accepted_at__isnull=False)
    found = defaultdict(list)
    for group_id, indicator, *read in rows.values_list(
        "group", "indicator", "accepted_at", "collected_through"
    ):
        found[group_id, indicator].append(read)
    return found


def _announced(here):
    rows = Announcement.objects.filter(
        **here, cancelled_at=None, settled_at=None, is_confirmed=True
    )
    found = defaultdict(list)
    for group_id, indicator, *said in rows.values_list("group", "indicator", "kind", "day"):
        found[group_id, indicator].append(said)
    return found


# ── Writing what differs ────────────────────────────────────────────────────────────────────────


def _write(rhythms, before, now):
    wrong, transitions = [], []
    place_of_status = MADE_AGAIN.index("status")
    for rhythm in rhythms:
        was = before[rhythm.pk]
        if made_again(rhythm) == was:
            continue
        wrong.append(rhythm)
        if rhythm.status != was[place_of_status]:
            cause = Transition.Cause.BACKFILL
            if rhythm.status == Status.ARCHIVED:
                cause = Transition.Cause.ARCHIVED
            elif rhythm.status == Status.PAUSED:
                cause = Transition.Cause.PAUSE
            status = was[place_of_status], rhythm.status
            transitions.append((rhythm.pk, *status, rhythm.status_since, now, cause, None))
    _update(wrong)
    columns = ["rhythm_id", "before", "after", "on", "at", "cause", "by_id"]
    insert(Transition, columns, transitions)
    return len(wrong)


def _update(rhythms):
    """Write many rows at the price of a few: each database has its own fast way."""
    if not rhythms:
        return
    table = Rhythm._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sets = ", ".join(f"{name} = %s" for name in MADE_AGAIN)
            rows = [[*_values(each, json.dumps), each.pk] for each in rhythms]
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", rows)
            return
        names = ["id", *MADE_AGAIN]
        types = [Rhythm._meta.get_field(name).cast_db_type(connection) for name in names]
        columns = ", ".join(map(" ".join, zip(names, types, strict=True)))
        sets = ", ".join(f"{name} = new.{name}" for name in MADE_AGAIN)
        rows = [dict(zip(names, [each.pk, *_values(each)], strict=True)) for each in rhythms]
        cursor.execute(
            f"UPDATE {table} SET {sets} FROM json_to_recordset(%s) AS new({columns})"
            f" WHERE {table}.id = new.id",
            [json.dumps(rows)],
        )


def _values(rhythm, of_list=lambda value: value):
    """Return what is made again, days as text and lists as ``of_list`` makes them."""
    return [
        value.isoformat()
        if isinstance(value, date)
        else of_list(value)
        if isinstance(value, list)
        else value
        for value in made_again(rhythm)
    ]
