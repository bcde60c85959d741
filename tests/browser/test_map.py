"""The map: drawn from our own files, used with the keyboard, foreign only on a tap."""

import re

from playwright.sync_api import expect

PHONE = {"width": 360, "height": 740}


def marks(page):
    return page.locator(".leaflet-marker-icon")


def test_the_map_is_drawn_from_our_own_files_after_the_list(page, site, watch):
    page.goto(f"{site}/groups/?view=map")

    expect(marks(page).first).to_be_visible()
    expect(page.get_by_role("article").first).to_be_attached()
    assert any("groups.geojson" in address for address in watch.requests)
    assert watch.foreign == []
    assert watch.complaints == []


def test_a_phone_loads_the_map_on_a_tap_only(page, site, watch):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/groups/")
    page.wait_for_load_state("networkidle")
    assert not [address for address in watch.requests if re.search("leaflet|geojson|topo", address)]

    page.get_by_role("link", name="Voir la carte").click()

    expect(page).to_have_url(re.compile("view=map"))
    expect(marks(page).first).to_be_visible()
    assert watch.foreign == []


def test_tiles_of_another_host_come_with_a_tap_and_their_attribution(page, site, watch):
    # Nothing leaves this machine: the answer of the tile server is ours.
    page.route(re.compile(r"^https://"), lambda route: route.fulfill(status=204))
    page.goto(f"{site}/groups/?view=map")
    expect(marks(page).first).to_be_visible()
    assert watch.foreign == []

    page.get_by_role("button", name="Carte détaillée").click()

    expect(page.get_by_text("OpenStreetMap").first).to_be_visible()
    expect(page.locator("img.leaflet-tile").first).to_be_attached()
    assert watch.foreign != []
    assert all("tile" in address for address in watch.foreign)


def test_marks_are_reached_named_and_opened_with_the_keyboard(page, site):
    page.goto(f"{site}/groups/?view=map&keyword=estran&q=estran")
    mark = marks(page).first
    expect(mark).to_be_visible()
    expect(mark).to_have_attribute("aria-label", re.compile("Estran"))

    for _ in range(80):
        page.keyboard.press("Tab")
        if mark.evaluate("element => element === document.activeElement"):
            break
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")

    link = page.locator(".leaflet-popup").get_by_role("link", name="Estran")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Estran")


def test_a_cluster_opens_into_smaller_ones(page, site):
    page.goto(f"{site}/groups/?view=map")
    cluster = page.get_by_role("button", name=re.compile(r"\d+ groupes")).first
    expect(cluster).to_be_visible()
    before = page.locator(".leaflet-marker-icon").count()

    cluster.focus()
    page.keyboard.press("Enter")

    expect(page.locator(".leaflet-marker-icon")).not_to_have_count(before)
    expect(marks(page).first).to_be_visible()


def test_the_map_follows_the_filters_without_a_reload(page, site, watch):
    page.goto(f"{site}/groups/?view=map")
    expect(marks(page).first).to_be_visible()
    page.evaluate("window.sameDocument = true")

    with page.expect_request(re.compile(r"groups\.geojson\?.*kind=thematic")):
        page.get_by_role("checkbox", name=re.compile("Thématique")).check()

    expect(marks(page).first).to_be_visible()
    assert page.evaluate("window.sameDocument")


def test_the_list_says_what_the_map_shows(page, site):
    page.goto(f"{site}/groups/?view=map&q=estran")
    expect(marks(page)).to_have_count(1)

    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article").get_by_role("heading")).to_have_text("Estran")


def test_the_wheel_scrolls_the_page_over_a_map_nobody_has_touched(page, site):
    page.goto(f"{site}/groups/?view=map")
    expect(marks(page).first).to_be_visible()
    page.locator("[data-map]").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")

    page.locator("[data-map]").hover()
    page.mouse.wheel(0, 300)

    page.wait_for_timeout(200)
    assert page.evaluate("scrollY") > before
