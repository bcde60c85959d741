from datetime import UTC, datetime

import pytest

from groups.charters import (
    accept_charters,
    accept_shown_charter,
    charters_of,
    unaccepted_charters,
)
from groups.models import CharterRule, Ecosystem, Membership, Task
from groups.tasks import follow_memberships
from tests.factories import make_ecosystem, make_group, make_membership, make_person
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_charter_of_each_ecosystem_that_is_named_is_found_in_its_version():
    ecosystem = make_ecosystem("rivages", rules=["Open to all.", "Shares."])
    CharterRule.objects.create(ecosystem=ecosystem, version=2, position=1, text="Open.")
    Ecosystem.objects.filter(pk=ecosystem.pk).update(charter_version=2)
    make_ecosystem("other", name="Other", rules=["Another."])

    [charter] = charters_of(["Rivages", "jardins"])

    assert (charter.ecosystem, charter.version, charter.rules) == (ecosystem, 2, ("Open.",))


@pytest.mark.parametrize("ecosystems", [1, 3])
def test_charters_cost_the_same_for_any_number(ecosystems, django_assert_num_queries):
    words = [f"word {number}" for number in range(ecosystems)]
    for word in words:
        make_ecosystem(word, name=word, rules=["One."])

    with django_assert_num_queries(2):
        assert len(charters_of(words)) == ecosystems


def test_accepting_the_charter_of_an_open_ecosystem_joins_it():
    ecosystem = make_ecosystem(rules=["Open to all."])
    group = make_group(keywords=["rivages"])

    accept_charters(group, charters_of(["rivages"]), NOON)

    membership = Membership.objects.get(group=group, ecosystem=ecosystem)
    assert (membership.status, membership.charter_version) == ("accepted", 1)
    assert (membership.charter_accepted_at, membership.charter_accepted_by) == (NOON, None)
    assert made_again() == kept()


def test_accepting_the_charter_of_a_reviewed_one_asks_with_it():
    make_ecosystem(rules=["Open to all."], admission="reviewed")
    group = make_group(keywords=["rivages"])

    accept_charters(group, charters_of(["rivages"]), NOON)

    membership = Membership.objects.get()
    assert (membership.status, membership.charter_version) == ("asked", 1)
    assert made_again() == kept()


def test_accepting_nothing_changes_nothing():
    make_ecosystem(rules=["Open to all."])
    group = make_group(keywords=["rivages"])

    accept_charters(group, [], NOON)

    assert not Membership.objects.exists()


def test_a_group_is_asked_to_accept_each_new_version():
    ecosystem = make_ecosystem(rules=["Open to all."])
    make_ecosystem("velo", name="Velo")  # without a charter
    make_ecosystem("other", name="Other", rules=["Another."])
    group = make_group(keywords=["rivages", "velo"])
    ada = make_person()
    assert [each.ecosystem for each in unaccepted_charters(group)] == [ecosystem]

    accept_shown_charter(group, ecosystem.pk, 1, ada, NOON)
    assert unaccepted_charters(group) == []
    CharterRule.objects.create(ecosystem=ecosystem, version=2, position=1, text="Open.")
    Ecosystem.objects.filter(pk=ecosystem.pk).update(charter_version=2)

    assert [each.version for each in unaccepted_charters(group)] == [2]


@pytest.mark.parametrize(
    ("admission", "before", "after"),
    [
        ("open", None, "accepted"),
        ("open", "asked", "accepted"),
        ("open", "left", "accepted"),
        ("open", "refused", "refused"),
        ("reviewed", "asked", "asked"),
        ("reviewed", "questioned", "questioned"),
        ("reviewed", "accepted", "accepted"),
        ("reviewed", "refused", "refused"),
    ],
)
def test_accepting_joins_what_is_open_and_leaves_the_rest_to_the_curators(admission, before, after):
    ecosystem = make_ecosystem(rules=["Open to all."], admission=admission)
    group, ada = make_group(keywords=["rivages"]), make_person()
    if before:
        reason = "No." if before == "refused" else ""
        make_membership(group, ecosystem, status=before, reason=reason)

    assert accept_shown_charter(group, ecosystem.pk, 1, ada, NOON) == ecosystem

    membership = Membership.objects.get()
    assert (membership.status, membership.charter_version) == (after, 1)
    assert (membership.charter_accepted_at, membership.charter_accepted_by) == (NOON, ada)
    revision = group.revisions.first()
    assert (revision.why, revision.by, revision.created_at) == ("charter_accepted", ada, NOON)
    assert made_again() == kept()


def test_an_ecosystem_that_opened_meanwhile_has_nothing_left_to_decide():
    ecosystem = make_ecosystem(rules=["Open to all."])
    group = make_group(keywords=["rivages"])
    make_membership(group, ecosystem, status="asked")
    follow_memberships([group.pk], now=NOON)

    accept_shown_charter(group, ecosystem.pk, 1, make_person(), NOON)

    assert Task.objects.get().decision == "settled"


@pytest.mark.parametrize(("keyword", "version"), [("rivages", 2), ("other", 1)])
def test_only_what_was_shown_is_accepted(keyword, version):
    make_ecosystem(rules=["Open to all."])
    make_ecosystem("other", name="Other", rules=["Another."])
    group = make_group(keywords=["rivages"])
    ecosystem = Ecosystem.objects.get(keyword__name=keyword)

    assert accept_shown_charter(group, ecosystem.pk, version, make_person(), NOON) is None

    assert not Membership.objects.exists()
    assert group.revisions.count() == 1
