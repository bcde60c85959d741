"""What a visitor does, found by role and label: with a mouse, with keys, without JavaScript."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

PHONE = {"width": 360, "height": 740}


def heading(page):
    """The line that says how many groups the list holds."""
    return page.get_by_role("heading", level=2, name=re.compile(r"^\d.* groupes?$"))


def how_many(page):
    return int(re.sub(r"\D", "", heading(page).inner_text()))


def asked(page):
    """What the address of the page asks for, whatever the order."""
    return parse_qs(urlsplit(page.url).query)


def tab_to(page, target, *, most=80):
    """Press Tab until ``target`` has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{target} is not reached by {most} presses of Tab.")


def test_a_group_is_found_with_the_keyboard_alone(page, site):
    page.goto(site)

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("main").get_by_role("searchbox"), most=6)
    page.keyboard.type("jardin")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/groups/\?q=jardin"))
    before = how_many(page)
    thematic = page.get_by_role("checkbox", name=re.compile("Thématique"))
    tab_to(page, thematic)
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("kind=thematic"))
    expect(heading(page)).not_to_have_text(re.compile(rf"^{before}\b"))
    expect(thematic).to_be_focused()

    group = page.get_by_role("article").first.get_by_role("heading").get_by_role("link")
    name = group.inner_text()
    tab_to(page, group)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    page.go_back()
    expect(page).to_have_url(re.compile("kind=thematic"))
    assert asked(page) == {"q": ["jardin"], "kind": ["thematic"]}
    expect(page.get_by_role("checkbox", name=re.compile("Thématique"))).to_be_checked()
    expect(page.get_by_role("searchbox")).to_have_value("jardin")


def test_what_has_the_focus_is_always_visible(page, site):
    page.goto(f"{site}/groups/")

    for _ in range(30):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            """() => {
              const element = document.activeElement;
              const style = getComputedStyle(element);
              const box = element.getBoundingClientRect();
              return [style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                      box.bottom > 0 && box.top < innerHeight, element.outerHTML.slice(0, 80)];
            }"""
        )
        assert outline[:2] == [True, True], outline


def test_filtering_keeps_the_page_and_the_way_back(page, site):
    page.goto(f"{site}/groups/")
    page.evaluate("window.sameDocument = true")
    everything = heading(page).inner_text()

    page.get_by_role("checkbox", name=re.compile("Thématique")).check()
    expect(page).to_have_url(f"{site}/groups/?kind=thematic")
    expect(heading(page)).not_to_have_text(everything)
    narrowed = heading(page).inner_text()
    chips = page.get_by_role("list", name="Filtres choisis")
    expect(chips.get_by_role("link", name=re.compile("Thématique"))).to_be_visible()
    assert page.evaluate("window.sameDocument")

    page.go_back()
    expect(heading(page)).to_have_text(everything)
    expect(page.get_by_role("checkbox", name=re.compile("Thématique"))).not_to_be_checked()
    page.go_forward()
    expect(heading(page)).to_have_text(narrowed)

    page.reload()
    expect(heading(page)).to_have_text(narrowed)
    chips.get_by_role("link", name=re.compile("Thématique")).click()
    expect(page).to_have_url(f"{site}/groups/")
    expect(heading(page)).to_have_text(everything)


def test_the_list_is_filtered_on_a_phone(page, site):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/groups/")
    everything = how_many(page)
    thematic = page.get_by_role("checkbox", name=re.compile("Thématique"))
    expect(thematic).to_be_hidden()

    page.get_by_role("link", name=re.compile("^Filtrer")).click()
    thematic.check()
    page.get_by_role("button", name="Voir les groupes").click()

    expect(page).to_have_url(re.compile("kind=thematic"))
    expect(thematic).to_be_hidden()
    expect(page.get_by_role("link", name=re.compile(r"^Filtrer.*1"))).to_be_visible()
    assert how_many(page) < everything


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
def test_everything_works_without_javascript(browser, site, viewport):
    with browser.new_context(
        java_script_enabled=False, viewport=viewport, locale="fr-FR"
    ) as context:
        page = context.new_page()
        page.goto(site)
        page.get_by_role("main").get_by_role("searchbox").fill("jardin")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/groups/\?q=jardin"))
        found = how_many(page)
        if viewport == PHONE:
            page.get_by_role("link", name=re.compile("^Filtrer")).click()
        page.get_by_role("checkbox", name=re.compile("Territorial")).check()
        page.get_by_role("button", name="Voir les groupes").click()
        expect(page).to_have_url(re.compile("kind=territorial"))
        assert asked(page) == {"q": ["jardin"], "kind": ["territorial"]}
        assert 0 < how_many(page) < found

        page.get_by_role("article").first.get_by_role("heading").get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.get_by_role("link", name="English").click()
        expect(page).to_have_url(re.compile("/en/groups/"))


def test_the_next_page_begins_at_its_list(page, site):
    page.goto(f"{site}/groups/")
    first = page.get_by_role("article").first.get_by_role("heading").inner_text()

    page.locator("a[rel=next]").click()

    expect(page).to_have_url(f"{site}/groups/?page=2")
    expect(page.get_by_role("article").first.get_by_role("heading")).not_to_have_text(first)
    expect(heading(page)).to_be_in_viewport()
    expect(heading(page)).to_be_focused()


def test_a_search_that_finds_nothing_offers_a_next_step(page, site):
    page.goto(f"{site}/groups/?q=zzzzzz&kind=support")

    assert how_many(page) == 0
    page.get_by_role("link", name="Voir tous les groupes").click()
    expect(page).to_have_url(f"{site}/groups/")


def test_the_language_is_changed_where_one_is(page, site):
    page.goto(f"{site}/groups/?kind=thematic")

    page.get_by_role("link", name="English").click()

    expect(page).to_have_url(f"{site}/en/groups/?kind=thematic")
    expect(page.get_by_role("checkbox", name=re.compile("Thematic"))).to_be_checked()
    expect(page.locator("html")).to_have_attribute("lang", "en")
