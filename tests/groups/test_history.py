from time import process_time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from groups.entries import EMPTY
from groups.exchange.columns import SERVICE_KINDS
from groups.history import PRIVATE_FIELDS, Conflict, Part, differences, labels, merge, take_fields

BASE = {
    **EMPTY,
    "short_name": "jardins",
    "name": "Jardins",
    "tagline": "We sow together.",
    "kind": "territorial",
    "keywords": ["garden", "repair"],
    "services": {"home": "https://a.example.org/"},
    "partners": [{"name": "Friends", "url": ""}],
}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def changed(**fields):
    return {**BASE, **fields}


def shown(before, after):
    return [(each.field, each.before, each.after) for each in differences(before, after)]


# ── Differences ─────────────────────────────────────────────────────────────────────────────────


def test_two_versions_that_say_the_same_do_not_differ():
    assert differences(BASE, dict(BASE)) == []
    assert differences(BASE, changed(keywords=["Garden", "REPAIR"])) == []
    assert differences(changed(description="a\r\nb"), changed(description="a\nb")) == []


@pytest.mark.parametrize(
    ("field", "after", "expected"),
    [
        ("name", "Jardin", ("name", "Jardins", "Jardin")),
        ("kind", "support", ("kind", "Territorial", "Support")),
        ("activity", "asleep", ("activity", "Active", "Asleep")),
        ("country", "BJ", ("country", "", "Benin")),
        ("country", "ZZ", ("country", "", "ZZ")),
        ("member_count", 1800, ("member_count", "", "1,800")),
        ("member_count", 0, ("member_count", "", "0")),
        ("region", "Cotonou", ("region", "", "Cotonou")),
    ],
)
def test_a_field_is_shown_in_the_words_of_the_reader(field, after, expected):
    assert shown(BASE, changed(**{field: after})) == [expected]


def test_everything_is_said_in_french_too():
    with translation.override("fr"):
        (difference,) = differences(BASE, changed(country="DE"))

    assert difference.after == "Allemagne"


def test_latitude_and_longitude_are_one_position():
    placed = changed(latitude=6.37, longitude=-2.43)

    assert shown(BASE, placed) == [("position", "", "6.37, -2.43")]
    assert shown(placed, changed(latitude=6.37, longitude=2.0)) == [
        ("position", "6.37, -2.43", "6.37, 2.0")
    ]


def test_each_link_is_a_field():
    after = changed(services={"home": "https://b.example.org/", "news": "https://n.example.org/"})

    (home, news) = differences(BASE, after)

    assert (home.field, home.before, home.after) == (
        "home_url",
        "https://a.example.org/",
        "https://b.example.org/",
    )
    assert (news.field, news.label, news.before) == ("news_url", "Link: News", "")


def test_of_a_list_it_is_said_what_came_and_what_went():
    (words, partners) = differences(
        BASE,
        changed(
            keywords=["repair", "solar"],
            partners=[{"name": "Friends", "url": "https://f.example.org/"}],
        ),
    )

    assert (words.removed, words.added) == (("garden",), ("solar",))
    assert (words.before, words.after) == ("garden, repair", "repair, solar")
    assert (partners.removed, partners.added) == (
        ("Friends",),
        ("Friends (https://f.example.org/)",),
    )


def test_another_order_of_a_list_is_a_difference():
    (words,) = differences(BASE, changed(keywords=["repair", "garden"]))

    assert (words.removed, words.added) == ((), ())
    assert (words.before, words.after) == ("garden, repair", "repair, garden")


def test_of_a_text_it_is_said_word_by_word():
    (line,) = differences(BASE, changed(tagline="We sow and reap together."))

    assert line.parts == (
        Part("same", "We sow "),
        Part("added", "and reap "),
        Part("same", "together."),
    )


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("We sow together here.", "We reap alone here.", "We <sow together>{reap alone} here."),
        ("One two.", "One two.\n\nThree.", "One two.{\n\nThree.}"),
        ("One two.\n\nThree.", "One two.", "One two.<\n\nThree.>"),
        ("One two three", "One x two y three", "One{ x} two {y }three"),
        ("One two\nthree", "One two three", "One two<¶\n>{␣}three"),
    ],
)
def test_words_that_changed_together_are_shown_together(before, after, marked):
    (text,) = differences(changed(description=before), changed(description=after))

    marks = {"same": "", "removed": "<>", "added": "{}"}
    assert marked == "".join(
        part.text.join(marks[part.state]) if marks[part.state] else part.text for part in text.parts
    )


@given(before=st.text("ab \n", max_size=40), after=st.text("ab \n", max_size=40))
def test_both_texts_can_be_read_from_what_changed(before, after):
    for difference in differences(changed(description=before), changed(description=after)):
        for state, whole in (("removed", before), ("added", after)):
            read = "".join(part.text for part in difference.parts if part.state in ("same", state))
            is_plain = not set(read) & set("…␣¶")
            assert not (difference.parts and is_plain) or read.split() == whole.split()


def test_long_parts_that_stayed_are_shortened():
    words = " ".join(f"word{number}" for number in range(100))
    (text,) = differences(
        changed(description=f"old {words} old {words} old"),
        changed(description=f"new {words} new {words} new"),
    )

    same = [part.text for part in text.parts if part.state == "same"]
    assert same[0].startswith(" word0 ")
    assert same[0].endswith(" word99 ")
    assert "…" in same[0]
    assert all(len(part) < 100 for part in same)
    assert (text.before, text.after) != ("", "")


def test_text_that_has_little_in_common_is_shown_whole():
    (line,) = differences(BASE, changed(tagline="Something else."))

    assert line.parts == ()
    assert (line.before, line.after) == ("We sow together.", "Something else.")


def test_the_first_version_is_all_new():
    assert shown({}, BASE) == [
        ("name", "", "Jardins"),
        ("tagline", "", "We sow together."),
        ("kind", "", "Territorial"),
        ("short_name", "", "jardins"),
        ("activity", "", "Active"),
        ("keywords", "", "garden, repair"),
        ("home_url", "", "https://a.example.org/"),
        ("partners", "", "Friends"),
    ]


def test_what_the_second_leaves_out_stays():
    assert differences(BASE, {"name": "Jardins"}) == []
    assert shown(BASE, {"name": "Jardin"}) == [("name", "Jardins", "Jardin")]


def test_every_field_has_a_label_and_private_links_are_named():
    assert [*labels()][:6] == [
        "name",
        "tagline",
        "kind",
        "short_name",
        "activity",
        "description",
    ]
    assert {f"{kind}_url" for kind in SERVICE_KINDS} < labels().keys()
    assert {"members_url", "admin_url", "follow_up_url"} == PRIVATE_FIELDS


@pytest.mark.parametrize("letters", ["a", "ab", "abcdefghij", "".join(map(chr, range(300, 900)))])
def test_the_worst_texts_are_compared_at_once(letters):
    words = [letters[number * 7 % len(letters)] for number in range(1000)]
    start = process_time()

    differences(
        changed(description=" ".join(words)), changed(description=" ".join(reversed(words)))
    )

    assert process_time() - start < 0.3


# ── Joining ─────────────────────────────────────────────────────────────────────────────────────


def test_what_one_of_two_changed_is_taken_from_that_one():
    merged, conflicts = merge(
        BASE, changed(name="Jardin"), changed(tagline="We reap.", member_count=12)
    )

    assert conflicts == []
    assert merged == changed(name="Jardin", tagline="We reap.", member_count=12)


def test_what_both_changed_alike_is_no_conflict():
    both = changed(name="Jardin", latitude=6.0, longitude=2.0)

    assert merge(BASE, both, dict(both)) == (both, [])


def test_what_both_changed_differently_is_a_conflict_and_holds_mine():
    merged, conflicts = merge(BASE, changed(name="Theirs"), changed(name="Mine"))

    assert conflicts == [Conflict("name", "Name", "Jardins", "Theirs", "Mine")]
    assert merged == changed(name="Mine")


def test_one_of_two_positions_is_taken_whole():
    merged, conflicts = merge(
        BASE, changed(latitude=6.0, longitude=2.0), changed(latitude=7.0, longitude=3.0)
    )

    assert [(each.field, each.theirs, each.mine) for each in conflicts] == [
        ("position", "6.0, 2.0", "7.0, 3.0")
    ]
    assert (merged["latitude"], merged["longitude"]) == (7.0, 3.0)


def test_links_are_joined_one_by_one():
    merged, conflicts = merge(
        BASE,
        changed(services={"home": "https://t.example.org/", "news": "https://n.example.org/"}),
        changed(services={"home": "https://m.example.org/", "join": "https://j.example.org/"}),
    )

    assert [each.field for each in conflicts] == ["home_url"]
    assert merged["services"] == {
        "home": "https://m.example.org/",
        "news": "https://n.example.org/",
        "join": "https://j.example.org/",
    }


def test_a_link_that_was_taken_away_stays_away():
    merged, conflicts = merge(BASE, changed(services={}), changed(name="Jardin"))

    assert (merged["services"], conflicts) == ({}, [])


def test_keywords_are_joined_one_by_one():
    merged, conflicts = merge(
        BASE, changed(keywords=["solar", "repair"]), changed(keywords=["Garden", "repair", "bees"])
    )

    assert conflicts == []
    assert merged["keywords"] == ["solar", "repair", "bees"]


def test_keywords_that_became_too_many_are_a_conflict():
    theirs = [f"a{number}" for number in range(12)]
    mine = [f"b{number}" for number in range(12)]

    merged, conflicts = merge(BASE, changed(keywords=theirs), changed(keywords=mine))

    assert [each.field for each in conflicts] == ["keywords"]
    assert merged["keywords"] == mine


def test_partners_are_joined_one_by_one():
    friends, town, farm = ({"name": name, "url": ""} for name in ("Friends", "Town", "Farm"))

    merged, conflicts = merge(BASE, changed(partners=[town]), changed(partners=[friends, farm]))

    assert conflicts == []
    assert merged["partners"] == [town, farm]


def test_a_partner_given_two_addresses_is_a_conflict():
    theirs = [{"name": "Friends", "url": "https://t.example.org/"}]
    mine = [{"name": "FRIENDS", "url": "https://m.example.org/"}]

    merged, conflicts = merge(BASE, changed(partners=theirs), changed(partners=mine))

    assert [each.field for each in conflicts] == ["partners"]
    assert merged["partners"] == mine


def test_what_one_of_two_leaves_out_was_not_changed():
    merged, conflicts = merge(BASE, {"name": "Jardin"}, {"tagline": "We reap."})

    assert (merged, conflicts) == (changed(name="Jardin", tagline="We reap."), [])


def test_who_sees_a_conflict_chooses_field_by_field():
    theirs = changed(name="Theirs", services={"home": "https://t.example.org/"})
    mine = changed(name="Mine", services={"home": "https://m.example.org/"})
    merged, conflicts = merge(BASE, theirs, mine)

    assert [each.field for each in conflicts] == ["name", "home_url"]
    assert take_fields(merged, theirs, ["home_url"]) == changed(
        name="Mine", services={"home": "https://t.example.org/"}
    )
    assert take_fields(merged, theirs, []) == mine


words = st.lists(st.sampled_from("abcdef"), unique=True, max_size=5)
entries = st.builds(
    changed,
    name=st.sampled_from(["Jardins", "x", "y"]),
    description=st.sampled_from(["", "x", "y\nz"]),
    member_count=st.sampled_from([None, 0, 5]),
    keywords=words,
    services=st.dictionaries(st.sampled_from(["home", "news"]), st.sampled_from(["u", "v"])),
    partners=words.map(lambda names: [{"name": name, "url": ""} for name in names]),
)


@given(base=entries, theirs=entries, mine=entries)
def test_joining_takes_nothing_from_nowhere_and_loses_no_change(base, theirs, mine):
    merged, conflicts = merge(base, theirs, mine)
    in_conflict = {each.field for each in conflicts}

    mine_only = {each.field for each in differences(base, mine)} - {
        each.field for each in differences(base, theirs)
    }
    assert mine_only.isdisjoint(each.field for each in differences(mine, merged))
    theirs_only = {each.field for each in differences(base, theirs)} - {
        each.field for each in differences(base, mine)
    }
    assert theirs_only.isdisjoint(each.field for each in differences(theirs, merged))
    assert in_conflict.isdisjoint({"keywords"})
    assert set(merged["keywords"]) == (
        (set(theirs["keywords"]) & set(mine["keywords"]))
        | (set(theirs["keywords"]) - set(base["keywords"]))
        | (set(mine["keywords"]) - set(base["keywords"]))
    )


@given(base=entries, other=entries)
def test_joining_with_who_changed_nothing_gives_the_other(base, other):
    assert differences(other, merge(base, base, other)[0]) == []
    assert differences(other, merge(base, other, base)[0]) == []
    assert merge(base, other, base)[1] == merge(base, base, other)[1] == []
