from datetime import UTC, datetime, timedelta

import pytest

from groups.models import Mail, Role, Task
from groups.reviewing import queue_what_waits, remind_operators, remind_reviewers, submitted
from groups.tasks import open_task
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def open_tasks():
    return list(Task.objects.filter(decided_at=None).values_list("kind", "group__short_name"))


@pytest.fixture
def operator():
    return make_person(is_staff=True, language="en")


def test_operators_are_told_once_a_day_what_waits_for_them(operator):
    make_role(make_ecosystem())
    submitted(make_group(review="pending"), NOON)
    assert remind_operators(NOON + 6 * DAY) == 0

    assert remind_operators(NOON + 7 * DAY) == 1
    assert remind_operators(NOON + 7 * DAY + timedelta(hours=1)) == 0
    assert remind_operators(NOON + 8 * DAY) == 1

    mail = Mail.objects.first()
    assert (mail.person, mail.subject, mail.is_asked) == (
        operator,
        "Something waits for you",
        False,
    )
    assert "/en/review/" in mail.text
    assert "since Nov. 21, 2026" in mail.text


def test_nobody_is_told_of_nothing(operator):
    assert remind_operators(NOON) == 0
    assert Mail.objects.count() == 0


def test_only_operators_who_are_there_and_want_it_are_told(operator):
    make_person("gone@example.org", is_staff=True, is_active=False)
    make_person("quiet@example.org", is_staff=True, wants_reminders=False)
    make_role(make_ecosystem())
    submitted(make_group(review="pending"), NOON)

    assert remind_operators(NOON + 7 * DAY) == 1


def test_a_pending_group_without_a_task_gets_one_of_its_age():
    group = make_group(review="pending", short_name="forgotten", created_at=NOON - 30 * DAY)
    submitted(make_group(review="pending", short_name="known"), NOON)
    make_group(review="refused")
    make_group()

    queue_what_waits(NOON)
    queue_what_waits(NOON)

    assert open_tasks() == [("new", "forgotten"), ("new", "known")]
    task = Task.objects.get(group=group)
    assert (task.opened_at, task.shown_from) == (NOON - 30 * DAY, NOON)


def test_a_membership_without_a_task_gets_one():
    group = make_group(short_name="asks")
    make_membership(group, make_ecosystem(), status="asked")
    make_membership(make_group(), make_ecosystem("other"))

    queue_what_waits(NOON)

    assert open_tasks() == [("membership", "asks")]


def test_a_membership_decided_elsewhere_waits_no_more():
    ecosystem = make_ecosystem(admission="reviewed")
    group = make_group(keywords=["rivages"])
    make_membership(group, ecosystem)

    queue_what_waits(NOON)

    task = Task.objects.get()
    assert (task.decision, task.decided_at) == ("settled", NOON)


# Helpers and curators

LATER = timedelta(days=2, minutes=1)


@pytest.fixture
def helper():
    return make_role(make_ecosystem(), person=make_person("helper@example.org", language="en"))


def test_a_helper_is_told_after_two_days_what_waits_by_kind(helper):
    for _ in range(2):
        submitted(make_group(review="pending"), NOON)
    for kind in ("look", "stale", "orphan", "take_over"):
        open_task(kind, make_group(), now=NOON)
    open_task("report", make_group(), now=NOON, reason="wrong")
    open_task("edit", make_group(), now=NOON, entry={})
    assert remind_reviewers(NOON + timedelta(days=2)) == 0

    assert remind_reviewers(NOON + LATER) == 1

    mail = Mail.objects.get()
    assert (mail.key, mail.person) == (f"review:{helper.pk}:2026-11-23", helper)
    assert (mail.subject, mail.is_asked) == ("8 things wait for you", False)
    sentences = [line for line in mail.text.splitlines() if line.startswith("- ")]
    assert sentences == [
        "- 2 new groups wait to be read.",
        "- 1 change waits to be accepted.",
        "- 1 change, public already, waits for a look.",
        "- 1 report of a visitor waits for a word.",
        "- 1 group does not say whether its page is still right.",
        "- 1 offer to take a group over waits for an answer.",
        "- 1 group has nobody who facilitates it.",
    ]
    assert "/en/review/" in mail.text
    assert "2 new groups wait to be read." in mail.html


def test_a_curator_is_told_who_asks_to_join_in_their_language():
    ecosystem = make_ecosystem(admission="reviewed")
    curator = make_role(ecosystem, "curator")
    make_role(make_ecosystem("other"), "curator")
    group = make_group()
    make_membership(group, ecosystem, status="asked")
    open_task("membership", group, ecosystem=ecosystem, now=NOON)

    assert remind_reviewers(NOON + LATER) == 1

    mail = Mail.objects.get()
    assert mail.person == curator
    assert "- 1 groupe demande à rejoindre un écosystème." in mail.text


def test_each_thing_is_told_once_and_one_mail_a_day_at_most(helper):
    submitted(make_group(review="pending"), NOON)
    submitted(make_group(review="pending"), NOON + timedelta(hours=1))
    submitted(make_group(review="pending"), NOON + DAY)
    hours = [timedelta(hours=hour) for hour in range(24 * 6)]

    told = [hour for hour in hours if remind_reviewers(NOON + timedelta(days=2) + hour)]

    # The others came of age on a day that had its mail, and are told in that of the next.
    assert len(told) == 3
    assert list(Mail.objects.order_by("pk").values_list("subject", flat=True)) == [
        "Something waits for you",
        "2 things wait for you",
        "3 things wait for you",
    ]


def test_what_was_hidden_waits_from_the_day_it_is_shown(helper):
    task = submitted(make_group(review="pending"), NOON)
    Task.objects.filter(pk=task.pk).update(shown_from=NOON + 14 * DAY)

    assert remind_reviewers(NOON + 15 * DAY) == 0
    assert remind_reviewers(NOON + 14 * DAY + LATER) == 1


def test_who_may_not_decide_it_or_wants_no_mail_is_not_told(helper):
    task = submitted(make_group(review="pending"), NOON)
    make_facilitator(task.group, helper)
    rivages = Role.objects.get().ecosystem
    make_role(rivages, person=make_person("quiet@example.org", wants_reminders=False))
    make_role(rivages, person=make_person("gone@example.org", is_active=False))
    make_role(rivages, withdrawn_at=NOON)
    make_role(rivages, "curator")
    make_person("operator@example.org", is_staff=True)

    assert remind_reviewers(NOON + LATER) == 0
    assert Mail.objects.count() == 0


def test_an_operator_with_a_role_is_told_what_waits_for_the_role_only(operator):
    ecosystem = make_ecosystem()
    make_role(ecosystem, "curator", operator)
    submitted(make_group(review="pending"), NOON)
    assert remind_reviewers(NOON + LATER) == 0

    member = make_group()
    make_membership(member, ecosystem)
    open_task("stale", member, now=NOON)
    assert remind_reviewers(NOON + LATER) == 1
    assert Mail.objects.get().subject == "Something waits for you"


def test_what_was_decided_waits_no_more(helper):
    task = submitted(make_group(review="pending"), NOON)
    Task.objects.filter(pk=task.pk).update(decision="accepted", decided_at=NOON + DAY)

    assert remind_reviewers(NOON + LATER) == 0
