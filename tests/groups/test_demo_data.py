"""The demo is what people see first: its facts, its limits and its typography."""

import json
import re
from collections import Counter
from datetime import date
from hashlib import sha256
from io import BytesIO
from itertools import chain
from urllib.parse import urlsplit

import pytest
from PIL import Image

from groups.demo import pictures, world
from groups.demo.dyes import BY_NAME
from groups.demo.logos import MARKS
from groups.demo.scenes import SCENES

GROUPS = world.groups()
ECOSYSTEMS = world.ecosystems()
PARTNERS = world.partners()
PEOPLE = world.people()
BY_SHORT_NAME = {group["short_name"]: group for group in GROUPS}

SERVICES = [
    "home",
    "news",
    "meetings",
    "discussions",
    "projects",
    "resources",
    "inspiring_projects",
    "join",
    "leave",
    "members",
    "admin",
    "follow_up",
]
# South, west, north and east of each country that the demo visits, a little generous.
BOUNDS = {
    "BE": (49.4, 2.5, 51.6, 6.5),
    "BF": (9.3, -5.6, 15.1, 2.5),
    "BJ": (6.1, 0.7, 12.5, 3.9),
    "CA": (42.0, -80.0, 50.0, -60.0),
    "CD": (-13.5, 12.1, 5.4, 31.4),
    "CG": (-5.1, 11.0, 3.8, 18.7),
    "CH": (45.8, 5.9, 47.9, 10.6),
    "CI": (4.2, -8.7, 10.8, -2.4),
    "CM": (1.6, 8.4, 13.1, 16.3),
    "DZ": (18.9, -8.7, 37.2, 12.0),
    "FR": (41.3, -5.2, 51.1, 9.6),
    "HT": (18.0, -74.5, 20.1, -71.6),
    "LU": (49.4, 5.7, 50.2, 6.6),
    "MG": (-25.7, 43.1, -11.9, 50.6),
    "ML": (10.1, -12.3, 25.0, 4.3),
    "NE": (11.6, 0.1, 23.6, 16.0),
    "RE": (-21.5, 55.1, -20.8, 55.9),
    "SN": (12.3, -17.6, 16.7, -11.3),
    "TG": (6.0, -0.2, 11.2, 1.9),
    "TN": (30.2, 7.5, 37.6, 11.7),
}
THIN, HARD = "\u202f", "\u00a0"

each_group = pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["short_name"])


def texts():
    """Yield every sentence of the demo that a reader may see."""
    for group in GROUPS:
        yield from (group[field] for field in ("name", "tagline", "description", "region"))
        yield from group["keywords"]
        yield group.get("refused_reason", "")
        yield group.get("before", {}).get("tagline", "")
        yield group.get("report", {}).get("words", "")
    for ecosystem in ECOSYSTEMS:
        yield from (ecosystem[field] for field in ("keyword", "name", "tagline", "description"))
        yield from ecosystem["charter"]
    for partner in PARTNERS:
        yield partner["name"]


def published(**wanted):
    return [
        group
        for group in GROUPS
        if group["review"] == "published"
        and all(group[field] == value for field, value in wanted.items())
    ]


# One group


@each_group
def test_group_keeps_the_limits_of_an_entry(group):
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])", group["short_name"])
    assert not group["short_name"].isdigit()
    assert 0 < len(group["name"]) <= 120
    assert 0 < len(group["tagline"]) <= 160
    assert "\n" not in group["tagline"]
    assert len(group["description"]) <= 2000
    assert len(group["keywords"]) <= 12
    assert len(set(group["keywords"])) == len(group["keywords"])
    assert all(0 < len(keyword) <= 50 and "," not in keyword for keyword in group["keywords"])
    assert len(group["region"]) <= 80
    assert group["kind"] in ("thematic", "territorial", "support")
    assert group["activity"] in ("preparing", "active", "asleep", "archived")


@each_group
def test_group_stands_in_its_country(group):
    place = group["latitude"], group["longitude"]
    if not group["country"]:
        assert place == (None, None)
        return
    south, west, north, east = BOUNDS[group["country"]]

    assert south <= place[0] <= north
    assert west <= place[1] <= east


@each_group
def test_group_leads_to_reserved_addresses_only(group):
    assert list(group["services"]) == [kind for kind in SERVICES if kind in group["services"]]
    for url in group["services"].values():
        parts = urlsplit(url)
        assert parts.scheme == "https"
        assert parts.hostname.endswith(".example")
        assert len(url) <= 500
    assert group["contact_email"] == "" or group["contact_email"].endswith(".example")


@each_group
def test_group_refers_to_what_exists(group):
    assert set(group["partners"]) <= {partner["name"] for partner in PARTNERS}
    assert set(group["memberships"]) <= {ecosystem["slug"] for ecosystem in ECOSYSTEMS}
    assert group["started_in"] in ("", *BY_SHORT_NAME)
    assert group["banner"] in ("", *SCENES)


@each_group
def test_group_has_a_plausible_history(group):
    assert group["created_days_ago"] >= 0
    assert (group["confirmed_days_ago"] or 0) <= group["created_days_ago"]
    assert (group["member_count"] is None) == (group["member_count_on"] is None)
    if group["member_count_on"]:
        assert date.fromisoformat(group["member_count_on"]) <= date(2026, 3, 1)
    if group["started_in"]:
        elder = BY_SHORT_NAME[group["started_in"]]
        assert elder["created_days_ago"] > group["created_days_ago"]


@each_group
def test_group_carries_the_keywords_of_its_ecosystems(group):
    for ecosystem in ECOSYSTEMS:
        carried = ecosystem["keyword"] in group["keywords"]
        member = ecosystem["slug"] in group["memberships"]
        # In an open ecosystem the keyword is enough to be listed; in a reviewed one it is not.
        assert carried == member or (carried and ecosystem["admission"] == "open")


# All of them


def test_no_name_is_given_twice():
    assert len(BY_SHORT_NAME) == len(GROUPS)
    assert len({group["name"] for group in GROUPS}) == len(GROUPS)
    homes = [group["services"]["home"] for group in GROUPS if "home" in group["services"]]
    assert len(set(homes)) == len(homes)


def test_groups_show_every_kind_activity_and_review():
    listed = published()

    assert Counter(group["review"] for group in GROUPS) == {
        "published": len(listed),
        "pending": 2,
        "refused": 1,
    }
    assert [bool(group.get("refused_reason")) for group in GROUPS].count(True) == 1
    assert min(Counter(group["kind"] for group in listed).values()) >= 10
    activities = Counter(group["activity"] for group in listed)
    assert activities["archived"] == 2
    assert activities["preparing"] >= 3
    assert activities["asleep"] >= 3
    assert activities["active"] > len(listed) / 2


def test_services_range_from_none_to_all_twelve():
    assert set(chain.from_iterable(group["services"] for group in GROUPS)) == set(SERVICES)
    counts = Counter(len(group["services"]) for group in published())
    assert counts[12] == 5
    assert counts[0] >= 3


def test_some_groups_have_nothing_but_what_is_required():
    optional = ("description", "keywords", "country", "member_count", "services", "partners")

    bare = [group for group in published() if not any(group[field] for field in optional)]

    assert len(bare) == 3


def test_names_and_lines_reach_both_ends_of_what_is_allowed():
    assert max(len(group["name"]) for group in GROUPS) == 120
    assert max(len(group["tagline"]) for group in GROUPS) == 160
    assert max(len(group["short_name"]) for group in GROUPS) == 40
    assert min(len(group["name"]) for group in GROUPS) <= 3


def test_keywords_overlap():
    own = {ecosystem["keyword"] for ecosystem in ECOSYSTEMS}
    carried = [set(group["keywords"]) - own for group in GROUPS]

    assert {len(keywords) for keywords in carried} == {0, 1, 2, 3, 4, 5, 6, 8}
    shared = Counter(chain.from_iterable(carried))
    assert sum(count >= 5 for count in shared.values()) >= 12


def test_the_arrow_sash_is_woven_by_those_who_weave_it():
    # The first byte chooses among six weaves, of which the second is the arrow.
    assert sha256(b"laines-flechees").digest()[0] % 6 == 1
    assert BY_SHORT_NAME["laines-flechees"]["banner"] == ""


def test_a_third_of_the_groups_have_a_banner():
    banners = [group["banner"] for group in published() if group["banner"]]

    assert set(banners) == set(SCENES)
    assert 1 / 4 <= len(banners) / len(published()) <= 2 / 5


# Ecosystems and partners


def test_ecosystems_share_their_groups():
    memberships = Counter(len(group["memberships"]) for group in published())

    assert memberships[2] + memberships[3] >= 12
    assert memberships[3] >= 3
    assert memberships[0] >= 5


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS, ids=lambda ecosystem: ecosystem["slug"])
def test_core_group_is_an_active_member(ecosystem):
    core = BY_SHORT_NAME[ecosystem["core_group"]]

    assert core["activity"] == "active"
    assert core["kind"] == "support"
    assert ecosystem["slug"] in core["memberships"]


def test_ecosystems_differ():
    for field in ("slug", "keyword", "name", "accent", "core_group"):
        assert len({ecosystem[field] for ecosystem in ECOSYSTEMS}) == 3
    assert {ecosystem["admission"] for ecosystem in ECOSYSTEMS} == {"open", "reviewed"}
    accents = {"indigo", "garance", "feuille", "ocre", "kola", "prune"}
    assert {ecosystem["accent"] for ecosystem in ECOSYSTEMS} <= accents


def test_first_charter_is_the_model_one():
    assert ECOSYSTEMS[0]["charter"] == [
        "Le groupe est ouvert à toutes les personnes qui le souhaitent, sans cotisation ni autre "
        "restriction.",
        "Il œuvre à développer le pouvoir d\u2019agir de ses membres.",
        "Il partage publiquement ses productions, par exemple sous licence Creative Commons BY-SA.",
    ]


def test_every_partner_is_shown_somewhere_and_can_be_drawn():
    shown = set(chain.from_iterable(group["partners"] for group in published()))

    assert shown == {partner["name"] for partner in PARTNERS}
    for partner in PARTNERS:
        assert urlsplit(partner["url"]).hostname.endswith(".example")
        assert partner["logo"] in MARKS
        assert set(partner["colours"]) <= set(BY_NAME)
        assert " ".join(partner["lines"]) == partner["name"]


# People


def test_people_have_addresses_that_lead_nowhere_and_names_of_their_own():
    hosts = {person["email"].rpartition("@")[2] for person in PEOPLE}

    assert all(host == "example.org" or host.endswith(".example") for host in hosts)
    assert len({person["name"] for person in PEOPLE}) == len(PEOPLE)
    assert len({person["email"] for person in PEOPLE}) == len(PEOPLE)


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS, ids=lambda ecosystem: ecosystem["slug"])
@pytest.mark.parametrize("role", ["curator", "helper"])
def test_every_ecosystem_has_its_people(ecosystem, role):
    named = [person for person in PEOPLE if person["ecosystem"] == ecosystem["slug"]]

    assert [person["role"] for person in named].count(role) == 1


def test_there_is_somebody_to_be_in_every_role():
    roles = Counter(person["role"] for person in PEOPLE)

    assert roles == {"operator": 1, "curator": 3, "helper": 3, "facilitator": 3}
    contacts = {group["contact_email"] for group in published()}
    facilitators = [person for person in PEOPLE if person["role"] == "facilitator"]
    assert {person["email"] for person in facilitators} <= contacts


def test_something_waits_to_be_reviewed():
    [changed] = [group for group in GROUPS if "before" in group]
    [reported] = [group for group in GROUPS if "report" in group]

    # Its site moved to another host: whoever looks is told.
    assert urlsplit(changed["before"]["home"]).hostname.endswith(".example")
    assert changed["before"]["home"] not in changed["services"].values()
    assert changed["contact_email"]
    assert reported["report"]["reporter"].endswith("@example.org")
    assert {changed["review"], reported["review"]} == {"published"}


# French typography


@pytest.mark.parametrize("text", sorted(filter(None, set(texts()))))
def test_text_follows_french_typography(text):
    assert "'" not in text
    assert '"' not in text
    assert "..." not in text
    assert "  " not in text
    assert text == text.strip()
    assert not re.search(rf"[^{THIN}][;!?]", text), "a thin space goes before ; ! ?"
    assert not re.search(rf"[^{HARD}]:(?!//)", text), "a no-break space goes before a colon"
    assert not re.search(rf"«[^{THIN}]|[^{THIN}]»", text), "thin spaces go inside guillemets"
    assert not re.search(rf"{THIN}(?![;!?»\w])|{HARD}(?!:)", text)
    assert text.count("«") == text.count("»")
    assert not re.search(r"(^|[.!?…] )(Etre|Eco|Ecole|Etape|Energie|A )", text)


@each_group
def test_tagline_is_one_sentence(group):
    assert group["tagline"][0].isupper()
    assert group["tagline"].endswith((".", "!"))


def test_json_is_written_to_be_read():
    for name in ("groups.json", "ecosystems.json", "partners.json", "people.json"):
        raw = (world.FOLDER / name).read_text(encoding="utf-8")
        assert "\\u" not in raw
        assert raw.endswith("]\n")
        assert json.loads(raw)


# Pictures


@pytest.mark.parametrize("scene", SCENES)
def test_banner_is_light_and_always_the_same(scene):
    banner = pictures.draw_banner(scene, "jardins-lagune")
    shown = BytesIO()
    banner.resize((960, 80), Image.Resampling.LANCZOS).save(shown, "WEBP", quality=80)

    assert banner.size == (1920, 160)
    assert banner.mode == "RGB"
    assert len(shown.getvalue()) <= 30_000
    assert banner.tobytes() == pictures.draw_banner(scene, "jardins-lagune").tobytes()
    assert banner.tobytes() != pictures.draw_banner(scene, "korrigans").tobytes()


@pytest.mark.parametrize("partner", PARTNERS, ids=lambda partner: partner["name"])
def test_logo_leaves_a_margin_around_its_name(partner):
    logo = pictures.draw_logo(partner)
    surface = logo.getpixel((0, 0))

    assert logo.size == (540, 180)
    right_margin = logo.crop((534, 0, 540, 180))
    assert right_margin.getcolors() == [(6 * 180, surface)]


# The real communities


def test_table_of_real_communities_is_whole_and_credited():
    lines = world.OSM_COMMUNITIES.read_text(encoding="utf-8-sig").splitlines()
    note = (world.FOLDER / "README.md").read_text(encoding="utf-8")

    assert len(lines) == 1 + 308
    assert "osm-community-index contributors" in note
    assert "Permission to use, copy, modify, and/or distribute this software" in note


def test_invented_groups_do_not_take_the_names_of_real_ones():
    lines = world.OSM_COMMUNITIES.read_text(encoding="utf-8-sig").splitlines()
    real = {line.split(",")[0] for line in lines[1:]}

    assert real.isdisjoint(BY_SHORT_NAME)
