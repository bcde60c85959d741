"""The counts kept on write: what they say, and that any sequence of changes keeps them true."""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groups import deciding
from groups.counts import filters_of, recount
from groups.derived import changing
from groups.entries import save_entry
from groups.models import (
    CellTally,
    Ecosystem,
    FacetTally,
    Group,
    Keyword,
    KeywordTally,
    Membership,
)
from tests.factories import make_ecosystem, make_entry, make_group, make_keyword, make_membership
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db


def facets(scope=0):
    rows = FacetTally.objects.filter(scope=scope, n__gt=0)
    return set(rows.values_list("kind", "activity", "country", "n", "members"))


def keyword_counts(scope=0, asked=""):
    rows = KeywordTally.objects.filter(scope=scope, filter=asked, n__gt=0)
    names = dict(Keyword.objects.values_list("pk", "name"))
    return {names[keyword]: n for keyword, n in rows.values_list("keyword", "n")}


# What is counted


def test_groups_of_one_kind_activity_and_country_are_counted_together():
    make_group(kind="support", country="BJ", member_count=10)
    make_group(kind="support", country="BJ", member_count=5)
    make_group(kind="support", country="BJ", activity="archived")
    make_group(kind="thematic")

    assert facets() == {
        ("support", "active", "BJ", 2, 15),
        ("support", "archived", "BJ", 1, 0),
        ("thematic", "active", "", 1, 0),
    }


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_what_is_not_published_is_not_counted_anywhere(review):
    make_group(review=review, keywords=["velo", "bus"], latitude=1, longitude=1, member_count=9)

    for table in (FacetTally, KeywordTally, CellTally):
        assert not table.objects.exclude(n=0).exists()


def test_each_keyword_has_counts_of_its_own():
    make_group(kind="support", keywords=["velo", "bus"])
    make_group(kind="thematic", keywords=["velo"])

    assert facets(make_keyword("velo").pk) == {
        ("support", "active", "", 1, 0),
        ("thematic", "active", "", 1, 0),
    }
    assert facets(make_keyword("bus").pk) == {("support", "active", "", 1, 0)}


def test_keywords_are_counted_in_the_directory_and_beside_one_another():
    make_group(keywords=["velo", "bus"])
    make_group(keywords=["velo", "train"])

    assert keyword_counts() == {"velo": 2, "bus": 1, "train": 1}
    assert keyword_counts(make_keyword("velo").pk) == {"bus": 1, "train": 1}


def test_keywords_are_counted_under_each_filter():
    make_group(keywords=["velo"], kind="support", country="BJ")
    make_group(keywords=["velo"], kind="thematic", activity="asleep")

    asked = ["kind:support", "kind:thematic", "activity:active", "activity:asleep", "country:BJ"]
    assert {each: keyword_counts(0, each) for each in asked} == {
        each: {"velo": 1} for each in asked
    }


def test_archived_groups_are_counted_only_for_who_asks_for_the_archive():
    make_group(keywords=["velo"], activity="archived", kind="support", country="BJ")

    assert {
        (scope == 0, asked)
        for scope, asked in KeywordTally.objects.filter(n__gt=0).values_list("scope", "filter")
    } == {(True, "activity:archived")}


def test_a_keyword_of_a_reviewed_ecosystem_is_counted_for_accepted_members_only():
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    group = make_group(keywords=["rivages", "velo"])
    assert keyword_counts() == {"velo": 1}

    make_membership(group, ecosystem)

    assert keyword_counts() == {"velo": 1, "rivages": 1}
    assert facets(ecosystem.keyword_id) == {("territorial", "active", "", 1, 0)}


@pytest.mark.parametrize(
    ("shelf", "country", "filters"),
    [
        (1, "BJ", ("", "kind:support", "activity:active", "country:BJ")),
        (1, "", ("", "kind:support", "activity:active")),
        (2, "BJ", ("activity:active",)),
    ],
)
def test_filters_of(shelf, country, filters):
    assert filters_of("support", "active", country, shelf) == filters


def test_recount_forgets_what_was_counted_wrong():
    make_group(keywords=["velo"])
    before = kept()
    FacetTally.objects.create(scope=0, kind="x", activity="x", country="", n=3, members=0)
    KeywordTally.objects.update(n=7)

    recount()

    assert kept() == before


# Any sequence of changes

WORDS = ["velo", "bus", "train", "marche", "rivages", "monnaies"]


class World:
    """A directory, and everything that may be done to it, chosen by ``random``."""

    def __init__(self, chance):
        self.random = chance
        self.done = []
        make_ecosystem("rivages", admission="reviewed")
        make_ecosystem("monnaies", name="Monnaies", admission="open")
        self.create()
        self.create()

    def change(self):
        deed = self.random.choice(
            [
                self.create,
                self.create,
                self.edit,
                self.edit,
                self.archive,
                self.rename_keyword,
                self.merge_keywords,
                self.publish,
                self.refuse,
                self.decide_membership,
                self.blur,
                self.switch_admission,
                self.delete,
            ]
        )
        self.done.append(deed.__name__)
        deed()

    def fields(self):
        pick = self.random
        place = pick.choice(
            [(None, None), (pick.uniform(-90, 90), pick.uniform(-180, 180)), (90.0, 180.0)]
        )
        return {
            "kind": pick.choice(["support", "thematic", "territorial"]),
            "activity": pick.choice(["active", "asleep", "preparing", "archived"]),
            "country": pick.choice(["", "BJ", "FR"]),
            "keywords": pick.sample(WORDS, pick.randint(0, 4)),
            "member_count": pick.choice([None, 0, 12, 180]),
            "latitude": place[0],
            "longitude": place[1],
        }

    def one(self):
        groups = list(Group.objects.order_by("pk"))
        return self.random.choice(groups) if groups else None

    def create(self):
        review = self.random.choice(["pending", "published", "published"])
        save_entry(make_entry(**self.fields()), why="test", review=review)

    def edit(self):
        fields = self.fields()
        kept_out = self.random.sample(sorted(fields), 3)
        if "latitude" in kept_out or "longitude" in kept_out:
            kept_out += ["latitude", "longitude"]
        entry = {name: value for name, value in fields.items() if name not in kept_out}
        if group := self.one():
            save_entry(entry, group=group, why="test")

    def archive(self):
        if group := self.one():
            save_entry({"activity": "archived"}, group=group, why="test")

    def rename_keyword(self):
        keyword = self.random.choice(list(Keyword.objects.order_by("pk")))
        with changing(keyword.taggings.values_list("content_object", flat=True)):
            keyword.name = f"{keyword.name[:8]} {len(self.done)}"
            keyword.save()

    def merge_keywords(self):
        keywords = list(Keyword.objects.order_by("pk"))
        others = [each for each in keywords if not Ecosystem.objects.filter(keyword=each).exists()]
        merged = self.random.sample(others, min(2, len(others)))
        deciding.merge_keywords(self.random.choice(keywords), merged)

    def publish(self):
        deciding.publish(Group.objects.exclude(review="published"), by=None)

    def refuse(self):
        if group := self.one():
            deciding.refuse([group], by=None, reason="Not a group.")

    def decide_membership(self):
        group = self.one()
        if group is None:
            return
        ecosystem = self.random.choice(list(Ecosystem.objects.order_by("pk")))
        status = self.random.choice(["asked", "accepted", "accepted", "left"])
        with changing([group.pk]):
            Membership.objects.update_or_create(
                group=group, ecosystem=ecosystem, defaults={"status": status}
            )

    def blur(self):
        if group := self.one():
            with changing([group.pk]):
                Group.objects.filter(pk=group.pk).update(
                    position_is_approximate=not group.position_is_approximate
                )

    def switch_admission(self):
        ecosystem = self.random.choice(list(Ecosystem.objects.order_by("pk")))
        with changing(ecosystem.keyword.taggings.values_list("content_object", flat=True)):
            ecosystem.admission = {"open": "reviewed", "reviewed": "open"}[ecosystem.admission]
            ecosystem.save()

    def delete(self):
        if group := self.one():
            with changing([group.pk]):
                group.delete()


@pytest.mark.parametrize("seed", range(3))
def test_counts_words_and_copies_stay_true_through_any_changes(seed):
    world = World(random.Random(seed))

    for _ in range(25):
        world.change()

    assert kept() == made_again(), world.done


@pytest.mark.prove
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chance=st.randoms(use_true_random=False), changes=st.integers(1, 40))
def test_counts_words_and_copies_stay_true_through_very_many_changes(chance, changes):
    with transaction.atomic():
        world = World(chance)

        for _ in range(changes):
            world.change()

        assert kept() == made_again(), world.done
        # Each example begins with an empty world.
        transaction.set_rollback(True)
