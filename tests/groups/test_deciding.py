import pytest
from django.db import IntegrityError

from groups.deciding import delete_groups, delete_keywords, merge_keywords, publish, refuse
from groups.entries import save_entry
from groups.models import (
    FormerKeywordSlug,
    FormerShortName,
    Group,
    Keyword,
    Revision,
    Tagging,
)
from tests.factories import make_ecosystem, make_group, make_keyword, make_membership, make_person
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db


def carried():
    """Return {group: its keywords in order}."""
    rows = Tagging.objects.order_by("position", "pk")
    found = {}
    for group, name in rows.values_list("content_object__short_name", "tag__name"):
        found.setdefault(group, []).append(name)
    return found


# Reviews


def test_publishing_lists_a_group_and_says_who_did_it():
    ada, group = make_person(), make_group(review="pending", keywords=["velo"])

    publish(Group.objects.all(), by=ada)

    group.refresh_from_db()
    assert (group.review, group.reviewed_by, group.shelf) == ("published", ada, 1)
    assert group.reviewed_at == group.updated_at
    assert Revision.objects.first().why == "published"
    assert Revision.objects.first().by == ada
    assert kept() == made_again()


def test_refusing_hides_a_group_and_keeps_the_reason():
    make_group(keywords=["velo"], latitude=1, longitude=1)

    refuse(Group.objects.all(), by=None, reason="Not a group.")

    group = Group.objects.get()
    assert (group.review, group.review_reason, group.shelf) == ("refused", "Not a group.", 0)
    assert kept() == made_again()


def test_a_refusal_without_a_reason_changes_nothing():
    make_group(keywords=["velo"])
    before = kept()

    with pytest.raises(IntegrityError):
        refuse(Group.objects.all(), by=None, reason="")

    assert kept() == before


def test_publishing_after_a_refusal_forgets_the_reason():
    make_group(review="refused")

    publish(Group.objects.all(), by=None)

    assert Group.objects.get().review_reason == ""


def test_publishing_is_of_those_named_and_nobody_else():
    chosen = make_group(review="pending", short_name="chosen")
    make_group(review="pending", short_name="other")

    publish([chosen], by=None)

    assert list(Group.objects.published()) == [chosen]


# Deletions


def test_the_name_of_a_deleted_group_and_those_it_had_are_kept():
    group = make_group(short_name="jardin", keywords=["velo"], latitude=1, longitude=1)
    save_entry({"short_name": "jardins"}, group=group, why="test")

    delete_groups(Group.objects.all())

    assert set(FormerShortName.objects.values_list("short_name", "group")) == {
        ("jardin", None),
        ("jardins", None),
    }
    assert kept() == made_again()


def test_a_deleted_keyword_is_taken_from_its_groups():
    make_group(keywords=["velo", "bus"])

    delete_keywords([make_keyword("velo")])

    assert list(carried().values()) == [["bus"]]
    assert Group.objects.get().card["keywords"] == [["bus", "bus"]]
    assert kept() == made_again()


# Keywords


def test_merging_gives_the_groups_of_the_others_the_kept_keyword():
    make_group(short_name="one", keywords=["bus", "vélo"])
    make_group(short_name="two", keywords=["bicyclette"])
    make_group(short_name="three", keywords=["vélos", "vélo"])

    merge_keywords(make_keyword("vélo"), [make_keyword("bicyclette"), make_keyword("vélos")])

    assert carried() == {"one": ["bus", "vélo"], "two": ["vélo"], "three": ["vélo"]}
    assert set(Keyword.objects.values_list("name", flat=True)) == {"bus", "vélo"}
    assert kept() == made_again()


def test_merging_reaches_cards_search_and_counts():
    make_group(keywords=["bicyclette"])

    merge_keywords(make_keyword("vélo"), [make_keyword("bicyclette")])

    assert Group.objects.get().card["keywords"] == [["vélo", "velo"]]
    assert Group.objects.matching("velo").count() == 1
    assert Group.objects.matching("bicyclette").count() == 0


def test_the_addresses_of_merged_keywords_lead_to_the_kept_one():
    velo = make_keyword("velo")

    merge_keywords(make_keyword("bike"), [make_keyword("bicyclette")])
    merge_keywords(velo, [make_keyword("bike")])

    former = FormerKeywordSlug.objects.values_list("slug", "keyword__name")
    assert set(former) == {("bicyclette", "velo"), ("bike", "velo")}


def test_a_merged_word_that_is_written_again_can_be_merged_again():
    velo = make_keyword("velo")
    for _ in range(2):
        make_group(keywords=["bicyclette"])
        merge_keywords(velo, [make_keyword("bicyclette")])

    assert list(carried().values()) == [["velo"], ["velo"]]
    assert FormerKeywordSlug.objects.get().keyword == velo


def test_a_keyword_merged_into_itself_stays():
    make_group(keywords=["velo"])
    velo = make_keyword("velo")

    merge_keywords(velo, [velo])

    assert carried() == {Group.objects.get().short_name: ["velo"]}
    assert FormerKeywordSlug.objects.count() == 0


def test_a_keyword_with_an_ecosystem_is_not_merged_into_another():
    ecosystem = make_ecosystem("rivages")
    make_group(keywords=["rivages", "bus"])
    before = kept()

    with pytest.raises(ValueError, match="ecosystem of its own"):
        merge_keywords(make_keyword("velo"), [make_keyword("bus"), ecosystem.keyword])

    assert kept() == before


def test_merging_into_a_reviewed_ecosystem_lists_nobody_by_itself():
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    member = make_group(short_name="member", keywords=["rives"])
    make_membership(member, ecosystem)
    make_group(short_name="stranger", keywords=["rives"])

    merge_keywords(ecosystem.keyword, [make_keyword("rives")])

    assert list(Group.objects.in_ecosystem(ecosystem)) == [member]
    assert kept() == made_again()
