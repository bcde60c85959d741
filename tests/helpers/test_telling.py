import pytest

from groups.models import Mail
from helpers import alerts, telling
from helpers.models import Alert, Follow
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)
from tests.sharing import at_once

from .factories import DAY, NOW, TODAY
from .test_alerts import at, day_passes, make_silent, only
from .test_digests import make_helper


def told():
    """Return [(receiver, step)] of what was queued since the last call, in order."""
    mails = list(Mail.objects.order_by("pk"))
    Mail.objects.filter(pk__in=[each.pk for each in mails]).update(outcome="sent", sent_at=NOW)
    found = [(each.receiver, each.key.split(":")[3]) for each in mails if each.outcome == "queued"]
    return sorted(found)


def cast(rhythm):
    """Give the group of ``rhythm`` a helper who follows it, one who does not, a facilitator."""
    bob = make_helper(rhythm.group)
    make_role(bob.roles.get().ecosystem, person=make_person("carol@example.org"))
    make_facilitator(rhythm.group, make_person("ada@example.org"))
    return bob


@pytest.mark.django_db
def test_each_step_is_told_once_to_whom_it_concerns():
    rhythm = make_silent()
    cast(rhythm)
    heard = []
    for days in range(0, 301):
        if days in (0, 13, 14, 27, 28, 89, 90, 294, 295, 300):
            day_passes(rhythm, days)
            telling.tell(at(days))
            telling.tell(at(days))
            heard += [(days, *each) for each in told()]

    assert heard == [
        (0, "bob@example.org", "opened"),
        (14, "bob@example.org", "reminded"),
        (28, "carol@example.org", "offered"),
        (90, "ada@example.org", "asked"),
        (295, "bob@example.org", "archive"),
        (295, "carol@example.org", "archive"),
    ]


@pytest.mark.django_db
def test_alert_without_followers_is_offered_to_the_helpers_of_its_ecosystems_after_four_weeks():
    rhythm = make_silent()
    cast(rhythm)
    Follow.objects.all().delete()
    for days in (0, 14, 28):
        day_passes(rhythm, days)
        telling.tell(at(days))

    assert told() == [("bob@example.org", "offered"), ("carol@example.org", "offered")]


@pytest.mark.django_db
def test_helper_of_a_group_that_left_is_told_nothing():
    rhythm = make_silent()
    bob = cast(rhythm)
    bob.roles.update(withdrawn_at=NOW)
    day_passes(rhythm, 0)
    telling.tell(NOW)

    assert told() == []


@pytest.mark.django_db
def test_alert_that_a_helper_put_off_is_told_when_that_is_over():
    rhythm = make_silent()
    bob = cast(rhythm)
    day_passes(rhythm, 0)
    telling.tell(NOW)
    told()
    alerts.snooze(only(), TODAY + 30 * DAY, by=bob, now=NOW)
    for days, expected in ((20, []), (30, ["bob@example.org", "carol@example.org"])):
        day_passes(rhythm, days)
        telling.tell(at(days))
        assert [receiver for receiver, _step in told()] == expected


@pytest.mark.django_db
def test_asking_another_helper_tells_the_others():
    rhythm = make_silent()
    cast(rhythm)
    day_passes(rhythm, 0)
    telling.tell(NOW)
    told()

    assert alerts.offer(only(), now=at(1))
    telling.tell(at(1))

    assert told() == [("carol@example.org", "offered")]


@pytest.mark.django_db
def test_what_is_over_before_its_mail_leaves_is_withdrawn():
    rhythm = make_silent()
    cast(rhythm)
    day_passes(rhythm, 0)
    telling.tell(NOW)
    alerts.close_as(only(), Alert.Closed.WRONG, by=None, now=NOW)

    assert telling.tell(NOW) == {"withdrawn": 1}
    assert not Mail.objects.exists()


@pytest.mark.django_db
def test_three_silences_are_told_as_one():
    group = make_group()
    rhythm = make_silent(group, indicator="meetings", ago=95)
    for indicator in ("news", "space"):
        make_silent(group, indicator=indicator, ago=95)
    make_helper(group)
    day_passes(rhythm, 0)

    assert telling.tell(NOW) == {"opened": 1}
    assert "Silent too: News, Shared space" in Mail.objects.get().text


@pytest.mark.django_db
def test_mail_says_why_in_the_language_of_its_reader_and_by_day():
    rhythm = make_silent(make_group(name="Jardin", short_name="jardin"))
    make_helper(rhythm.group)
    claire = make_person("claire@example.org", time_zone="Pacific/Auckland")
    ecosystem = make_ecosystem("other", name="Other")
    make_role(ecosystem, person=claire)
    make_membership(rhythm.group, ecosystem)
    Follow.objects.create(person=claire, group=rhythm.group)
    day_passes(rhythm, 0)
    telling.tell(NOW)

    english, french = Mail.objects.order_by("receiver")
    assert english.subject == "Waiting for a word: Jardin"
    assert "none for 70 days" in english.text
    assert "/en/helpers/groups/jardin/write/?about=meetings" in english.text
    assert english.due_at == NOW
    assert french.subject == "Attend un mot\xa0: Jardin"
    assert "/helpers/groups/jardin/write/?about=meetings" in french.text
    # It is eleven at night there: it waits for eight.
    assert f"{french.due_at:%Y-%m-%d %H:%M}" == "2026-10-01 19:00"


@pytest.mark.django_db
def test_nothing_is_told_while_nothing_can_be_known():
    rhythm = make_silent()
    cast(rhythm)
    day_passes(rhythm, 0)
    Alert.objects.update(frozen_on=TODAY)

    assert telling.tell(NOW) == {}


@pytest.mark.django_db(transaction=True)
def test_alert_is_told_once_whoever_tells_at_the_same_moment(shared):
    rhythm = make_silent()
    cast(rhythm)
    day_passes(rhythm, 0)

    assert at_once(shared, *[lambda: telling.tell(NOW)] * 4) == []

    assert Mail.objects.count() == 1
