"""What search engines are told: every public page in both languages, and nothing else."""

import pytest
from lxml import etree

from groups import sitemap
from tests.factories import make_ecosystem, make_group

pytestmark = pytest.mark.django_db

SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


def read(client, address):
    """Return the tree of an answer."""
    response = client.get(address)
    assert response["Content-Type"].startswith("application/xml")
    return etree.fromstring(b"".join(response.streaming_content))


def addresses(tree, settings):
    found = tree.xpath("//s:loc/text()", namespaces=SPACES)
    assert all(each.startswith(settings.SITE_URL + "/") for each in found)
    return [each.removeprefix(settings.SITE_URL) for each in found]


def test_the_index_leads_to_every_public_group_in_both_languages(client, settings):
    shown = [make_group(), make_group(activity="asleep")]
    make_group(review="pending")
    make_group(activity="archived")

    files = addresses(read(client, "/sitemap.xml"), settings)
    pages = [page for file in files for page in addresses(read(client, file), settings)]

    assert files[0] == "/sitemap-0.xml"
    for group in shown:
        assert f"/groups/{group.short_name}/" in pages
        assert f"/en/groups/{group.short_name}/" in pages
    assert sum(page.startswith("/groups/") for page in pages) == 2 + len(shown)
    assert len(pages) == len(set(pages))
    for page in pages:
        assert client.get(page).status_code == 200, page


def test_groups_are_dealt_over_files_and_each_is_in_one(client, settings, monkeypatch):
    monkeypatch.setattr(sitemap, "GROUPS_A_FILE", 2)
    groups = [make_group() for _ in range(5)]

    files = addresses(read(client, "/sitemap.xml"), settings)
    pages = [page for file in files[1:] for page in addresses(read(client, file), settings)]

    assert len(files) > 3
    assert sorted(page for page in pages if not page.startswith("/en/")) == sorted(
        f"/groups/{group.short_name}/" for group in groups
    )


def test_each_address_names_its_languages_and_its_last_change(client):
    group = make_group()

    tree = read(client, f"/sitemap-{1 + group.pk // sitemap.GROUPS_A_FILE}.xml")

    for url in tree.findall("s:url", SPACES):
        languages = url.xpath("x:link[@rel='alternate']/@hreflang", namespaces=SPACES)
        assert languages == ["fr", "en"]
        assert url.findtext("s:lastmod", namespaces=SPACES) == str(group.changed_at.date())


def test_a_word_is_listed_with_a_record_or_three_groups(client, settings):
    make_ecosystem(keyword="rivages")
    for number in range(3):
        make_group(keywords=["velo", "bus"] if number < 2 else ["velo"])

    pages = addresses(read(client, "/sitemap-0.xml"), settings)

    assert {page for page in pages if page.startswith("/ecosystems/")} == {
        "/ecosystems/",
        "/ecosystems/rivages/",
        "/ecosystems/velo/",
    }


def test_what_did_not_change_is_not_sent_again_and_a_change_is(client):
    make_group()
    tag = client.get("/sitemap.xml")["ETag"]

    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 304
    make_group()
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 200


def test_a_new_ecosystem_is_listed_at_the_next_request(client, settings):
    tag = client.get("/sitemap-0.xml")["ETag"]
    make_ecosystem(keyword="rivages")

    response = client.get("/sitemap-0.xml", headers={"If-None-Match": tag})

    assert response.status_code == 200
    assert "/ecosystems/rivages/" in addresses(read(client, "/sitemap-0.xml"), settings)


def test_a_file_costs_the_same_however_many_groups(client, django_assert_num_queries):
    make_group()
    with django_assert_num_queries(2):
        read(client, "/sitemap-1.xml")
    make_group(), make_group()
    with django_assert_num_queries(2):
        read(client, "/sitemap-1.xml")


def test_a_file_of_no_group_is_empty_and_one_beyond_all_is_none(client, settings):
    assert addresses(read(client, "/sitemap-7.xml"), settings) == []
    assert client.get(f"/sitemap-{10**30}.xml").status_code == 404


def test_robots_are_led_to_the_sitemap_and_kept_from_pages_of_one_person(client, settings):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert {
        "Disallow: /account/",
        "Disallow: /en/account/",
        "Disallow: /l/",
        "Disallow: /checkin/",
    } <= set(lines)
