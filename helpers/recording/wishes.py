"""What a group says of itself: its rhythm, how soon it wants a word, and what has ended."""

from django.db import transaction

from groups import upkeep

from ..indicators import Indicator
from ..models import Rhythm, Transition
from .keeping import keeping

Cause = Transition.Cause


def rhythms_of(group, now):
    """Return the five rhythms of ``group`` by indicator, in order; those missing are made."""
    found = {each.indicator: each for each in Rhythm.objects.filter(group=group)}
    if len(found) < len(Indicator.values):
        with keeping(group.pk, Indicator.values, now) as keeper:
            found = keeper.rhythms
            for rhythm in found.values():
                if rhythm.last_on is None and not rhythm.has_source:
                    keeper.look_at_sources(rhythm)
                    keeper.settle(rhythm, cause=Cause.CHOICE)
    return {indicator: found[indicator] for indicator in Indicator.values}


_SAME = object()


def declare_rhythm(
    group, indicator, days, *, sensitivity=_SAME, most_a_week=_SAME, is_new=True, by, now
):
    """Note the rhythm a group declares (None: none), how soon it wants a word, and what is too
    much. A rhythm that ``is_new`` forgets the gaps before it.
    """
    with keeping(group.pk, [indicator], now) as keeper:
        rhythm = keeper.rhythms[indicator]
        if days != rhythm.declared_days:
            rhythm.declared_days = days
            rhythm.declared_on = keeper.today if days and is_new else None
            keeper.learn_again(rhythm)
        if sensitivity is not _SAME:
            rhythm.sensitivity = sensitivity
        if most_a_week is not _SAME:
            rhythm.most_a_week = most_a_week
        keeper.settle(rhythm, cause=Cause.RHYTHM, by=by)


def end_indicator(group, indicator, why="", *, by, now):
    """Note that this has ended by choice: a finished series is no death."""
    with keeping(group.pk, [indicator], now) as keeper:
        rhythm = keeper.rhythms[indicator]
        rhythm.ended_on, rhythm.ended_why = keeper.today, why
        keeper.settle(rhythm, cause=Cause.CHOICE, by=by)


def reopen_indicator(group, indicator, *, by, now):
    """Follow again what had ended; its clock begins anew."""
    with keeping(group.pk, [indicator], now) as keeper:
        rhythm = keeper.rhythms[indicator]
        rhythm.ended_on, rhythm.ended_why, rhythm.woken_on = None, "", keeper.today
        keeper.settle(rhythm, cause=Cause.CHOICE, by=by)


def recompute(group, *, cause, by=None, now):
    """Learn everything of a group again from its evidence, pauses and sources."""
    with keeping(group.pk, Indicator.values, now) as keeper:
        for rhythm in keeper.rhythms.values():
            keeper.learn_again(rhythm)
            keeper.look_at_announcements(rhythm)
            keeper.look_at_sources(rhythm)
            keeper.settle(rhythm, cause=cause, by=by)


def pause(group, until_day, *, reason="", review_on=None, by, now):
    """Pause the group as it would itself, and stop its clocks at once. Returns the `Pause`."""
    with transaction.atomic():
        paused = upkeep.pause(group, until_day, by, now, reason=reason, review_on=review_on)
        recompute(group, cause=Cause.PAUSE, by=by, now=now)
    return paused


def end_pause(group, *, by, now):
    """End the pause that is running. Return whether there was one."""
    with transaction.atomic():
        was_paused = upkeep.end_pause(group, by, now)
        recompute(group, cause=Cause.PAUSE, by=by, now=now)
    return was_paused
