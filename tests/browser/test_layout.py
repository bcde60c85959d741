"""Pages fit narrow and enlarged windows, do not jump, and say nothing on the console."""

import pytest

from .conftest import ADDRESSES

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


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_sticks_out_of_a_narrow_or_an_enlarged_window(page, site, address):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site + address)
    assert page.evaluate(STICKING_OUT) == []

    # A window of 1280 pixels enlarged to 200 % has room for half as many.
    page.set_viewport_size({"width": 640, "height": 400})
    assert page.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_asks_no_other_host_does_not_complain_and_does_not_jump(
    page, site, watch, address, width
):
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(NOTE_SHIFTS)
    page.goto(site + address)
    for _ in range(4):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(50)
    page.wait_for_load_state("networkidle")

    expected = [f"{site}{address}: 404"] if "nowhere" in address else []
    complaints = [text for text in watch.complaints if "status of 404" not in text]
    assert complaints == expected
    assert watch.foreign == []
    assert sum(shift[0] for shift in page.evaluate("window.shifts")) < 0.02, page.evaluate(
        "window.shifts"
    )
    assert page.evaluate("document.cookie") == ""
    assert page.context.cookies() == []
