"""What `make bench` measures must be what the product would have made."""

import pytest
from django.db import connection

from benchmarks import loading
from benchmarks.world import ECOSYSTEM, World
from groups import derived
from groups.counts import Change
from groups.models import (
    CellTally,
    FacetTally,
    Group,
    Keyword,
    KeywordTally,
    SearchWord,
    Service,
    Tagging,
)

GROUPS = 200
DERIVED = (SearchWord, FacetTally, KeywordTally, CellTally, Tagging)


@pytest.fixture
def loaded(db):
    """A small world, loaded the fast way."""
    world, change = World(), Change()
    loading.insert(Keyword, loading.keyword_rows(world))
    for model, rows in loading.rows_of(list(world.groups(GROUPS)), world, change).items():
        loading.insert(model, rows)
    for model, rows in loading.tally_rows(change).items():
        loading.insert(model, rows)
    loading.add_ecosystem()
    return world


def everything_derived():
    rows = {model: sorted(map(str, model.objects.order_by().values_list())) for model in DERIVED}
    own = "short_name", "name_key", "site_key", "card", "latitude", "longitude", "shelf"
    return rows | {Group: list(Group.objects.order_by("pk").values_list(*own))}


def test_the_fast_way_derives_what_the_product_derives(loaded):
    before = everything_derived()

    derived.derive_everything()

    assert everything_derived() == before
    assert all(before.values())


def test_loaded_groups_are_whole(loaded):
    assert Group.objects.count() == GROUPS
    assert Service.objects.filter(kind="join").count() > GROUPS / 2
    assert Keyword.objects.get(name=ECOSYSTEM).taggings.filter(shelf=1).count() == GROUPS / 10
    connection.check_constraints()
