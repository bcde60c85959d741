"""What pages say of themselves to programs: terms of schema.org, and nothing hidden."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from lxml import html

from groups.linked_data import as_block
from tests.factories import make_ecosystem, make_group, make_membership

pytestmark = pytest.mark.django_db

TERMS = json.loads((Path(__file__).parent.parent / "data" / "schema_org_terms.json").read_text())
SITE = settings.SITE_URL
LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


def blocks_of(page):
    """Return the blocks of linked data of a page, as a program reads them."""
    root = html.document_fromstring(page.content)
    return [json.loads(each.text) for each in root.xpath("//script[@type='application/ld+json']")]


def problems_of(thing):
    """Return what in ``thing`` is no term of schema.org where it stands."""
    known = TERMS["types"].get(thing.get("@type"))
    if known is None:
        return [f"{thing.get('@type')} is no type"]
    found = []
    for name, value in thing.items():
        if name.startswith("@"):
            continue
        if name not in known:
            found.append(f"{name} of {thing['@type']}")
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, dict):
                continue
            if each.get("@type") not in TERMS["values"].get(name, ()):
                found.append(f"{each.get('@type')} as {name}")
            found += problems_of(each)
    return found


def make_lagune(**fields):
    return make_group(
        short_name="lagune",
        name="Jardins de la lagune",
        tagline="Nous jardinons au bord de l’eau.",
        keywords=["rivages", "jardins"],
        **{
            "country": "BJ",
            "region": "Littoral",
            "latitude": 6.35432,
            "longitude": 2.43219,
            "services": {
                "home": "https://lagune.example/",
                "news": "https://blog.example/lagune",
                "join": "https://lagune.example/join",
                "members": "https://hidden.example/members",
                "admin": "https://hidden.example/admin",
            },
            **fields,
        },
    )


def test_a_group_says_who_it_is(client):
    ecosystem = make_ecosystem("rivages", name="Rivages", admission="reviewed")
    lagune = make_lagune(confirmed_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    make_membership(lagune, ecosystem)

    [data] = blocks_of(client.get("/groups/lagune/"))

    assert problems_of(data) == []
    assert data == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{SITE}/groups/lagune/#group",
        "name": "Jardins de la lagune",
        "description": "Nous jardinons au bord de l’eau.",
        "url": "https://lagune.example/",
        "sameAs": ["https://blog.example/lagune"],
        "keywords": ["rivages", "jardins"],
        "location": {
            "@type": "Place",
            "name": "Littoral, Bénin",
            "address": {
                "@type": "PostalAddress",
                "addressRegion": "Littoral",
                "addressCountry": "BJ",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 6.3543, "longitude": 2.4322},
        },
        "memberOf": [
            {
                "@type": "Organization",
                "@id": f"{SITE}/ecosystems/rivages/#ecosystem",
                "name": "Rivages",
                "url": f"{SITE}/ecosystems/rivages/",
            }
        ],
        "potentialAction": {"@type": "JoinAction", "target": "https://lagune.example/join"},
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": f"{SITE}/groups/lagune/",
            "url": f"{SITE}/groups/lagune/",
            "inLanguage": "fr",
            "license": LICENCE,
            "lastReviewed": "2026-03-01",
        },
    }


def test_a_group_that_says_little_says_no_more_here(client):
    make_group(short_name="lagune", name="Lagune", tagline="Au bord de l’eau.")

    [data] = blocks_of(client.get("/en/groups/lagune/"))

    assert problems_of(data) == []
    assert data == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{SITE}/groups/lagune/#group",
        "name": "Lagune",
        "description": "Au bord de l’eau.",
        "url": f"{SITE}/en/groups/lagune/",
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": f"{SITE}/en/groups/lagune/",
            "url": f"{SITE}/en/groups/lagune/",
            "inLanguage": "en",
            "license": LICENCE,
        },
    }


def test_an_approximate_position_is_a_circle(client):
    make_lagune(position_is_approximate=True)

    [data] = blocks_of(client.get("/groups/lagune/"))

    assert problems_of(data) == []
    assert data["location"]["geo"] == {
        "@type": "GeoCircle",
        "geoMidpoint": {"@type": "GeoCoordinates", "latitude": 6.4, "longitude": 2.4},
        "geoRadius": 10_000,
    }


@pytest.mark.parametrize("status", ["asked", "questioned", "left"])
def test_a_group_is_no_member_of_an_ecosystem_that_has_not_accepted_it(client, status):
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    make_membership(make_lagune(), ecosystem, status=status)

    [data] = blocks_of(client.get("/groups/lagune/"))

    assert "memberOf" not in data


def test_an_ecosystem_says_what_it_is_and_names_the_groups_it_shows(client):
    make_ecosystem("rivages", name="Rivages", tagline="Entre deux eaux.")
    make_lagune()
    make_group(name="Hidden", keywords=["rivages"], review="pending")

    [data] = blocks_of(client.get("/ecosystems/rivages/"))

    assert problems_of(data) == []
    assert data == {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "@id": f"{SITE}/ecosystems/rivages/",
        "url": f"{SITE}/ecosystems/rivages/",
        "inLanguage": "fr",
        "license": LICENCE,
        "name": "Rivages",
        "about": {
            "@type": "Organization",
            "@id": f"{SITE}/ecosystems/rivages/#ecosystem",
            "name": "Rivages",
            "description": "Entre deux eaux.",
            "url": f"{SITE}/ecosystems/rivages/",
        },
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": 1,
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": 1,
                    "name": "Jardins de la lagune",
                    "url": f"{SITE}/groups/lagune/",
                }
            ],
        },
    }


def test_an_ecosystem_of_many_groups_names_one_page_of_them(client):
    for _ in range(30):
        make_group(keywords=["jardins"])

    [data] = blocks_of(client.get("/ecosystems/jardins/"))

    assert problems_of(data) == []
    # A word nobody has asked a record for is no organisation.
    assert "about" not in data
    assert data["mainEntity"]["numberOfItems"] == 30
    assert len(data["mainEntity"]["itemListElement"]) == 24


@pytest.mark.parametrize("query", ["?kind=territorial", "?q=jardins", "?page=2", "?sort=new"])
def test_what_search_engines_are_sent_away_from_says_nothing_to_them(client, query):
    make_ecosystem("rivages")
    make_lagune()

    assert blocks_of(client.get(f"/ecosystems/rivages/{query}")) == []


def test_a_block_cannot_be_left(client):
    escape = "</script><script>alert(1)</script><!--<script>\u2028&amp;"
    make_group(short_name="lagune", name=escape[:60], tagline="]]>" + escape.replace("\u2028", ""))

    page = client.get("/groups/lagune/")

    [data] = blocks_of(page)
    assert data["description"].startswith("]]></script><script>alert(1)</script><!--")
    assert "<script>alert" not in page.text
    assert as_block({"x": "</script><!--\u2028\u2029&"}) == (
        '{"x":"\\u003c/script\\u003e\\u003c!--\\u2028\\u2029\\u0026"}'
    )
