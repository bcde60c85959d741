"""The files of open data: each read back by what reads such files, and nothing hidden in any."""

import csv
import io
import json

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from groups.deciding import delete_groups, publish, refuse
from groups.entries import save_entry
from groups.exchange.csv_file import read_csv
from groups.exchange.writing import csv_lines
from groups.models import Group, Tombstone
from groups.open_data import reading
from tests.factories import make_ecosystem, make_group

pytestmark = pytest.mark.django_db

SUFFIXES = ("json", "geojson", "csv", "atom")
ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}


@pytest.fixture
def lagune():
    return make_group(
        short_name="lagune",
        name="Jardins de la lagune",
        tagline="=SUM(1) nous jardinons",
        keywords=["cyou", "jardins"],
        services={"home": "https://lagune.example/", "admin": "https://hidden.example/"},
        partners=[{"name": "Mairie", "url": "https://mairie.example/"}],
        country="BJ",
        latitude=6.35,
        longitude=2.43,
    )


@pytest.fixture
def hidden():
    make_group(short_name="waits", name="Hidden waits", keywords=["cyou"], review="pending")
    make_group(short_name="refused", name="Hidden refused", keywords=["cyou"], review="refused")


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content).decode()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("base", ["/groups", "/ecosystems/cyou/groups"])
def test_a_file_holds_the_published_groups_and_nothing_hidden(client, lagune, hidden, base, suffix):
    text = text_of(client, f"{base}.{suffix}")

    assert "Jardins de la lagune" in text
    assert "idden" not in text


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_may_be_kept_read_by_any_site_and_names_its_licence(
    client, lagune, settings, suffix
):
    response = client.get(f"/groups.{suffix}")

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Link"] == f'<{settings.DATA_LICENCE}>; rel="license"'
    assert "stale-if-error" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    again = client.get(f"/groups.{suffix}", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    save_entry({"tagline": "Else"}, group=lagune, why="edited")
    changed = client.get(f"/groups.{suffix}", headers={"if-none-match": response["ETag"]})
    assert changed.status_code == 200


def test_the_json_file_says_all_that_is_public(client, lagune, settings):
    data = json.loads(text_of(client, "/groups.json"))

    [group] = data["groups"]
    assert data["licence"] == settings.DATA_LICENCE
    assert group["id"] == lagune.pk
    assert group["keywords"] == ["cyou", "jardins"]
    assert group["services"] == {"home": "https://lagune.example/"}
    assert group["partners"] == [{"name": "Mairie", "url": "https://mairie.example/"}]
    assert (group["latitude"], group["longitude"]) == (6.35, 2.43)


@pytest.mark.parametrize("suffix", ["json", "geojson", "csv"])
def test_a_file_is_imported_back_unchanged(client, lagune, suffix, tmp_path, capsys):
    make_group(short_name="plain", name="'Plain", tagline="-1 + 1")
    file = tmp_path / f"groups.{suffix}"
    file.write_text(text_of(client, f"/groups.{suffix}"), encoding="utf-8")

    call_command("import_groups", str(file), "--update", "--dry-run")

    output = capsys.readouterr().out
    assert "Ajoutés : 0 ; modifiés : 0 ; inchangés : 2" in " ".join(output.split()), output


def test_the_geojson_file_follows_rfc_7946(client, lagune):
    make_group(short_name="nowhere", name="Nowhere")

    data = json.loads(text_of(client, "/groups.geojson"))

    assert data["type"] == "FeatureCollection"
    assert "crs" not in data
    for feature in data["features"]:
        assert feature["type"] == "Feature"
        assert {"id", "geometry", "properties"} <= feature.keys()
    here, nowhere = data["features"]
    assert here["geometry"] == {"type": "Point", "coordinates": [2.43, 6.35]}
    assert nowhere["geometry"] is None


def test_an_approximate_position_is_given_no_more_exactly_than_it_is_shown(client):
    make_group(short_name="home", latitude=6.35123, longitude=2.43987, position_is_approximate=True)

    for suffix in ("json", "geojson", "csv"):
        text = text_of(client, f"/groups.{suffix}")
        assert "6.35" not in text
        assert "2.43" not in text


def test_the_csv_file_is_one_spreadsheets_open_and_do_not_run(client, lagune):
    response = client.get("/groups.csv")
    text = b"".join(response.streaming_content).decode()

    assert text.startswith("\ufeff")
    [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["tagline"] == "'=SUM(1) nous jardinons"
    assert row["contact_email"] == row["admin_url"] == ""
    assert response["Content-Disposition"] == 'attachment; filename="groups.csv"'


@given(
    text=st.text(
        st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t"), min_size=1
    )
)
@pytest.mark.parametrize("start", ["", "=", "+", "-", "@", "\t", "'", "''"])
def test_any_cell_comes_back_as_it_was_written(start, text):
    tagline = f"{start}x{text}x"
    entry = {"short_name": "a-b", "name": "x", "tagline": tagline, "kind": "thematic"}

    [(_number, row)] = read_csv("".join(csv_lines([entry]))).rows

    assert row["tagline"] == tagline


def test_the_feed_follows_rfc_4287(client, lagune):
    feed = etree.fromstring(text_of(client, "/ecosystems/cyou/groups.atom").encode())

    def texts(path):
        return feed.xpath(path, namespaces=ATOM)

    assert feed.tag == f"{{{ATOM['a']}}}feed"
    for needed in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:rights"):
        assert len(texts(needed)) == 1, needed
    assert texts("a:link[@rel='self']/@href") == texts("a:id/text()")
    assert len(texts("a:link[@rel='alternate']")) == 1
    for needed in ("id", "title", "updated", "published", "summary", "link"):
        assert len(texts(f"a:entry/a:{needed}")) == 1, needed
    assert texts("a:entry/a:id/text()")[0].endswith(f":group-{lagune.pk}")
    assert texts("a:entry/a:category/@term") == ["cyou", "jardins"]


def test_the_feed_names_what_changed_last_first(client, lagune):
    make_group(short_name="newest", name="The new")
    save_entry({"tagline": "Changed"}, group=lagune, why="edited")

    feed = etree.fromstring(text_of(client, "/groups.atom").encode())

    titles = feed.xpath("a:entry/a:title/text()", namespaces=ATOM)
    assert titles == ["Jardins de la lagune", "The new"]


@pytest.mark.parametrize("how", ["deleted", "refused"])
def test_what_is_gone_leaves_its_number_and_the_day_and_no_more(client, lagune, how):
    pk = lagune.pk
    if how == "deleted":
        delete_groups(Group.objects.filter(pk=pk))
    else:
        refuse([lagune], by=None, reason="No.")

    for base in ("/groups", "/ecosystems/cyou/groups"):
        if base != "/groups" and client.get(f"{base}.json").status_code == 404:
            # Nobody carries the word any more: it says nothing, not even that it existed.
            continue
        data = json.loads(text_of(client, f"{base}.json"))
        assert data["groups"] == []
        assert [each["id"] for each in data["deleted"]] == [pk]
        assert data["deleted"][0].keys() == {"id", "deleted_on"}
    feed = text_of(client, "/groups.atom")
    assert f":group-{pk}" in feed
    assert "deleted-entry" in feed
    assert "lagune" not in feed


def test_what_comes_back_loses_its_tombstone(lagune):
    refuse([lagune], by=None, reason="No.")
    assert Tombstone.objects.count() == 3
    publish(Group.objects.filter(pk=lagune.pk), by=None)

    assert not Tombstone.objects.exists()


def test_a_file_answers_the_filters_of_the_directory(client, lagune):
    make_group(short_name="other", name="Other", country="FR", keywords=["cyou"])

    def names(query):
        data = json.loads(text_of(client, f"/groups.json?{query}"))
        return [group["short_name"] for group in data["groups"]]

    assert names("country=FR") == ["other"]
    assert names("keyword=jardins") == ["lagune"]
    assert names("q=lagune") == ["lagune"]
    assert names("kind=support") == []


def test_a_word_nobody_shows_has_no_file(client, hidden):
    assert client.get("/ecosystems/cyou/groups.json").status_code == 404
    assert client.get("/ecosystems/nothing/groups.json").status_code == 404


def test_a_file_costs_as_many_queries_with_many_groups(client, django_assert_num_queries):
    make_ecosystem("cyou", admission="open")
    for count in (1, 4):
        for number in range(count):
            make_group(short_name=f"g-{count}-{number}", keywords=["cyou"])
        # The version, the word, what is gone, a batch with its three, and the end.
        with django_assert_num_queries(8):
            text_of(client, "/ecosystems/cyou/groups.json")


def test_batches_are_read_one_after_the_other(monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 2)
    made = [make_group(short_name=f"group-{number}").pk for number in range(5)]

    read = list(reading.batches(Group.objects.published()))

    assert [[pk for pk, _entry in batch] for batch in read] == [made[:2], made[2:4], made[4:]]
