import pytest

from groups.models import FormerKeywordSlug
from tests.factories import make_ecosystem, make_group, make_keyword, make_membership

pytestmark = pytest.mark.django_db


# All ecosystems


@pytest.mark.parametrize("items", [1, 3])
def test_the_list_of_ecosystems_costs_the_same_for_any_number(
    client, django_assert_num_queries, items
):
    for number in range(items):
        make_ecosystem(f"eco {number}", name=f"Ecosystem {number}")
        make_group(keywords=[f"eco {number}", "eco 0", f"word {number}"])

    # Records, their numbers, their cloths; records again and what they share; keywords in two.
    with django_assert_num_queries(7):
        response = client.get("/ecosystems/")

    assert [f"Ecosystem {number}" in response.text for number in range(items)] == [True] * items


def test_records_come_first_the_largest_at_the_head(client):
    make_ecosystem("small", name="Petit")
    make_ecosystem("large", name="Grand")
    for _ in range(2):
        make_group(keywords=["large", "Mot seul"])
    make_group(keywords=["small"])

    text = client.get("/ecosystems/").text

    assert text.index("Grand") < text.index("Petit") < text.index("Mot seul")


def test_the_list_counts_listed_groups_only(client):
    make_ecosystem("rivages")
    make_group(keywords=["rivages"], country="BJ", member_count=30)
    make_group(keywords=["rivages"], country="FR", member_count=500, activity="archived")
    make_group(keywords=["rivages"], country="BE", member_count=700, review="pending")

    [ecosystem] = client.get("/ecosystems/").context["ecosystems"]

    assert (ecosystem.group_count, ecosystem.country_count, ecosystem.member_count) == (1, 1, 30)


def test_the_list_says_what_two_ecosystems_share(client):
    make_ecosystem("rivages", name="Rivages")
    make_ecosystem("monnaies", name="Monnaies")
    for _ in range(2):
        make_group(keywords=["rivages", "monnaies"])
    make_group(keywords=["rivages"])

    shared = client.get("/ecosystems/").context["shared"]

    assert [(pair["first"].name, pair["second"].name, pair["count"]) for pair in shared] == [
        ("Rivages", "Monnaies", 2)
    ]


def test_the_fifty_largest_keywords_are_listed(client):
    words = [f"word {number:02}" for number in range(60)]
    for start in range(0, 60, 12):
        make_group(keywords=words[start : start + 12])
    make_group(keywords=["word 59"])

    keywords = client.get("/ecosystems/").context["keywords"]

    assert len(keywords) == 50
    assert (keywords[0].name, keywords[0].count) == ("word 59", 2)


# One ecosystem


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ("", 6),  # record, counts, cloth, charter, keywords, cards
        ("?kind=territorial", 6),  # the same
        ("?q=group", 8),  # record, counts, cloth, charter, its groups, words, cards, keywords
        ("?keyword=bus", 8),  # record, counts, cloth, charter, the other keyword, the listing
    ],
)
def test_an_ecosystem_costs_the_same_for_any_number_of_groups(
    client, django_assert_num_queries, groups, query, queries
):
    core = make_group(name="Noyau", keywords=[])
    make_ecosystem("rivages", core_group=core, rules=["Ouvert à tous."])
    for _ in range(groups):
        make_group(keywords=["rivages", "bus"])

    with django_assert_num_queries(queries):
        response = client.get(f"/ecosystems/rivages/{query}")

    assert response.text.count('class="card__title"') == groups
    assert "Noyau" in response.text
    assert "Ouvert à tous." in response.text


def test_any_keyword_a_published_group_carries_has_a_page(client):
    make_group(name="Abeille", keywords=["Cyou"])

    response = client.get("/ecosystems/cyou/")

    assert response.status_code == 200
    assert "Cyou" in response.text
    assert "Abeille" in response.text


def test_a_record_without_a_group_has_a_page(client):
    make_ecosystem("rivages", name="Rivages")

    assert "Rivages" in client.get("/ecosystems/rivages/").text


@pytest.mark.parametrize(("groups", "indexed"), [(2, False), (3, True)])
def test_a_keyword_is_kept_from_search_engines_until_three_groups_carry_it(client, groups, indexed):
    for _ in range(groups):
        make_group(keywords=["cyou"])

    assert ("noindex" not in client.get("/ecosystems/cyou/").text) == indexed


def test_a_record_is_shown_to_search_engines_from_its_first_group(client):
    make_ecosystem("rivages")

    assert "noindex" not in client.get("/ecosystems/rivages/").text


def test_the_numbers_are_those_of_listed_groups(client):
    make_ecosystem("rivages")
    make_group(keywords=["rivages"], country="BJ", member_count=30)
    make_group(keywords=["rivages"], country="TG", member_count=12)
    make_group(keywords=["rivages"], country="FR", member_count=500, activity="archived")
    make_group(keywords=["rivages"], country="BE", member_count=700, review="pending")

    ecosystem = client.get("/ecosystems/rivages/").context["ecosystem"]

    assert (ecosystem.group_count, ecosystem.country_count, ecosystem.member_count) == (2, 2, 42)


@pytest.mark.parametrize("fields", [{"review": "pending"}, {"review": "refused"}])
def test_a_core_group_nobody_may_see_is_not_shown(client, fields):
    make_ecosystem("rivages", core_group=make_group(name="Noyau", **fields))

    response = client.get("/ecosystems/rivages/")

    assert response.context["ecosystem"].core_group is None
    assert "Noyau" not in response.text


def test_the_charter_shown_is_the_one_in_force(client):
    ecosystem = make_ecosystem("rivages", rules=["Ancienne règle."], charter_version=2)
    ecosystem.charter_rules.create(version=2, position=2, text="Seconde.")
    ecosystem.charter_rules.create(version=2, position=1, text="Première.")

    assert client.get("/ecosystems/rivages/").context["ecosystem"].charter == (
        "Première.",
        "Seconde.",
    )


def test_the_accent_is_an_attribute_of_the_page(client):
    make_ecosystem("rivages", accent="kola")

    assert 'data-accent="kola"' in client.get("/ecosystems/rivages/").text


def test_filters_narrow_within_the_ecosystem(client):
    make_group(name="Abeille", keywords=["rivages"], kind="support")
    make_group(name="Zèbre", keywords=["rivages"], kind="thematic")
    make_group(name="Éclair", kind="support")

    text = client.get("/ecosystems/rivages/?kind=support").text

    assert [name in text for name in ("Abeille", "Zèbre", "Éclair")] == [True, False, False]


def test_the_keyword_of_the_page_asked_for_again_is_no_chip(client):
    make_group(keywords=["rivages"])

    assert client.get("/ecosystems/rivages/?keyword=rivages").context["listing"].chips == []


def test_a_reviewed_ecosystem_counts_accepted_members_only(client):
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    make_membership(make_group(name="Abeille", keywords=["rivages"]), ecosystem)
    make_group(name="Zèbre", keywords=["rivages"])

    response = client.get("/ecosystems/rivages/")

    assert response.context["ecosystem"].group_count == 1
    assert "Zèbre" not in response.text


# Addresses


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_ecosystem_is_found_in_any_case(client, prefix):
    make_group(keywords=["rivages"])

    response = client.get(f"{prefix}/ecosystems/Rivages/")

    assert (response.status_code, response["Location"]) == (301, f"{prefix}/ecosystems/rivages/")


def test_a_merged_or_renamed_slug_leads_to_the_keyword(client):
    make_group(keywords=["velo"])
    FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("velo"))

    for slug in ("bike", "BIKE"):
        response = client.get(f"/ecosystems/{slug}/")
        assert (response.status_code, response["Location"]) == (301, "/ecosystems/velo/")


@pytest.mark.parametrize("before", ["/ecosystems/bike/", "/ecosystems/BIKE/", "/ecosystems/Velo/"])
@pytest.mark.parametrize(
    "rest",
    [
        "",
        "?kind=support&page=2",
        "groups.json",
        "groups.geojson?kind=support",
        "groups.csv?country=BJ&kind=support",
        "groups.atom",
        "card.png",
        "widget/?view=cards",
    ],
)
def test_whatever_an_old_address_asked_for_is_at_the_new_one(client, before, rest):
    make_group(keywords=["velo"])
    FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("velo"))
    # These two answer in any case, and need not lead anywhere.
    if "Velo" in before and rest.startswith(("card", "widget")):
        assert client.get(before + rest).status_code == 200
        return

    response = client.get(before + rest)

    assert (response.status_code, response["Location"]) == (301, f"/ecosystems/velo/{rest}")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_configurator_of_an_old_address_is_at_the_new_one(client, prefix):
    make_group(keywords=["velo"])
    FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("velo"))

    response = client.get(f"{prefix}/ecosystems/bike/embed/?view=map")

    assert (response.status_code, response["Location"]) == (
        301,
        f"{prefix}/ecosystems/velo/embed/?view=map",
    )


@pytest.mark.parametrize(
    "rest", ["", "groups.json", "groups.atom", "embed/", "widget/", "card.png"]
)
def test_an_old_address_of_a_word_that_is_not_shown_leads_nowhere(client, rest):
    make_group(keywords=["velo"], review="pending")
    FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("velo"))

    for slug in ("bike", "velo", "nowhere"):
        assert client.get(f"/ecosystems/{slug}/{rest}").status_code == 404


def test_a_word_nobody_carries_has_no_page(client):
    make_keyword("velo")

    assert client.get("/ecosystems/velo/").status_code == 404
    assert client.get("/ecosystems/nowhere/").status_code == 404
