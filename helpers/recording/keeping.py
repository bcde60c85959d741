"""Keep a `Rhythm` true to its evidence, inside the transaction of whoever changed it.

The deeds of `recording` go through here, and nothing else does. A new newest day costs the
same however many came before: what was learned is kept, and no older sign of life is read.
"""

from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from hashlib import blake2b

from django.db import transaction
from django.db.models import Max, Min, Sum

from groups.models import Group

from ..arithmetic import GAPS_KEPT, SHORTEST_GAP, derive, status_on
from ..indicators import Indicator, Status
from ..local_days import today_in, today_of
from ..models import Announcement, Rhythm, Sighting, Source, Transition
from ..pauses import active_days, laid_out
from ..weeks import WEEKS_KEPT, add_to_weeks, monday_of

# Enough days in one bite to find twelve gaps in, for all but the busiest.
DAYS_READ = 200
KEPT = [
    field.name
    for field in Rhythm._meta.concrete_fields
    if field.name not in {"id", "group", "indicator"}
]


class Keeper:
    """One group, locked, with those of its rhythms that are about to change."""

    def __init__(self, group, rhythms, now):
        self.group, self.rhythms, self.now = group, rhythms, now
        self.today = today_of(group, now)
        pauses = pauses_of(group)
        self.pauses = laid_out(pauses, self.today)
        self.pauses_seen = key_of(pauses)

    def learn_again(self, rhythm):
        """Read what was learned anew: the newest days until twelve gaps are found."""
        signs = Sighting.objects.filter(group_id=self.group.pk, indicator=rhythm.indicator)
        ends = signs.aggregate(first=Min("day"), last=Max("day"))
        rhythm.first_on, rhythm.last_on = ends["first"], ends["last"]
        rhythm.gaps = self._newest_gaps(signs, rhythm.declared_on)
        if rhythm.indicator == Indicator.DISCUSSION:
            rhythm.weeks, rhythm.weeks_until = weeks_of(signs, rhythm.first_on, rhythm.last_on)

    def _newest_gaps(self, signs, declared_on):
        gaps, newer = [], None
        newest = signs.order_by("-day").values_list("day", flat=True).distinct()
        for day in newest.iterator(chunk_size=DAYS_READ):
            if newer is not None:
                if len(gaps) == GAPS_KEPT or (declared_on and newer <= declared_on):
                    break
                gap = active_days(day, newer, self.pauses)
                if gap >= SHORTEST_GAP:
                    gaps.append(gap)
            newer = day
        return gaps[::-1]

    def look_at_announcements(self, rhythm):
        coming = Announcement.objects.filter(
            group_id=self.group.pk,
            indicator=rhythm.indicator,
            cancelled_at=None,
            settled_at=None,
            is_confirmed=True,
        )
        said = list(coming.values_list("kind", "day"))
        rhythm.next_on, rhythm.poll_since = next_and_poll(said, self.today)

    def look_at_sources(self, rhythm):
        """Set what the sources cover: the best of them, for each may bring the next sign."""
        read = Source.objects.filter(
            group_id=self.group.pk,
            indicator=rhythm.indicator,
            stopped_at=None,
            accepted_at__isnull=False,
        ).values_list("accepted_at", "collected_through")
        look_at(rhythm, covered_by(read, self.group.time_zone))

    def settle(self, rhythm, *, cause, by=None):
        """Derive the dates, say the status, write both down; a change of status is a row."""
        if rhythm.pauses_seen != self.pauses_seen:
            # Chosen in the directory, which does not know us: the gaps are others now.
            rhythm.pauses_seen = self.pauses_seen
            self.learn_again(rhythm)
        before = rhythm.status
        place(rhythm, self.group.activity, self.pauses, self.today)
        if rhythm.status != before:
            if rhythm.status == Status.PAUSED:
                cause = Transition.Cause.PAUSE
            elif rhythm.status == Status.ARCHIVED and not rhythm.ended_on:
                cause = Transition.Cause.ARCHIVED
            Transition.objects.create(
                rhythm=rhythm,
                before=before,
                after=rhythm.status,
                on=self.today,
                at=self.now,
                cause=cause,
                by=by,
            )
        rhythm.save(update_fields=KEPT)


def place(rhythm, activity, pauses, today):
    """Derive the dates of a rhythm and say its status, for a group that is so active."""
    is_away = rhythm.is_asleep or (rhythm.is_archived and not rhythm.ended_on)
    rhythm.is_asleep = activity == Group.Activity.ASLEEP
    rhythm.is_archived = activity == Group.Activity.ARCHIVED or rhythm.ended_on is not None
    if is_away and activity not in {Group.Activity.ASLEEP, Group.Activity.ARCHIVED}:
        rhythm.woken_on = today
    for name, value in derive(rhythm, pauses, today).items():
        setattr(rhythm, name, value)
    before = rhythm.status
    rhythm.status, rhythm.unknown_reason = status_on(rhythm, today)
    if rhythm.status != before:
        rhythm.status_since = today


def covered_by(sources, time_zone):
    """Return the last day that the best of ``sources`` covers: (accepted at, through) each."""
    days = [
        through or today_in(time_zone, accepted_at) - timedelta(days=1)
        for accepted_at, through in sources
    ]
    return max(days, default=None)


def look_at(rhythm, covered):
    """Set what is known of a rhythm by its sources, which cover this day, and by hand."""
    rhythm.has_source = covered is not None or rhythm.noted_through is not None
    # Followed by hand it is judged as of today.
    rhythm.collected_through = covered and max(covered, rhythm.noted_through or covered)


@contextmanager
def keeping(group_id, indicators, now):
    """Lock a group and some of its rhythms, made if need be, for as long as they change.

    The group first, everywhere: so that two who write of one group wait for each other, and never
    for each other's second lock.
    """
    with transaction.atomic():
        group = Group.objects.select_for_update(no_key=True).get(pk=group_id)
        locked = Rhythm.objects.select_for_update(no_key=True).filter(
            group=group_id, indicator__in=indicators
        )
        rhythms = {each.indicator: each for each in locked.order_by("pk")}
        missing = [each for each in indicators if each not in rhythms]
        if missing:
            today = today_of(group, now)
            Rhythm.objects.bulk_create(
                [new_rhythm(group_id, indicator, today) for indicator in missing],
                ignore_conflicts=True,
            )
            rhythms = {each.indicator: each for each in locked.order_by("pk")}
        for rhythm in rhythms.values():
            rhythm.group = group
        yield Keeper(group, rhythms, now)


def new_rhythm(group_id, indicator, today):
    return Rhythm(
        group_id=group_id,
        indicator=indicator,
        since=today,
        status=Status.UNKNOWN,
        unknown_reason="no_source",
        status_since=today,
    )


def pauses_of(group):
    """Return the pauses of a group as (first day, last day, every year?)."""
    return pauses_of_groups(group.pauses.all()).get(group.pk, [])


def pauses_of_groups(pauses):
    """Return {group: its pauses as (first day, last day, every year?)}."""
    found = defaultdict(list)
    rows = pauses.order_by().values_list("group", "from_day", "until_day", "review_on", "is_yearly")
    for group_id, first, last, review_on, is_yearly in rows:
        found[group_id].append((first, last or review_on, is_yearly))
    return found


def key_of(pauses):
    """Return a short name of these pauses: whoever knows them by it knows them all."""
    if not pauses:
        return ""
    return blake2b(repr(sorted(pauses)).encode(), digest_size=8).hexdigest()


def next_and_poll(coming, today):
    """Return the next announced day from today on, and since when a date poll is open.

    ``coming``: what each is, and its day.
    """
    dates = [day for kind, day in coming if kind == Announcement.Kind.DATE and day >= today]
    polls = [day for kind, day in coming if kind == Announcement.Kind.POLL]
    return min(dates, default=None), max(polls, default=None)


def weeks_of(signs, first_on, last_on):
    """Return the messages of each week that is kept, up to the week of the newest."""
    weeks, until = [], None
    if last_on is None:
        return weeks, until
    since = monday_of(last_on) - timedelta(weeks=WEEKS_KEPT - 1)
    days = signs.filter(day__gte=since).values("day").annotate(n=Sum("count")).order_by("day")
    for day, count in days.values_list("day", "n"):
        weeks, until = add_to_weeks(weeks, until, day, count)
    # That it was followed before says that the weeks between were empty.
    return add_to_weeks(weeks, until, first_on, 0)
