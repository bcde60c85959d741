from datetime import UTC, datetime, timedelta

import pytest

from groups.entries import save_entry
from groups.models import Membership, Task
from groups.reviewing import answer, changed, moved_links, propose, resubmit, submitted
from groups.tasks import open_task, settle_tasks
from tests.factories import (
    make_ecosystem,
    make_entry,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def tasks(group):
    return list(group.tasks.order_by("pk").values_list("kind", "decision"))


def newest(group):
    return group.revisions.first()


def edited(group, by=None, now=NOON, **fields):
    """Save a change and list it for a look, as the edit page does."""
    before = newest(group)
    group = save_entry(fields, group=group, by=by, why="edited", now=now)
    return changed(group, before, by, now)


# A first entry


def test_a_new_group_waits_for_review():
    group = make_group(review="pending")

    task = submitted(group, NOON)

    assert (task.kind, task.group, task.opened_at) == ("new", group, NOON)
    group.refresh_from_db()
    assert group.review == "pending"


def test_where_groups_are_published_first_they_are_looked_at_all_the_same(settings):
    settings.REVIEW_FIRST = False
    group = make_group(review="pending")

    task = submitted(group, NOON)

    assert (group.review, group.reviewed_by) == ("published", None)
    assert (newest(group).why, newest(group).by) == ("published", None)
    assert (task.kind, task.decided_at) == ("new", None)


def test_a_group_sent_in_twice_waits_once():
    group = make_group(review="pending")

    assert submitted(group, NOON) == submitted(group, NOON + DAY)


# Sending in again


def test_a_refused_group_is_sent_in_again_and_forgets_the_reason():
    group = make_group(review="refused", reviewed_by=make_person(), reviewed_at=NOON)
    ada = make_person("grace@example.org")

    task = resubmit(group, ada, NOON)

    assert (task.kind, task.decided_at, task.opened_at) == ("new", None, NOON)
    assert (group.review, group.review_reason, group.reviewed_by) == ("pending", "", None)
    assert (newest(group).why, newest(group).by) == ("sent_again", ada)


@pytest.mark.parametrize("review", ["pending", "published"])
def test_what_was_not_refused_is_not_sent_in_again(review):
    group = make_group(review=review)

    assert resubmit(group, None, NOON) is None
    assert tasks(group) == []
    assert newest(group).why == "test"


def test_sent_in_again_it_asks_the_ecosystems_again():
    make_ecosystem("rivages", admission="reviewed")
    group = make_group(keywords=["rivages"], review="refused")
    settle_tasks(group, Task.Kind.MEMBERSHIP, now=NOON)

    resubmit(group, None, NOON)

    open_kinds = group.tasks.filter(decided_at=None).order_by("kind")
    assert list(open_kinds.values_list("kind", flat=True)) == ["membership", "new"]


# Changes


def test_a_change_of_a_published_group_is_listed_for_a_look():
    group = make_group(tagline="Before.")
    before = newest(group)
    ada = make_person()

    task = edited(group, by=ada, tagline="After.")

    assert (task.kind, task.revision, task.person, task.opened_at) == ("look", before, ada, NOON)


def test_a_second_change_is_seen_with_the_first():
    group = make_group(tagline="Before.")
    before = newest(group)
    first = edited(group, tagline="Between.")

    second = edited(group, now=NOON + DAY, tagline="After.")

    assert (second.pk, second.revision, second.opened_at) == (first.pk, before, NOON)


def test_what_was_saved_as_it_was_needs_no_look():
    group = make_group(tagline="Same.")

    assert edited(group, tagline="Same.") is None


def test_an_operator_is_not_looked_after():
    operator = make_person(is_staff=True)

    assert edited(make_group(), by=operator, tagline="After.") is None


def test_a_link_to_another_host_is_listed_whoever_changed_it():
    operator = make_person(is_staff=True)
    group = make_group(services={"home": "https://example.org/"})

    task = edited(group, by=operator, services={"home": "https://example.net/"})

    assert task.kind == "look"


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_before_it_is_published_a_change_is_read_with_the_whole(review):
    group = make_group(review=review)

    assert edited(group, tagline="After.") is None
    assert tasks(group) == []


def test_a_change_answers_the_question_a_pending_group_was_asked():
    group = make_group(review="pending")
    task = open_task(
        "new", group, now=NOON - DAY, question="Why?", asked_at=NOON - DAY, shown_from=NOON + DAY
    )

    edited(group, tagline="Because.")

    task.refresh_from_db()
    assert task.shown_from == NOON


def test_a_change_does_not_bring_back_what_was_not_asked():
    group = make_group(review="pending")
    task = open_task("new", group, now=NOON - DAY, shown_from=NOON + DAY)

    edited(group, tagline="Because.")

    task.refresh_from_db()
    assert task.shown_from == NOON + DAY


def test_links_that_moved_are_told_by_their_hosts():
    before = {
        "services": {
            "home": "https://www.example.org/old",
            "news": "https://news.example.org/",
            "join": "https://example.org/join",
            "leave": "https://example.org/leave",
        }
    }
    after = {
        "services": {
            "home": "http://example.org:8080/new",
            "news": "https://evil.example/",
            "join": "https://join.example.org",
            "projects": "https://projects.example.org",
        }
    }

    assert moved_links(before, after) == [
        ("news", "news.example.org", "evil.example"),
        ("join", "example.org", "join.example.org"),
    ]


def test_an_address_nobody_could_open_is_compared_as_it_is():
    before = {"services": {"home": "https://[oops/"}}

    assert moved_links(before, before) == []
    assert moved_links(before, {"services": {"home": "https://example.org"}}) == [
        ("home", "https://[oops/", "example.org")
    ]


# Proposals


def test_a_proposal_waits_with_the_version_it_began_with():
    group = make_group(tagline="Before.")
    entry = make_entry(tagline="After.")

    task = propose(group, entry, None, NOON)

    assert (task.kind, task.entry, task.revision, task.person) == (
        "edit",
        entry,
        newest(group),
        None,
    )
    group.refresh_from_db()
    assert group.tagline == "Before."


def test_a_proposal_holds_what_no_entry_holds_and_what_it_was():
    group = make_group(services={"members": "https://example.org/"}, banner="banners/a.webp")
    extras = {"members_is_open": True, "banner": "", "started_in": None}

    task = propose(group, make_entry(), None, NOON, extras=extras)

    assert task.entry["extras"] == extras
    assert task.entry["extras_before"] == {
        "position_is_approximate": False,
        "members_is_open": False,
        "banner": "banners/a.webp",
        "started_in": None,
    }


def test_a_later_proposal_takes_the_place_of_the_one_that_waits():
    group = make_group()
    first = propose(group, make_entry(tagline="One."), None, NOON)
    Task.objects.update(question="Why?", asked_at=NOON, shown_from=NOON + 9 * DAY, answer="So.")

    second = propose(group, make_entry(tagline="Two."), None, NOON + DAY)

    assert second.pk == first.pk
    assert second.entry["tagline"] == "Two."
    assert (second.question, second.answer, second.asked_at) == ("", "", None)
    assert second.shown_from == NOON + DAY


# Answers


def asked(kind="new", **fields):
    return open_task(
        kind,
        fields.pop("group", None) or make_group(review="pending"),
        now=NOON - DAY,
        question="Why?",
        asked_at=NOON - DAY,
        shown_from=NOON + 13 * DAY,
        **fields,
    )


def test_an_answer_brings_the_task_back_at_once():
    task = asked()

    assert answer(task, "So.", None, NOON)
    assert (task.answer, task.shown_from) == ("So.", NOON)


def test_an_answer_after_the_decision_changes_nothing():
    task = asked()
    settle_tasks(task.group, Task.Kind.NEW, now=NOON)

    assert not answer(task, "So.", None, NOON)
    task.refresh_from_db()
    assert task.answer == ""


def test_nobody_answers_what_was_not_asked():
    assert not answer(open_task("new", make_group()), "So.", None, NOON)


def test_an_answer_asks_the_curators_again():
    ecosystem = make_ecosystem()
    group = make_group()
    make_membership(group, ecosystem, status="questioned")

    answer(asked("membership", group=group, ecosystem=ecosystem), "So.", None, NOON)

    assert Membership.objects.get().status == "asked"


def test_an_answer_does_not_undo_what_was_decided_elsewhere():
    ecosystem = make_ecosystem()
    group = make_group()
    make_membership(group, ecosystem, status="accepted")

    answer(asked("membership", group=group, ecosystem=ecosystem), "So.", None, NOON)

    assert Membership.objects.get().status == "accepted"


def test_a_facilitator_is_looked_after():
    group = make_group()

    assert edited(group, by=make_facilitator(group).person, tagline="After.") is not None
