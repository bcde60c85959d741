"""A helper writes a word; a facilitator answers by its link: on a phone, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import AXE
from .test_accessibility import RULES, RULES_OF_COLOUR, violations

PHONE = {"width": 360, "height": 740}
# Its meetings have been silent for a while, and somebody facilitates it.
GROUP = "caravane-des-apprentis"
SILENT = "Rencontres"


@pytest.fixture
def helper(browser, workshop):
    """The browser of the demo's helper."""
    context = browser.new_context(base_url=workshop, locale="fr-FR")
    page = context.new_page()
    page.goto("/demo/mails/")
    page.locator("button[value=helper]").click()
    yield page
    context.close()


@pytest.fixture
def phone(browser, workshop):
    """The phone of somebody who is signed in nowhere."""
    context = browser.new_context(
        base_url=workshop, viewport=PHONE, locale="fr-FR", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def status_of(page, indicator):
    page.goto(f"/helpers/groups/{GROUP}/")
    strip = page.locator(".strip", has=page.get_by_role("heading", name=indicator))
    return strip.locator(".status")


def write_a_word(page):
    page.goto(f"/helpers/groups/{GROUP}/write/?about=meetings")
    page.get_by_role("button", name="L’envoyer").click()
    expect(page).to_have_url(re.compile(f"/helpers/groups/{GROUP}/$"))


def open_mail(page, link):
    page.goto("/demo/mails/")
    page.get_by_role("link", name="Un mot").first.click()
    letter = page.frame_locator(".mail__html")
    letter.get_by_role("link", name=link).click()
    expect(page).to_have_url(re.compile(r"/checkin/[\w-]+/\?"))


def test_a_facilitator_answers_by_a_link_and_the_indicator_turns(helper, phone):
    expect(status_of(helper, SILENT)).to_have_text("Silencieux")
    write_a_word(helper)

    open_mail(phone, "Oui, elle a eu lieu")
    expect(phone.get_by_role("radio", name="Oui, elle a eu lieu")).to_be_checked()
    # The fields of other answers are out of the way.
    expect(phone.get_by_label("En quelques mots")).to_be_hidden()
    # Nothing has happened yet.
    expect(status_of(helper, SILENT)).to_have_text("Silencieux")

    phone.get_by_label("À peu près suffit").fill("2001-02-03")
    phone.get_by_role("button", name="Envoyer mes réponses").click()
    expect(phone.get_by_text("Choisissez un jour passé, ou aujourd’hui.")).to_be_visible()
    expect(phone.get_by_label("À peu près suffit")).to_have_value("2001-02-03")
    phone.get_by_label("À peu près suffit").fill(
        helper.evaluate("new Date().toISOString().slice(0, 10)")
    )
    phone.get_by_role("button", name="Envoyer mes réponses").click()

    expect(phone.get_by_role("heading", name="Merci")).to_be_visible()
    expect(phone.get_by_text("En rythme")).to_be_visible()
    expect(status_of(helper, SILENT)).to_have_text("En rythme")
    expect(helper.locator(".log").first).to_contain_text("A répondu")

    phone.get_by_role("link", name="Corriger mes réponses").click()
    phone.get_by_label("J’ai besoin d’aide").check()
    phone.get_by_label("En quelques mots").fill("Qui aurait une salle ?")
    phone.get_by_role("button", name="Envoyer mes réponses").click()
    helper.goto("/helpers/")
    expect(helper.get_by_text("Qui aurait une salle ?")).to_be_visible()


def test_axe_finds_no_violation_on_the_pages_of_a_check_in(page, helper, workshop):
    write_a_word(helper)
    page.add_init_script(path=AXE)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{workshop}/demo/mails/")
    page.get_by_role("link", name="Un mot").first.click()
    page.frame_locator(".mail__html").get_by_role("link", name="Nous faisons une pause").click()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    _find_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320

    page.get_by_role("checkbox", name="Nous faisons une pause").uncheck()
    page.get_by_role("radio", name="Rien de nouveau").check()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    _find_nothing(page)


def _find_nothing(page):
    page.emulate_media(color_scheme="light")
    assert violations(page, "tag", RULES) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, "rule", RULES_OF_COLOUR) == []
