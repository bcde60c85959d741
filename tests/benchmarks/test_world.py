import pytest

from benchmarks.world import World


def test_the_same_seed_makes_the_same_world():
    assert list(World().groups(30)) == list(World().groups(50))[:30]
    assert list(World(seed=1).groups(30)) != list(World(seed=2).groups(30))


@pytest.mark.parametrize("count", [100, 1000])
def test_a_tenth_of_any_world_is_listed_under_one_keyword(count):
    members = [group for group in World().groups(count) if 0 in group.keywords]

    assert len(members) == count / 10
    assert {group.shelf for group in members} == {1}
