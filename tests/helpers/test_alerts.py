from datetime import date, timedelta

import pytest

from groups.models import Group
from helpers import alerts, recording
from helpers.models import Alert, Rhythm, Transition
from tests.factories import make_group, make_person
from tests.sharing import at_once

from .factories import DAY, NOW, TODAY, every, make_source

Closed = Alert.Closed


def make_silent(group=None, *, indicator="meetings", ago=70, now=NOW):
    """Return the rhythm of something monthly that has been silent for a while."""
    group = group or make_group()
    source = make_source(group, indicator=indicator)
    last = TODAY - ago * DAY
    recording.see(group, indicator, every(30, last=last), person=None, now=now)
    recording.cover(source, TODAY, now=now)
    return Rhythm.objects.get(group=group, indicator=indicator)


def at(days):
    return NOW + timedelta(days=days)


def day_passes(rhythm, days):
    """Make it so many days later for a group whose sources were read that day."""
    for source in rhythm.group.sources.all():
        recording.cover(source, TODAY + days * DAY, now=at(days))
    recording.recompute(rhythm.group, cause=Transition.Cause.TIME, now=at(days))
    return alerts.follow_transitions(at(days))


def only():
    return Alert.objects.select_related("rhythm__group").get()


def why():
    return only().closed_why


@pytest.mark.django_db
def test_alert_opens_once_a_silence_whatever_runs_are_missed_or_repeated():
    rhythm = make_silent(ago=20)
    assert not alerts.follow_transitions(NOW)
    day_passes(rhythm, 60)
    day_passes(rhythm, 60)
    day_passes(rhythm, 63)

    assert only().quiet_since == TODAY - 20 * DAY
    assert (only().opened_on, only().opened_at) == (TODAY + 60 * DAY, at(60))


@pytest.mark.django_db
def test_alert_closes_as_resumed_and_the_next_silence_opens_another():
    rhythm = make_silent()
    alerts.follow_transitions(NOW)
    recording.see(rhythm.group, "meetings", {TODAY + DAY: 1}, person=None, now=at(1))
    alerts.follow_transitions(at(1))
    assert why() == Closed.RESUMED

    day_passes(rhythm, 80)

    assert [each.closed_why for each in Alert.objects.all()] == [Closed.RESUMED, ""]


@pytest.mark.django_db
def test_alert_freezes_while_nothing_is_collected_and_thaws_without_another():
    rhythm = make_silent()
    alerts.follow_transitions(NOW)
    recording.recompute(rhythm.group, cause=Transition.Cause.TIME, now=at(20))
    Rhythm.objects.filter(pk=rhythm.pk).update(
        status="unknown", unknown_reason="unreadable", collected_through=TODAY
    )
    assert alerts.follow_transitions(at(20)) == {"frozen": 1}
    assert not alerts.follow_transitions(at(50))
    assert only().frozen_on == TODAY + 20 * DAY
    assert only().offered_at is None

    assert day_passes(rhythm, 51)["thawed"] == 1
    assert only().frozen_on is None
    assert only().frozen_days == 31
    assert (only().reminded_at, only().offered_at) == (at(51), None)


@pytest.mark.django_db
def test_alert_steps_are_taken_once_by_date():
    rhythm = make_silent()
    day_passes(rhythm, 0)
    for days in (13, 14, 15, 27, 28, 89, 90, 300):
        day_passes(rhythm, days)

    alert = only()
    assert (alert.reminded_at, alert.offered_at, alert.asked_at) == (at(14), at(28), at(90))
    assert alert.archive_suggested_at == at(300)


@pytest.mark.django_db
def test_taking_an_alert_stops_reminders_for_four_weeks():
    rhythm, ada, bob = make_silent(), make_person(), make_person("bob@example.org")
    day_passes(rhythm, 0)
    assert alerts.take(only(), by=ada, now=at(10))
    assert not alerts.take(only(), by=bob, now=at(11))
    day_passes(rhythm, 37)
    assert (only().reminded_at, only().offered_at) == (None, None)

    day_passes(rhythm, 38)

    assert (only().reminded_at, only().offered_at) == (None, at(38))


@pytest.mark.django_db
def test_snooze_ends_on_the_earlier_of_its_day_and_the_announced_date():
    rhythm, ada = make_silent(), make_person()
    day_passes(rhythm, 0)
    with pytest.raises(alerts.Refused):
        alerts.snooze(only(), TODAY + 61 * DAY, by=ada, now=NOW)
    with pytest.raises(alerts.Refused):
        alerts.snooze(only(), by=ada, now=NOW)
    assert alerts.snooze(only(), TODAY + 60 * DAY, by=ada, now=NOW)
    assert alerts.is_snoozed(only(), TODAY + 59 * DAY)
    assert not alerts.is_snoozed(only(), TODAY + 60 * DAY)

    Rhythm.objects.update(next_on=TODAY + 20 * DAY)

    assert alerts.is_snoozed(only(), TODAY + 19 * DAY)
    assert not alerts.is_snoozed(only(), TODAY + 20 * DAY)


@pytest.mark.django_db
def test_announced_date_closes_an_alert_that_opens_again_where_it_is_called_off():
    rhythm = make_silent()
    day_passes(rhythm, 0)
    announcement = recording.announce(rhythm.group, "meetings", TODAY + 10 * DAY, now=NOW)
    alerts.follow_transitions(at(1))
    assert why() == Closed.SCHEDULED

    recording.cancel_announcement(announcement, by=None, now=at(9))
    day_passes(rhythm, 9)

    assert (only().closed_at, only().reopened_at, only().frozen_days) == (None, at(9), 8)


@pytest.mark.django_db
def test_backfill_closes_an_alert_as_completed():
    rhythm = make_silent()
    alerts.follow_transitions(NOW)
    recording.see(rhythm.group, "meetings", {TODAY - 10 * DAY: 1}, person=None, now=at(1))
    alerts.follow_transitions(at(1))

    assert why() == Closed.COMPLETED


@pytest.mark.django_db
def test_pause_closes_an_alert_and_opens_it_again_if_still_quiet_after_it():
    rhythm = make_silent()
    alerts.follow_transitions(NOW)
    recording.pause(rhythm.group, TODAY + 30 * DAY, by=None, now=NOW)
    alerts.follow_transitions(NOW)
    assert why() == Closed.PAUSED

    day_passes(rhythm, 32)

    assert only().reopened_at == at(32)


@pytest.mark.django_db
def test_slower_rhythm_may_close_an_alert():
    rhythm = make_silent()
    alerts.follow_transitions(NOW)
    recording.declare_rhythm(rhythm.group, "meetings", 182.6, by=None, now=NOW)
    alerts.follow_transitions(NOW)

    assert why() == Closed.RHYTHM


@pytest.mark.django_db
def test_finished_series_is_no_death():
    rhythm = make_silent()
    alerts.follow_transitions(NOW)
    recording.end_indicator(rhythm.group, "meetings", "It ended well.", by=None, now=NOW)
    alerts.follow_transitions(NOW)

    assert why() == Closed.ENDED


@pytest.mark.django_db
def test_three_silences_within_thirty_days_are_one_alert_and_archiving_closes_all():
    group = make_group()
    for indicator in ("meetings", "news", "space"):
        rhythm = make_silent(group, indicator=indicator, ago=100)
    alerts.follow_transitions(NOW)
    assert Alert.objects.filter(lead=None).count() == 1

    Group.objects.filter(pk=group.pk).update(activity="archived")
    day_passes(rhythm, 1)

    assert set(Alert.objects.values_list("closed_why", flat=True)) == {Closed.ARCHIVED}


@pytest.mark.django_db
def test_group_in_preparation_opens_no_alert():
    make_silent(make_group(activity="preparing"))
    assert not alerts.follow_transitions(NOW)


@pytest.mark.django_db
def test_wrong_alert_stays_closed_and_a_second_one_suggests_relaxed():
    rhythm = make_silent()
    alerts.follow_transitions(NOW)
    assert alerts.close_as(only(), Closed.WRONG, by=None, now=NOW)
    assert not alerts.close_as(only(), Closed.WRONG, by=None, now=NOW)
    alerts.follow_transitions(at(1))
    assert why() == Closed.WRONG
    assert not alerts.suggests_relaxed(rhythm, at(59))

    Alert.objects.create(rhythm=rhythm, quiet_since=date(2026, 9, 1), opened_on=TODAY)

    assert alerts.suggests_relaxed(rhythm, at(59))
    assert not alerts.suggests_relaxed(rhythm, at(61))


@pytest.mark.django_db(transaction=True)
def test_alert_opens_once_whoever_looks_at_the_same_moment(shared):
    make_silent()

    assert at_once(shared, *[lambda: alerts.follow_transitions(NOW)] * 4) == []

    assert Alert.objects.count() == 1
