"""Registering a group on a phone: with four answers, with everything, with and without scripts."""

import itertools
import re
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.picture_files import encoded, photograph

PHONE = {"width": 360, "height": 740}
# Whoever writes faster than this is taken for a robot.
A_PERSON_NEEDS = 3_000
DONE = re.compile(r"/groups/new/done/$")
networks = itertools.count(1)


def open_phone(browser, address, *, javascript=True, **options):
    """Return a context of a phone, in a network of its own."""
    return browser.new_context(
        base_url=address,
        viewport=PHONE,
        locale="fr-FR",
        reduced_motion="reduce",
        java_script_enabled=javascript,
        extra_http_headers={"X-Forwarded-For": f"203.0.{next(networks)}.7"},
        **options,
    )


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def phone(request, browser, workshop):
    """A page on a phone, at the form, with and without JavaScript."""
    with open_phone(browser, workshop, javascript=request.param) as context:
        page = context.new_page()
        page.goto("/groups/new/")
        page.has_javascript = request.param
        yield page


@pytest.fixture
def page(browser, workshop):
    """A page on a phone, at the form, with JavaScript."""
    with open_phone(browser, workshop) as context:
        page = context.new_page()
        page.goto("/groups/new/")
        yield page


def field(page, label):
    return page.get_by_label(label, exact=True)


def answer_four(page, name, *, short_name, tagline="Des ruches sur les toits.", kind="Thématique"):
    field(page, "Nom du groupe").fill(name)
    field(page, "En une ligne").fill(tagline)
    page.get_by_role("radio", name=re.compile(kind)).check()
    field(page, "Nom court").fill(short_name)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def unfold(page, section):
    page.locator("summary").filter(has_text=re.compile(rf"^\s*{section}\b")).click()


def send(page):
    """Go from the first step to the end, as somebody who reads the second one."""
    press(page, "Continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Voici comment votre groupe sera montré"
    )
    page.wait_for_timeout(A_PERSON_NEEDS)
    press(page, "Envoyer")
    expect(page).to_have_url(DONE)


class Journey:
    """What a journey costs: pages seen, keys pressed, places tapped, bytes on the wire."""

    def __init__(self, page):
        self.page = page
        self.views, self.keys, self.taps = 0, 0, 0
        self.requests = []
        page.on("requestfinished", lambda request: self.requests.append(request))

    def look(self):
        self.views += 1

    def write(self, label, text):
        self.tap(field(self.page, label))
        self.page.keyboard.type(text)
        self.keys += len(text)

    def tap(self, place):
        place.click()
        self.taps += 1

    def bytes(self):
        """Return (received, sent)."""
        self.page.wait_for_load_state("networkidle")
        sizes = [request.sizes() for request in self.requests]
        received = sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes)
        return received, sum(size["requestHeadersSize"] + size["requestBodySize"] for size in sizes)

    def __str__(self):
        received, sent = self.bytes()
        return (
            f"{self.views} page views, {self.keys} keystrokes and {self.taps} taps, "
            f"{received / 1024:.1f} KB received and {sent / 1024:.1f} KB sent "
            f"in {len(self.requests)} requests"
        )


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_group_is_registered_with_four_answers(browser, workshop, javascript):
    with open_phone(browser, workshop, javascript=javascript) as context:
        page = context.new_page()
        journey = Journey(page)
        page.goto("/groups/new/")
        journey.look()
        journey.write("Nom du groupe", f"Ruches du Faubourg {javascript}")
        journey.write("En une ligne", "Des ruches sur les toits, du miel pour la rue.")
        journey.tap(page.get_by_role("radio", name=re.compile("Territorial")))
        if javascript:
            expect(field(page, "Nom court")).to_have_value("ruches-du-faubourg-true")
        journey.tap(page.get_by_role("button", name="Continuer"))

        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Voici comment votre groupe sera montré"
        )
        expect(page.get_by_text(f"/ruches-du-faubourg-{javascript}".lower())).to_be_visible()
        journey.look()
        page.wait_for_timeout(A_PERSON_NEEDS)
        journey.tap(page.get_by_role("button", name="Envoyer", exact=True))

        expect(page).to_have_url(DONE)
        journey.look()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Merci, votre groupe est bien arrivé"
        )
        link = field(page, "Le lien qui ouvre votre fiche").input_value()
        assert urlsplit(link).netloc == urlsplit(workshop).netloc
        how = "with" if javascript else "without"
        sys.stdout.write(f"\nRegistering with four answers, {how} JavaScript: {journey}\n")
        received, sent = journey.bytes()
        assert journey.views == 3
        assert received + sent < 100 * 1024
        # It waits for its first review, and is not shown before.
        page.goto(f"/groups/ruches-du-faubourg-{javascript}/".lower())
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Ruches")


def test_a_group_is_registered_with_everything(phone):
    name = f"Atelier du Fleuve {phone.has_javascript}"
    short_name = f"atelier-du-fleuve-{phone.has_javascript}".lower()
    answer_four(phone, name, short_name=short_name, kind="Territorial")
    unfold(phone, "Lieu")
    field(phone, "Pays").select_option(label="Bénin")
    field(phone, "Ville ou région").fill("Porto-Novo")
    field(phone, "Latitude").fill("6,4969")
    field(phone, "Longitude").fill("2.6289")
    if phone.has_javascript:
        slider = phone.get_by_role("slider", name="Avec quelle précision le montrer")
        slider.press("ArrowRight")
        expect(slider).to_have_attribute("aria-valuetext", "Par ici")
        expect(slider).to_have_accessible_description(re.compile("Nous ne gardons rien de plus"))
    else:
        phone.get_by_role("radio", name=re.compile("Par ici")).check()
    unfold(phone, "Mots clés")
    field(phone, "Mots clés").fill("vélo, réparation")
    unfold(phone, "Liens")
    field(phone, "Site du groupe").fill("atelier.example/fleuve")
    field(phone, "S’inscrire").fill("https://atelier.example/venir")
    unfold(phone, "Partenaires")
    field(phone, "Nom du partenaire").nth(0).fill("Mairie de Porto-Novo")
    field(phone, "Son logo").nth(0).set_input_files(
        {"name": "l.png", "mimeType": "image/png", "buffer": encoded(photograph((300, 120)), "PNG")}
    )
    press(phone, "Un partenaire de plus")
    field(phone, "Nom du partenaire").nth(2).fill("École du Lac")
    unfold(phone, "Bandeau")
    banner = {"name": "b.jpg", "mimeType": "image/jpeg"}
    field(phone, "Une image pour le bandeau").set_input_files(
        {**banner, "buffer": encoded(photograph(), "JPEG")}
    )
    unfold(phone, "Description")
    field(phone, "Description").fill("Nous réparons des **vélos**.\n\n- le samedi\n- sous l’arbre")
    press(phone, "Voir ce que cela donnera")
    expect(phone.locator("strong").get_by_text("vélos")).to_be_visible()
    if not phone.has_javascript:
        # The server has kept the rest of the page, but for a row that was blank.
        expect(field(phone, "Nom du partenaire").nth(1)).to_have_value("École du Lac")
    press(phone, "Continuer")

    page = phone.get_by_role("main")
    for words in (name, "Porto-Novo, Bénin", "vélo", "École du Lac", "Par ici"):
        expect(page.get_by_text(words).first).to_be_visible()
    logo = page.get_by_role("listitem").filter(has_text="Mairie de Porto-Novo").locator("img")
    expect(logo).to_be_visible()
    assert logo.evaluate("image => image.naturalWidth") > 0
    assert phone.locator(".card__band").get_attribute("src").startswith("/media/banners/")
    phone.wait_for_timeout(A_PERSON_NEEDS)
    field(phone, "Votre adresse électronique").fill(f"ada-{phone.has_javascript}@example.org")
    field(phone, "Votre nom").fill("Ada")
    press(phone, "Envoyer")

    expect(phone).to_have_url(DONE)
    expect(phone.get_by_role("heading", name="regarder vos courriels")).to_be_visible()
    phone.goto("/demo/mails/")
    expect(phone.get_by_role("listitem").filter(has_text=name).first).to_be_visible()


def test_mistakes_are_said_beside_the_field_and_nothing_is_lost(phone):
    field(phone, "En une ligne").fill("Des ruches sur les toits.")
    field(phone, "Nom court").fill("Ruches & Cie !")
    unfold(phone, "Lieu")
    field(phone, "Latitude").fill("95")
    field(phone, "Longitude").fill("2")
    press(phone, "Continuer")

    wrong = phone.get_by_role("alert").filter(has_text="Rien de ce que vous avez écrit n’est perdu")
    expect(wrong).to_be_visible()
    expect(phone).to_have_title(re.compile("^À corriger"))
    name = field(phone, "Nom du groupe")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(re.compile("Donnez son nom au groupe"))
    expect(phone.get_by_role("group", name="Type de groupe")).to_contain_text("Choisissez celui")
    expect(field(phone, "Nom court")).to_have_value("Ruches & Cie !")
    expect(field(phone, "En une ligne")).to_have_value("Des ruches sur les toits.")
    # Its section is open, or nobody would find what is wrong.
    expect(field(phone, "Latitude")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    wrong.get_by_role("link", name="Nom du groupe").click()
    expect(name).to_be_focused()
    name.fill(f"Ruches corrigées {phone.has_javascript}")
    phone.get_by_role("radio", name=re.compile("Support")).check()
    field(phone, "Nom court").fill(f"ruches-{phone.has_javascript}".lower())
    field(phone, "Latitude").fill("48.1")
    send(phone)


def test_a_taken_short_name_is_said_with_a_free_one(phone):
    answer_four(phone, "Autres Jardins", short_name="jardins-lagune")
    if phone.has_javascript:
        expect(phone.get_by_text("«\u202fjardins-lagune\u202f» est déjà pris.")).to_be_visible()
        phone.get_by_role("button", name=re.compile("^Prendre")).click()
    else:
        press(phone, "Continuer")
        said = phone.get_by_text("«\u202fjardins-lagune\u202f» est déjà pris.").first
        free = re.search(r"«\u202f(\S+)\u202f» est libre", said.inner_text())[1]
        field(phone, "Nom court").fill(free)

    expect(field(phone, "Nom court")).to_have_value(re.compile("^autres-jardins|^jardins-lagune-"))
    send(phone)


def test_a_draft_is_sent_by_mail_and_opened_elsewhere(phone, browser, workshop):
    name = f"À finir {phone.has_javascript}"
    answer_four(phone, name, short_name=f"a-finir-{phone.has_javascript}".lower())
    unfold(phone, "Finir plus tard")
    field(phone, "Votre adresse électronique").fill(f"plus-tard-{phone.has_javascript}@example.org")
    phone.wait_for_timeout(A_PERSON_NEEDS)
    press(phone, "M’envoyer le lien")
    expect(phone.get_by_role("heading", level=1)).to_have_text("C’est gardé pour vous")

    phone.goto("/demo/mails/")
    phone.get_by_role("link", name=re.compile("inscription")).first.click()
    link = phone.locator("main a[href*='/l/']").first.get_attribute("href")
    with open_phone(browser, workshop, javascript=phone.has_javascript) as elsewhere:
        page = elsewhere.new_page()
        page.goto(urlsplit(link).path)
        page.get_by_role("main").get_by_role("button").first.click()
        expect(field(page, "Nom du groupe")).to_have_value(name)
        expect(field(page, "En une ligne")).to_have_value("Des ruches sur les toits.")
        send(page)


# What JavaScript adds


def test_the_short_name_follows_the_name_until_somebody_writes_one(page):
    name, short_name = field(page, "Nom du groupe"), field(page, "Nom court")
    name.fill("Élan d’Été 日本")
    expect(short_name).to_have_value("elan-d-ete-riben")
    name.fill("Jardins de la Lagune")
    expect(short_name).to_have_value(re.compile("^jardins-de-la-lagune"))

    short_name.fill("le-mien")
    expect(page.get_by_text("«\u202fle-mien\u202f» est libre.")).to_be_visible()
    name.fill("Tout autre chose")
    page.wait_for_timeout(600)
    expect(short_name).to_have_value("le-mien")

    short_name.fill("")
    expect(short_name).to_have_value("tout-autre-chose")


def test_what_was_typed_is_there_after_a_reload_and_gone_once_it_was_sent(page):
    answer_four(page, "Gardé ici", short_name="garde-ici")
    unfold(page, "Partenaires")
    press(page, "Un partenaire de plus")
    field(page, "Nom du partenaire").nth(2).fill("La troisième")
    unfold(page, "Finir plus tard")
    field(page, "Votre adresse électronique").fill("secret@example.org")
    page.wait_for_timeout(600)
    page.reload()

    expect(page.get_by_text("Nous avons gardé ce que vous aviez écrit")).to_be_visible()
    expect(field(page, "Nom du groupe")).to_have_value("Gardé ici")
    expect(page.get_by_role("radio", name=re.compile("Thématique"))).to_be_checked()
    expect(field(page, "Nom du partenaire").nth(2)).to_have_value("La troisième")
    assert "secret@example.org" not in page.evaluate("JSON.stringify(localStorage)")

    press(page, "Recommencer à zéro")
    expect(field(page, "Nom du groupe")).to_have_value("")
    expect(field(page, "Nom du groupe")).to_be_focused()
    answer_four(page, "Gardé là", short_name="garde-la")
    send(page)
    assert page.evaluate("localStorage.length") == 0
    page.goto("/groups/new/")
    expect(field(page, "Nom du groupe")).to_have_value("")


def test_a_draft_is_forgotten_after_thirty_days(page):
    field(page, "Nom du groupe").fill("Il y a longtemps")
    page.wait_for_timeout(600)
    page.evaluate(
        """() => {
          const kept = JSON.parse(localStorage["draft:new"]);
          kept.at -= 30 * 24 * 3600 * 1000;
          localStorage["draft:new"] = JSON.stringify(kept);
        }"""
    )
    page.goto("/groups/new/")

    expect(field(page, "Nom du groupe")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_nothing_is_sent_without_a_connection_and_nothing_is_lost(page):
    answer_four(page, "Hors ligne", short_name="hors-ligne")
    page.context.set_offline(True)
    press(page, "Continuer")

    expect(page.get_by_text("Pas de connexion pour l’instant")).to_be_visible()
    expect(field(page, "Nom du groupe")).to_have_value("Hors ligne")

    page.context.set_offline(False)
    expect(page.get_by_text("Pas de connexion pour l’instant")).to_be_hidden()
    send(page)


def test_two_presses_send_once(page):
    answer_four(page, "Deux fois", short_name="deux-fois")
    press(page, "Continuer")
    page.go_back()
    button = page.get_by_role("button", name="Continuer")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    page.wait_for_timeout(A_PERSON_NEEDS)
    button.click()
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name="Envoyer", exact=True).dblclick(no_wait_after=True)

    expect(page).to_have_url(DONE)
    assert sent.count("POST") == 1


def test_the_card_follows_what_is_typed(page):
    answer_four(page, "Ma carte", short_name="ma-carte", tagline="Ma ligne")
    unfold(page, "Lieu")
    field(page, "Pays").select_option(label="Togo")
    unfold(page, "Votre carte")

    card = page.get_by_role("complementary", name="Votre carte")
    for words in ("Ma carte", "Ma ligne", "Thématique", "Togo"):
        expect(card.get_by_text(words, exact=True)).to_be_visible()
    band = card.locator("img")
    expect(band).to_have_attribute("src", "/groups/ma-carte/pattern.svg")
    assert band.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_keywords_are_suggested_and_taken_with_the_keyboard(page):
    unfold(page, "Mots clés")
    keywords = page.get_by_role("combobox", name="Mots clés")
    keywords.press_sequentially("miel, jardin")

    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_contain_text("jardin")
    expect(keywords).to_have_attribute("aria-expanded", "true")
    keywords.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(keywords).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    keywords.press("Enter")
    expect(keywords).to_have_value(re.compile(r"^miel, jardin\w*, $"))
    expect(keywords).to_be_focused()

    keywords.press_sequentially("se")
    expect(options.first).to_be_visible()
    keywords.press("Escape")
    expect(options).to_have_count(0)


def test_the_place_is_tapped_on_a_map_and_moved_with_the_keys(page, workshop):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    unfold(page, "Lieu")
    field(page, "Pays").select_option(label="Bénin")
    assert not [address for address in asked if "leaflet" in address]
    press(page, "Choisir sur une carte")
    region = page.get_by_role("region", name="Carte pour choisir l’endroit")
    expect(region.locator("path").first).to_be_attached()
    region.click(position={"x": 160, "y": 160})

    latitude = field(page, "Latitude")
    expect(latitude).to_have_value(re.compile(r"^(6|7|8|9|10|11|12)\.\d{4}$"))
    mark = region.get_by_role("button", name="L’endroit du groupe")
    mark.focus()
    before = float(latitude.input_value())
    page.keyboard.press("ArrowUp")
    assert float(latitude.input_value()) > before

    page.get_by_role("slider", name="Avec quelle précision le montrer").press("ArrowRight")
    expect(region.locator(".map__area")).to_be_attached()
    latitude.fill("48.1173")
    field(page, "Longitude").fill("-1.6778")
    region.scroll_into_view_if_needed()
    expect(mark).to_be_in_viewport()
    assert all(address.startswith(workshop) for address in asked)


def test_the_place_of_the_phone_is_taken_on_a_tap_only(browser, workshop):
    here = {"latitude": 6.49691, "longitude": 2.62891}
    with open_phone(browser, workshop, geolocation=here, permissions=["geolocation"]) as context:
        page = context.new_page()
        page.goto("/groups/new/")
        unfold(page, "Lieu")
        expect(field(page, "Latitude")).to_have_value("")
        press(page, "Prendre l’endroit où je suis")

        expect(field(page, "Latitude")).to_have_value("6.4969")
        expect(field(page, "Longitude")).to_have_value("2.6289")


def test_a_large_picture_is_cut_before_it_is_sent(page):
    photo = encoded(photograph((4000, 3000), "RGB"), "JPEG", quality=95)
    assert len(photo) > 2_000_000
    answer_four(page, "Grande image", short_name="grande-image")
    unfold(page, "Bandeau")
    banner = {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": photo}
    field(page, "Une image pour le bandeau").set_input_files(banner)
    page.get_by_role("slider", name="De haut en bas").press("End")
    page.get_by_role("slider", name="Agrandir").press("ArrowRight")
    sent = []
    page.on("request", lambda request: sent.append(request))
    press(page, "Continuer")

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Voici comment votre groupe sera montré"
    )
    [post] = [request for request in sent if request.method == "POST"]
    assert post.sizes()["requestBodySize"] < 250_000
    band = page.locator(".card__band")
    assert band.get_attribute("src").startswith("/media/banners/")
    assert band.evaluate("image => image.naturalWidth / image.naturalHeight") == pytest.approx(
        12, abs=0.1
    )
