from io import BytesIO

import pytest
from PIL import Image

from groups import caching
from groups.entries import save_entry
from groups.models import FormerShortName, Group
from tests.factories import make_ecosystem, make_group
from tests.markup import parsed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    caching.forget_bodies()


def meta_of(page):
    root, _repairs = parsed(page.text)
    return {
        element.get("property") or element.get("name"): element.get("content")
        for element in root.iter()
        if element.tag.endswith("meta")
    }


def test_the_picture_of_a_group_costs_two_queries_then_one(client, django_assert_num_queries):
    make_group(short_name="jardins")

    with django_assert_num_queries(2):  # version, card
        first = client.get("/groups/jardins/card.png")
    with django_assert_num_queries(1):
        second = client.get("/groups/jardins/card.png", headers={"If-None-Match": first["ETag"]})

    assert Image.open(BytesIO(first.content)).size == (1200, 630)
    assert (first["Content-Type"], second.status_code) == ("image/png", 304)
    assert "max-age=60" in first["Cache-Control"]
    assert not first.cookies


def test_a_changed_name_shows_at_the_next_request(client):
    group = make_group(short_name="jardins", name="Jardins")
    before = client.get("/groups/jardins/card.png")

    group = Group.objects.get(pk=group.pk)
    entry = {"short_name": "jardins", "name": "Vergers"}
    save_entry(entry, group=group, why="test")

    assert client.get("/groups/jardins/card.png").content != before.content


def test_the_picture_of_an_ecosystem_costs_as_much_for_many_groups(
    client, django_assert_num_queries
):
    make_ecosystem("rivages")
    for _ in range(3):
        make_group(keywords=["rivages"])

    with django_assert_num_queries(3):  # version and record, counts, bands
        response = client.get("/ecosystems/rivages/card.png")

    assert Image.open(BytesIO(response.content)).size == (1200, 630)


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_what_is_not_published_has_no_picture(client, review):
    make_group(short_name="hidden", keywords=["hidden word"], review=review)

    for path in ("/groups/hidden", "/groups/nobody", "/ecosystems/hidden-word", "/ecosystems/no"):
        assert client.get(f"{path}/card.png").status_code == 404


def test_a_former_short_name_leads_to_the_picture(client):
    FormerShortName.objects.create(short_name="former", group=make_group(short_name="jardins"))

    for asked in ("former", "Jardins"):
        response = client.get(f"/groups/{asked}/card.png")

        assert (response.status_code, response["Location"]) == (301, "/groups/jardins/card.png")


@pytest.mark.parametrize(
    ("prefix", "language", "locale"), [("", "fr", "fr_FR"), ("/en", "en", "en_GB")]
)
def test_pages_say_how_to_show_a_link_to_them(client, settings, prefix, language, locale):
    make_ecosystem("rivages", name="Rivages", tagline="Along the water.")
    make_group(short_name="jardins", name='<Jardins> "R"', tagline="A & B", keywords=["rivages"])

    for path, title, line in (
        ("/groups/jardins/", '<Jardins> "R"', "A & B"),
        ("/ecosystems/rivages/", "Rivages", "Along the water."),
    ):
        meta = meta_of(client.get(f"{prefix}{path}"))

        assert (meta["og:title"], meta["og:description"]) == (title, line)
        assert meta["og:url"] == f"{settings.SITE_URL}{prefix}{path}"
        assert meta["og:locale"] == locale
        assert meta["og:image"] == f"{settings.SITE_URL}{path}card.png?lang={language}"
        assert meta["twitter:image"] == meta["og:image"]
