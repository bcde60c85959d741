import pytest
from django.contrib.staticfiles import finders

from groups import caching
from groups.entries import save_entry
from groups.models import FormerKeywordSlug
from tests.factories import make_ecosystem, make_group, make_keyword
from tests.markup import problems_of

pytestmark = pytest.mark.django_db

WIDGET = "/ecosystems/rivages/widget/"


@pytest.fixture(autouse=True)
def _nothing_kept():
    caching.forget_bodies()


def policy_of(response):
    directives = response["Content-Security-Policy"].split("; ")
    return next(each for each in directives if each.startswith("frame-ancestors"))


# What it costs


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("view", ["list", "cards", "map"])
def test_a_widget_costs_three_queries_then_one(client, django_assert_num_queries, groups, view):
    make_ecosystem("rivages")
    for _ in range(groups):
        make_group(keywords=["rivages"], latitude=6, longitude=2)

    with django_assert_num_queries(3):  # version, counts, cards
        first = client.get(f"{WIDGET}?view={view}")
    with django_assert_num_queries(1):  # version
        second = client.get(f"{WIDGET}?view={view}")
    with django_assert_num_queries(1):  # version
        third = client.get(f"{WIDGET}?view={view}", headers={"If-None-Match": first["ETag"]})

    assert first.text.count('class="widget__group"') == groups
    assert (second.content, third.status_code) == (first.content, 304)
    assert policy_of(third) == policy_of(first)
    assert "X-Frame-Options" not in third


def test_the_card_of_a_group_costs_two_queries_then_one(client, django_assert_num_queries):
    group = make_group(name="Jardins")

    with django_assert_num_queries(2):  # version, card
        first = client.get(f"/groups/{group.short_name}/widget/")
    with django_assert_num_queries(1):
        client.get(f"/groups/{group.short_name}/widget/")

    assert "Jardins" in first.text


def test_a_widget_weighs_at_most_thirty_kilobytes(client):
    make_ecosystem("rivages")
    for number in range(24):
        site = f"https://groupe-{number}.example.org/"
        make_group(
            keywords=["rivages"],
            name=f"Les amis du jardin partagé {number}",
            tagline="Des potagers partagés dans les cours d’école, du lundi au samedi.",
            country="BJ",
            region="Porto-Novo",
            services={"home": site, "join": f"{site}join/"},
        )

    weight = len(client.get(WIDGET).content)
    for name in ("css/tokens.css", "css/widget.css"):
        with open(finders.find(name), "rb") as file:
            weight += len(file.read())

    assert weight <= 30_000


# What it says


@pytest.mark.parametrize("address", [WIDGET, "/groups/jardins/widget/", "/groups/none/widget/"])
def test_every_frame_names_the_licence_of_what_it_shows(client, address):
    make_ecosystem("rivages")
    make_group(short_name="jardins", keywords=["rivages"])

    licence = "https://creativecommons.org/licenses/by-sa/4.0/"
    link = f'<a href="{licence}" rel="license noopener">CC BY-SA 4.0</a>'
    assert link in client.get(address).text


def test_a_widget_is_right_at_the_next_request_after_an_edit(client):
    make_ecosystem("rivages")
    group = make_group(keywords=["rivages"], name="Before")
    before = client.get(WIDGET)

    save_entry({"name": "After"}, group=group, why="test")
    after = client.get(WIDGET, headers={"If-None-Match": before["ETag"]})

    assert (after.status_code, "After" in after.text) == (200, True)


def test_every_process_is_right_at_the_next_request_after_an_edit(client, monkeypatch):
    processes = [caching._Bodies(), caching._Bodies()]
    make_ecosystem("rivages")
    group = make_group(keywords=["rivages"], name="Before")

    def seen_by_each():
        for bodies in processes:
            monkeypatch.setattr(caching, "_BODIES", bodies)
            text = client.get(WIDGET).text
            yield next(name for name in ("Before", "Between", "After") if name in text)

    assert list(seen_by_each()) == ["Before", "Before"]
    save_entry({"name": "Between"}, group=group, why="test")
    assert list(seen_by_each()) == ["Between", "Between"]
    save_entry({"name": "After"}, group=group, why="test")
    assert list(seen_by_each()) == ["After", "After"]


@pytest.mark.parametrize("address", [WIDGET, f"{WIDGET}?view=cards", f"{WIDGET}?view=map&lang=en"])
def test_a_widget_is_valid_html_sets_no_cookie_and_opens_outside(client, address):
    make_ecosystem("rivages")
    make_group(keywords=["rivages"], kind="support", services={"home": "https://a.example.org/"})
    make_group(keywords=["rivages"], kind="thematic")

    response = client.get(address)

    language = "en" if "lang=en" in address else "fr"
    assert problems_of(response.text, language=language) == []
    assert (response.cookies, response["Vary"]) == ({}, "Accept-Encoding")
    assert '<base target="_blank">' in response.text
    assert "<form" not in response.text


def test_hidden_groups_are_in_no_widget(client):
    make_ecosystem("rivages", admission="reviewed")
    hidden = make_group(keywords=["rivages"], name="Not admitted")
    make_group(keywords=["rivages"], name="Pending", review="pending")
    make_keyword("secret")

    text = client.get(WIDGET).text

    assert "Not admitted" not in text
    assert "Pending" not in text
    assert "widget__empty" in text
    assert client.get("/ecosystems/secret/widget/").status_code == 404
    assert client.get(f"/groups/{hidden.short_name}/widget/").status_code == 200


def test_parameters_are_a_closed_set_in_one_order(client):
    make_ecosystem("rivages")
    make_group(keywords=["rivages"])

    plain = client.get(WIDGET)
    odd = client.get(f"{WIDGET}?view=nonsense&limit=1000&theme=pink&lang=xx&q=a&country=ZZ")
    one = client.get(f"{WIDGET}?lang=en&kind=support&view=cards&kind=thematic")
    two = client.get(f"{WIDGET}?view=cards&kind=thematic&kind=support&lang=en")

    assert odd["ETag"] == plain["ETag"]
    assert one["ETag"] == two["ETag"]


def test_a_merged_keyword_leads_on_with_its_choices(client):
    make_group(keywords=["velo"])
    FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("velo"))

    response = client.get("/ecosystems/bike/widget/?view=cards&odd=1")

    assert (response.status_code, response["Location"]) == (
        301,
        "/ecosystems/velo/widget/?view=cards",
    )


# Who may show it


@pytest.mark.parametrize(
    ("origins", "policy"),
    [
        ([], "frame-ancestors 'self' *"),
        (["https://a.example.org"], "frame-ancestors 'self' https://a.example.org"),
        (["https://a.example.org; script-src *"], "frame-ancestors 'self'"),
    ],
)
def test_an_ecosystem_says_who_may_frame_its_widget(client, origins, policy):
    make_ecosystem("rivages", allowed_origins=origins)

    response = client.get(WIDGET)

    assert policy_of(response) == policy
    assert "X-Frame-Options" not in response


def test_what_is_not_there_says_so_within_the_frame(client):
    response = client.get("/ecosystems/nowhere/widget/?lang=en")

    assert response.status_code == 404
    assert policy_of(response) == "frame-ancestors 'self' *"
    assert "All the ecosystems" in response.text
