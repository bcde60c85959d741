"""What the database refuses of mail, links and tasks, whatever code asks for it."""

import pytest
from django.utils import timezone

from groups.links import make_link
from groups.models import EcosystemRequest, Link, Mail, Task
from groups.tasks import open_task, settle_tasks
from tests.factories import make_ecosystem, make_group, make_person
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def make_mail(**fields):
    return Mail.objects.create(
        **{"key": "k", "receiver": "ada@example.org", "subject": "Hello", **fields}
    )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"decision": "opened"}, "groups_ecosystemrequest_decision_dated"),
        ({"decided_at": "2026-01-01T00:00Z"}, "groups_ecosystemrequest_decision_dated"),
        (
            {"decision": "refused", "decided_at": "2026-01-01T00:00Z"},
            "groups_ecosystemrequest_refusal_has_reason",
        ),
    ],
)
def test_a_request_for_an_ecosystem_that_makes_no_sense_is_refused(fields, constraint):
    with refused_by(constraint):
        EcosystemRequest.objects.create(person=make_person(), keyword="sun", name="Sun", **fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"key": ""}, "groups_mail_key_given"),
        ({"receiver": ""}, "groups_mail_receiver_given"),
        ({"outcome": "lost"}, "groups_mail_outcome_known"),
        ({"outcome": "sent"}, "groups_mail_sent_is_dated"),
        ({"outcome": "joined"}, "groups_mail_sent_is_dated"),
        ({"subject": "Hello\nBcc: eve@example.org"}, "groups_mail_subject_one_line"),
        ({"subject": "Hello\rBcc: eve@example.org"}, "groups_mail_subject_one_line"),
    ],
)
def test_a_mail_that_makes_no_sense_is_refused(fields, constraint):
    with refused_by(constraint):
        make_mail(**fields)


def test_a_key_is_used_once():
    make_mail()

    with refused_by("groups_mail.key"):
        make_mail()


def make_raw_link(**fields):
    return Link.objects.create(
        **{"secret_hash": "0" * 64, "expires_at": timezone.now(), "purpose": "edit", **fields}
    )


def test_a_link_of_an_unknown_purpose_is_refused():
    with refused_by("groups_link_purpose_known"):
        make_raw_link(purpose="own", group=make_group(), person=make_person())


def test_only_the_kept_link_lasts_for_ever():
    group = make_group()
    make_link(Link.Purpose.KEPT, group=group)

    with refused_by("groups_link_expires"):
        make_raw_link(group=group, person=make_person(), expires_at=None)


@pytest.mark.parametrize("wrong", ["person", "used"])
def test_the_kept_link_is_nobodys_and_never_used_up(wrong):
    fields = {"person": make_person()} if wrong == "person" else {"used_at": timezone.now()}

    with refused_by("groups_link_kept_has_no_person"):
        make_raw_link(purpose="kept", group=make_group(), **fields)


@pytest.mark.parametrize("purpose", ["kept", "draft", "erase", "edit", "confirm", "let_go"])
def test_a_link_names_what_it_opens(purpose):
    with refused_by("groups_link_names_what_it_opens"):
        make_raw_link(purpose=purpose)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "wish"}, "groups_task_kind_known"),
        ({"kind": "new", "decision": "seen"}, "groups_task_decision_dated"),
        ({"kind": "new", "decided_at": "2026-01-01T00:00Z"}, "groups_task_decision_dated"),
        ({"kind": "membership"}, "groups_task_membership_names_ecosystem"),
        ({"kind": "edit"}, "groups_task_edit_has_entry"),
        ({"kind": "report"}, "groups_task_report_has_reason"),
        ({"kind": "new", "reason": "wrong"}, "groups_task_report_has_reason"),
        (
            {"kind": "new", "decision": "refused", "decided_at": "2026-01-01T00:00Z"},
            "groups_task_refusal_has_reason",
        ),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(fields, constraint):
    with refused_by(constraint):
        Task.objects.create(group=make_group(), **fields)


def test_a_group_has_one_open_task_of_a_kind():
    group = make_group()
    Task.objects.create(group=group, kind="new")

    with refused_by("groups_task_once_open"):
        Task.objects.create(group=group, kind="new")


def test_a_group_asks_an_ecosystem_once_at_a_time():
    group, ecosystem = make_group(), make_ecosystem()
    Task.objects.create(group=group, kind="membership", ecosystem=ecosystem)
    Task.objects.create(group=group, kind="membership", ecosystem=make_ecosystem("mains"))

    with refused_by("groups_task_membership_once_open"):
        Task.objects.create(group=group, kind="membership", ecosystem=ecosystem)


# Opening and settling


def test_a_second_look_keeps_the_age_and_the_version_of_the_first():
    group = make_group()
    first = group.revisions.get()
    now = timezone.now()
    task = open_task(Task.Kind.LOOK, group, revision=first, now=now)
    again = open_task(Task.Kind.LOOK, group, revision=None, words="more")

    assert again.pk == task.pk
    assert (again.revision, again.opened_at, again.words) == (first, now, "more")


def test_each_report_stands_apart():
    group = make_group()
    open_task(Task.Kind.REPORT, group, reason="closed")
    open_task(Task.Kind.REPORT, group, reason="closed")

    assert group.tasks.count() == 2


def test_a_settled_task_makes_room_for_the_next():
    group = make_group()
    first = open_task(Task.Kind.STALE, group)
    settle_tasks(group, Task.Kind.STALE)

    assert open_task(Task.Kind.STALE, group).pk != first.pk
    assert Task.objects.get(pk=first.pk).decision == "settled"


def test_memberships_are_asked_one_an_ecosystem():
    group, one, other = make_group(), make_ecosystem("one"), make_ecosystem("other")
    tasks = {
        open_task(Task.Kind.MEMBERSHIP, group, ecosystem=each).pk for each in (one, other, one)
    }

    assert len(tasks) == 2
