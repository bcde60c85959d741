"""Pages fit narrow and enlarged windows, do not jump, and say nothing on the console."""

import pytest

from .conftest import ADDRESSES, WITH_A_FORM

# Elements that stick out to the right, unless an ancestor is made to scroll by itself.
STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter(element => element.getBoundingClientRect().right > width + 1)
    .map(element => `${element.tagName}.${element.className?.baseVal ?? element.className}`)
    .slice(0, 8);
}"""
# What moved after it was drawn, by how much, without the reader having done anything.
NOTE_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput)
      window.shifts.push([entry.value, ...entry.sources.map(source => source.node?.className)]);
}).observe({type: "layout-shift", buffered: true});
"""


# The windows a page is also looked at in, without loading it again: a narrow phone, and a window of
# 1280 pixels enlarged to 200 %, which has room for half as many.
OTHER_WINDOWS = {360: (320, 640), 1280: (640, 400)}


@pytest.mark.parametrize("width", OTHER_WINDOWS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_fits_stays_still_asks_no_other_host_and_does_not_complain(
    page, site, watch, address, width
):
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(NOTE_SHIFTS)
    page.goto(site + address)
    for _ in range(4):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(50)
    page.wait_for_load_state("networkidle")

    shifts = page.evaluate("window.shifts")
    assert sum(shift[0] for shift in shifts) < 0.02, shifts
    assert page.evaluate(STICKING_OUT) == []
    narrow, low = OTHER_WINDOWS[width]
    page.set_viewport_size({"width": narrow, "height": low})
    assert page.evaluate(STICKING_OUT) == []

    expected = [f"{site}{address}: 404"] if "nowhere" in address else []
    assert [text for text in watch.complaints if "status of 404" not in text] == expected
    assert watch.foreign == []
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert names <= ({"csrf"} if address.endswith(WITH_A_FORM) else set())


NOTE_VIOLATIONS = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event => {
  window.refused.push(event.violatedDirective);
});
"""


@pytest.mark.parametrize("address", ["/groups/jardins-lagune/", "/en/ecosystems/rivages/"])
def test_linked_data_is_no_script_to_the_policy_of_the_page(page, site, watch, address):
    page.add_init_script(NOTE_VIOLATIONS)
    page.goto(site + address)

    read = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    assert page.evaluate(f"{read}['@context']") == "https://schema.org"
    assert page.evaluate("window.refused") == []
    # A script in the page would be refused, or the silence above would mean nothing.
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'x = 1'}))"
    )
    assert len(page.evaluate("window.refused")) == 1
