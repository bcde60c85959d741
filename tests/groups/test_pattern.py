from hashlib import sha256
from xml.etree import ElementTree

import pytest

from groups.pattern import (
    COTTON,
    DRAWINGS,
    DYES,
    Weave,
    band_svg,
    cloth_svg,
    diamonds,
    edge_svg,
    runs,
)

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [f"groupe-{i}" for i in range(60)]


def test_weave_of_korrigans_is_diamonds_of_indigo_and_garance():
    assert Weave.of("korrigans") == Weave(diamonds, step=2, period=16, dyes=("indigo", "garance"))


@pytest.mark.parametrize(
    ("short_name", "digest"),
    [
        ("korrigans", "7af32202d018"),
        ("jardins-lagune", "a8dd8b1c2c0a"),
        ("passeurs-graines", "eb36bb0e5655"),
        ("ondes-du-fleuve", "b58f745cd67d"),
        ("cases-solaires", "0db043c3eef5"),
    ],
)
def test_band_never_changes_because_groups_print_it(short_name, digest):
    assert sha256(band_svg(short_name).encode()).hexdigest()[:12] == digest


def test_every_drawing_and_every_pair_of_dyes_is_worn_by_some_group():
    weaves = [Weave.of(f"groupe-{i}") for i in range(200)]

    assert {weave.drawing for weave in weaves} == set(DRAWINGS)
    assert len({weave.dyes for weave in weaves}) == 10


def test_band_has_the_size_of_a_banner():
    root = ElementTree.fromstring(band_svg("korrigans"))

    assert root.get("viewBox") == "0 0 1920 160"


def test_band_is_cotton_and_two_dyes():
    root = ElementTree.fromstring(band_svg("korrigans"))
    pattern = root.find(f"{SVG}pattern")

    assert [path.get("fill") for path in pattern] == [COTTON, DYES["indigo"], DYES["garance"]]


@pytest.mark.parametrize("draw", [band_svg, edge_svg])
@pytest.mark.parametrize("short_name", NAMES)
def test_picture_is_small_and_needs_neither_script_nor_style(draw, short_name):
    svg = draw(short_name)

    assert len(svg) < 2_000
    for element in ElementTree.fromstring(svg).iter():
        assert element.tag in {f"{SVG}svg", f"{SVG}pattern", f"{SVG}path"}
        assert not {name for name in element.attrib if name.startswith(("on", "style", "href"))}


def test_edge_is_the_band_turned_upright():
    root = ElementTree.fromstring(edge_svg("korrigans"))

    assert root.get("viewBox") == "0 0 14 600"
    assert root.find(f"{SVG}pattern").get("patternTransform") == "translate(14) rotate(90) scale(2)"


def test_cloth_sews_its_bands_with_a_seam_between_each_two():
    root = ElementTree.fromstring(cloth_svg(["korrigans", "semis-erable", "facilitons"]))

    assert root.get("viewBox") == "0 0 1920 168"
    assert [pattern.get("id") for pattern in root.iter(f"{SVG}pattern")] == ["p0", "p1", "p2"]
    assert len(root.findall(f"{SVG}path[@stroke-dasharray]")) == 2


def test_cloth_of_one_group_has_no_seam():
    assert "stroke" not in cloth_svg(["korrigans"])


def test_runs_join_equal_threads():
    assert list(runs([1, 1, 0, 2])) == [(0, 2, 1), (2, 1, 0), (3, 1, 2)]
