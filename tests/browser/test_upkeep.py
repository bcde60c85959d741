"""Keeping a group true by mailed links, on a phone: with JavaScript, and without."""

import re
import shutil
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from .conftest import AXE, served
from .test_accessibility import RULES, RULES_OF_COLOUR, violations

PHONE = {"width": 360, "height": 740}
# Whoever writes faster than this is taken for a robot.
A_PERSON_NEEDS = 3_000


@pytest.fixture(scope="module")
def shed(demo, tmp_path_factory):
    """The address of a copy of the demo, and its database, in which time can be moved."""
    folder = tmp_path_factory.mktemp("shed") / "data"
    shutil.copytree(demo["DATA_DIR"], folder)
    environment = {**demo, "DATA_DIR": str(folder), "DEMO": "1", "TRUSTED_PROXIES": "127.0.0.1"}
    with served(environment) as address:
        yield address, folder / "db.sqlite3"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request):
    return request.param


@pytest.fixture
def phones(browser, shed, javascript):
    """Opens a page on one more phone, each in a network of its own."""
    contexts = []

    def open_phone():
        context = browser.new_context(
            base_url=shed[0],
            viewport=PHONE,
            locale="fr-FR",
            reduced_motion="reduce",
            java_script_enabled=javascript,
            extra_http_headers={"X-Forwarded-For": f"192.0.{len(contexts)}.{40 + javascript}"},
        )
        contexts.append(context)
        return context.new_page()

    yield open_phone
    for context in contexts:
        context.close()


@pytest.fixture
def phone(phones):
    return phones()


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def headed(page, title):
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def told(page, sentence):
    expect(page.get_by_role("status").filter(has_text=sentence)).to_be_visible()


def ask_for_link(page, short_name, email, purpose="Modifier la fiche"):
    """Go from the page of a group to its gate, and ask for a link there."""
    page.goto(f"/groups/{short_name}/")
    page.get_by_role("link", name="Vous le facilitez").click()
    headed(page, "Pour celles et ceux qui facilitent")
    page.get_by_label("Votre adresse électronique").fill(email)
    page.get_by_label("Pour quoi faire").select_option(purpose)
    press(page, "M’envoyer un lien")
    told(page, "un lien y arrive")


def open_mail(page, subject, *, link=0):
    """Open the newest mail with this subject, and one of the links in its text."""
    page.goto("/demo/mails/")
    page.get_by_role("link", name=subject).first.click()
    page.get_by_role("region", name="En texte seul").get_by_role("link").nth(link).click()
    expect(page).to_have_url(re.compile(r"/l/[\w-]+/$"))


def enter(page, short_name, email, purpose="Modifier la fiche", button="Ouvrir la fiche"):
    """Come in by a link, as a facilitator does."""
    ask_for_link(page, short_name, email, purpose)
    open_mail(page, purpose_in_mail(purpose))
    press(page, button)


def purpose_in_mail(purpose):
    return {
        "Modifier la fiche": re.compile("^Modifier la fiche"),
        "Passer la main à quelqu’un": re.compile("^Passer la main"),
        "Mettre le groupe en sommeil": re.compile("^Mettre en sommeil"),
    }[purpose]


def test_an_entry_is_edited_by_a_mailed_link_and_the_link_is_renewed(phone, javascript):
    line = f"La marée, et ce qu’elle laisse ({javascript})."
    enter(phone, "estran", "maree@estran.example")
    headed(phone, "La fiche")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    phone.get_by_label("En une ligne").fill(line)
    phone.get_by_label("Nom du groupe").fill("")
    press(phone, "Enregistrer")
    expect(phone.get_by_label("Nom du groupe")).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_label("En une ligne")).to_have_value(line)
    phone.get_by_label("Nom du groupe").fill("Estran")
    press(phone, "Enregistrer")

    told(phone, "C’est enregistré.")
    phone.goto("/groups/estran/")
    expect(phone.get_by_role("main")).to_contain_text(line)

    open_mail(phone, purpose_in_mail("Modifier la fiche"))
    headed(phone, "Ce lien a fait son travail")
    press(phone, "M’en envoyer un nouveau")
    told(phone, "un nouveau lien arrive à la même adresse")
    open_mail(phone, purpose_in_mail("Modifier la fiche"))
    press(phone, "Ouvrir la fiche")
    headed(phone, "La fiche")


def test_an_expired_link_does_nothing_and_offers_another(phone, shed):
    ask_for_link(phone, "korrigans", "nolwenn@korrigans.example", "Mettre le groupe en sommeil")
    with closing(sqlite3.connect(shed[1])) as database:
        database.execute("UPDATE groups_link SET expires_at = '2020-01-01' WHERE used_at IS NULL")
        database.commit()

    open_mail(phone, purpose_in_mail("Mettre le groupe en sommeil"))

    headed(phone, "Ce lien est trop vieux")
    press(phone, "M’en envoyer un nouveau")
    open_mail(phone, purpose_in_mail("Mettre le groupe en sommeil"))
    headed(phone, re.compile("^Mettre .* en sommeil"))


def test_a_group_is_put_to_sleep_by_a_link_and_woken_on_the_page(phone):
    group = "laines-flechees"
    enter(
        phone,
        group,
        "doigts@laines-flechees.example",
        "Mettre le groupe en sommeil",
        "Le mettre en sommeil",
    )
    told(phone, "est en sommeil")
    phone.goto(f"/groups/{group}/")
    expect(phone.get_by_role("main")).to_contain_text("en sommeil")

    phone.goto(f"/groups/{group}/edit/activity/")
    press(phone, "Le réveiller")

    told(phone, "Le groupe est réveillé")
    phone.goto(f"/groups/{group}/")
    expect(phone.get_by_role("main")).not_to_contain_text("en sommeil")


def test_a_group_is_handed_over(phones, javascript):
    before, after = phones(), phones()
    group = "terre-a-terre" if javascript else "patios-ouverts"
    email = "pelle@terre-a-terre.example" if javascript else "treille@patios-ouverts.example"
    enter(before, group, email, "Passer la main à quelqu’un", "Ouvrir la liste")
    section = before.get_by_role("region", name="Passer la main")
    section.get_by_label("Son adresse électronique").fill(f"releve-{javascript}@example.org")
    section.get_by_role("button", name="Passer la main").click()
    told(before, "Une invitation est partie")

    open_mail(after, re.compile("serait entre vos mains"))
    press(after, "Oui, d’accord")

    told(after, "votre adresse est confirmée")
    before.goto(f"/groups/{group}/edit/")
    headed(before, "Pour celles et ceux qui facilitent")
    after.get_by_role("link", name="Personnes").click()
    expect(after.get_by_role("main")).to_contain_text(f"releve-{javascript}@example.org".lower())


def test_a_sleeping_group_is_taken_over(phones, javascript):
    stranger, last = phones(), phones()
    group = "ecole-sous-les-platanes" if javascript else "tontine-des-outils"
    stranger.goto(f"/groups/{group}/")
    stranger.get_by_role("link", name="Proposer de le reprendre").click()
    stranger.get_by_label("Votre nom").fill("Bo Martin")
    stranger.get_by_label("Votre adresse électronique").fill(f"bo-{javascript}@example.org")
    stranger.get_by_label("Quelques mots").fill("J’habite à côté.")
    stranger.wait_for_timeout(A_PERSON_NEEDS)
    press(stranger, "Envoyer ma proposition")
    headed(stranger, "Regardez votre courrier")
    open_mail(stranger, re.compile("^Confirmez votre proposition"))
    press(stranger, "Oui, je le propose")
    told(stranger, "Votre proposition est transmise")

    open_mail(last, re.compile("^Quelqu’un propose de reprendre"), link=1)
    expect(last.get_by_role("main")).to_contain_text("J’habite à côté.")
    last.get_by_label("Me retirer de la liste").check()
    press(last, "Passer la main")
    told(last, "a de nouveau quelqu’un")

    open_mail(stranger, re.compile("est entre vos mains"))
    press(stranger, "Ouvrir la fiche")
    stranger.get_by_role("link", name="Activité", exact=True).click()
    press(stranger, "Le réveiller")
    told(stranger, "Le groupe est réveillé")


def test_the_second_of_two_who_edit_chooses_field_by_field(phones, javascript):
    one, two = phones(), phones()
    theirs, mine = f"La ligne de l’une ({javascript}).", f"La ligne de l’autre ({javascript})."
    for page in (one, two):
        enter(page, "gratte-terre", "tas@gratte-terre.example")
    one.get_by_label("En une ligne").fill(theirs)
    press(one, "Enregistrer")
    told(one, "C’est enregistré.")

    two.get_by_label("En une ligne").fill(mine)
    two.get_by_label("Nom du groupe").fill(f"Gratte-terre {javascript}")
    press(two, "Enregistrer")

    headed(two, "Deux versions : laquelle compte\u202f?")
    expect(two.get_by_role("radio", name=mine)).to_be_checked()
    two.get_by_role("radio", name=theirs).check()
    press(two, "Enregistrer mes choix")
    told(two, "C’est enregistré.")
    expect(two.get_by_label("En une ligne")).to_have_value(theirs)
    expect(two.get_by_label("Nom du groupe")).to_have_value(f"Gratte-terre {javascript}")


@pytest.mark.parametrize("javascript", [True], indirect=True)
def test_axe_finds_nothing_on_the_pages_of_upkeep(phone):
    """The gate, a link, and the three pages behind it; where a pause could not be, too."""
    phone.add_init_script(path=AXE)
    ask_for_link(phone, "taxi-lagune", "ponton@taxi-lagune.example")
    found = look_at(phone)
    open_mail(phone, purpose_in_mail("Modifier la fiche"))
    found += look_at(phone)
    press(phone, "Ouvrir la fiche")
    found += look_at(phone)
    for part in ("people", "activity"):
        phone.goto(f"/groups/taxi-lagune/edit/{part}/")
        found += look_at(phone)
    press(phone, "Faire une pause")
    expect(phone.get_by_label("Jusqu’au")).to_have_attribute("aria-invalid", "true")
    found += look_at(phone)

    assert found == []


def look_at(page):
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.emulate_media(color_scheme="light")
    found = violations(page, "tag", RULES)
    page.emulate_media(color_scheme="dark")
    return found + violations(page, "rule", RULES_OF_COLOUR)
