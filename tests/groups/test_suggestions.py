import pytest

from groups.suggestions import frequent_keywords, keywords_like
from tests.factories import make_ecosystem, make_group

pytestmark = pytest.mark.django_db


def test_keywords_that_begin_alike_are_found_whatever_case_and_accents():
    make_group(keywords=["École", "Écologie", "jardins"])
    make_group(keywords=["écologie"])

    assert keywords_like("ECOL", 8) == [("Écologie", 2), ("École", 1)]


def test_a_word_only_hidden_groups_carry_is_not_told():
    make_group(keywords=["secret"], review="pending")
    make_group(keywords=["secours"], review="refused")
    make_group(keywords=["sec"])

    assert keywords_like("sec", 8) == [("sec", 1)]
    assert frequent_keywords(10) == ["sec"]


def test_the_keyword_of_an_ecosystem_is_told_before_any_group_carries_it():
    make_ecosystem("rivages")

    assert keywords_like("riv", 8) == [("rivages", 0)]


@pytest.mark.parametrize("nothing", ["", " ", "!", "\x00", "zzz"])
def test_nothing_begins_like_nothing(nothing):
    make_group(keywords=["jardins"])

    assert keywords_like(nothing, 8) == []


@pytest.mark.parametrize("groups", [1, 12])
def test_one_query_for_any_number(groups, django_assert_num_queries):
    for number in range(groups):
        make_group(keywords=[f"mot {number}"])

    with django_assert_num_queries(1):
        assert len(keywords_like("mot", 8)) == min(groups, 8)
    with django_assert_num_queries(1):
        assert len(frequent_keywords(5)) == min(groups, 5)
