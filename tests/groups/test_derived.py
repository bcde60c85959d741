import pytest
from django.db import IntegrityError, transaction

from groups.derived import changing, derive_everything
from groups.entries import save_entry
from groups.models import FacetTally, Group, KeywordTally, SearchWord, Service, Tagging
from tests.factories import (
    make_ecosystem,
    make_entry,
    make_group,
    make_keyword,
    make_membership,
)
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db


class Interrupted(Exception):
    """What a test breaks a block with."""


def support_then_fail(group):
    Group.objects.filter(pk=group.pk).update(kind="support")
    raise Interrupted


def total():
    return sum(FacetTally.objects.filter(scope=0).values_list("n", flat=True))


# changing


def test_a_block_brings_the_counts_in_step_with_what_it_changed():
    group = make_group(kind="thematic", keywords=["velo"])

    with changing([group.pk]):
        Group.objects.update(kind="support", activity="archived", country="BJ", member_count=7)

    rows = FacetTally.objects.filter(scope=0, n__gt=0).values_list("kind", "activity", "country")
    assert list(rows) == [("support", "archived", "BJ")]
    assert kept() == made_again()


def test_a_block_that_fails_changes_nothing():
    group = make_group(keywords=["velo"])
    before = kept()

    with pytest.raises(Interrupted), changing([group.pk]):
        support_then_fail(group)

    assert Group.objects.get().kind == "territorial"
    assert kept() == before


def test_after_a_block_that_failed_the_next_one_works():
    group = make_group()
    with pytest.raises(Interrupted), changing([group.pk]):
        raise Interrupted

    with changing([group.pk]):
        Group.objects.update(kind="support")

    assert total() == 1
    assert kept() == made_again()


def test_blocks_within_one_another_count_each_group_once():
    first, second = make_group(keywords=["velo"]), make_group(keywords=["velo"])

    with changing([first.pk]):
        Group.objects.filter(pk=first.pk).update(kind="support")
        with changing([first.pk, second.pk]):
            Group.objects.update(kind="thematic")

    assert total() == 2
    assert kept() == made_again()


def test_an_inner_block_that_fails_takes_the_outer_one_with_it():
    group = make_group()
    before = kept()

    with pytest.raises(Interrupted), changing([group.pk]), changing([group.pk]):
        support_then_fail(group)

    assert Group.objects.get().kind == "territorial"
    assert kept() == before


def test_an_inner_block_whose_failure_is_caught_leaves_the_outer_one_right():
    first, second = make_group(), make_group()

    with changing([first.pk]):
        Group.objects.filter(pk=first.pk).update(kind="support")
        with pytest.raises(Interrupted), transaction.atomic(), changing([second.pk]):
            support_then_fail(second)

    assert dict(Group.objects.values_list("pk", "kind")) == {
        first.pk: "support",
        second.pk: "territorial",
    }
    assert kept() == made_again()


def test_a_group_made_and_refused_by_the_database_within_a_block_leaves_no_trace():
    group = make_group()

    with changing([group.pk]), pytest.raises(IntegrityError), transaction.atomic():
        save_entry(make_entry(kind="local"), why="test", review="published")

    assert total() == 1
    assert kept() == made_again()


def test_a_group_made_within_a_block_is_counted():
    with changing() as touched:
        group = Group.objects.create(
            name="New", tagline="New.", kind="support", short_name="newest", review="published"
        )
        touched.add(group.pk)

    assert total() == 1
    assert kept() == made_again()


def test_a_group_deleted_within_a_block_is_counted_no_more():
    make_keyword("velo")
    before = kept()
    group = make_group(keywords=["velo"], latitude=6.5, longitude=2.6)
    assert kept() != before

    with changing([group.pk]):
        group.delete()

    assert kept() == before


def test_a_block_that_changes_nothing_changes_nothing():
    group = make_group(keywords=["velo", "bus"], latitude=6.5, longitude=2.6, member_count=5)
    before = kept()

    with changing([group.pk]):
        pass

    assert kept() == before


# What is derived


def test_the_card_holds_the_keywords_in_order_and_the_two_links():
    make_group(
        keywords=["Zèbre", "Abeille"],
        services={
            "home": "https://example.org/",
            "join": "https://example.org/join",
            "admin": "https://example.org/admin",
        },
    )

    assert Group.objects.get().card == {
        "keywords": [["Zèbre", "zebre"], ["Abeille", "abeille"]],
        "visit": "https://example.org/",
        "join": "https://example.org/join",
        "band": "",
    }


def test_the_card_names_the_small_copy_of_the_banner():
    make_group(banner="banners/0123.webp")

    assert Group.objects.get().card["band"] == "banners/0123-960.webp"


def test_the_order_of_names_knows_no_case_and_no_accent():
    assert make_group(name="L’Éclair  Élu").name_key == "l eclair elu"


def test_a_tagging_carries_what_a_listing_sorts_and_filters_by():
    group = make_group(
        name="Vélo",
        kind="support",
        activity="asleep",
        country="BJ",
        member_count=7,
        keywords=["a1"],
    )

    tagging = Tagging.objects.get()

    assert (tagging.name_key, tagging.kind, tagging.activity) == ("velo", "support", "asleep")
    assert (tagging.country, tagging.member_count, tagging.shelf) == ("BJ", 7, 1)
    assert tagging.created_at == group.created_at


@pytest.mark.parametrize(
    ("review", "activity", "shelf"),
    [("pending", "active", 0), ("published", "active", 1), ("published", "archived", 2)],
)
def test_a_tagging_lies_on_the_shelf_of_its_group(review, activity, shelf):
    make_group(review=review, activity=activity, keywords=["velo"])

    assert Tagging.objects.get().shelf == shelf


@pytest.mark.parametrize(
    ("status", "shelf"),
    [("accepted", 1), ("asked", 0), ("questioned", 0), ("refused", 0), ("left", 0)],
)
def test_a_keyword_of_a_reviewed_ecosystem_lists_accepted_members_only(status, shelf):
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    group = make_group(keywords=["rivages", "velo"])

    make_membership(group, ecosystem, status=status, reason="Because.")

    shelves = dict(Tagging.objects.values_list("tag__name", "shelf"))
    assert shelves == {"rivages": shelf, "velo": 1}


def test_a_keyword_that_lists_nobody_is_neither_on_the_card_nor_searched():
    make_ecosystem("rivages", admission="reviewed")
    group = make_group(name="Vélo", tagline="Bus.", keywords=["rivages", "train"])

    assert group.card["keywords"] == [["train", "train"]]
    words = SearchWord.objects.filter(group=group).values_list("word", flat=True)
    assert "rivages" not in words
    assert "train" in words


def test_words_are_kept_in_their_best_tier_and_only_of_what_is_published():
    group = make_group(
        short_name="garden-1",
        name="Garden",
        tagline="Garden tools",
        keywords=["tools", "seeds"],
        description="Seeds and tools and water",
    )
    make_group(review="pending", name="Secret")

    words = dict(SearchWord.objects.values_list("word", "tier"))

    assert words == {
        "garden": 1,
        "1": 1,
        "tools": 2,
        "seeds": 3,
        "and": 4,
        "water": 4,
    }
    assert set(SearchWord.objects.values_list("group", flat=True)) == {group.pk}


@pytest.mark.parametrize(
    ("approximate", "position"), [(True, (48.1, -1.7)), (False, (48.1235, -1.6546))]
)
def test_a_position_is_kept_no_more_exactly_than_it_is_shown(approximate, position):
    group = make_group(latitude=48.123456, longitude=-1.654569, position_is_approximate=approximate)

    assert (group.latitude, group.longitude) == position


# Everything again


def test_everything_can_be_made_again_from_the_groups():
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    member = make_group(keywords=["rivages", "velo"], latitude=6.5, longitude=2.6, country="BJ")
    make_membership(member, ecosystem)
    make_group(keywords=["rivages"], activity="archived")
    make_group(keywords=["rivages"], review="pending")
    before = kept()
    SearchWord.objects.all().delete()
    FacetTally.objects.update(n=99)
    KeywordTally.objects.all().delete()
    Group.objects.update(name_key="", card={})
    Tagging.objects.update(shelf=0, kind="")

    assert derive_everything() == 3

    assert kept() == before


def test_making_everything_again_says_how_far_it_is():
    for _ in range(2):
        make_group()
    said = []

    derive_everything(progress=said.append)

    assert said == [2]


def test_links_changed_within_a_block_reach_the_card():
    group = make_group()

    with changing([group.pk]):
        Service.objects.create(group=group, kind="join", url="https://example.org/join")

    assert Group.objects.get().card["join"] == "https://example.org/join"


def test_a_renamed_keyword_reaches_cards_and_search():
    make_group(keywords=["velo"])
    keyword = make_keyword("velo")

    with changing(keyword.taggings.values_list("content_object", flat=True)):
        keyword.name = "Bicyclette"
        keyword.save()

    assert Group.objects.get().card["keywords"] == [["Bicyclette", "velo"]]
    assert kept() == made_again()
