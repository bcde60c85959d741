"""Signing in by a code on a phone, what a person finds there, and leaving it all."""

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode

import pytest
from playwright.sync_api import expect

from .conftest import AXE
from .test_accessibility import RULES, RULES_OF_COLOUR, violations

PHONE = {"width": 360, "height": 740}


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request):
    return request.param


@pytest.fixture
def phone(browser, workshop, javascript):
    context = browser.new_context(
        base_url=workshop,
        viewport=PHONE,
        locale="fr-FR",
        reduced_motion="reduce",
        java_script_enabled=javascript,
        extra_http_headers={"X-Forwarded-For": f"198.51.{100 + javascript}.7"},
    )
    yield context.new_page()
    context.close()


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def headed(page, title):
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def ask_for_code(page, email):
    page.goto("/account/")
    headed(page, "Se connecter")
    page.get_by_label("Votre adresse électronique").fill(email)
    press(page, "M’envoyer un code")
    headed(page, "Recopiez le code")


def newest_code(page):
    """Return the code of the newest mail, read in another page of this browser."""
    mails = page.context.new_page()
    mails.goto("/demo/mails/")
    subject = mails.get_by_role("link", name="est votre code").first.inner_text()
    mails.close()
    return re.search(r"\d{6}", subject)[0]


def sign_in(page, email):
    ask_for_code(page, email)
    page.get_by_label("Les six chiffres du courriel").fill(newest_code(page))
    press(page, "Se connecter")
    headed(page, "Votre compte")


def test_a_facilitator_signs_in_by_a_code_and_finds_their_group(phone, javascript):
    ask_for_code(phone, "Maree@Estran.example" if javascript else "etabli@cle-de-douze.example")
    right = newest_code(phone)
    phone.get_by_label("Les six chiffres du courriel").fill(
        "000000" if right[0] != "0" else "111111"
    )
    press(phone, "Se connecter")
    expect(phone.get_by_text("Ce n’est pas le code du dernier courriel")).to_be_visible()
    phone.get_by_label("Les six chiffres du courriel").fill(f"{right[:3]} {right[3:]}")
    press(phone, "Se connecter")

    headed(phone, "Votre compte")
    phone.get_by_role("link", name="Modifier la fiche").click()
    headed(phone, "La fiche")

    phone.goto("/account/")
    phone.get_by_label("Votre nom").fill("Marée")
    phone.get_by_label("Fuseau horaire").select_option("Africa/Porto-Novo")
    press(phone, "Enregistrer")
    expect(phone.get_by_label("Votre nom")).to_have_value("Marée")
    expect(phone.get_by_label("Fuseau horaire")).to_have_value("Africa/Porto-Novo")

    press(phone, "Se déconnecter")
    phone.goto("/account/")
    headed(phone, "Se connecter")


def test_whoever_is_unknown_is_told_by_mail_how_to_begin(phone, javascript):
    ask_for_code(phone, f"personne-{javascript}@inconnue.example".lower())

    phone.goto("/demo/mails/")
    phone.get_by_role("link", name="Aucun groupe ne connaît encore cette adresse").first.click()
    phone.get_by_role("region", name="En texte seul").get_by_role("link").first.click()

    headed(phone, "Inscrire mon groupe")


def test_a_person_takes_their_data_along_and_erases_it(phone, javascript):
    """Somebody new each time: an invitation makes a person, and nothing else."""
    email = f"passage-{javascript}@exemple.example".lower()
    sign_in(phone, "jardin@trois-langues.example" if javascript else "ombre@platanes.example")
    phone.get_by_role("link", name="Qui le facilite").click()
    invite = phone.get_by_role("region", name="Ajouter")
    invite.get_by_role("textbox").fill(email)
    invite.get_by_role("button").click()
    expect(phone.get_by_text(email).first).to_be_visible()
    phone.context.clear_cookies()

    sign_in(phone, email)
    press(phone, "Oui, je le facilite")
    expect(phone.get_by_role("link", name="Modifier la fiche")).to_be_visible()
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Tout télécharger").click()
    assert email in download.value.path().read_text()

    phone.get_by_role("link", name="Les effacer").click()
    headed(phone, "Effacer mes données")
    press(phone, "Effacer mes données")
    expect(phone.get_by_text("Cochez cette case si c’est bien votre choix.")).to_be_visible()
    phone.get_by_label("Oui, effacez ce que ce site sait de moi").check()
    press(phone, "Effacer mes données")
    headed(phone, "Vos données sont effacées")

    ask_for_code(phone, email)
    phone.goto("/demo/mails/")
    expect(phone.get_by_role("link", name="Aucun groupe ne connaît").first).to_be_visible()


def totp(key):
    """Return the six digits an application shows for this key now (RFC 6238)."""
    step = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(b32decode(key), step, hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@pytest.mark.parametrize("javascript", [True], indirect=True)
def test_the_pages_of_an_account_have_no_violation(phone):
    phone.add_init_script(path=AXE)
    sign_in(phone, "semis@pepiniere-commune.example")
    phone.goto("/account/2fa/totp/activate/")
    key = phone.locator("code").inner_text()
    phone.get_by_label("Les six chiffres qu’affiche votre application").fill(totp(key))
    press(phone, "L’installer")
    headed(phone, "Codes de secours")

    for address in (
        "/account/",
        "/account/erase/",
        "/account/logout/",
        "/account/2fa/",
        "/account/2fa/recovery-codes/",
        "/account/2fa/recovery-codes/generate/",
        "/account/2fa/reauthenticate/",
    ):
        phone.goto(address)
        for scheme in ("light", "dark"):
            phone.emulate_media(color_scheme=scheme)
            assert violations(phone, "tag", RULES) == [], address
            assert violations(phone, "rule", RULES_OF_COLOUR) == [], address
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
