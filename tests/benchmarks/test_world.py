import pytest

from benchmarks.world import COMMON, MIDDLING, RARE, World


def test_the_same_seed_makes_the_same_world():
    assert list(World().groups(30)) == list(World().groups(50))[:30]
    assert list(World(seed=1).groups(30)) != list(World(seed=2).groups(30))


@pytest.mark.parametrize("count", [100, 1000])
def test_a_tenth_of_any_world_is_listed_under_one_keyword(count):
    members = [group for group in World().groups(count) if 0 in group.keywords]

    assert len(members) == count / 10
    assert {group.shelf for group in members} == {1}


@pytest.mark.parametrize(("word", "groups"), [(RARE, 12), (MIDDLING, 20), (COMMON, 500)])
def test_a_planted_word_stands_in_so_many_groups_of_a_thousand(word, groups):
    texts = [f"{g.name} {g.tagline} {g.description}".split() for g in World().groups(1000)]

    assert sum(word in words for words in texts) == groups
