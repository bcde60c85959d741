"""A helper's morning on a phone: the mail, the word, the answer; and every page of the helpers."""

import pytest
from playwright.sync_api import expect

from .conftest import AXE, run
from .test_accessibility import RULES, RULES_OF_COLOUR, violations
from .test_account import headed, javascript, newest_code, phone, press, sign_in

__all__ = ["javascript", "phone"]


@pytest.fixture(scope="session")
def planned(worker_of_workshop, workshop):
    """Let the worker have planned the mails of the morning."""
    environment = {**worker_of_workshop, "SITE_URL": workshop}
    assert run(environment, "manage.py", "plan_mail").wait() == 0


def links_of_mail(page, subject):
    """Open the newest mail of this subject and return whose it is, and its links."""
    page.goto("/demo/mails/")
    page.get_by_role("link", name=subject).first.click()
    return page.get_by_role("region", name="En texte seul").get_by_role("link")


def sign_in_here(page, email):
    page.get_by_label("Votre adresse électronique").fill(email)
    press(page, "M’envoyer un code")
    page.get_by_label("Les six chiffres du courriel").fill(newest_code(page))
    press(page, "Se connecter")


def test_a_helper_reads_a_mail_writes_a_word_and_notes_the_answer(phone, planned, javascript):
    name = "Jardins de la Lagune" if javascript else "Mangrove debout"
    links_of_mail(phone, f"Attend un mot : {name}").first.click()
    # Whoever is not signed in yet is led on to the word afterwards.
    sign_in_here(phone, "yann.quere@example.org")
    headed(phone, "Un mot gentil")
    words = phone.get_by_label("Vos mots")
    assert name in words.input_value()
    words.fill(f"Bonjour ! Comment va {name} ? Un mot suffit.")
    press(phone, "L’envoyer, ou noter que je l’ai transmis")

    headed(phone, name)
    expect(phone.get_by_text("Votre mot est en route")).to_be_visible()
    phone.get_by_role("link", name="Qu’en est-il sorti").first.click()
    phone.get_by_label("Qu’en est-il sorti").select_option("answered")
    press(phone, "Enregistrer")
    expect(phone.get_by_text("A répondu").first).to_be_visible()

    links = links_of_mail(phone, "Un mot de Yann Quéré")
    expect(phone.get_by_text("Un mot suffit.").first).to_be_visible()
    assert links.count() > 0


def test_a_helper_chooses_when_the_digest_comes(phone, planned, javascript):
    sign_in(phone, "zoe.tremblay@example.org")
    phone.goto("/helpers/")
    phone.get_by_role("link", name="Votre point de la semaine").click()
    phone.get_by_label("Jour de la semaine").select_option("3" if javascript else "4")
    phone.get_by_label("Heure").select_option("18")
    press(phone, "Enregistrer")

    expect(phone.get_by_text("votre point de la semaine viendra")).to_be_visible()
    expect(phone.get_by_label("Heure")).to_have_value("18")


@pytest.mark.parametrize("javascript", [True], indirect=True)
def test_the_pages_of_the_helpers_have_no_violation(phone, planned):
    phone.add_init_script(path=AXE)
    sign_in(phone, "yann.quere@example.org")
    helper = [
        "/helpers/",
        "/helpers/?status=silent&sort=quiet",
        "/helpers/groups/mangrove-debout/",
        "/helpers/groups/mangrove-debout/write/?about=meetings",
        "/helpers/digest/",
        "/helpers/how-we-measure/",
    ]
    look_at(phone, helper)
    phone.context.clear_cookies()
    sign_in(phone, "aminata.diop@example.org")
    look_at(phone, ["/helpers/cockpit/rivages/", "/helpers/cockpit/rivages/seasons/"])


def look_at(page, addresses):
    for address in addresses:
        page.goto(address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page, "tag", RULES) == [], address
            assert violations(page, "rule", RULES_OF_COLOUR) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
