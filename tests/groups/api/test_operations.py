"""What each address answers: nothing hidden, the right headers, and limits."""

import pytest
from django.utils import timezone

from groups.api import operations
from groups.deciding import delete_groups, refuse
from groups.entries import save_entry
from groups.models import FormerKeywordSlug, FormerShortName, Group, Limit
from tests.factories import make_ecosystem, make_group, make_keyword, make_membership, make_person

from .reading import names, pages, read

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "groups",
    "groups/lagune",
    "ecosystems",
    "ecosystems/rivages",
    "ecosystems/rivages/groups",
    "keywords",
]


@pytest.fixture
def lagune():
    make_ecosystem("rivages", rules=["Be open."], description="By *the* water.")
    return make_group(
        short_name="lagune",
        name="Jardins de la lagune",
        keywords=["rivages", "jardins"],
        services={"home": "https://lagune.example/", "admin": "https://hidden.example/"},
        partners=[{"name": "Mairie", "url": "https://mairie.example/"}],
        country="BJ",
        member_count=180,
    )


@pytest.fixture
def hidden():
    """Make what nobody may hear of: hidden groups, the words only they carry, and who asks."""
    make_group(short_name="waits", name="Hidden waits", keywords=["hush"], review="pending")
    make_group(short_name="refused", name="Hidden refused", keywords=["hush"], review="refused")
    closed = make_ecosystem("closed", name="Closed", admission="reviewed")
    asks = make_group(short_name="asks", name="Asks", keywords=["closed"])
    make_membership(asks, closed, status="asked")


# ── Groups ──────────────────────────────────────────────────────────────────────────────────────


def test_a_group_is_told_as_the_open_data_tell_it(client, lagune, settings):
    answer = read(client, "groups/lagune")
    [listed] = read(client, "groups")["groups"]

    assert answer["licence"] == settings.DATA_LICENCE
    assert answer["group"] == listed
    assert listed["id"] == lagune.pk
    assert listed["services"] == {"home": "https://lagune.example/"}
    assert listed["partners"] == [{"name": "Mairie", "url": "https://mairie.example/"}]
    assert listed["ecosystems"] == ["rivages"]


def test_an_archived_group_has_an_address_as_it_has_a_page(client):
    make_group(short_name="over", activity="archived")

    assert read(client, "groups/over")["group"]["activity"] == "archived"


def test_former_names_and_other_spellings_redirect_for_ever(client, lagune):
    FormerShortName.objects.create(short_name="marais", group=lagune)

    for name in ("marais", "MARAIS", "Lagune"):
        response = client.get(f"/api/v1/groups/{name}")
        assert response.status_code == 308
        assert response["Location"] == "/api/v1/groups/lagune"


@pytest.mark.parametrize("name", ["waits", "refused", "formerly-hidden"])
def test_what_is_hidden_is_not_found_exactly_as_what_never_was(client, hidden, name):
    group = Group.objects.get(short_name="waits")
    FormerShortName.objects.create(short_name="formerly-hidden", group=group)

    response, unknown = client.get(f"/api/v1/groups/{name}"), client.get("/api/v1/groups/never")

    assert (response.status_code, response.text) == (404, unknown.text)
    assert dict(response.headers) == dict(unknown.headers)


@pytest.mark.parametrize("name", ["a", "12", "fr", "x" * 41, "a b", "%00", "é", "admin", "-a-"])
def test_what_is_no_short_name_is_not_found(client, name):
    assert client.get(f"/api/v1/groups/{name}").status_code == 404


def test_a_deleted_group_is_gone_under_each_of_its_names(client, lagune):
    FormerShortName.objects.create(short_name="marais", group=lagune)
    delete_groups([lagune])

    for name in ("lagune", "marais"):
        response = client.get(f"/api/v1/groups/{name}")
        assert response.status_code == 410
        assert response.json()["title"] == "Gone"


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_a_group_that_was_deleted_unseen_was_never_there(client, review):
    group = make_group(short_name="unseen", review=review)
    FormerShortName.objects.create(short_name="before", group=group)
    delete_groups([group])

    for name in ("unseen", "before"):
        assert client.get(f"/api/v1/groups/{name}").status_code == 404


# ── Ecosystems and keywords ─────────────────────────────────────────────────────────────────────


def test_an_ecosystem_tells_what_its_page_shows(client, lagune):
    ecosystem = read(client, "ecosystems/rivages")["ecosystem"]

    assert ecosystem["name"] == "Rivages"
    assert ecosystem["charter"] == ["Be open."]
    assert "<em>the</em>" in ecosystem["description_html"]
    assert (ecosystem["group_count"], ecosystem["member_count"]) == (1, 180)
    [listed] = read(client, "ecosystems")["ecosystems"]
    assert listed == {name: ecosystem[name] for name in listed}


def test_members_nobody_counted_are_not_zero(client):
    make_group(keywords=["eau"])

    assert read(client, "ecosystems/eau")["ecosystem"]["member_count"] is None


def test_a_core_group_is_named_only_while_it_is_published(client, lagune):
    make_ecosystem("eau", core_group=lagune)
    assert read(client, "ecosystems/eau")["ecosystem"]["core_group"] == "lagune"

    refuse([lagune], by=None, reason="No.")

    assert read(client, "ecosystems/eau")["ecosystem"]["core_group"] is None


def test_any_keyword_a_group_shows_has_an_address(client, lagune):
    ecosystem = read(client, "ecosystems/jardins")["ecosystem"]

    assert (ecosystem["has_record"], ecosystem["charter"]) == (False, [])
    assert names(read(client, "ecosystems/jardins/groups")) == ["lagune"]


@pytest.mark.parametrize("rest", ["", "/groups"])
def test_a_word_only_hidden_groups_carry_is_not_found_in_any_spelling(client, hidden, rest):
    FormerKeywordSlug.objects.create(slug="quiet", keyword=make_keyword("hush"))
    unknown = client.get(f"/api/v1/ecosystems/never{rest}")

    for slug in ("hush", "HUSH", "quiet", "%00", "é"):
        response = client.get(f"/api/v1/ecosystems/{slug}{rest}")
        assert (response.status_code, response.text) == (404, unknown.text), slug


@pytest.mark.parametrize("rest", ["", "/groups"])
@pytest.mark.parametrize("slug", ["gardens", "Jardins"])
def test_a_former_slug_and_another_spelling_redirect(client, lagune, rest, slug):
    FormerKeywordSlug.objects.create(slug="gardens", keyword=make_keyword("jardins"))

    response = client.get(f"/api/v1/ecosystems/{slug}{rest}")

    assert response.status_code == 308
    assert response["Location"] == f"/api/v1/ecosystems/jardins{rest}"


def test_keywords_are_those_that_have_a_page(client, lagune, hidden):
    found = [each for page in pages(client, "keywords", limit=1) for each in page["keywords"]]

    counted = {each["slug"]: (each["group_count"], each["has_record"]) for each in found}
    assert counted == {"rivages": (1, True), "jardins": (1, False), "closed": (0, True)}


def test_ecosystems_come_in_pages_too(client):
    for number in range(5):
        make_ecosystem(f"word-{number}")

    found = [each for page in pages(client, "ecosystems", limit=2) for each in page["ecosystems"]]

    assert [each["slug"] for each in found] == [f"word-{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("address", "queries"),
    [("groups/a-0", 7), ("ecosystems", 6), ("ecosystems/word-0", 6), ("keywords", 4)],
)
def test_an_answer_costs_as_many_queries_whatever_it_tells(
    client, django_assert_num_queries, address, queries
):
    made = 0
    for count in (1, 3):
        for _ in range(count):
            make_ecosystem(f"word-{made}", rules=["One.", "Two."])
            make_group(short_name=f"a-{made}", keywords=["word-0", f"word-{made}"])
            made += 1
        read(client, address)
        with django_assert_num_queries(queries):
            read(client, address)


# ── All of them ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", [*ADDRESSES, "groups?updated_since=2026-01-01T00:00:00Z"])
def test_nothing_hidden_is_in_any_answer(client, lagune, hidden, address):
    client.force_login(make_person(is_staff=True, is_superuser=True))

    text = client.get(f"/api/v1/{address}").text

    assert "rivages" in text
    for secret in ("idden", "hush", "waits", "refused"):
        assert secret not in text


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_may_be_kept_and_its_copy_is_known(client, lagune, settings, address):
    response = client.get(f"/api/v1/{address}")

    assert response["Content-Type"] == "application/json"
    assert f'<{settings.DATA_LICENCE}>; rel="license"' in response["Link"]
    assert "max-age=60, stale-while-revalidate" in response["Cache-Control"]
    assert "Cookie" not in response["Vary"]
    assert not response.cookies
    known = {"if-none-match": response["ETag"]}
    again = client.get(f"/api/v1/{address}", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    save_entry({"tagline": "Else"}, group=lagune, why="edited")
    assert client.get(f"/api/v1/{address}", headers=known).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_answers_as_get_without_a_body(client, lagune, address):
    head, get = client.head(f"/api/v1/{address}"), client.get(f"/api/v1/{address}")

    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == get["ETag"]


def test_the_headers_name_the_next_page(client):
    for _ in range(3):
        make_group()

    response = client.get("/api/v1/groups?kind=territorial&limit=2")

    following = response.json()["next"]
    assert f'<{following}>; rel="next"' in response["Link"]
    assert "kind=territorial" in following
    assert "next" not in client.get(following)["Link"]


# ── Limits ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", [*ADDRESSES, "groups/never", "ecosystems/never"])
def test_one_answer_too_many_is_refused_until_some_time_has_passed(
    client, lagune, monkeypatch, address
):
    monkeypatch.setattr(operations, "MOST_ASKED", 2)
    known = client.get(f"/api/v1/{address}").get("ETag", '"none"')
    client.get(f"/api/v1/{address}")

    response = client.get(f"/api/v1/{address}")

    assert response.status_code == 429
    assert response["Retry-After"] == "600"
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    other = client.get(f"/api/v1/{address}", REMOTE_ADDR="203.0.113.9")
    assert other.status_code in (200, 404)
    if known != '"none"':
        # What costs nothing is not refused.
        unchanged = client.get(f"/api/v1/{address}", headers={"if-none-match": known})
        assert unchanged.status_code == 304
    Limit.objects.update(ends_at=timezone.now())
    assert client.get(f"/api/v1/{address}").status_code in (200, 404)


def test_an_answer_that_did_not_change_is_not_counted(client, lagune):
    tag = client.get("/api/v1/groups")["ETag"]

    for _ in range(3):
        client.get("/api/v1/groups", headers={"if-none-match": tag})

    assert Limit.objects.get(key__startswith="api:").count == 1
