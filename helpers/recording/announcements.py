"""Dates to come and date polls; a date that passed becomes a sign of life."""

from ..models import Announcement, Sighting, Transition
from .keeping import keeping
from .signs import Found, Refused, learn_from, sign_of

Cause = Transition.Cause


def announce(group, indicator, day, *, person=None, now):
    """Record a date to come. Settles an open date poll. Returns the `Announcement`."""
    with keeping(group.pk, [indicator], now) as keeper:
        if day < keeper.today:
            raise Refused("past")
        rhythm = keeper.rhythms[indicator]
        waiting = {"group": group, "indicator": indicator, "cancelled_at": None}
        waiting["settled_at"] = None
        Announcement.objects.filter(**waiting, kind=Announcement.Kind.POLL).update(settled_at=now)
        announcement, _made = Announcement.objects.get_or_create(
            **waiting, source=None, day=day, defaults={"person": person, "noted_at": now}
        )
        rhythm.noted_through = keeper.today
        keeper.look_at_announcements(rhythm)
        keeper.look_at_sources(rhythm)
        keeper.settle(rhythm, cause=Cause.ANNOUNCED, by=person)
    return announcement


def announce_all(source, coming, *, now):
    """Record the dates to come of a source: objects with outside_id, day, is_confirmed and
    is_cancelled. What the source no longer announces is cancelled. Return whether any changed.
    """
    with keeping(source.group_id, [source.indicator], now) as keeper:
        rhythm = keeper.rhythms[source.indicator]
        by_id = {each.outside_id: each for each in coming if each.day >= keeper.today}
        ahead = Announcement.objects.filter(source=source)
        known = {each.outside_id: each for each in ahead.filter(outside_id__in=by_id)}
        new, changed = [], []
        for outside_id, each in by_id.items():
            announcement = known.get(outside_id)
            if announcement is None:
                if not each.is_cancelled:
                    new.append(_announced(source, each, now))
            elif _follow(announcement, each, now):
                changed.append(announcement)
        gone = ahead.filter(cancelled_at=None, settled_at=None, day__gte=keeper.today)
        cancelled = gone.exclude(outside_id__in=by_id).update(cancelled_at=now)
        Announcement.objects.bulk_create(new)
        fields = ["day", "is_confirmed", "cancelled_at", "settled_at"]
        if changed:
            Announcement.objects.bulk_update(changed, fields)
        if new or changed or cancelled:
            keeper.look_at_announcements(rhythm)
            keeper.settle(rhythm, cause=Cause.ANNOUNCED)
    return bool(new or changed or cancelled)


def _announced(source, coming, now):
    return Announcement(
        group_id=source.group_id,
        indicator=source.indicator,
        day=coming.day,
        source=source,
        outside_id=coming.outside_id,
        is_confirmed=coming.is_confirmed,
        noted_at=now,
    )


def _follow(announcement, coming, now):
    """Make a record say what the source says. Return whether it did not.

    What a person called off stays so, whatever a calendar still shows.
    """
    if announcement.cancelled_at and announcement.person_id:
        return False
    cancelled_at = (announcement.cancelled_at or now) if coming.is_cancelled else None
    # What lies ahead is not settled: a date that was moved, or moved again.
    said = (coming.day, coming.is_confirmed, cancelled_at, None)
    was = announcement
    before = (was.day, was.is_confirmed, was.cancelled_at, was.settled_at)
    was.day, was.is_confirmed, was.cancelled_at, was.settled_at = said
    return said != before


def cancel_announcement(announcement, *, by, now):
    """Note that a date was called off, a poll dropped or a passed date not held.

    A passed date that had become a sign of life is one no more.
    """
    with keeping(announcement.group_id, [announcement.indicator], now) as keeper:
        rhythm = keeper.rhythms[announcement.indicator]
        mine = Announcement.objects.filter(pk=announcement.pk, cancelled_at=None)
        if not mine.update(cancelled_at=now, person=by or announcement.person):
            return False
        if announcement.kind == Announcement.Kind.DATE and announcement.day < keeper.today:
            _signs_of(announcement).delete()
            keeper.learn_again(rhythm)
        keeper.look_at_announcements(rhythm)
        keeper.settle(rhythm, cause=Cause.ANNOUNCED, by=by)
    return True


def open_poll(group, indicator, *, day=None, person=None, now):
    """Note that a date is being looked for. A poll that is open stays the same one."""
    with keeping(group.pk, [indicator], now) as keeper:
        rhythm = keeper.rhythms[indicator]
        poll, _made = Announcement.objects.get_or_create(
            group=group,
            indicator=indicator,
            kind=Announcement.Kind.POLL,
            cancelled_at=None,
            settled_at=None,
            defaults={"day": day or keeper.today, "person": person, "noted_at": now},
        )
        rhythm.noted_through = keeper.today
        keeper.look_at_announcements(rhythm)
        keeper.look_at_sources(rhythm)
        keeper.settle(rhythm, cause=Cause.ANNOUNCED, by=person)
    return poll


def settle_passed(group_id, indicator, now):
    """Turn announced dates that have passed into signs of life, unless nobody confirmed them."""
    with keeping(group_id, [indicator], now) as keeper:
        rhythm = keeper.rhythms[indicator]
        passed = Announcement.objects.select_for_update().filter(
            group_id=group_id,
            indicator=indicator,
            kind=Announcement.Kind.DATE,
            day__lt=keeper.today,
            cancelled_at=None,
            settled_at=None,
        )
        held = [
            _held(each, keeper)
            for each in passed
            if each.is_confirmed and not _signs_of(each).exists()
        ]
        passed.update(settled_at=now)
        Sighting.objects.bulk_create(held)
        counts = [(each.day, each.count) for each in held]
        learn_from(rhythm, Found(days=[each.day for each in held], counts=counts), keeper)
        keeper.look_at_announcements(rhythm)
        keeper.settle(rhythm, cause=Cause.ANNOUNCED)


def _signs_of(announcement):
    """Return the signs of life that an announced date became."""
    if announcement.source_id:
        return Sighting.objects.filter(
            source=announcement.source_id, outside_id=announcement.outside_id
        )
    return Sighting.objects.filter(
        group=announcement.group_id,
        indicator=announcement.indicator,
        source=None,
        day=announcement.day,
    )


def _held(announcement, keeper):
    sign = sign_of(keeper, announcement.indicator, announcement.day, 1)
    sign.source_id, sign.outside_id = announcement.source_id, announcement.outside_id
    sign.person_id = announcement.person_id
    return sign
