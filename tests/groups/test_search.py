import pytest

from groups import search
from groups.filters import Filters
from groups.matches import matches_for
from groups.models import Group
from tests.factories import make_ecosystem, make_group, make_membership

pytestmark = pytest.mark.django_db


def found(q, **filters):
    """Return the names a search shows, in order."""
    return [row[2] for row in matches_for(Filters(q=q, **filters), []).rows]


def tiers(q, **among):
    names = dict(Group.objects.values_list("pk", "name"))
    matches = search.find(search.query_words(q), **among).matches
    return {names[pk]: match.tier for pk, match in matches.items()}


# What is found


@pytest.mark.parametrize("q", ["ecole", "École", "ÉCOLE", "eco", "ecole vie", "l’école", "d'ecole"])
def test_case_accents_and_ends_of_words_do_not_matter(q):
    make_group(name="L’École de la vie")
    make_group(name="Vélo")

    assert found(q) == ["L’École de la vie"]


@pytest.mark.parametrize("q", ["cole", "colevie", "ecoles", "ecole velo"])
def test_neither_the_middle_of_a_word_nor_other_words_are_found(q):
    make_group(name="École de la vie")

    assert found(q) == []


def test_every_word_must_match_somewhere():
    make_group(name="Jardin", tagline="À Cotonou.", description="Des semences.")
    make_group(name="Jardin", tagline="À Lomé.")

    assert len(found("jardin")) == 2
    assert len(found("jardin cotonou semences")) == 1
    assert found("jardin cotonou lome") == []


@pytest.mark.parametrize(
    ("name", "q"),
    [
        ("日本地図の会", "日本"),
        ("日本地図の会", "地図"),
        ("日本地図の会", "図の会"),
        ("日本地図の会", "会"),
        ("日本地図の会", "日本地図の会"),
        ("한국 지도 모임", "지도"),
        ("Журнал Жизни", "жизни"),
        ("Журнал Жизни", "ЖУРНАЛ"),
        ("مجموعة الحدائق", "الحدائق"),
        ("مَجْمُوعَة", "مجموعة"),
        ("Ομάδα Κήπων", "κηπων"),
        ("กลุ่มสวนผัก", "สวน"),
        ("Ɓeeli Ŋaari", "beeli"),
    ],
)
def test_a_name_in_any_script_is_found_by_part_of_it(name, q):
    make_group(name=name)
    make_group(name="Autre chose")

    assert found(q) == [name]


@pytest.mark.parametrize("q", ["Bénin", "benin", "Benin", "BENIN"])
def test_a_country_is_found_by_its_name(q):
    make_group(name="Jardin", country="BJ")
    make_group(name="Verger", country="FR")

    assert found(q) == ["Jardin"]


@pytest.mark.parametrize("q", ["Allemagne", "Germany", "german"])
def test_a_country_is_found_in_both_languages(q):
    make_group(name="Garten", country="DE")

    assert found(q) == ["Garten"]


def test_a_region_a_keyword_and_a_short_name_are_found():
    make_group(name="One", region="Littoral")
    make_group(name="Two", keywords=["Compost"])
    make_group(name="Three", short_name="trois-rives")

    assert found("littoral") == ["One"]
    assert found("compost") == ["Two"]
    assert found("rives") == ["Three"]


@pytest.mark.parametrize(
    "q",
    [
        "",
        " ",
        "'",
        '"',
        "''''",
        "%",
        "_",
        "\\",
        "*",
        "« »",
        "a AND",
        "OR",
        "NOT",
        "NEAR(a b)",
        "a:b",
        "(((",
        "^a$",
        "--",
        ";DROP TABLE groups_group",
        "🌱",
        "👩🏽‍🌾",
        "\x00",
        "jar\x00din",
        "\ud800",
        "\u202egro",
        "x" * 10_000,
        "x " * 5_000,
        "é" * 10_000,
        "日" * 10_000,
        "{{ 1 }}",
        "%s %(a)s {0}",
    ],
)
def test_any_input_is_survived(client, q):
    make_group(name="Jardin")

    response = client.get("/groups/", {"q": q.encode("utf-8", "surrogatepass")})

    assert response.status_code == 200
    assert "\x00" not in response.text


@pytest.mark.parametrize("q", ["%", "_", "*", "🌱", "\x00", "« »", "'\"\\"])
def test_a_search_without_any_word_shows_everything(q):
    make_group(name="Jardin")

    assert found(q) == ["Jardin"]


def test_signs_have_no_meaning_of_their_own():
    make_group(name="Jardin")
    make_group(name="Verger")

    assert found("jar%") == ["Jardin"]
    assert found("jard_n") == []
    assert found("jardin OR verger") == []
    assert found("-jardin") == ["Jardin"]
    assert found('"jardin"') == ["Jardin"]


@pytest.mark.parametrize(("q", "name"), [("C++", "C++"), ("C#", "C#"), ("c", "C")])
def test_signs_that_belong_to_a_word_are_part_of_it(q, name):
    for each in ("C", "C++", "C#"):
        make_group(name=each)

    assert found(q)[0] == name


# The order


def test_the_best_tier_comes_first_then_the_name():
    make_group(name="Delta", description="Un jardin.")
    make_group(name="Charlie", keywords=["jardin"])
    make_group(name="Bravo", tagline="Un jardin.")
    make_group(name="Jardin zen")
    make_group(name="Alpha", description="Un jardin.")
    make_group(name="Jardin à vivre")
    make_group(name="Écho", tagline="Un jardin.")

    assert found("jardin") == [
        "Jardin à vivre",
        "Jardin zen",
        "Bravo",
        "Écho",
        "Charlie",
        "Alpha",
        "Delta",
    ]


def test_places_rank_with_keywords():
    make_group(name="By description", description="Au Togo.")
    make_group(name="By country", country="TG")
    make_group(name="By region", region="Togo")
    make_group(name="By tagline", tagline="Au Togo.")

    assert tiers("togo") == {
        "By tagline": 2,
        "By country": 3,
        "By region": 3,
        "By description": 4,
    }


def test_several_words_rank_by_the_worst_of_them():
    make_group(name="Jardin", tagline="À Lomé.")
    make_group(name="Jardin de Lomé")
    make_group(name="Verger", description="Jardin à Lomé.")

    assert tiers("jardin lome") == {"Jardin": 2, "Jardin de Lomé": 1, "Verger": 4}


def test_one_group_that_matches_by_several_words_is_found_once():
    make_group(name="Jardin, jardinage et jardinières")

    assert found("jard") == ["Jardin, jardinage et jardinières"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Jardin b", "Autre", "Éco"]),
        ("name", ["Autre", "Éco", "Jardin b"]),
        ("members", ["Éco", "Jardin b", "Autre"]),
    ],
)
def test_the_reader_may_choose_another_order(sort, expected):
    make_group(name="Éco", tagline="Jardin.", member_count=90)
    make_group(name="Jardin b", member_count=5)
    make_group(name="Autre", tagline="Jardin.")

    assert found("jardin", sort=sort) == expected


# What is not shown


def test_archived_groups_are_found_only_when_asked_for():
    make_group(name="Jardin ancien", activity="archived")
    make_group(name="Jardin vivant")

    assert found("jardin") == ["Jardin vivant"]
    assert found("jardin", activity=("archived",)) == ["Jardin ancien"]
    assert found("jardin", activity=("active", "archived")) == ["Jardin ancien", "Jardin vivant"]


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_what_is_not_published_is_not_found(review):
    make_group(name="Jardin", review=review, keywords=["jardin"])

    assert found("jardin") == []
    assert found("jardin", activity=("active", "archived")) == []
    assert tiers("jardin") == {}


def test_the_word_of_a_reviewed_ecosystem_finds_accepted_members_only():
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    make_membership(make_group(name="Member", keywords=["rivages"]), ecosystem)
    make_group(name="Asking", keywords=["rivages"])

    assert found("rivages") == ["Member"]


@pytest.mark.parametrize("secret", ["admin", "follow_up", "members"])
def test_links_and_addresses_are_not_searched(secret):
    make_group(
        name="Jardin",
        services={secret: "https://zanzibar.example/"},
        contact_email="zanzibar@example.org",
        review_reason="zanzibar",
    )

    assert found("zanzibar") == []


# The limit


@pytest.fixture
def limit(monkeypatch):
    monkeypatch.setattr(search, "LIMIT", 3)
    return 3


def test_as_many_as_the_limit_are_all(limit):
    for number in range(limit):
        make_group(name=f"Jardin {number}")

    matches = matches_for(Filters(q="jardin"), [])

    assert (matches.total, matches.more) == (3, False)


def test_one_more_than_the_limit_is_more(limit):
    for number in range(limit + 1):
        make_group(name=f"Jardin {number}")

    matches = matches_for(Filters(q="jardin"), [])

    assert (matches.total, matches.more) == (3, True)


def test_the_best_tiers_are_within_the_limit(limit):
    for number in range(4):
        make_group(name=f"Told {number}", description="Un jardin.")
    make_group(name="Line", tagline="Un jardin.")
    make_group(name="Jardin")

    assert found("jardin")[:2] == ["Jardin", "Line"]
    assert len(found("jardin")) == 3


def test_groups_that_match_by_many_words_do_not_hide_the_others(limit):
    for number in range(3):
        make_group(name=" ".join(f"x{number}{letter}" for letter in "abcdefghij"))
    few = matches_for(Filters(q="x"), [])
    make_group(name="x9")

    matches = matches_for(Filters(q="x"), [])

    assert (few.total, few.more) == (3, False)
    assert (matches.total, matches.more) == (3, True)


def test_with_more_matches_than_the_limit_filters_still_find_theirs(limit):
    for number in range(6):
        make_group(name=f"Jardin {number}", kind="thematic")
    make_group(name="Jardin zen", kind="support")

    assert found("jardin", kind=("support",)) == ["Jardin zen"]


def test_a_search_among_few_groups_finds_the_same_as_among_many(limit):
    for number in range(5):
        make_group(name=f"Jardin {number}", country="BJ" if number < 2 else "FR")

    few = search.find(["jardin"], among=Group.objects.filter(country="BJ"))
    many = search.find(["jardin"], among=Group.objects.filter(country="FR"))

    assert (len(few.matches), few.more) == (2, False)
    assert (len(many.matches), many.more) == (3, False)


def test_no_word_finds_nothing():
    make_group()

    assert search.find([]) == search.Found()


# Words


def test_words_of_a_group_are_kept_in_their_best_tier():
    group = make_group(
        name="Jardin",
        short_name="jardin-2",
        tagline="Le jardin",
        description="Le compost",
        region="R",
        kind="support",
    )

    rows = search.rows_of(group, ["Compost"])

    assert {word: tier for _pk, word, tier, *_rest in rows} == {
        "jardin": 1,
        "2": 1,
        "le": 2,
        "compost": 3,
        "r": 3,
    }
    assert {search.values_of(facet) for *_rest, facet, _rank in rows} == {("support", "active", "")}


@pytest.mark.parametrize("country", ["", "AA", "BJ", "ZZ"])
@pytest.mark.parametrize("activity", ["active", "archived"])
@pytest.mark.parametrize("kind", ["territorial", "support"])
def test_a_facet_is_one_number_and_back(kind, activity, country):
    assert search.values_of(search.facet_of(kind, activity, country)) == (kind, activity, country)


def test_a_name_rank_sorts_as_the_beginning_of_the_name_does():
    names = ["", "a", "a b", "ab", "abcdefg", "b", "é", "日本"]

    assert sorted(names, key=search.name_rank) == sorted(names, key=str.encode)
    assert search.name_rank("abcdefgh") == search.name_rank("abcdefgi")
    assert search.name_rank("\U0010ffff" * 9) < 2**63
