"""How the queue follows what is decided elsewhere: in the admin, by an import, by an edit."""

from datetime import UTC, datetime

import pytest

from groups import deciding
from groups.entries import save_entry
from groups.models import Membership, Task
from groups.tasks import follow_memberships, open_task
from tests.factories import make_ecosystem, make_group, make_membership, make_person

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def rivages():
    return make_ecosystem("rivages", admission="reviewed")


def decisions(group=None):
    """Return {kind: decision} of the tasks, of all groups or of one."""
    tasks = group.tasks.all() if group else Task.objects.all()
    return dict(tasks.values_list("kind", "decision"))


def open_everything(group):
    for kind in ("new", "look", "stale", "orphan", "take_over"):
        open_task(kind, group, now=NOON)
    open_task("edit", group, now=NOON, entry={})
    open_task("report", group, now=NOON, reason="wrong")


# Memberships


def test_writing_the_keyword_asks_the_curators(rivages):
    group = make_group(keywords=["rivages"])

    task = Task.objects.get()
    assert (task.kind, task.group, task.ecosystem) == ("membership", group, rivages)
    assert task.decided_at is None


def test_an_open_ecosystem_is_not_asked():
    make_ecosystem("rivages", admission="open")
    make_group(keywords=["rivages"])

    assert decisions() == {}


def test_adding_the_keyword_later_asks_too(rivages):
    group = make_group()
    save_entry({"keywords": ["Rivages"]}, group=group, why="edited", now=NOON)

    task = Task.objects.get()
    assert (task.opened_at, Membership.objects.get().asked_at) == (NOON, NOON)


@pytest.mark.parametrize("status", ["asked", "questioned"])
def test_taking_the_keyword_away_takes_the_question_back(rivages, status):
    group = make_group(keywords=["rivages", "velo"])
    Membership.objects.update(status=status)

    save_entry({"keywords": ["velo"]}, group=group, why="edited", now=NOON)

    assert Membership.objects.get().status == "left"
    assert decisions() == {"membership": "settled"}


@pytest.mark.parametrize("status", ["accepted", "refused"])
def test_taking_the_keyword_away_undoes_no_decision(rivages, status):
    group = make_group(keywords=["rivages"])
    make_membership(group, rivages, status=status, reason="Because.")

    save_entry({"keywords": []}, group=group, why="edited")

    assert Membership.objects.get().status == status


def test_whoever_left_and_writes_the_keyword_anew_asks_again(rivages):
    group = make_group(keywords=["rivages"])
    group = save_entry({"keywords": []}, group=group, why="edited")

    save_entry({"keywords": ["rivages"]}, group=group, why="edited", now=NOON)

    membership = Membership.objects.get()
    assert (membership.status, membership.asked_at) == ("asked", NOON)
    assert list(Task.objects.order_by("pk").values_list("decision", flat=True)) == ["settled", ""]


def test_what_was_decided_elsewhere_waits_no_more(rivages):
    ada = make_person()
    group = make_group(keywords=["rivages"])
    make_membership(group, rivages)

    follow_memberships([group.pk], now=NOON, by=ada)

    task = Task.objects.get()
    assert (task.decision, task.decided_at, task.decided_by) == ("settled", NOON, ada)


def test_only_the_groups_named_are_followed(rivages):
    group = make_group(keywords=["rivages"])
    make_membership(group, rivages)

    follow_memberships([make_group().pk], now=NOON)

    assert decisions() == {"membership": ""}


def test_one_membership_does_not_settle_another(rivages):
    group = make_group(keywords=["rivages"])
    make_membership(group, make_ecosystem("mains"), status="refused", reason="Because.")

    follow_memberships([group.pk], now=NOON)

    assert decisions() == {"membership": ""}


@pytest.mark.parametrize("groups", [1, 3])
def test_following_costs_the_same_for_any_number(rivages, groups, django_assert_num_queries):
    ids = [make_group().pk for _ in range(groups)]
    Membership.objects.bulk_create(Membership(group_id=pk, ecosystem=rivages) for pk in ids)

    with django_assert_num_queries(3):  # settled ones, who asks, new tasks
        follow_memberships(ids, now=NOON)

    assert Task.objects.count() == groups


# Whole groups


def test_publishing_elsewhere_accepts_what_waited_for_it():
    ada, group, other = make_person(), make_group(review="pending"), make_group(review="pending")
    open_everything(group)
    open_task("new", other, now=NOON)

    deciding.publish([group], by=ada)

    task = group.tasks.get(kind="new")
    assert (task.decision, task.decided_by) == ("accepted", ada)
    assert task.decided_at is not None
    assert set(decisions(group).values()) == {"accepted", ""}
    assert decisions(other) == {"new": ""}


def test_refusing_elsewhere_refuses_it_with_the_reason_and_settles_what_is_moot(rivages):
    ada, group = make_person(), make_group(keywords=["rivages"])
    open_everything(group)

    deciding.refuse([group], by=ada, reason="Not a group.")

    assert decisions(group) == {
        "new": "refused",
        "edit": "settled",
        "look": "settled",
        "stale": "settled",
        "orphan": "settled",
        "membership": "settled",
        # Whoever reported or offered is still to be answered.
        "report": "",
        "take_over": "",
    }
    assert group.tasks.get(kind="new").decision_reason == "Not a group."
    assert Membership.objects.get().status == "asked"


def test_publishing_again_asks_the_ecosystems_again(rivages):
    group = make_group(keywords=["rivages"])
    deciding.refuse([group], by=None, reason="Not a group.")

    deciding.publish([group], by=None)

    assert list(group.tasks.order_by("pk").values_list("decision", flat=True)) == ["settled", ""]


def test_an_entry_saved_as_published_waits_no_more():
    ada, group = make_person(), make_group(review="pending")
    open_task("new", group, now=NOON)

    save_entry({}, group=group, by=ada, why="import", review="published", now=NOON)

    task = Task.objects.get()
    assert (task.decision, task.decided_by, task.decided_at) == ("accepted", ada, NOON)


def test_an_entry_saved_as_it_was_goes_on_waiting():
    group = make_group(review="pending")
    open_task("new", group, now=NOON)

    save_entry({"tagline": "Other."}, group=group, why="import")

    assert decisions() == {"new": ""}
