"""What leaves: nothing unpublished, nothing private, no position more exact than it may be."""

import re
from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from groups.entries import save_entry
from groups.models import FormerKeywordSlug, Group, Partner, Service
from groups.public import public_group, public_position
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_keyword,
    make_membership,
    make_person,
)

pytestmark = pytest.mark.django_db

# Whatever may not be seen has this in its name, its links, its addresses.
SECRET = "sphinx"

PRIVATE = ("members", "admin", "follow_up")
PUBLIC = [
    "home",
    "news",
    "meetings",
    "discussions",
    "projects",
    "resources",
    "inspiring_projects",
    "join",
    "leave",
]

LISTINGS = [
    "",
    "q=sph",
    "q=temoin",
    "q=sph&activity=archived&activity=active",
    "kind=support",
    "activity=active",
    "activity=archived",
    "country=BJ",
    "keyword=velo",
    "keyword=velo&keyword=bus",
    "kind=support&country=BJ&keyword=velo",
    "near=6.5,2.6",
    "bbox=2,6,3,7",
    "sort=new",
    "sort=confirmed",
    "sort=members",
    "sort=name&q=temoin",
    "view=map",
    "page=2",
]
OUTPUTS = [
    "/",
    "/about/",
    "/ecosystems/",
    *(f"/groups/?{query}" for query in LISTINGS),
    *(f"/ecosystems/velo/?{query}" for query in LISTINGS),
    *(f"/ecosystems/rivages/?{query}" for query in LISTINGS[:5]),
    "/groups/temoin/",
]
MAPS = [
    f"/map/groups.geojson?{query}&bbox={box}&zoom={zoom}"
    # The map knows neither orders nor pages.
    for query in LISTINGS[:13]
    for box, zoom in [("-180,-90,180,90", 1), ("-20,-20,20,20", 5), ("2,6,3,7", 12)]
]


def texts(client, addresses=(*OUTPUTS, *MAPS)):
    """Return {address: what it answers} of everything a stranger may ask for."""
    found = {}
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = response.text
    return found


def telling(client, secret=SECRET):
    """Return the addresses whose answers tell the secret."""
    return [address for address, text in texts(client).items() if secret.lower() in text.lower()]


def make_witness(**fields):
    """Make a group like the secret one that everybody may see."""
    return make_group(
        **{
            "short_name": "temoin",
            "name": "Témoin",
            "kind": "support",
            "country": "BJ",
            "latitude": 6.5,
            "longitude": 2.6,
            "keywords": ["velo", "bus"],
            **fields,
        }
    )


@pytest.fixture(autouse=True)
def rivages():
    return make_ecosystem("rivages", admission="reviewed")


# Groups nobody may see


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_what_is_not_published_is_in_no_output(client, rivages, review):
    secret = make_group(
        review=review,
        short_name=SECRET,
        name=f"{SECRET} name",
        tagline=f"{SECRET} line",
        description=f"{SECRET} description",
        region=SECRET,
        kind="support",
        country="BJ",
        latitude=6.51,
        longitude=2.61,
        member_count=987_654,
        keywords=["velo", "bus", "rivages", f"{SECRET} word"],
        services={"home": f"https://{SECRET}.example/", "join": f"https://{SECRET}.example/join"},
        partners=[{"name": f"{SECRET} partner", "url": f"https://{SECRET}.example/"}],
        contact_email=f"{SECRET}@example.org",
    )
    make_membership(secret, rivages)
    rivages.core_group = secret
    rivages.save()
    make_witness(started_in=secret)

    found = texts(client, [*OUTPUTS, *(f"/en{each}" for each in OUTPUTS), *MAPS])

    assert [each for each in found if SECRET in found[each]] == []
    assert [each for each in found if "987" in found[each]] == []
    assert [each for each in found if "2.61" in found[each]] == []
    assert sum("Témoin" in text for text in found.values()) > 60


def test_what_is_archived_is_in_no_listing_that_did_not_ask(client):
    make_group(short_name="ancien", name="Ancien", activity="archived", keywords=["velo"])
    make_witness()

    showing = [
        address
        for address, text in texts(
            client, [*(f"/groups/?{query}" for query in LISTINGS), "/"]
        ).items()
        if "Ancien" in text
    ]

    assert showing == ["/groups/?activity=archived"]
    assert client.get("/groups/ancien/").status_code == 200


@pytest.mark.parametrize("prefix", ["/groups/", "/en/groups/", "/"])
@pytest.mark.parametrize("review", ["pending", "refused"])
def test_a_hidden_group_answers_like_one_that_does_not_exist(client, prefix, review):
    make_group(review=review, short_name="obscure")

    hidden, absent = client.get(f"{prefix}obscure/"), client.get(f"{prefix}absent/")

    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.text.replace("obscure", "absent") == absent.text
    assert hidden.headers.keys() == absent.headers.keys()


@pytest.mark.parametrize("spelling", ["OBSCURE", "former"])
def test_a_hidden_group_does_not_redirect_either(client, spelling):
    group = make_group(review="pending", short_name="former")
    save_entry({"short_name": "obscure"}, group=group, why="test")

    for address in (f"/groups/{spelling}/", f"/{spelling}/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("prefix", ["/ecosystems/", "/en/ecosystems/"])
def test_a_keyword_of_hidden_groups_answers_like_one_that_does_not_exist(client, prefix):
    make_group(review="pending", keywords=["obscure"])

    hidden, absent = client.get(f"{prefix}obscure/"), client.get(f"{prefix}absent/")

    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.text.replace("obscure", "absent") == absent.text


def test_a_keyword_of_hidden_groups_does_not_redirect_to_its_own_spelling(client):
    make_group(review="pending", keywords=["obscure"])

    assert client.get("/ecosystems/OBSCURE/").status_code == 404


@pytest.mark.parametrize("address", ["/groups/?keyword={}", "/map/groups.geojson?keyword={}"])
def test_a_filter_does_not_tell_a_hidden_keyword_from_an_unknown_one(client, address):
    make_group(review="pending", keywords=["obscure"])
    make_witness()

    hidden, absent = client.get(address.format("obscure")), client.get(address.format("absent"))

    assert hidden.text.replace("obscure", "absent") == absent.text


def test_the_former_slug_of_a_hidden_keyword_leads_nowhere(client):
    make_group(review="pending", keywords=["obscure"])
    FormerKeywordSlug.objects.create(slug="dark", keyword=make_keyword("obscure"))

    assert client.get("/ecosystems/dark/").status_code == 404


def test_a_keyword_of_archived_groups_alone_keeps_its_page(client):
    make_group(activity="archived", keywords=["velo"])

    assert client.get("/ecosystems/velo/").status_code == 200


def test_a_pattern_is_drawn_for_any_name_and_says_nothing(client):
    make_group(review="pending", short_name="obscure")
    hidden = client.get("/groups/obscure/pattern.svg")

    assert hidden.status_code == client.get("/groups/absent/pattern.svg").status_code == 200
    Group.objects.all().delete()
    assert client.get("/groups/obscure/pattern.svg").content == hidden.content
    assert b"obscure" not in hidden.content


def test_counts_are_those_of_the_groups_that_may_be_seen(client):
    make_witness()
    before = texts(client)

    make_group(
        review="pending",
        kind="support",
        country="TG",
        keywords=["velo", "bus"],
        member_count=5,
        latitude=6.5,
        longitude=2.6,
    )

    assert texts(client) == before


# Keywords of an ecosystem that admits by hand


def test_the_keyword_of_a_reviewed_ecosystem_shows_only_once_the_group_is_accepted(client):
    ecosystem = make_ecosystem(SECRET, name=SECRET.title(), admission="reviewed")
    group = make_witness(keywords=["velo", SECRET])
    shown = ["/groups/", "/groups/temoin/", "/groups/?q=sph", "/ecosystems/velo/"]

    before = texts(client, shown)
    make_membership(group, ecosystem)
    after = texts(client, shown)

    assert [each for each in shown if SECRET in before[each].lower()] == []
    assert [each for each in shown if SECRET in after[each].lower()] == shown


@pytest.mark.parametrize("status", ["asked", "questioned", "refused", "left"])
def test_a_group_that_is_not_accepted_is_not_on_the_page_of_the_ecosystem(client, rivages, status):
    group = make_witness(keywords=["rivages"])
    make_membership(group, rivages, status=status, reason="Because.")

    for query in LISTINGS:
        assert "Témoin" not in client.get(f"/ecosystems/rivages/?{query}").text


# Private links and addresses


def test_private_links_are_in_no_output(client):
    links = {kind: f"https://{SECRET}.example/{kind}" for kind in PRIVATE}
    make_witness(services={**links, "home": "https://home.example/"})

    assert telling(client) == []
    assert "https://home.example/" in client.get("/groups/temoin/").text


def test_the_list_of_members_is_shown_once_a_facilitator_opened_it(client):
    make_witness(services={"members": "https://members.example/"})
    assert "members.example" not in client.get("/groups/temoin/").text

    Service.objects.update(is_open=True)

    assert "members.example" in client.get("/groups/temoin/").text


@pytest.mark.parametrize("kind", PUBLIC)
def test_a_public_link_is_on_the_page_of_its_group(client, kind):
    make_witness(services={kind: "https://link.example/"})

    assert "https://link.example/" in client.get("/groups/temoin/").text


def test_addresses_and_names_of_people_are_in_no_output(client, rivages):
    person = make_person(f"{SECRET}@example.org", name=SECRET)
    group = make_witness(
        contact_email=f"first-{SECRET}@example.org", review_reason=SECRET, reviewed_by=person
    )
    make_facilitator(group, person)
    make_membership(group, rivages, decided_by=person, reason=SECRET)

    assert telling(client) == []


# Positions


def test_an_approximate_position_leaves_to_a_tenth_of_a_degree(client):
    make_witness(latitude=6.487654, longitude=2.612345, position_is_approximate=True)

    found = texts(client)

    assert [each for each in found if re.search(r"6\.48|2\.61", found[each])] == []
    for query in ("", "q=temoin", "kind=support&country=BJ", "keyword=velo"):
        close = f"/map/groups.geojson?{query}&bbox=2,6,3,7&zoom=12"
        assert "[2.6000,6.5000]" in client.get(close).text


@pytest.mark.parametrize("address", ["/groups/?bbox={}", "/map/groups.geojson?zoom=16&bbox={}"])
def test_no_box_finds_out_where_an_approximate_position_is(client, address):
    make_witness(latitude=6.487654, longitude=2.612345, position_is_approximate=True)

    exact = client.get(address.format("2.6123,6.4876,2.6124,6.4877")).text
    shown = client.get(address.format("2.5999,6.4999,2.6001,6.5001")).text

    assert "Témoin" not in exact
    assert "Témoin" in shown


def test_no_place_finds_out_by_the_order_of_distances(client):
    make_witness(latitude=6.487654, longitude=2.612345, position_is_approximate=True)
    make_group(short_name="other", name="Autre", latitude=6.5, longitude=2.6)

    page = client.get("/groups/?near=6.4877,2.6123").text

    # Both are taken to be at the same place, so the first made comes first.
    assert page.index("Témoin") < page.index("Autre")
    group = Group.objects.get(short_name="temoin")
    assert (group.latitude, group.longitude) == (6.5, 2.6)


@pytest.mark.parametrize(
    ("position", "approximate", "shown"),
    [
        ((48.123456, -1.654321), True, (48.1, -1.7)),
        ((48.123456, -1.654321), False, (48.1235, -1.6543)),
        ((90.0, -180.0), True, (90.0, -180.0)),
        ((None, None), True, (None, None)),
        ((None, None), False, (None, None)),
        ((0.0, 0.0), False, (0.0, 0.0)),
    ],
)
def test_public_position(position, approximate, shown):
    assert public_position(*position, approximate) == shown


# Pictures


@pytest.fixture
def picture(settings, tmp_path):
    """Return a function that stores a picture under a name."""
    settings.MEDIA_ROOT = tmp_path

    def store(name):
        default_storage.save(name, ContentFile(b"RIFF"))
        return name

    return store


def read(response):
    return b"".join(response) if response.streaming else response.content


@pytest.mark.parametrize(
    ("review", "status"), [("published", 200), ("pending", 404), ("refused", 404)]
)
def test_a_banner_is_served_while_its_group_may_be_seen(client, picture, review, status):
    for name in ("banners/ab.webp", "banners/ab-960.webp"):
        picture(name)
    make_group(review=review, banner="banners/ab.webp")

    for name in ("banners/ab.webp", "banners/ab-960.webp"):
        response = client.get(f"/media/{name}")
        read(response)
        assert response.status_code == status


@pytest.mark.parametrize(("review", "status"), [("published", 200), ("pending", 404)])
def test_a_logo_is_served_while_one_of_its_groups_may_be_seen(client, picture, review, status):
    make_group(review=review, partners=[{"name": "Fonds", "url": ""}])
    Partner.objects.update(logo=picture("logos/ab.webp"))

    response = client.get("/media/logos/ab.webp")
    read(response)

    assert response.status_code == status


def test_a_file_nobody_shows_is_not_served(client, picture):
    picture("banners/secret.webp")
    picture("notes.txt")

    for name in (
        "banners/secret.webp",
        "notes.txt",
        "../settings.py",
        "%2e%2e/settings.py",
        "\x00",
    ):
        assert client.get(f"/media/{name}").status_code == 404


# The records themselves


def test_a_public_group_cannot_be_changed():
    shown = public_group(make_group(), timezone.now())

    with pytest.raises(FrozenInstanceError):
        shown.name = "Other"


def test_a_public_group_holds_what_its_page_shows():
    make_ecosystem("lagunes", name="Lagunes")
    parent = make_group(name="Parent")
    group = make_witness(
        started_in=parent,
        region="Littoral",
        description="Des **fleurs**.",
        keywords=["lagunes", "velo"],
        member_count=1800,
        member_count_on=date(2025, 3, 1),
        services={"join": "https://www.example.org/join", "home": "https://example.org/"},
        partners=[{"name": "Fonds", "url": "https://fonds.example/"}],
    )

    with translation.override("fr"):
        shown = public_group(group, timezone.now())

    assert (shown.name, shown.place, shown.country_name) == ("Témoin", "Littoral, Bénin", "Bénin")
    assert shown.description_html == "<p>Des <strong>fleurs</strong>.</p>"
    assert [(each.kind, each.hint) for each in shown.services] == [
        ("home", "example.org"),
        ("join", "example.org"),
    ]
    assert [(each.name, each.url, each.logo_url) for each in shown.partners] == [
        ("Fonds", "https://fonds.example/", "")
    ]
    assert [each.name for each in shown.keywords] == ["lagunes", "velo"]
    assert [each.name for each in shown.ecosystems] == ["Lagunes"]
    assert shown.started_in.name == "Parent"
    assert shown.short_address.endswith("/temoin")
    assert shown.band_url == "/groups/temoin/pattern.svg"
    assert "1" in shown.member_label
    assert "800" in shown.member_label
