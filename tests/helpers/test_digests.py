from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from groups.models import Mail
from helpers import digests, recording
from helpers.models import Digest, Follow, HelpRequest, Rhythm
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)
from tests.sharing import at_once

from .factories import DAY, every

PARIS, MONTREAL = ZoneInfo("Europe/Paris"), ZoneInfo("America/Montreal")
# A Monday; eight in Paris.
MONDAY = date(2026, 10, 5)
EIGHT = datetime(2026, 10, 5, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def make_helper(group, email="bob@example.org", **fields):
    """Return a helper of an ecosystem in which ``group`` is accepted, who follows it."""
    person = make_person(email, language="en", **fields)
    ecosystem = make_ecosystem(f"e{person.pk}", name=f"E{person.pk}")
    make_membership(group, ecosystem)
    make_role(ecosystem, person=person)
    Follow.objects.create(person=person, group=group)
    return person


def quiet_group(days, **fields):
    """Return a group whose monthly meetings are noted by hand, the last one so many days ago."""
    group = make_group(**fields)
    last = MONDAY - days * DAY
    recording.see(group, "meetings", every(30, last=last), now=EIGHT)
    Rhythm.objects.exclude(indicator="meetings").filter(group=group).delete()
    return group


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 10, 5, 8, tzinfo=PARIS), date(2026, 10, 5)),
        (datetime(2026, 10, 5, 7, 59, tzinfo=PARIS), date(2026, 9, 28)),
        (datetime(2026, 10, 11, 23, tzinfo=PARIS), date(2026, 10, 5)),
        (datetime(2026, 10, 5, 8, tzinfo=MONTREAL), date(2026, 10, 5)),
    ],
)
def test_slot_is_the_last_moment_of_that_day_and_hour(now, expected):
    assert digests.last_slot(PARIS, 0, 8, now).date() == expected


def test_slot_keeps_its_hour_when_the_clocks_change():
    before = digests.last_slot(PARIS, 6, 8, datetime(2026, 10, 24, 12, tzinfo=UTC))
    after = digests.last_slot(PARIS, 6, 8, datetime(2026, 10, 25, 12, tzinfo=UTC))

    assert (before.utcoffset(), after.utcoffset()) == (2 * 60 * MINUTE, 60 * MINUTE)
    assert (before.hour, after.hour) == (8, 8)


@pytest.mark.django_db
def test_digest_comes_at_the_minute_of_the_person_and_once_a_week():
    bob = make_helper(quiet_group(70), time_zone="America/Montreal")
    two_in_montreal = EIGHT + 6 * 60 * MINUTE

    assert digests.plan(two_in_montreal - MINUTE) == 0
    assert digests.plan(two_in_montreal) == 1
    assert digests.plan(two_in_montreal + MINUTE) == 0
    assert digests.plan(two_in_montreal + 6 * DAY) == 0
    assert digests.plan(two_in_montreal + 7 * DAY) == 1
    assert set(Mail.objects.values_list("person", flat=True)) == {bob.pk}


@pytest.mark.django_db
def test_digest_comes_on_the_day_that_was_chosen():
    bob = make_helper(quiet_group(70))
    Digest.objects.create(person=bob, weekday=3, hour=18)

    assert digests.plan(EIGHT) == 0
    assert digests.plan(EIGHT + 3 * DAY + 10 * 60 * MINUTE) == 1


@pytest.mark.django_db
def test_digest_that_was_missed_comes_within_two_days_and_then_not():
    make_helper(quiet_group(70))
    other = make_helper(quiet_group(70, short_name="other"), "carl@example.org")
    Digest.objects.create(person=other, weekday=5)

    assert digests.plan(EIGHT + 2 * DAY) == 1
    assert digests.plan(EIGHT + 2 * DAY + MINUTE) == 0


@pytest.mark.django_db
def test_digest_with_nothing_to_say_stays_away():
    make_helper(quiet_group(20))

    assert digests.plan(EIGHT) == 0
    assert Digest.objects.get().planned_on == MONDAY
    assert not Mail.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("said_no", [{"wants_reminders": False}, {"is_active": False}])
def test_digest_goes_to_nobody_who_wants_none(said_no):
    make_helper(quiet_group(70), **said_no)

    assert digests.plan(EIGHT) == 0


@pytest.mark.django_db
def test_digest_of_a_helper_says_who_waits_and_who_asks():
    group = quiet_group(70, name="Jardin")
    bob = make_helper(group)
    HelpRequest.objects.create(group=group, occasion="difficulty")
    alone = quiet_group(90, short_name="alone")
    make_membership(alone, bob.roles.get().ecosystem)

    digests.plan(EIGHT)

    mail = Mail.objects.get()
    assert mail.subject == "1 group waits for a word"
    assert "Meetings usually every 30 days" in mail.text
    assert f"/en/helpers/groups/{group.short_name}/write/?about=meetings" in mail.text
    assert "- Jardin – We have a difficulty" in mail.text
    assert "1 group of your ecosystems needs a word, and nobody follows it." in mail.text
    assert "on Monday at 8:00" in mail.text


@pytest.mark.django_db
def test_helper_who_is_one_no_more_reads_nothing():
    bob = make_helper(quiet_group(70))
    bob.roles.update(withdrawn_at=EIGHT)

    assert digests.news_for(bob, EIGHT) == {}
    assert digests.plan(EIGHT) == 0


@pytest.mark.django_db
def test_facilitators_read_what_is_late_and_not_what_is_silent():
    late, silent = quiet_group(45, name="Late"), quiet_group(70, short_name="silent")
    ada = make_person(language="en")
    for group in (late, silent):
        make_facilitator(group, ada)

    digests.plan(EIGHT)

    mail = Mail.objects.get()
    assert mail.subject == "Something is late: Late"
    assert f"/en/helpers/groups/{late.short_name}/" in mail.text
    assert "silent/" not in mail.text


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"confirmed_at": None}, {"ended_at": EIGHT}])
def test_only_confirmed_facilitators_read_of_their_group(fields):
    make_facilitator(quiet_group(45), make_person(), **fields)

    assert digests.plan(EIGHT) == 0


@pytest.mark.django_db
def test_unreadable_source_is_mentioned_for_four_weeks():
    group = quiet_group(10)
    ada = make_facilitator(group, make_person()).person
    Rhythm.objects.update(
        status="unknown", unknown_reason="unreadable", status_since=MONDAY - 28 * DAY
    )

    assert digests.news_for(ada, EIGHT)
    assert not digests.news_for(ada, EIGHT + DAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hour", "expected"), [(3, "05 08:00"), (8, "05 08:00"), (19, "05 19:00"), (20, "06 08:00")]
)
def test_a_mail_that_can_wait_leaves_by_day(hour, expected):
    now = datetime(2026, 10, 5, hour, tzinfo=PARIS)
    person = make_person(time_zone="Europe/Paris")

    assert f"{digests.pleasant_moment(person, now):%d %H:%M}" == expected


@pytest.mark.django_db(transaction=True)
def test_digest_is_planned_once_whoever_plans_at_the_same_moment(shared):
    make_helper(quiet_group(70))

    assert at_once(shared, *[lambda: digests.plan(EIGHT)] * 4) == []

    assert Mail.objects.count() == 1


@pytest.mark.django_db
def test_asking_who_is_due_costs_the_same_for_many(django_assert_num_queries):
    for number in range(5):
        make_helper(quiet_group(70, short_name=f"g{number}"), f"p{number}@example.org")

    # What each chose · who may have something to be told.
    with django_assert_num_queries(2):
        assert len(digests.due(EIGHT)) == 5


@pytest.mark.django_db
def test_digest_never_names_a_group_of_another_helper():
    bob = make_helper(quiet_group(70, name="Visible"))
    make_helper(quiet_group(70, name="Elsewhere", short_name="elsewhere"), "eve@example.org")

    assert "Elsewhere" not in str(digests.news_for(bob, EIGHT))


@pytest.mark.django_db
def test_digest_of_a_facilitator_asks_whether_a_season_is_the_reason():
    group = quiet_group(45, country="FR")
    ada = make_facilitator(group, make_person(language="en")).person
    august = datetime(2027, 8, 2, 6, tzinfo=UTC)
    recording.see(group, "meetings", {date(2027, 6, 20): 1}, now=august)
    Rhythm.objects.update(status="late")

    said = digests.news_for(ada, august)["groups"][0]["rest"]

    assert said == [
        "Summer break, from 1 August to 31 August: does the group rest then? Those days would not "
        "count as silence."
    ]
