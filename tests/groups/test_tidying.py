from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from groups.links import make_link
from groups.management.commands.tidy import Command
from groups.models import (
    CacheRow,
    Draft,
    Facilitator,
    Limit,
    Link,
    Mail,
    NetworkKey,
    Person,
    Role,
    Submission,
    Task,
)
from groups.reviewing import open_tasks_for
from groups.tidying import tidy
from tests.factories import make_ecosystem, make_facilitator, make_group, make_person
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def gone(now=NOON):
    """Return what was thrown away, without what there was none of."""
    return {what: count for what, count in tidy(now).items() if count}


def test_where_there_is_nothing_nothing_goes():
    make_facilitator(make_group())

    assert gone() == {}


@pytest.mark.parametrize(("age", "goes"), [(30 * DAY, 0), (30 * DAY + MOMENT, 1)])
def test_a_draft_is_kept_for_thirty_days_and_its_link_goes_along(age, goes):
    draft = Draft.objects.create(email="ada@example.org", created_at=NOON - age)
    make_link(Link.Purpose.DRAFT, draft=draft, now=NOON)

    tidy(NOON)

    assert (Draft.objects.count(), Link.objects.count()) == (1 - goes, 1 - goes)


@pytest.mark.parametrize(
    ("moments", "goes"),
    [
        ({"expires_at": NOON - 30 * DAY}, False),
        ({"expires_at": NOON - 30 * DAY - MOMENT}, True),
        ({"expires_at": NOON + DAY, "used_at": NOON - 30 * DAY}, False),
        ({"expires_at": NOON + DAY, "used_at": NOON - 30 * DAY - MOMENT}, True),
        ({"expires_at": NOON + DAY, "ended_at": NOON - 30 * DAY}, False),
        ({"expires_at": NOON + DAY, "ended_at": NOON - 30 * DAY - MOMENT}, True),
    ],
)
def test_a_link_that_opens_nothing_is_kept_for_thirty_days(moments, goes):
    make_link(Link.Purpose.EDIT, person=make_person(), group=make_group(), now=NOON - 90 * DAY)
    Link.objects.update(**moments)

    assert gone() == ({"links": 1} if goes else {})


def test_a_kept_link_stays_until_it_was_ended():
    make_link(Link.Purpose.KEPT, group=make_group(), now=NOON - 900 * DAY)
    assert gone() == {}

    Link.objects.update(ended_at=NOON - 31 * DAY)
    assert gone() == {"links": 1}


def test_the_marks_of_forms_that_were_sent_are_kept_for_thirty_days():
    for age in (30 * DAY, 30 * DAY + MOMENT):
        Submission.objects.create(token=f"{age}", created_at=NOON - age)

    assert gone() == {"submissions": 1}


def test_limits_go_when_they_end():
    for key, ends_at in (("over", NOON), ("running", NOON + MOMENT)):
        Limit.objects.create(key=key, count=1, ends_at=ends_at)

    assert gone() == {"limits": 1}
    assert Limit.objects.get().key == "running"


def test_the_keys_of_networks_go_with_their_day():
    for day in (NOON.date(), NOON.date() - DAY):
        NetworkKey.objects.create(day=day, key=b"key")

    assert gone() == {"network_keys": 1}
    assert NetworkKey.objects.get().day == NOON.date()


@pytest.mark.parametrize(
    ("outcome", "age", "goes"),
    [
        ("sent", 90 * DAY, False),
        ("sent", 90 * DAY + MOMENT, True),
        ("joined", 91 * DAY, True),
        ("queued", 900 * DAY, False),
        ("handing_over", 900 * DAY, False),
        ("unknown", 365 * DAY, False),
        ("unknown", 365 * DAY + MOMENT, True),
        ("refused", 365 * DAY, False),
        ("refused", 365 * DAY + MOMENT, True),
    ],
)
def test_mails_are_kept_for_a_while_and_those_that_wait_for_as_long_as_they_do(outcome, age, goes):
    Mail.objects.create(
        key="a",
        receiver="ada@example.org",
        outcome=outcome,
        created_at=NOON - age,
        sent_at=NOON - age if outcome in ("sent", "joined") else None,
    )

    assert gone() == ({"mails": 1} if goes else {})


def test_sessions_and_rows_of_the_cache_go_when_they_end():
    for key, moment in (("over", NOON - MOMENT), ("running", NOON)):
        Session.objects.create(session_key=key, session_data="", expire_date=moment)
        CacheRow.objects.create(cache_key=key, value="", expires=moment)

    assert gone() == {"sessions": 1, "cache_rows": 1}
    assert Session.objects.get().session_key == CacheRow.objects.get().cache_key == "running"


def test_the_address_of_who_reported_is_forgotten_a_month_after_the_decision():
    group = make_group()
    ages = {"open": None, "new": 30 * DAY, "old": 30 * DAY + MOMENT}
    for words, age in ages.items():
        Task.objects.create(
            kind="report",
            reason="wrong",
            group=group,
            words=words,
            reporter="eve@example.org",
            opened_at=NOON - 90 * DAY,
            decision="seen" if age else "",
            decided_at=NOON - age if age else None,
        )

    assert gone() == {"reporters": 1}
    assert set(Task.objects.exclude(reporter="").values_list("words", flat=True)) == {"open", "new"}
    assert Task.objects.count() == 3


def test_pictures_that_nothing_shows_go(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("banners/none.webp", ContentFile(b"x"))
    later = timezone.now() + 3 * DAY

    assert gone(later) == {"pictures": 1}
    assert not default_storage.exists(name)


# People


@pytest.fixture
def stranger():
    """Somebody whose address was typed once."""
    return make_person("typo@example.org", created_at=NOON - 30 * DAY - MOMENT)


def test_an_address_nobody_confirmed_is_forgotten_after_a_month(stranger):
    make_person("new@example.org", created_at=NOON - 30 * DAY)

    assert gone() == {"people": 1}
    assert Person.objects.get().email == "new@example.org"


def test_whoever_was_taken_off_the_list_before_they_confirmed_is_forgotten_too(stranger):
    make_facilitator(make_group(), stranger, confirmed_at=None, ended_at=NOON)

    assert gone() == {"people": 1}
    assert not Facilitator.objects.exists()


@pytest.mark.parametrize(
    "give",
    [
        lambda person: make_facilitator(make_group(), person, confirmed_at=None),
        lambda person: make_facilitator(make_group(), person, ended_at=NOON),
        lambda person: Role.objects.create(
            person=person, ecosystem=make_ecosystem(), kind="helper", withdrawn_at=NOON
        ),
        lambda person: Task.objects.create(kind="take_over", group=make_group(), person=person),
        lambda person: Mail.objects.create(key="a", person=person, receiver=person.email),
        lambda person: Person.objects.filter(pk=person.pk).update(last_login=NOON),
        lambda person: Person.objects.filter(pk=person.pk).update(is_staff=True),
    ],
    ids=["named", "was there", "has a role", "offered", "is written to", "came", "operator"],
)
def test_whoever_means_something_here_stays(stranger, give):
    give(stranger)

    assert gone() == {}


# Twice, at once, by command


def make_mess():
    Draft.objects.create(email="ada@example.org", created_at=NOON - 31 * DAY)
    make_person("typo@example.org", created_at=NOON - 31 * DAY)
    make_link(Link.Purpose.KEPT, group=make_group(), now=NOON - 90 * DAY)
    Link.objects.update(ended_at=NOON - 31 * DAY)
    Limit.objects.create(key="over", count=1, ends_at=NOON)


def test_a_second_run_finds_nothing():
    make_mess()

    assert gone() == {"drafts": 1, "links": 1, "people": 1, "limits": 1}
    assert gone() == {}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_in_nobodys_way(shared):
    make_mess()

    assert at_once(shared, *[lambda: tidy(NOON)] * 3) == []
    assert gone() == {}


def test_the_command_says_in_one_line_what_went(capsys):
    Draft.objects.create(email="ada@example.org", created_at=timezone.now() - 31 * DAY)

    call_command("tidy")
    call_command("tidy")

    assert capsys.readouterr().out.splitlines() == [
        "Jeté\u00a0: brouillons 1.",
        "Rien à jeter.",
    ]


# What waits


def test_a_question_nobody_answers_is_shown_again_when_its_time_is_over():
    """The queue asks for what is shown by now; nothing has to bring it back."""
    group = make_group(review="pending")
    Task.objects.create(
        kind="new", group=group, asked_at=NOON, question="?", shown_from=NOON + 14 * DAY
    )
    helper = make_person("helper@example.org")
    Role.objects.create(person=helper, ecosystem=make_ecosystem(), kind="helper")

    tidy(NOON)

    assert not open_tasks_for(helper, NOON + 14 * DAY - MOMENT).exists()
    assert open_tasks_for(helper, NOON + 14 * DAY).get().group == group


def test_operators_are_told_once_a_day_what_waits_for_them():
    operator = make_person("operator@example.org", is_staff=True)
    since = NOON - 30 * DAY
    group = make_group(review="pending")
    Task.objects.create(kind="new", group=group, opened_at=since, shown_from=since)

    assert [gone(now) for now in (NOON, NOON + timedelta(hours=2), NOON + DAY)] == [
        {"operators": 1},
        {},
        {"operators": 1},
    ]
    assert {mail.person for mail in Mail.objects.all()} == {operator}


def test_helpers_are_told_what_has_waited_for_two_days(capsys):
    helper = make_person("helper@example.org")
    Role.objects.create(person=helper, ecosystem=make_ecosystem(), kind="helper")
    since = timezone.now() - 3 * DAY
    Task.objects.create(
        kind="new", group=make_group(review="pending"), opened_at=since, shown_from=since
    )

    call_command("tidy")

    told = "Helpers et curateur·rices averti·es de ce qui attend\u00a0: 1."
    assert capsys.readouterr().out.splitlines() == [f"Rien à jeter. {told}"]
    assert Mail.objects.get().person == helper


def test_the_help_says_how_often():
    assert "hourly" in Command.help
