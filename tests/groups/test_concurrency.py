"""Several writers at once on a database they share: nothing is lost or counted twice."""

import pytest
from django.db import connection, connections

from groups.deciding import merge_keywords
from groups.entries import save_entry
from groups.models import FacetTally, Group, Keyword
from tests.factories import make_entry, make_group, make_keyword
from tests.kept import kept, made_again
from tests.sharing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 4


@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks at the settings of SQLite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 20_000), ("synchronous", 1)],
)
def test_sqlite_is_opened_to_be_shared(shared, pragma, value):
    with connections["default"].cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_writers_wait_for_each_other_and_lose_nothing(shared):
    def write():
        for _ in range(5):
            entry = make_entry(keywords=["velo"], latitude=6.5, longitude=2.6, member_count=3)
            save_entry(entry, why="test", review="published")

    make_keyword("velo")

    assert at_once(shared, *[write] * WRITERS) == []
    assert Group.objects.count() == WRITERS * 5
    assert list(FacetTally.objects.filter(scope=0).values_list("n", "members")) == [(20, 60)]
    assert kept() == made_again()


def test_edits_of_one_group_at_once_are_counted_once(shared):
    group = make_group(kind="support", keywords=["velo", "bus"], latitude=1, longitude=1)

    def edit(kind, country):
        def write():
            for number in range(4):
                entry = {"kind": kind, "country": country, "member_count": number}
                save_entry(entry, group=Group.objects.get(pk=group.pk), why="test")

        return write

    assert at_once(shared, edit("thematic", "BJ"), edit("territorial", "TG")) == []
    assert sum(FacetTally.objects.filter(scope=0).values_list("n", flat=True)) == 1
    assert kept() == made_again()


def test_edits_of_the_same_groups_in_opposite_order_do_not_lock_up(shared):
    groups = [make_group(keywords=["velo"]) for _ in range(4)]

    def edit(kind, order):
        def write():
            for group in order:
                save_entry({"kind": kind}, group=group, why="test")

        return write

    assert at_once(shared, edit("support", groups), edit("thematic", groups[::-1])) == []
    assert kept() == made_again()


def test_a_keyword_is_merged_while_others_write_it(shared):
    velo, bike = make_keyword("velo"), make_keyword("bike")
    groups = [make_group(keywords=["bike", "bus"]) for _ in range(3)]

    def edit():
        for group in groups:
            save_entry({"kind": "support"}, group=group, why="test")

    assert at_once(shared, edit, lambda: merge_keywords(velo, [bike])) == []
    assert kept() == made_again()
    assert set(Keyword.objects.values_list("name", flat=True)) >= {"velo", "bus"}


def test_two_who_write_a_new_keyword_at_once_share_it(shared):
    def write():
        save_entry(make_entry(keywords=["nouveau"]), why="test", review="published")

    assert at_once(shared, *[write] * WRITERS) == []
    assert Keyword.objects.get().taggings.count() == WRITERS
    assert kept() == made_again()
