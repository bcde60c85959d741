from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from groups.entries import save_entry
from groups.models import Task
from groups.reviewing import changed, claims, propose, submitted, verdicts
from groups.reviewing.queue import PAGE_SIZE, queue_for
from groups.reviewing.rights import reviewer_of
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


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def rivages():
    return make_ecosystem("rivages", name="Rivages")


@pytest.fixture
def helper(rivages):
    return reviewer_of(make_role(rivages))


def only_row(reviewer, now=NOON):
    (row,) = queue_for(reviewer, now).rows
    return row


def marks(reviewer, now=NOON):
    return [mark.text for mark in only_row(reviewer, now).marks]


def edited(group, **fields):
    before = group.revisions.first()
    return changed(save_entry(fields, group=group, why="edited"), before, None, NOON)


# Rows


def test_a_row_says_what_how_old_and_where(helper, rivages):
    group = make_group(tagline="Gardens.")
    make_membership(group, rivages)
    open_task("look", group, now=NOON - 3 * DAY)

    row = only_row(helper)

    assert (row.kind_label, row.waited, row.line) == (
        "Change to look at",
        "three days ago",
        "Gardens.",
    )
    assert row.ecosystems == ("Rivages",)
    assert row.url == f"/en/review/{row.task.pk}/"


def test_an_unsuspicious_new_group_is_accepted_with_one_tap(helper):
    submitted(make_group(review="pending"), NOON)

    assert (only_row(helper).deed, only_row(helper).marks) == ("accept", ())


def test_a_group_that_may_be_here_already_is_read_first(helper):
    make_group(name="Jardins de la Lagune", country="BJ")
    submitted(make_group(name="Jardins de la lagune", country="BJ", review="pending"), NOON)

    assert only_row(helper).deed == ""
    assert marks(helper) == ["May be “Jardins de la Lagune”, which is here already"]


def test_an_answer_is_read_first(helper):
    task = submitted(make_group(review="pending"), NOON)
    Task.objects.update(asked_at=NOON, question="Why?", answer="So.")

    assert only_row(helper).deed == ""
    assert marks(helper) == ["The group has answered"]
    assert only_row(helper).task == task


def test_a_change_without_another_host_is_seen_with_one_tap(helper):
    group = make_group(services={"home": "https://example.org/"})
    edited(group, tagline="After.", services={"home": "https://www.example.org/new"})

    row = only_row(helper)

    assert (row.deed, row.marks) == ("seen", ())
    assert row.line == "One line, Link: Website"


def test_a_link_to_another_host_is_marked_and_read_first(helper):
    edited(
        make_group(services={"home": "https://example.org/"}),
        services={"home": "https://evil.example/"},
    )

    assert only_row(helper).deed == ""
    assert marks(helper) == ["Website leads to another host: example.org → evil.example"]


def test_hosts_of_private_links_are_for_helpers_of_a_member(helper, rivages):
    group = make_group(services={"follow_up": "https://pad.example.org/"})
    task = edited(group, services={"follow_up": "https://pad.example.net/"})
    hidden = ["Follow-up document, which is private, leads to another host"]
    assert marks(helper) == hidden

    make_membership(group, rivages)
    shown = ["Follow-up document leads to another host: pad.example.org → pad.example.net"]
    assert marks(helper) == shown
    assert marks(reviewer_of(make_role(rivages, "curator"))) == hidden
    assert marks(reviewer_of(make_person(is_staff=True))) == shown
    assert task.kind == "look"


def test_a_proposal_is_never_accepted_unread(helper):
    group = make_group(services={"home": "https://example.org/"})
    propose(group, {"tagline": "After.", "services": {"home": "https://b.example/"}}, None, NOON)

    row = only_row(helper)

    assert (row.deed, row.line) == ("", "One line, Link: Website")
    assert marks(helper) == ["Website leads to another host: example.org → b.example"]


@pytest.fixture
def asking():
    ecosystem = make_ecosystem("mains", name="Mains", rules=["Open to all."], admission="reviewed")
    make_group(keywords=["mains"])
    return ecosystem


@pytest.mark.parametrize(("accepted", "deed"), [(None, ""), (1, ""), (2, "accept")])
def test_a_member_is_taken_with_one_tap_once_it_accepts_the_charter_of_today(
    accepted, deed, asking
):
    asking.charter_version = 2
    asking.save()
    asking.charter_rules.update(version=2)
    asking.memberships.update(
        charter_version=accepted, charter_accepted_at=NOON if accepted else None
    )
    curator = reviewer_of(make_role(asking, "curator"))

    row = only_row(curator, NOON + 9999 * DAY)

    assert (row.kind_label, row.deed) == ("Asks to join Mains", deed)
    charter = "The charter of today was not accepted yet"
    assert (charter in [mark.text for mark in row.marks]) == (deed == "")


def test_an_ecosystem_without_a_charter_asks_for_none(asking):
    asking.charter_rules.all().delete()

    row = only_row(reviewer_of(make_role(asking, "curator")), NOON + 9999 * DAY)

    assert row.deed == "accept"


def test_a_report_shows_its_reason_and_its_words(helper):
    open_task("report", make_group(), now=NOON, reason="closed", words="Nobody\nthere " + "x" * 300)

    row = only_row(helper)

    assert marks(helper) == ["This group no longer exists"]
    assert row.line.startswith("Nobody")
    assert len(row.line) <= 160
    assert row.deed == ""


def test_who_looks_at_it_is_named_to_the_others(helper, rivages):
    ada = make_person(name="Ada")
    task = submitted(make_group(review="pending"), NOON)
    claims.take(task, ada, NOON)

    # In Paris, where the site is, an hour later.
    assert marks(helper) == ["Ada is looking at it until 13:20"]
    assert only_row(helper).deed == ""
    assert only_row(helper, NOON + timedelta(minutes=20)).deed == "accept"

    claims.take(task, helper.person, NOON + timedelta(minutes=20))
    assert only_row(helper, NOON + timedelta(minutes=21)).deed == "accept"


def test_who_looks_at_it_without_a_name_keeps_their_address_to_themselves(helper):
    task = submitted(make_group(review="pending"), NOON)
    claims.take(task, make_person(), NOON)

    assert marks(helper) == ["Somebody is looking at it until 13:20"]


def test_ones_own_group_is_marked_and_left_to_others(helper):
    group = make_group(review="pending")
    make_facilitator(group, helper.person)
    submitted(group, NOON)

    assert only_row(helper).deed == ""
    assert "It is about your own group" in marks(helper)


def test_what_waited_for_a_week_is_marked(helper):
    submitted(make_group(review="pending"), NOON - 7 * DAY)

    assert marks(helper) == ["Waits for the operators too"]
    assert only_row(helper).deed == "accept"


# Narrowing


def chips(reviewer):
    return [(chip.label, chip.count, chip.is_current) for chip in queue_for(reviewer, NOON).chips]


def test_chips_count_what_there_is(helper):
    submitted(make_group(review="pending"), NOON)
    open_task("stale", make_group(), now=NOON)
    open_task("stale", make_group(), now=NOON, shown_from=NOON + DAY)
    verdicts.seen(open_task("look", make_group(), now=NOON), helper.person, NOON)

    assert chips(helper) == [
        ("All", 2, True),
        ("New", 1, False),
        ("Silent", 1, False),
        ("Put off", 1, False),
        ("Decided lately", 1, False),
    ]


def test_operators_find_what_waits_for_them(helper):
    submitted(make_group(review="pending"), NOON)
    late = submitted(make_group(review="pending"), NOON - 7 * DAY)
    operator = reviewer_of(make_person(is_staff=True))

    assert ("For the operators", 1, False) in chips(operator)
    assert [row.task for row in queue_for(operator, NOON, shown="operators").rows] == [late]
    assert "For the operators" not in [label for label, _n, _current in chips(helper)]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("", ["new", "stale"]), ("stale", ["stale"]), ("later", ["orphan"]), ("decided", ["look"])],
)
def test_each_view_shows_its_tasks(helper, shown, expected):
    submitted(make_group(review="pending"), NOON - DAY)
    open_task("stale", make_group(), now=NOON)
    open_task("orphan", make_group(), now=NOON, shown_from=NOON + DAY)
    verdicts.seen(open_task("look", make_group(), now=NOON), helper.person, NOON)

    queue = queue_for(helper, NOON, shown=shown)

    assert [row.task.kind for row in queue.rows] == expected
    assert queue.total == len(expected)


def test_an_unknown_view_shows_all(helper):
    submitted(make_group(review="pending"), NOON)

    assert queue_for(helper, NOON, shown="<script>").shown == ""


def test_what_was_decided_says_by_whom(helper):
    ada = make_person(name="Ada")
    verdicts.refuse(submitted(make_group(review="pending"), NOON), ada, "No.", NOON)

    (row,) = queue_for(helper, NOON, shown="decided").rows

    assert [mark.text for mark in row.marks] == ["Refused by Ada on Nov. 21, 2026"]
    assert row.deed == ""


def test_what_was_put_off_says_until_when(helper):
    task = submitted(make_group(review="pending"), NOON)
    verdicts.ask(task, helper.person, "Why?", NOON)
    open_task("orphan", make_group(), now=NOON, shown_from=NOON + DAY)

    rows = queue_for(helper, NOON, shown="later").rows

    assert [[mark.text for mark in row.marks] for row in rows] == [
        ["Asked; shown again when the group answers, or on Dec. 5, 2026"],
        ["Shown again on Nov. 22, 2026"],
    ]


# Pages


def test_twenty_five_are_on_a_page(helper):
    for _ in range(PAGE_SIZE + 1):
        open_task("stale", make_group(), now=NOON)

    first, second = (queue_for(helper, NOON, shown="stale", page=page) for page in (1, 2))

    assert (len(first.rows), len(second.rows)) == (25, 1)
    assert (first.previous_url, first.next_url) == ("", "/en/review/?kind=stale&page=2")
    assert (second.previous_url, second.next_url) == ("/en/review/?kind=stale", "")
    assert second.query == "?kind=stale&page=2"
    assert queue_for(helper, NOON, page=99).number == 2


@pytest.mark.parametrize("each", [1, 3])
def test_the_queue_costs_the_same_for_any_number(each, rivages, django_assert_num_queries):
    ecosystem = make_ecosystem("mains", rules=["Open to all."], admission="reviewed")
    for _ in range(each):
        submitted(make_group(review="pending", name="Jardins"), NOON)
        group = make_group(name="Jardins", keywords=["mains"])
        edited(group, tagline="After.")
        propose(make_group(), {"tagline": "After."}, None, NOON)
        open_task("report", group, now=NOON, reason="wrong")
    curator = make_role(ecosystem, "curator")
    make_role(rivages, "helper", person=curator)
    reviewer = reviewer_of(curator)

    # Counts, tasks, newest revisions, memberships, charters, duplicates (3).
    with django_assert_num_queries(8):
        queue = queue_for(reviewer, NOON + 9999 * DAY)

    assert len(queue.rows) == 5 * each
