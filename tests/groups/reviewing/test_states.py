from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from groups.entries import save_entry
from groups.models import Group
from groups.reviewing import answer, propose, resubmit, state_of, states_of, submitted, verdicts
from groups.reviewing.states import discussion_address
from groups.tasks import open_task
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def ada():
    return make_person(name="Ada")


def codes(group):
    return [state.code for state in states_of(Group.objects.get(pk=group.pk))]


def test_a_new_group_waits_and_is_told_who_reads_it():
    group = make_group(review="pending")
    submitted(group, NOON)

    state = state_of(group)

    assert (state.code, state.since) == ("waiting", NOON)
    assert state.sentence == "Your group waits to be read. It is not public yet."
    assert state.next_step.startswith("A helper reads it, after a week an operator too.")
    assert not state.may_resubmit


def test_a_group_without_a_task_waits_all_the_same():
    group = make_group(review="pending")

    assert (state_of(group).code, state_of(group).since) == ("waiting", group.created_at)


def test_a_question_comes_first_with_the_task_it_belongs_to(ada):
    group = make_group(review="pending")
    task = submitted(group, NOON)
    verdicts.ask(task, ada, "Who are you?", NOON)

    state = state_of(group)

    assert (state.code, state.question, state.task) == ("questioned", "Who are you?", task)
    assert state.sentence == "Ada, who reads your entry, has a question."
    assert state.since == NOON
    assert codes(group) == ["questioned"]


def test_whoever_asks_without_a_name_keeps_their_address_to_themselves():
    group = make_group(review="pending")
    verdicts.ask(submitted(group, NOON), make_person(), "Who are you?", NOON)

    assert state_of(group).sentence == "Whoever reads your entry has a question."


def test_an_answer_is_thanked_for_and_waits_to_be_read(ada):
    group = make_group(review="pending")
    task = submitted(group, NOON)
    verdicts.ask(task, ada, "Who are you?", NOON)
    answer(task, "We are.", None, NOON)

    state = state_of(group)

    assert (state.code, state.question) == ("waiting", "")
    assert state.sentence.startswith("Thank you for your answer.")


def test_a_refused_group_reads_why_and_may_send_it_again(ada):
    group = make_group(review="pending")
    verdicts.refuse(submitted(group, NOON), ada, "Say who you are.", NOON)
    group.refresh_from_db()

    state = state_of(group)

    assert (state.code, state.reason) == ("refused", "Say who you are.")
    assert state.sentence == "Ada could not accept your group yet."
    assert state.may_resubmit

    resubmit(group, None, NOON)
    assert codes(group) == ["waiting"]


def test_a_refusal_whose_author_was_erased_is_nobodys(ada):
    group = make_group(review="pending")
    verdicts.refuse(submitted(group, NOON), ada, "Say who you are.", NOON)
    ada.delete()

    state = state_of(Group.objects.get())

    assert state.sentence == "Your group could not be accepted yet."


def test_a_published_group_is_public_and_nothing_waits():
    group = make_group()

    assert codes(group) == ["published"]
    assert state_of(group).url == group.get_absolute_url()


def test_a_look_is_nothing_a_group_waits_for():
    group = make_group()
    open_task("look", group, now=NOON)

    assert codes(group) == ["published"]


def test_a_question_about_a_public_group_stands_beside_its_state(ada):
    group = make_group()
    verdicts.ask(open_task("look", group, now=NOON), ada, "Really?", NOON)

    assert codes(group) == ["questioned", "published"]


def test_a_change_waits_and_then_is_refused_until_the_next_one(ada):
    group = make_group()
    task = propose(group, {"tagline": "After."}, None, NOON)
    assert codes(group) == ["change_waiting"]

    verdicts.refuse(task, ada, "Not so.", group.updated_at + DAY)
    group.refresh_from_db()
    state = state_of(group)
    assert (state.code, state.reason) == ("change_refused", "Not so.")
    assert state.sentence.startswith("Ada could not accept your last change.")

    save_entry({"tagline": "Other."}, group=group, why="edited", now=group.updated_at + 2 * DAY)
    assert codes(group) == ["published"]


def test_an_accepted_change_leaves_a_public_group(ada):
    group = make_group()

    verdicts.accept(propose(group, {"tagline": "After."}, None, NOON), ada, NOON)

    assert codes(group) == ["published"]


def test_each_membership_that_is_not_decided_or_refused_is_told():
    group = make_group()
    for name, status in [
        ("accepted", "accepted"),
        ("asked", "asked"),
        ("left", "left"),
        ("refused", "refused"),
    ]:
        make_membership(group, make_ecosystem(name, name=name), status=status, reason="Because.")

    _own, asked, refused = states_of(group)

    assert (asked.code, refused.code) == ("membership_waiting", "membership_refused")
    assert asked.sentence == "The curators of asked have not decided yet."
    assert refused.sentence == "The curators of refused did not accept your group there."
    assert refused.reason == "Because."
    assert refused.url == "/en/ecosystems/refused/"


def test_a_question_of_curators_is_told_once(ada):
    make_ecosystem("rivages", name="Rivages", admission="reviewed")
    group = make_group(keywords=["rivages"])
    verdicts.ask(group.tasks.get(), ada, "Open to all?", NOON)

    question, own = states_of(group)

    assert (question.code, own.code) == ("questioned", "published")
    assert question.sentence == "The curators of Rivages have a question before they decide."


@pytest.mark.parametrize("waiting", [0, 3])
def test_the_states_cost_the_same_for_any_number_of_tasks(django_assert_num_queries, waiting):
    group = make_group(review="published")
    for number in range(waiting):
        ecosystem = make_ecosystem(f"e{number}", admission="reviewed")
        make_membership(group, ecosystem, status="asked")
        open_task("membership", group, ecosystem=ecosystem)

    with django_assert_num_queries(3):  # open tasks, the last proposal, memberships
        assert len(states_of(group)) == 1 + waiting


# Where a refusal leads


def test_a_refusal_leads_to_the_discussion_of_the_core_group():
    core = make_group(services={"discussions": "https://talk.example.org/"})

    assert discussion_address(make_ecosystem(core_group=core)) == "https://talk.example.org/"


def test_without_a_discussion_it_leads_to_the_core_group():
    core = make_group(short_name="facilitons")

    assert discussion_address(make_ecosystem(core_group=core)) == "/en/groups/facilitons/"


@pytest.mark.parametrize("core", [None, "pending"])
def test_without_a_core_group_that_is_public_it_leads_to_the_ecosystem(core):
    core = make_group(review=core, services={"discussions": "https://t.org/"}) if core else None

    assert discussion_address(make_ecosystem(core_group=core)) == "/en/ecosystems/rivages/"


def test_whoever_facilitates_is_no_part_of_it():
    group = make_group()
    make_facilitator(group)

    assert codes(group) == ["published"]
