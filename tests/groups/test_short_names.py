import pytest
from django.utils import timezone

from groups.models import FormerShortName
from groups.short_names import answer_short_name, propose_short_name
from groups.text import is_short_name
from tests.factories import make_group

pytestmark = pytest.mark.django_db


def test_a_free_name_is_free():
    answer = answer_short_name("jardins")

    assert (answer.is_free, answer.proposal) == (True, "")
    assert answer.sentence == "«\u202fjardins\u202f» est libre."


@pytest.mark.parametrize("review", ["pending", "published", "refused"])
def test_a_name_is_taken_whatever_its_group_waits_for_and_no_more_is_said(review):
    make_group(short_name="jardins", review=review)

    answer = answer_short_name("jardins", name="Jardins de la Lagune")

    assert answer.sentence == (
        "«\u202fjardins\u202f» est déjà pris. «\u202fjardins-lagune\u202f» est libre."
    )


def test_a_former_name_and_that_of_a_deleted_group_are_taken():
    FormerShortName.objects.create(short_name="former", group=make_group())
    FormerShortName.objects.create(short_name="deleted", ended_at=timezone.now())

    assert not answer_short_name("former").is_free
    assert not answer_short_name("deleted").is_free


def test_a_group_may_have_its_own_names_again():
    group = make_group(short_name="own")
    FormerShortName.objects.create(short_name="former", group=group)

    assert answer_short_name("own", group=group).is_free
    assert answer_short_name("former", group=group).is_free


@pytest.mark.parametrize("unfit", ["admin", "fr", "Jardins de la Lagune", "-a-", "12", "x" * 41])
def test_what_cannot_be_a_short_name_is_answered_with_one_that_can(unfit):
    answer = answer_short_name(unfit)

    assert not answer.is_free
    assert is_short_name(answer.proposal)
    assert answer.sentence.endswith(f"«\u202f{answer.proposal}\u202f» est libre.")


def test_the_place_tells_two_groups_of_one_name_apart():
    make_group(short_name="jardins")

    answer = answer_short_name("jardins", name="Jardins", region="Porto-Novo", country="BJ")

    assert answer.proposal == "jardins-porto-novo"


def test_a_number_is_the_last_way_out():
    make_group(short_name="jardins")
    make_group(short_name="jardins-2")

    assert answer_short_name("jardins").proposal == "jardins-3"


def test_a_proposal_is_no_longer_than_a_short_name():
    make_group(short_name="x" * 40)

    answer = answer_short_name("x" * 40, region="Saint-Barthélemy-des-Monts")

    assert is_short_name(answer.proposal)


def test_a_name_in_any_script_has_a_proposal():
    assert propose_short_name("Jardins de la Lagune") == "jardins-de-la-lagune"
    assert is_short_name(propose_short_name("日本の庭"))
    assert is_short_name(propose_short_name("★"))
    assert propose_short_name("Admin") == "admin-2"


def test_an_answer_costs_the_same_for_any_number_of_groups(django_assert_num_queries):
    for number in range(2, 6):
        make_group(short_name=f"jardins-{number}")
    make_group(short_name="jardins")

    # Whether it is taken, by a group or formerly; then all the proposals at once.
    with django_assert_num_queries(4):
        assert answer_short_name("jardins").proposal == "jardins-6"
