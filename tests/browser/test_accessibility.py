"""axe-core finds nothing on any page, in light and dark, on a phone and on a desk."""

import pytest

from .conftest import ADDRESSES, AXE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What the theme changes; the rest was looked at in the light.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
# The place of a mark on a map is what it says, so marks may touch (WCAG 2.5.8 excepts them); the
# list beside the map leads to the same pages.
# The configurator shows one frame twice, so that all in it is there twice: one is looked at.
RUN = """async options => {
  const isMark = node => document.querySelector(node.target[0])?.closest(".leaflet-marker-pane");
  const twin = document.querySelector(".embed__desktop") ? [[".embed__desktop"]] : [];
  const results = await axe.run({include: [[":root"]], exclude: twin}, options);
  return results.violations.flatMap(rule => rule.nodes
    .filter(node => !(rule.id === "target-size" && isMark(node)))
    .map(node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


def violations(page, kind, values):
    return page.evaluate(RUN, {"runOnly": {"type": kind, "values": values}})


# What others frame, beside the pages.
FRAMED = [
    "/ecosystems/rivages/widget/",
    "/ecosystems/rivages/widget/?view=cards&theme=dark&lang=en",
    "/ecosystems/rivages/widget/?view=map",
    "/ecosystems/nowhere/widget/",
    "/groups/jardins-lagune/widget/",
]


@pytest.mark.parametrize("address", [*ADDRESSES, *FRAMED])
def test_axe_finds_no_violation(page, site, address):
    # As an initial script it is not subject to the policy of the page, which refuses any other.
    page.add_init_script(path=AXE)
    page.emulate_media(color_scheme="light")
    page.goto(site + address)
    page.wait_for_load_state("networkidle")

    assert violations(page, "tag", RULES) == []

    page.emulate_media(color_scheme="dark")
    assert violations(page, "rule", RULES_OF_COLOUR) == []

    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="light")
    assert violations(page, "tag", RULES) == []


def test_axe_would_find_a_violation(page, site):
    """Or the silence above would mean nothing."""
    page.add_init_script(path=AXE)
    page.goto(f"{site}/about/")
    page.evaluate("document.querySelector('h1').style.color = '#f3f3ed'")

    assert violations(page, "rule", ["color-contrast"]) != []
