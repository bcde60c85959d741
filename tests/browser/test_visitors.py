"""What a visitor without an account says to a group or about it, on a phone."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"width": 360, "height": 740}
# Whoever writes faster than this is taken for a robot.
A_PERSON_NEEDS = 3_000
GROUP = "/groups/jardins-lagune/"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def phone(request, browser, workshop):
    """A page on a phone, in a network of its own, at the page of a group."""
    context = browser.new_context(
        viewport=PHONE,
        locale="fr-FR",
        java_script_enabled=request.param,
        extra_http_headers={"X-Forwarded-For": f"198.51.{100 + request.param}.7"},
    )
    page = context.new_page()
    page.goto(f"{workshop}{GROUP}")
    yield page
    context.close()


def press(page, name):
    page.get_by_role("button", name=name).click()


def test_a_message_reaches_the_facilitators_and_shows_no_address(phone, workshop):
    words = "Puis-je venir dimanche ?"
    phone.get_by_role("link", name="Écrire aux facilitateur·rices").click()
    phone.get_by_label("Votre message").fill(words)
    phone.get_by_label("Votre adresse électronique").fill("eve")
    phone.wait_for_timeout(A_PERSON_NEEDS)
    press(phone, "Envoyer le message")

    email = phone.get_by_label("Votre adresse électronique")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_role("alert")).to_contain_text("Rien de ce que vous avez écrit")
    expect(phone.get_by_label("Votre message")).to_have_value(words)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    email.fill("eve@example.org")
    press(phone, "Envoyer le message")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Votre message est en route")
    assert "@" not in phone.get_by_role("main").inner_text()
    phone.goto(f"{workshop}/demo/mails/")
    expect(
        phone.get_by_text("Un message pour «\u202fJardins de la Lagune\u202f»").first
    ).to_be_visible()


def test_whoever_is_too_quick_presses_once_more(phone):
    phone.get_by_role("link", name="Écrire aux facilitateur·rices").click()
    phone.get_by_label("Votre message").fill("Bonjour, très vite.")
    phone.get_by_label("Votre adresse électronique").fill("vite@example.org")
    press(phone, "Envoyer le message")
    expect(phone.get_by_role("alert")).to_contain_text("Appuyez encore une fois sur le bouton.")

    phone.wait_for_timeout(A_PERSON_NEEDS)
    press(phone, "Envoyer le message")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Votre message est en route")


def test_a_group_that_is_here_twice_is_reported(phone):
    phone.get_by_role("link", name=re.compile("Quelque chose ne va pas")).click()
    other = phone.get_by_label("L’autre page du groupe")
    expect(other).to_be_hidden()
    phone.get_by_role("radio", name=re.compile("Il est ici deux fois")).check()
    expect(other).to_be_visible()
    other.fill("nulle-part")
    phone.wait_for_timeout(A_PERSON_NEEDS)
    press(phone, "Envoyer le signalement")

    expect(other).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_text("Aucun groupe n’est montré à cette adresse.")).to_be_visible()
    other.fill("http://ailleurs.example/en/groups/korrigans/")
    press(phone, "Envoyer le signalement")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Merci de l’avoir dit")


def test_nobody_reaches_the_field_that_is_for_robots(phone):
    phone.get_by_role("link", name="Écrire aux facilitateur·rices").click()

    expect(phone.get_by_role("textbox")).to_have_count(3)
    fields = []
    for _ in range(20):
        phone.keyboard.press("Tab")
        focused = phone.locator(":focus")
        fields.append(focused.get_attribute("name") if focused.count() else None)
    assert {"words", "email", "name"} <= set(fields)
    assert "website" not in fields


def test_a_territory_without_an_awake_group_invites_to_start_one(phone, workshop):
    phone.goto(f"{workshop}/groups/?country=JP")

    expect(phone.get_by_text("aucun groupe territorial n’y est éveillé")).to_be_visible()
    phone.get_by_role("link", name="Lancer un groupe ici").click()
    expect(phone).to_have_url(re.compile(r"/groups/new/\?country=JP$"))
