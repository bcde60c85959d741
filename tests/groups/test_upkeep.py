from datetime import UTC, date, datetime, timedelta

import pytest

from groups import upkeep
from groups.access import confirmed_facilitators, is_facilitator
from groups.links import make_link
from groups.models import Facilitator, Group, Link, Mail, Pause, Person, Revision, Tagging, Task
from groups.tasks import open_task
from tests.factories import make_facilitator, make_group, make_person

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def whys(group):
    """Return why each revision was written and by whom, oldest first, without the first."""
    return list(group.revisions.order_by("pk").values_list("why", "by__email"))[1:]


def mails():
    return list(Mail.objects.order_by("pk").values_list("receiver", "subject", "is_asked"))


def tasks(group):
    return list(group.tasks.order_by("pk").values_list("kind", "decision"))


# Being named


def test_welcome_names_somebody_who_may_do_nothing_yet_and_writes_to_them():
    group = make_group(name="Estran")

    facilitator = upkeep.welcome(group, " Ada@Example.org", "en", "Ada", NOON)

    person = Person.objects.get()
    assert (person.email, person.name, person.language) == ("ada@example.org", "Ada", "en")
    assert not person.has_usable_password()
    assert (facilitator.person, facilitator.confirmed_at) == (person, None)
    assert not is_facilitator(person, group)
    assert mails() == [("ada@example.org", "Confirm your address for “Estran”", True)]
    assert Link.objects.get().purpose == "confirm"


def test_welcome_leaves_whoever_is_known_as_they_are():
    ada = make_person(name="Ada L.", language="en")

    upkeep.welcome(make_group(), "ada@example.org", "fr", "Somebody else", NOON)

    ada.refresh_from_db()
    assert (ada.name, ada.language) == ("Ada L.", "en")
    assert Mail.objects.get().language == "en"


def test_welcome_twice_names_once_and_writes_again():
    group = make_group()

    upkeep.welcome(group, "ada@example.org", "fr", "", NOON)
    upkeep.welcome(group, "ada@example.org", "fr", "", NOON + timedelta(minutes=1))

    assert Facilitator.objects.count() == 1
    assert len(mails()) == 2


def test_a_double_click_writes_once():
    group = make_group()

    upkeep.welcome(group, "ada@example.org", "fr", "", NOON)
    upkeep.welcome(group, "ada@example.org", "fr", "", NOON)

    assert len(mails()) == 1


def test_whoever_facilitates_already_is_not_asked_to_confirm():
    group, ada = make_group(), make_person()
    make_facilitator(group, ada)

    upkeep.welcome(group, "ada@example.org", "fr", "", NOON)
    upkeep.add_facilitator(group, "ada@example.org", "fr", ada, NOON)

    assert mails() == []


def test_somebody_the_operators_shut_out_gets_no_mail():
    make_person(is_active=False)

    upkeep.welcome(make_group(), "ada@example.org", "fr", "", NOON)

    assert mails() == []


# Confirming


def test_a_confirmed_address_acts_and_ends_the_kept_link_and_the_search_for_somebody():
    group = make_group()
    make_link(Link.Purpose.KEPT, group=group, now=NOON)
    open_task(Task.Kind.ORPHAN, group, now=NOON)
    facilitator = upkeep.welcome(group, "ada@example.org", "fr", "", NOON)

    assert upkeep.confirm_address(facilitator, NOON)

    assert is_facilitator(facilitator.person, group)
    assert Link.objects.get(purpose="kept").ended_at == NOON
    assert tasks(group) == [("orphan", "settled")]
    assert whys(group) == [("address_confirmed", "ada@example.org")]


def test_confirming_twice_is_noted_once():
    group = make_group()
    facilitator = upkeep.welcome(group, "ada@example.org", "fr", "", NOON)
    upkeep.confirm_address(facilitator, NOON)

    assert upkeep.confirm_address(facilitator, NOON + timedelta(days=1))

    facilitator.refresh_from_db()
    assert facilitator.confirmed_at == NOON
    assert len(whys(group)) == 1


def test_whoever_was_taken_off_before_they_confirmed_may_not_act():
    group, ada = make_group(), make_person("ada@example.org")
    make_facilitator(group, ada)
    invited = upkeep.add_facilitator(group, "bo@example.org", "fr", ada, NOON)
    upkeep.remove_facilitator(group, invited.person, ada, NOON)

    assert not upkeep.confirm_address(invited, NOON)

    assert not is_facilitator(invited.person, group)


# Inviting, handing over, leaving


def test_an_invitation_names_who_invites_and_never_their_address():
    group, ada = make_group(name="Estran"), make_person(name="Ada", email="ada@secret.example")
    make_facilitator(group, ada)

    upkeep.add_facilitator(group, "bo@example.org", "en", ada, NOON)

    mail = Mail.objects.get()
    assert (mail.receiver, mail.subject) == (
        "bo@example.org",
        "You are invited to facilitate “Estran”",
    )
    assert "Ada invites you" in mail.text
    assert "ada@secret.example" not in mail.text + mail.html
    assert Facilitator.objects.get(person__email="bo@example.org").added_by == ada
    assert whys(group) == [("facilitator_invited", "ada@secret.example")]


def test_who_hands_over_stays_until_the_other_has_confirmed():
    group, ada = make_group(name="Estran"), make_person(language="en")
    make_facilitator(group, ada)
    invited = upkeep.hand_over(group, "bo@example.org", "en", ada, NOON)
    assert is_facilitator(ada, group)

    upkeep.confirm_address(invited, NOON + timedelta(days=1))

    assert not is_facilitator(ada, group)
    assert is_facilitator(invited.person, group)
    assert whys(group) == [
        ("facilitator_invited", "ada@example.org"),
        ("address_confirmed", "bo@example.org"),
        ("handed_over", "ada@example.org"),
    ]
    assert mails() == [
        ("bo@example.org", "“Estran” would be in your hands", True),
        ("ada@example.org", "“Estran” is in other hands now", False),
    ]
    assert tasks(group) == []


def test_handing_over_to_a_facilitator_is_done_at_once():
    group, ada, bo = make_group(), make_person(), make_person("bo@example.org")
    make_facilitator(group, ada)
    make_facilitator(group, bo)

    upkeep.hand_over(group, "bo@example.org", "fr", ada, NOON)

    assert [each.person for each in confirmed_facilitators(group)] == [bo]


def test_handing_over_to_oneself_changes_nothing():
    group, ada = make_group(), make_person()
    make_facilitator(group, ada)

    upkeep.hand_over(group, "ADA@example.org", "fr", ada, NOON)

    assert is_facilitator(ada, group)


def test_who_stayed_after_all_is_not_ended_by_an_old_invitation():
    """Ada hands over, leaves by herself, is invited again: Bo's late yes concerns her no more."""
    group, ada = make_group(), make_person()
    make_facilitator(group, ada)
    invited = upkeep.hand_over(group, "bo@example.org", "fr", ada, NOON)
    upkeep.leave(group, ada, NOON)
    upkeep.confirm_address(upkeep.welcome(group, "ada@example.org", "fr", "", NOON), NOON)

    upkeep.confirm_address(Facilitator.objects.get(pk=invited.pk), NOON)

    assert is_facilitator(ada, group)


def test_who_thinks_again_and_invites_beside_stays():
    group, ada = make_group(), make_person()
    make_facilitator(group, ada)
    upkeep.hand_over(group, "bo@example.org", "fr", ada, NOON)

    invited = upkeep.add_facilitator(group, "bo@example.org", "fr", ada, NOON)
    upkeep.confirm_address(Facilitator.objects.get(pk=invited.pk), NOON)

    assert is_facilitator(ada, group)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [("orphan", "")]),
        ({"activity": "asleep"}, [("orphan", "")]),
        ({"activity": "archived"}, []),
        ({"review": "pending"}, []),
        ({"review": "refused"}, []),
    ],
)
def test_when_the_last_one_leaves_a_public_group_helpers_look_for_somebody(fields, expected):
    group, ada, bo = make_group(**fields), make_person(), make_person("bo@example.org")
    make_facilitator(group, ada)
    make_facilitator(group, bo)

    assert upkeep.leave(group, ada, NOON)
    assert tasks(group) == []
    assert upkeep.leave(group, bo, NOON)

    assert tasks(group) == expected
    assert whys(group) == [
        ("facilitator_left", "ada@example.org"),
        ("facilitator_left", "bo@example.org"),
    ]


def test_somebody_invited_is_not_somebody_there():
    group, ada = make_group(), make_person()
    make_facilitator(group, ada)
    upkeep.add_facilitator(group, "bo@example.org", "fr", ada, NOON)

    upkeep.leave(group, ada, NOON)

    assert tasks(group) == [("orphan", "")]


def test_leaving_twice_is_noted_once():
    group, ada = make_group(), make_person()
    make_facilitator(group, ada)

    assert upkeep.leave(group, ada, NOON)
    assert not upkeep.leave(group, ada, NOON)

    assert len(whys(group)) == 1


def test_whoever_is_taken_off_is_out_and_told_by_whom():
    group, ada = make_group(name="Estran"), make_person(name="Ada")
    bo = make_person("bo@example.org", language="en", wants_reminders=False)
    make_facilitator(group, ada)
    listed = make_facilitator(group, bo)

    assert upkeep.remove_facilitator(group, bo, ada, NOON)

    listed.refresh_from_db()
    assert (listed.ended_at, listed.ended_by) == (NOON, ada)
    assert whys(group) == [("facilitator_removed", "ada@example.org")]
    # No reminder: it comes also to who wants none.
    assert mails() == [("bo@example.org", "You no longer facilitate “Estran”", True)]
    assert "Ada has taken you off the list" in Mail.objects.get().text


def test_a_kept_link_is_replaced_by_one_other():
    group = make_group()
    make_link(Link.Purpose.KEPT, group=group, now=NOON)

    upkeep.replace_kept_link(group, None, NOON)

    assert list(Link.objects.order_by("pk").values_list("ended_at", flat=True)) == [NOON, None]
    assert whys(group) == [("kept_link_replaced", None)]


# The entry and the activity


def make_asked_group(**fields):
    group = make_group(
        keywords=["velo"], asked_at=NOON - timedelta(days=9), times_asked=2, **fields
    )
    open_task(Task.Kind.STALE, group, now=NOON)
    return group


@pytest.mark.parametrize(
    ("deed", "before", "after", "why"),
    [
        (upkeep.confirm_entry, "active", "active", "still_right"),
        (upkeep.put_to_sleep, "active", "asleep", "asleep"),
        (upkeep.wake, "asleep", "active", "awake"),
        (upkeep.wake, "archived", "active", "awake"),
        (upkeep.archive, "active", "archived", "archived"),
    ],
)
def test_a_deed_is_recorded_counts_as_checked_and_is_in_the_lists(deed, before, after, why):
    group, ada = make_asked_group(activity=before), make_person()

    deed(group, ada, NOON)

    assert whys(group) == [(why, "ada@example.org")]
    assert Revision.objects.first().entry["activity"] == after
    for each in (group, Group.objects.get()):
        assert (each.activity, each.confirmed_at) == (after, NOON)
        assert (each.asked_at, each.times_asked) == (None, 0)
    assert tasks(group) == [("stale", "settled")]
    tagging = Tagging.objects.get()
    assert (tagging.activity, tagging.confirmed_at) == (after, NOON)


def test_a_check_is_no_change_of_the_entry():
    group = make_group()
    before = group.updated_at

    upkeep.confirm_entry(group, None, NOON)

    assert Group.objects.get().updated_at == before


def test_an_archived_group_needs_nobody():
    group = make_group()
    open_task(Task.Kind.ORPHAN, group, now=NOON)

    upkeep.archive(group, None, NOON)

    assert tasks(group) == [("orphan", "settled")]


@pytest.mark.parametrize("deed", [upkeep.wake, upkeep.archive])
def test_an_offer_to_take_over_ends_when_the_group_moves_by_itself(deed):
    group, bo = make_group(name="Estran", activity="asleep"), make_person("bo@example.org")
    open_task(Task.Kind.TAKE_OVER, group, now=NOON, person=bo, words="I would.")

    deed(group, None, NOON)

    assert tasks(group) == [("take_over", "settled")]
    assert [mail[0] for mail in mails()] == ["bo@example.org"]


# Pauses


def test_a_pause_is_remembered_with_its_end_and_reason():
    group, ada = make_group(), make_person()

    upkeep.pause(group, date(2027, 1, 31), ada, NOON, reason="Holidays")

    pause = Pause.objects.get()
    assert (pause.from_day, pause.until_day, pause.review_on) == (TODAY, date(2027, 1, 31), None)
    assert (pause.reason, pause.created_by) == ("Holidays", ada)
    assert whys(group) == [("paused", "ada@example.org")]


def test_a_pause_may_have_a_day_to_look_again():
    group = make_group()

    upkeep.pause(group, None, None, NOON, review_on=date(2027, 1, 31))

    pause = Pause.objects.get()
    assert (pause.until_day, pause.review_on) == (None, date(2027, 1, 31))


def test_a_latest_pause_is_changed_not_doubled():
    group = make_group()
    upkeep.pause(group, date(2027, 1, 31), None, NOON)

    upkeep.pause(group, date(2027, 2, 28), None, NOON + timedelta(days=3))

    pause = Pause.objects.get()
    assert (pause.from_day, pause.until_day) == (TODAY, date(2027, 2, 28))


@pytest.mark.parametrize(
    ("days", "is_allowed"), [(-1, False), (0, True), (2 * 365, True), (2 * 365 + 1, False)]
)
def test_a_pause_ends_within_two_years(days, is_allowed):
    group, day = make_group(), TODAY + timedelta(days=days)

    if is_allowed:
        assert upkeep.pause(group, day, None, NOON)
    else:
        with pytest.raises(ValueError, match="within two years"):
            upkeep.pause(group, day, None, NOON)
        assert not Pause.objects.exists()


def test_a_pause_without_an_end_is_none():
    with pytest.raises(ValueError, match="within two years"):
        upkeep.pause(make_group(), None, None, NOON)


def test_a_pause_ended_early_is_remembered_until_the_day_before():
    group = make_group()
    upkeep.pause(group, date(2027, 1, 31), None, NOON)

    assert upkeep.end_pause(group, None, NOON + timedelta(days=10))

    pause = Pause.objects.get()
    assert pause.until_day == TODAY + timedelta(days=9)
    assert upkeep.latest_pause(group, TODAY + timedelta(days=9)) == pause
    assert upkeep.latest_pause(group, TODAY + timedelta(days=10)) is None
    assert [why for why, _by in whys(group)] == ["paused", "pause_ended"]


def test_a_pause_ended_on_its_first_day_was_none():
    group = make_group()
    upkeep.pause(group, date(2027, 1, 31), None, NOON)

    assert upkeep.end_pause(group, None, NOON)
    assert not upkeep.end_pause(group, None, NOON)

    assert not Pause.objects.exists()


def test_a_pause_runs_on_its_last_day():
    group = make_group()
    pause = upkeep.pause(group, date(2027, 1, 31), None, NOON)

    assert upkeep.latest_pause(group, date(2027, 1, 31)) == pause
    assert upkeep.latest_pause(group, date(2027, 2, 1)) is None
    assert upkeep.latest_pause(group, date(2026, 11, 20)) is None


@pytest.mark.parametrize(("looks_after", "ends_on"), [(-9, -9), (0, -1)])
def test_a_pause_nobody_looked_at_ends_on_the_day_to_look(looks_after, ends_on):
    group, today = make_group(), NOON.date()
    Pause.objects.create(
        group=group,
        from_day=today - timedelta(days=40),
        review_on=today + timedelta(days=looks_after),
    )

    assert upkeep.end_pause(group, None, NOON)

    pause = Pause.objects.get()
    assert (pause.until_day, pause.review_on) == (today + timedelta(days=ends_on), None)


@pytest.mark.parametrize(
    ("days", "is_asked"),
    [({"review_on": 0}, True), ({"review_on": 1}, False), ({"until_day": 0}, False)],
)
def test_a_pause_is_looked_at_from_its_day_on(days, is_asked):
    today = NOON.date()
    days = {name: today + timedelta(days=number) for name, number in days.items()}

    assert upkeep.is_to_be_looked_at(Pause(from_day=today, **days), today) is is_asked
