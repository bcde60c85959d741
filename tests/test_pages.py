"""Every page a visitor can reach in the demo: its HTML, its headers, its weight, its words."""

import functools
import gzip
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import polib
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from tests.factories import make_ecosystem, make_group
from tests.markup import each, links_of, parsed, problems_of, text_of

ROOT = Path(__file__).resolve().parent.parent
STARTS = ("/", "/en/", "/groups/?view=map", "/nowhere/", "/en/nowhere/")
# The pages made to be framed by others; every other page refuses.
FRAMED = {"groups-data:ecosystem_widget", "groups-data:group_widget"}
# So many addresses of one kind are enough: pages of the same view differ only by their content.
ENOUGH = 8


class Page(NamedTuple):
    """One answer to a visitor, read once for all the tests below."""

    address: str
    language: str
    view: str
    response: HttpResponse
    text: str
    root: Element | None
    links: list

    def __repr__(self):
        return self.address


def language_of(address):
    if "/widget/" in address:
        return "en" if "lang=en" in address else "fr"
    return "en" if re.match(r"/en(/|$)", urlsplit(address).path) else "fr"


def is_ours(address):
    return not urlsplit(address).netloc and not address.startswith(("mailto:", "tel:", "data:"))


def is_static(address):
    return urlsplit(address).path.startswith("/" + settings.STATIC_URL.strip("/") + "/")


def visit(client, address):
    """Return the Page at ``address``; what is no HTML has no text and no links."""
    response = client.get(address)
    if response.streaming:
        # Read to its end, or the file behind it would stay open.
        list(response.streaming_content)
    known = address, language_of(address), view_at(address), response
    if not response.get("Content-Type", "").startswith("text/html"):
        return Page(*known, "", None, [])
    root, _repairs = parsed(response.text)
    links = [(urljoin(address, link), element) for link, element in links_of(root)]
    return Page(*known, response.text, root, links)


def view_at(address):
    """Return the name of the view that answers ``address``, "" where there is none."""
    path = urlsplit(address).path
    with translation.override("en" if re.match(r"/en(/|$)", path) else "fr"):
        try:
            return resolve(unquote(urlsplit(address).path)).view_name
        except Resolver404:
            return ""


def crawl(client, starts=STARTS):
    """Follow the links of the site from ``starts``, and return the pages seen by address."""
    pages, seen, waiting = {}, Counter(), list(starts)
    while waiting:
        address = waiting.pop(0)
        parts = urlsplit(address)
        kind = (view_at(address), bool(parts.query), language_of(address))
        if address in pages or (seen[kind] >= ENOUGH and address not in starts):
            continue
        seen[kind] += 1
        pages[address] = visit(client, address)
        waiting += [
            link.partition("#")[0]
            for link, _element in pages[address].links
            if is_ours(link) and not is_static(link)
        ]
    return pages


@functools.cache
def pages_of_the_demo():
    """Crawl the demo once; the tests below look at what was answered, not at the database."""
    call_command("load_demo", verbosity=0)
    return crawl(Client())


@pytest.fixture
def pages(db):
    """The pages of the demo by address, in both languages."""
    return pages_of_the_demo()


@pytest.fixture
def html_pages(pages):
    return [page for page in pages.values() if page.text]


def gathered(problems):
    """Return (what, where) pairs as one text: each problem once, with the pages that show it."""
    places = defaultdict(list)
    for what, where in problems:
        places[what].append(str(where))
    return "\n".join(
        f"{what}\n    on {len(found)}: {' '.join(found[:4])}"
        for what, found in sorted(places.items())
    )


# What there is


def test_every_kind_of_page_is_reached_in_both_languages(html_pages):
    reached = Counter((page.view, page.language) for page in html_pages)
    views = ["home", "group_list", "group_detail", "ecosystem_list", "ecosystem_detail", "about"]

    assert {
        (view, language): reached[f"groups:{view}", language]
        for view in views
        for language in ("fr", "en")
        if not reached[f"groups:{view}", language]
    } == {}


def test_every_link_of_the_site_leads_somewhere(pages):
    wrong = [
        (f"{page.response.status_code} at {page.address}", source.address)
        for source in pages.values()
        for link, _element in source.links
        if (page := pages.get(link.partition("#")[0]))
        and page.response.status_code not in (200, 301, 302)
        and "nowhere" not in page.address
    ]

    assert gathered(wrong) == ""


def test_every_link_not_followed_is_an_address_of_the_site(pages):
    links = {
        (link.partition("#")[0], page.address)
        for page in pages.values()
        for link, _element in page.links
        if is_ours(link) and not is_static(link) and "nowhere" not in link
    }

    assert gathered((link, page) for link, page in links if not view_at(link)) == ""


def test_every_file_a_page_loads_is_there(pages):
    files = {
        (unquote(urlsplit(link).path), page.address)
        for page in pages.values()
        for link, _element in page.links
        if is_static(link)
    }

    assert files
    assert gathered((file, page) for file, page in files if not static_file(file)) == ""


def static_file(path):
    """Return the path of the file served at ``path``, None where there is none."""
    return finders.find(path.partition("/" + settings.STATIC_URL.strip("/") + "/")[2])


# HTML


def test_every_page_is_valid_html(html_pages):
    assert (
        gathered(
            (problem, page)
            for page in html_pages
            for problem in problems_of(page.text, language=page.language)
        )
        == ""
    )


def test_every_page_has_a_title_of_its_own(html_pages):
    titles = defaultdict(set)
    for page in html_pages:
        if page.response.status_code == 200:
            [title] = each(page.root, "title")
            titles[page.language, text_of(title)].add(urlsplit(page.address).path)

    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


def test_every_page_names_itself_in_the_other_language(html_pages):
    wrong = []
    for page in html_pages:
        if page.response.status_code != 200 or page.view in FRAMED:
            continue
        others = {
            element.get("hreflang"): link
            for link, element in page.links
            if element.get("hreflang") and element.tag.endswith("}a")
        }
        other = "fr" if page.language == "en" else "en"
        path = urlsplit(page.address).path
        expected = path.removeprefix("/en") if other == "fr" else f"/en{path}"
        if urlsplit(others.get(other, "")).path != expected:
            wrong.append((f"the link to {other} leads to {others.get(other)}", page))

    assert gathered(wrong) == ""


def test_links_chosen_by_strangers_are_marked(html_pages):
    wrong = [
        (f"{link} has rel={element.get('rel')}", page)
        for page in html_pages
        for link, element in page.links
        if element.tag.endswith("}a")
        and urlsplit(link).netloc
        and page.view in ("groups:group_list", "groups:group_detail", "groups:ecosystem_detail")
        and not {"nofollow", "ugc"} <= set((element.get("rel") or "").split())
        and "openstreetmap.org/copyright" not in link
        and element.get("rel") != "license"
    ]

    assert gathered(wrong) == ""


def test_filtered_addresses_are_not_indexed_and_name_the_page_they_narrow(html_pages):
    wrong = []
    for page in html_pages:
        parts = urlsplit(page.address)
        if not parts.query or page.response.status_code != 200 or is_private(page):
            continue
        if page.view in FRAMED:
            continue
        robots = [
            meta.get("content") for meta in each(page.root, "meta") if meta.get("name") == "robots"
        ]
        canonical = [
            link.get("href") for link in each(page.root, "link") if link.get("rel") == "canonical"
        ]
        if robots != ["noindex, nofollow"]:
            wrong.append((f"robots {robots}", page))
        if [urlsplit(address).path for address in canonical] != [parts.path] or "?" in canonical[0]:
            wrong.append((f"canonical {canonical}", page))

    assert gathered(wrong) == ""


def test_no_page_loads_anything_from_another_host(html_pages):
    loading = {"img", "script", "link", "iframe", "source", "video", "audio", "use", "object"}
    wrong = [
        (link, page)
        for page in html_pages
        for link, element in page.links
        if element.tag.rpartition("}")[2] in loading
        and urlsplit(link).netloc
        and element.get("rel") not in ("canonical", "alternate")
    ]

    assert gathered(wrong) == ""


# Headers


def directives(response):
    """Return the content security policy of ``response`` as {directive: its values}."""
    policy = response.get("Content-Security-Policy", "")
    return {name: values for name, *values in map(str.split, policy.split(";")) if name}


def test_every_page_has_a_strict_content_security_policy(html_pages):
    for page in html_pages:
        policy = directives(page.response)
        assert policy["default-src"] == ["'none'"]
        assert policy["script-src"] == policy["style-src"] == ["'self'"]
        assert policy["base-uri"] == ["'none'"]
        assert policy["frame-ancestors"] == (
            ["'self'", "*"] if page.view in FRAMED else ["'none'"]
        ), page
        assert policy["form-action"] == ["'self'"]


def test_nothing_is_framed_sniffed_or_tells_where_the_reader_was(pages):
    for page in pages.values():
        headers = page.response.headers
        assert headers.get("X-Frame-Options") == (None if page.view in FRAMED else "DENY"), page
        assert headers["X-Content-Type-Options"] == "nosniff", page
        assert headers["Referrer-Policy"] in ("same-origin", "strict-origin-when-cross-origin")
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", page


# What is only read, and kept by caches on the way to the reader.
READ_VIEWS = {
    f"groups:{name}"
    for name in (
        "home about group_list group_detail ecosystem_list ecosystem_detail short_address"
        " group_pattern cloth picture map_groups"
    ).split()
}


def is_private(page):
    return "private" in page.response.get("Cache-Control", "")


def test_what_is_only_read_may_be_kept_by_caches(pages):
    read = [page for page in pages.values() if page.view in READ_VIEWS]

    assert len(read) > 50
    assert [page for page in read if is_private(page)] == []


def test_a_form_sets_one_cookie_and_is_kept_from_caches_and_search_engines(html_pages):
    forms = [page for page in html_pages if page.response.cookies]

    assert {"groups:contact_group", "groups:report_group"} <= {page.view for page in forms}
    for page in forms:
        assert set(page.response.cookies) == {"csrf"}, page
        assert is_private(page), page
        assert "noindex" in page.response["X-Robots-Tag"], page


def test_reading_sets_no_cookie_and_varies_by_the_encoding_alone(pages):
    for page in pages.values():
        if is_private(page) and page.view not in READ_VIEWS:
            continue
        varies = {each_one.strip() for each_one in page.response.get("Vary", "").split(",")}
        assert page.response.cookies == {}, page
        assert varies <= {"", "Accept-Encoding"}, page


def test_every_page_says_its_language(html_pages):
    assert {
        page.address: page.response.get("Content-Language")
        for page in html_pages
        if page.response.get("Content-Language") != page.language
    } == {}


def test_pictures_drawn_from_names_are_svg_that_stays(pages):
    patterns = [page for page in pages.values() if urlsplit(page.address).path.endswith(".svg")]

    assert patterns
    for page in patterns:
        assert page.response["Content-Type"] == "image/svg+xml"
        assert "max-age" in page.response["Cache-Control"]
        drawn = ElementTree.fromstring(page.response.content)
        assert not [part for part in drawn.iter() if part.tag.endswith(("script", "style"))]


# Words


def test_no_page_mixes_the_languages(html_pages):
    """A message of some length is found in its own language only, so nothing was forgotten."""
    catalogue = polib.pofile(str(ROOT / "locale/fr/LC_MESSAGES/django.po"))
    pairs = {
        "fr": [entry.msgid for entry in catalogue if is_telling(entry)],
        "en": [entry.msgstr for entry in catalogue if is_telling(entry)],
    }
    wrong = []
    for page in html_pages:
        words = text_of(page.root)
        wrong += [(foreign, page) for foreign in pairs[page.language] if foreign in words]

    assert gathered(wrong) == ""


def is_telling(entry):
    return (
        len(entry.msgid) > 12
        # What counts things has its wordings elsewhere.
        and entry.msgstr not in ("", entry.msgid)
        and not re.search(r"[%{<]", entry.msgid)
    )


def test_french_pages_are_set_as_french_is(html_pages):
    """Our own words are set by hand; those of groups are left as they wrote them."""
    wrong = []
    for page in html_pages:
        if page.language != "fr":
            continue
        frame = each(page.root, "h2", "button", "legend")
        for words in (text_of(element) for element in frame if not each(element, "a")):
            if re.search(r" [;:!?»]|« |\w'\w", words):
                wrong.append((words, page))

    assert gathered(wrong) == ""


# Weight


def compressed(content):
    return len(gzip.compress(content, 6))


def weights_of(page):
    """Return what the first view of ``page`` costs on the wire, as {kind of file: bytes}."""
    weights = Counter(HTML=compressed(page.text.encode()))
    for link, element in page.links:
        if element.tag.endswith("}link") and element.get("rel") == "stylesheet":
            weights["CSS"] += compressed(Path(static_file(urlsplit(link).path)).read_bytes())
        elif element.tag.endswith("}script"):
            weights["JS"] += compressed(Path(static_file(urlsplit(link).path)).read_bytes())
    return weights


BUDGET = 50 * 1024
MAP_BUDGET = 110 * 1024


def test_first_views_keep_to_the_budget(html_pages):
    rows = {}
    for page in html_pages:
        weights = weights_of(page)
        if weights.total() > rows.get(page.view, (Counter(), ""))[0].total():
            rows[page.view] = (weights, page.address)
    table = "\n".join(
        f"{view or 'no such page':<24} {weights['HTML']:>6} HTML {weights['CSS']:>6} CSS "
        f"{weights['JS']:>6} JS = {weights.total():>6} of {BUDGET}  {address}"
        for view, (weights, address) in sorted(rows.items())
    )
    sys.stdout.write(f"\nThe heaviest first view of each kind, bytes after gzip:\n{table}\n")

    assert [view for view, (weights, _) in rows.items() if weights.total() > BUDGET] == [], table


def test_the_files_of_the_map_keep_to_their_budget(html_pages):
    maps = [
        element
        for page in html_pages
        for element in page.root.iter()
        if element.get("data-map") is not None
    ]
    files = {
        value
        for element in maps
        for value in element.attrib.values()
        if is_static(value) and is_ours(value)
    }
    weights = {file: compressed(Path(static_file(file)).read_bytes()) for file in sorted(files)}
    table = "\n".join(f"{weight:>6} {file}" for file, weight in weights.items())
    sys.stdout.write(f"\nThe files of the map, {sum(weights.values())} bytes:\n{table}\n")

    assert len(files) >= 4
    assert sum(weights.values()) <= MAP_BUDGET, table


# An empty world


@pytest.mark.django_db
def test_a_world_without_groups_has_valid_pages_with_a_next_step():
    pages = crawl(Client()).values()
    pages = [page for page in pages if page.text]

    assert {page.address for page in pages} >= {"/", "/groups/", "/ecosystems/", "/about/"}
    assert {page.response.status_code for page in pages if "nowhere" not in page.address} == {200}
    assert (
        gathered(
            (problem, page)
            for page in pages
            for problem in problems_of(page.text, language=page.language)
        )
        == ""
    )


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["400.html", "403.html", "500.html", "503.html"])
def test_error_pages_need_neither_a_context_nor_a_database(name, language):
    with translation.override(language):
        page = render_to_string(name)

    assert problems_of(page, language=language) == []


# Bad input


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/groups/nowhere/", "/ecosystems/nowhere/", "/no/x/"]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.django_db
def test_an_unknown_address_answers_404_in_the_look_of_the_site(client, prefix, path):
    response = client.get(prefix + path)

    assert response.status_code == 404
    assert problems_of(response.text, language=language_of(prefix + path)) == []
    assert f'href="{prefix}/groups/"' in response.text


QUERIES = {
    "long": "é" * 10_000,
    "many words": "mot " * 2_500,
    "NUL": "a\x00b",
    "emoji": "🌱👩‍🌾🏳️‍🌈",
    "quotes": "\"'`’«»",
    "operators": "a AND NOT (b OR c*) NEAR/2 ^d:e -f \\ % _ ; --",
    "markup": "<script>alert(1)</script>",
    "template": "{{ 7|add:7 }}{% now 'Y' %}",
    "lone surrogate": "\\ud800",
    "right to left": "مجموعة\u202e",
    "blank": " \t\n ",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("path", ["/groups/", "/en/groups/", "/map/groups.geojson"])
@pytest.mark.django_db
def test_search_survives_any_input(client, path, query):
    response = client.get(path, {"q": query})

    assert response.status_code == 200
    if path != "/map/groups.geojson":
        assert problems_of(response.text, language=language_of(path)) == []
        assert "<script>alert" not in response.text


@pytest.mark.parametrize("parameter", ["kind", "activity", "country", "keyword", "sort", "view"])
@pytest.mark.parametrize("value", ["nonsense", "", "\x00", "🌱", "x" * 10_000])
@pytest.mark.django_db
def test_a_filter_survives_any_value(client, parameter, value):
    response = client.get("/groups/", {parameter: value})

    assert response.status_code == 200
    assert problems_of(response.text, language="fr") == []


@pytest.mark.parametrize(
    "raw", ["q=%FF%FE", "q", "&&&", "q=%", "page=1;q=2", "q[]=1", "=x", "%00=1"]
)
@pytest.mark.django_db
def test_a_broken_query_string_is_survived(client, raw):
    assert client.get(f"/groups/?{raw}").status_code == 200


@pytest.mark.parametrize("box", ["", "a,b,c,d", "1,2,3", "nan,nan,nan,nan", "inf,0,0,0", "9,9,1,1"])
@pytest.mark.parametrize("zoom", ["", "x", "-1", "99999999999999999999"])
@pytest.mark.django_db
def test_the_map_survives_any_box_and_zoom(client, box, zoom):
    response = client.get("/map/groups.geojson", {"bbox": box, "zoom": zoom})

    assert response.status_code in (200, 400)
    assert "Traceback" not in response.text


@pytest.mark.django_db
def test_an_unknown_filter_value_narrows_nothing_and_says_so(client):
    make_group(name="Estran", kind="thematic")

    page = client.get("/groups/?kind=nonsense&country=ZZ&keyword=nowhere").text

    assert "Estran" in page
    for value in ("nonsense", "ZZ", "nowhere"):
        assert f"«\u202f{value}\u202f»" in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("1", 1), ("2", 2), ("3", 2), ("99999999999999999999", 2), ("0", 1), ("-1", 1), ("x", 1)],
)
@pytest.mark.django_db
def test_a_page_number_out_of_range_gives_the_nearest_page(client, asked, shown):
    names = [f"Group {number:02}" for number in range(25)]
    for number, name in enumerate(names):
        make_group(name=name, short_name=f"g-{number}")

    page = client.get("/groups/", {"page": asked}).text

    found = [name for name in names if f">{name}</a>" in page]
    assert found == (names[:24] if shown == 1 else names[24:])


@pytest.mark.parametrize(
    ("asked", "code", "target"),
    [
        ("/groups/Estran/", 301, "/groups/estran/"),
        ("/en/groups/ESTRAN/", 301, "/en/groups/estran/"),
        ("/groups/estran", 301, "/groups/estran/"),
        ("/ecosystems/Rivages/", 301, "/ecosystems/rivages/"),
        ("/estran/", 302, "/groups/estran/"),
        ("/Estran/", 302, "/groups/estran/"),
    ],
)
@pytest.mark.django_db
def test_another_spelling_of_an_address_leads_to_the_address(client, asked, code, target):
    make_group(short_name="estran", keywords=["rivages"])

    response = client.get(asked)

    assert (response.status_code, response.get("Location")) == (code, target)


# What must not leave


SECRETS = {
    "hidden-short-name": "the short name of a group that waits",
    "Hidden name": "its name",
    "hidden word": "its keyword",
    "hidden-word": "the address of its keyword",
    "refused-short-name": "the short name of a refused group",
    "ada@example.org": "the address of a facilitator",
    "admin.example": "a link for facilitators and helpers",
    "members.example": "a list of members nobody opened",
    "48.1234": "the exact latitude of an approximate position",
}


@pytest.mark.django_db
def test_nothing_hidden_is_on_any_page_in_any_list_or_on_the_map(client):
    make_ecosystem("rivages")
    shown = make_group(
        name="Shown name",
        keywords=["rivages"],
        latitude=48.1234567,
        longitude=-1.7654321,
        position_is_approximate=True,
        contact_email="ada@example.org",
        services={"admin": "https://admin.example/", "members": "https://members.example/"},
    )
    hidden = {"keywords": ["rivages", "hidden word"], "latitude": 1.0, "longitude": 1.0}
    make_group(review="pending", short_name="hidden-short-name", name="Hidden name", **hidden)
    make_group(review="refused", short_name="refused-short-name", name="Hidden name", **hidden)
    asking = ["/groups/?q=hidden", "/groups/?keyword=hidden-word", "/ecosystems/hidden-word/"]
    asking += ["/groups/hidden-short-name/", "/hidden-short-name/", "/groups/?activity=archived"]
    maps = ["/map/groups.geojson?zoom=1", "/map/groups.geojson?zoom=18&bbox=-2,48,-1,49"]

    pages = crawl(client, [*STARTS, *asking, *maps])

    texts = {address: page.response.content.decode() for address, page in pages.items()}
    assert f"/groups/{shown.short_name}/" in texts
    assert "Shown name" in texts["/groups/"]
    assert "Shown name" in texts[maps[0]]
    leaks = [
        (SECRETS[secret], address)
        for address, text in texts.items()
        for secret in SECRETS
        # What the reader typed is said back to the reader, and to nobody else.
        if secret in text and "hidden" not in address
    ]
    assert gathered(leaks) == ""
    for address in (
        "/groups/hidden-short-name/",
        "/hidden-short-name/",
        "/ecosystems/hidden-word/",
    ):
        assert pages[address].response.status_code == 404
    assert "Hidden name" not in texts["/groups/?q=hidden"]
    # A word only hidden groups carry is answered as a word nobody carries.
    assert texts["/groups/?keyword=hidden-word"] == client.get(
        "/groups/?keyword=absent-word"
    ).text.replace("absent-word", "hidden-word")
