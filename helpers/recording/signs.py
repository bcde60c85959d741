"""Signs of life: from a source, by hand, taken back; and up to which day everything is known."""

from dataclasses import dataclass, field

from ..arithmetic import learn_one
from ..indicators import Indicator, Status
from ..models import Announcement, Sighting, Source, Transition
from ..weeks import add_to_weeks
from .keeping import keeping

Cause = Transition.Cause

# A first look that finds so much, all of it of today, has read the day of an import.
IMPORT_SIZE = 3
# Evidence older than this is a mistake of a clock: 1 January 1970 is not a meeting.
OLDEST_YEAR = 1990


class Refused(ValueError):
    """What was given is no evidence; `code` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def see(group, indicator, counts, *, source=None, outside_ids=None, person=None, through=None, now):
    """Record signs of life: how many on which day. Return how many records are new or changed.

    From a ``source`` each day is known by its own name there (``outside_ids``, by day; else the
    day itself), so that reading again changes nothing. By hand a day is recorded once. ``through``
    says at the same time which day the source covers. Raises `Refused`.
    """
    names = outside_ids or {}
    seen = [(names.get(day, day.isoformat()), day, count) for day, count in counts.items()]
    return _see(group, indicator, seen, source=source, person=person, through=through, now=now)


def see_all(source, seen, *, through=None, now):
    """Record what a source holds: objects with outside_id, day and count. See `see`."""
    rows = [(each.outside_id, each.day, each.count) for each in seen]
    return _see(source.group, source.indicator, rows, source=source, through=through, now=now)


def _see(group, indicator, seen, *, source=None, person=None, through=None, now):
    with keeping(group.pk, [indicator], now) as keeper:
        rhythm = keeper.rhythms[indicator]
        seen = _checked(seen, source, keeper.today)
        if source:
            found = _write_from(source, seen, keeper)
        else:
            found = _write_by_hand(rhythm, seen, person, keeper)
            newest = max(day for _id, day, _count in seen)
            rhythm.noted_through = max(rhythm.noted_through or newest, newest)
        if through:
            _cover_source(source, through, keeper.today)
        cause = _cause_of(rhythm, found)
        learn_from(rhythm, found, keeper)
        keeper.look_at_sources(rhythm)
        keeper.settle(rhythm, cause=cause, by=person)
    return found.written


@dataclass
class Found:
    """What a look brought that was not known."""

    written: int = 0
    # Days of new signs of life, and whether an old one was found to be of another day.
    days: list = field(default_factory=list)
    has_moved: bool = False
    # (day, how many more): for the weeks of a discussion.
    counts: list = field(default_factory=list)


def _checked(seen, source, today):
    """Keep what is evidence today. What a source dates later is seen again when it has come."""
    if any(count < 1 for _id, _day, count in seen):
        raise Refused("no_count")
    held = [each for each in seen if each[1].year >= OLDEST_YEAR and each[1] <= today]
    if source is None and (len(held) < len(seen) or not held):
        raise Refused("not_a_day_past")
    if source and held and {day for _id, day, _count in held} == {today}:
        is_much = sum(count for _id, _day, count in held) >= IMPORT_SIZE
        if is_much and not Sighting.objects.filter(source=source).exists():
            raise Refused("all_of_today")
    return held


def _write_from(source, seen, keeper):
    """Write what is new or was corrected; what somebody took back stays so."""
    by_id = {outside_id: (day, count) for outside_id, day, count in seen}
    taken_back = Announcement.objects.filter(
        source=source, outside_id__in=by_id, cancelled_at__isnull=False, day__lte=keeper.today
    )
    for outside_id in taken_back.values_list("outside_id", flat=True):
        del by_id[outside_id]
    signs = Sighting.objects.filter(source=source, outside_id__in=by_id)
    known = {sign.outside_id: sign for sign in signs}
    found, new, corrected = Found(), [], []
    for outside_id, (day, count) in by_id.items():
        sign = known.get(outside_id)
        if sign is None:
            sign = sign_of(keeper, source.indicator, day, count)
            sign.source, sign.outside_id = source, outside_id
            new.append(sign)
            found.days.append(day)
            found.counts.append((day, count))
        elif (sign.day, sign.count) != (day, count):
            found.has_moved |= sign.day != day
            found.counts.append((day, count - sign.count))
            sign.day, sign.count = day, count
            corrected.append(sign)
    if new:
        Sighting.objects.bulk_create(new, batch_size=500)
    if corrected:
        Sighting.objects.bulk_update(corrected, ["day", "count"], batch_size=500)
    found.written = len(new) + len(corrected)
    return found


def _write_by_hand(rhythm, seen, person, keeper):
    """Write each day once: two who say it, or one who says it twice, say the same."""
    known = set(
        Sighting.objects.filter(
            group_id=keeper.group.pk,
            indicator=rhythm.indicator,
            source=None,
            day__in=[day for _id, day, _count in seen],
        ).values_list("day", flat=True)
    )
    counts = [(day, count) for _id, day, count in seen if day not in known]
    new = [sign_of(keeper, rhythm.indicator, day, count) for day, count in counts]
    for sign in new:
        sign.person = person
    Sighting.objects.bulk_create(new)
    return Found(written=len(new), days=[day for day, _count in counts], counts=counts)


def sign_of(keeper, indicator, day, count):
    return Sighting(
        group_id=keeper.group.pk, indicator=indicator, day=day, count=count, noted_at=keeper.now
    )


def learn_from(rhythm, found, keeper):
    """Learn from a new newest day alone; anything else reads the newest days again."""
    days = sorted(set(found.days))
    if found.has_moved or (days and rhythm.last_on and days[0] < rhythm.last_on):
        keeper.learn_again(rhythm)
        return
    for day in days:
        rhythm.gaps = learn_one(rhythm.gaps, rhythm.last_on, day, keeper.pauses, rhythm.declared_on)
        rhythm.first_on, rhythm.last_on = rhythm.first_on or day, day
    if rhythm.indicator == Indicator.DISCUSSION:
        for day, count in sorted(found.counts):
            rhythm.weeks, rhythm.weeks_until = add_to_weeks(
                rhythm.weeks, rhythm.weeks_until, day, count
            )


def _cause_of(rhythm, found):
    """Say whether life returned, or what was missing has been completed.

    A sign dated before the group was called late or silent shows that it never was.
    """
    newer = [day for day in found.days if rhythm.last_on is None or day > rhythm.last_on]
    if found.has_moved or (found.days and not newer):
        return Cause.BACKFILL
    if not newer:
        return Cause.SOURCE
    if rhythm.status in {Status.LATE, Status.SILENT} and min(newer) < rhythm.status_since:
        return Cause.BACKFILL
    return Cause.SIGHTING


def unsee(sighting, *, by, now):
    """Take back a sign of life. Return whether it was there."""
    with keeping(sighting.group_id, [sighting.indicator], now) as keeper:
        rhythm = keeper.rhythms[sighting.indicator]
        deleted, _models = Sighting.objects.filter(pk=sighting.pk).delete()
        if not deleted:
            return False
        if sighting.source_id:
            # Or the next look at the source would bring it back.
            Announcement.objects.update_or_create(
                source_id=sighting.source_id,
                outside_id=sighting.outside_id,
                defaults={
                    "group_id": sighting.group_id,
                    "indicator": sighting.indicator,
                    "day": sighting.day,
                    "person": by,
                    "cancelled_at": now,
                },
            )
        keeper.learn_again(rhythm)
        keeper.settle(rhythm, cause=Cause.BACKFILL, by=by)
    return True


def cover(what, through, *, by=None, now):
    """Note that everything up to a day is known: of a source, or (a rhythm) by hand.

    By hand it says "looked, nothing new as of". A day already covered stays covered.
    """
    with keeping(what.group_id, [what.indicator], now) as keeper:
        rhythm = keeper.rhythms[what.indicator]
        through = min(through, keeper.today)
        if isinstance(what, Source):
            _cover_source(what, through, keeper.today)
        else:
            rhythm.noted_through = max(rhythm.noted_through or through, through)
        keeper.look_at_sources(rhythm)
        keeper.settle(rhythm, cause=Cause.SOURCE, by=by)


def _cover_source(source, through, today):
    source.collected_through = max(source.collected_through or through, min(through, today))
    Source.objects.filter(pk=source.pk).update(collected_through=source.collected_through)
