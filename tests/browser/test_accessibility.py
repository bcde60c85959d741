"""axe-core finds nothing on any page, in light and dark, on a phone and on a desk."""

import pytest

from .conftest import ADDRESSES, AXE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What the theme changes; the rest was looked at in the light.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
RUN = """async options => {
  const results = await axe.run(document, options);
  return results.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


def violations(page, kind, values):
    return page.evaluate(RUN, {"runOnly": {"type": kind, "values": values}})


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_no_violation(page, site, address, width):
    page.set_viewport_size({"width": width, "height": 800})
    # As an initial script it is not subject to the policy of the page, which refuses any other.
    page.add_init_script(path=AXE)
    page.emulate_media(color_scheme="light")
    page.goto(site + address)

    assert violations(page, "tag", RULES) == []

    page.emulate_media(color_scheme="dark")
    assert violations(page, "rule", RULES_OF_COLOUR) == []


def test_axe_would_find_a_violation(page, site):
    """Or the silence above would mean nothing."""
    page.add_init_script(path=AXE)
    page.goto(f"{site}/about/")
    page.evaluate("document.querySelector('h1').style.color = '#f3f3ed'")

    assert violations(page, "rule", ["color-contrast"]) != []
