"""From the address of a site to an indicator on track, with JavaScript and without."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from .conftest import AXE, free_port, run, served
from .test_accessibility import RULES, RULES_OF_COLOUR, violations

PHONE = {"width": 360, "height": 740}
# What one waits for at most, while the worker looks every few seconds.
A_LOOK_TAKES = 60_000


@pytest.fixture(scope="module")
def garden(demo, tmp_path_factory):
    """The address of a copy of the demo with its worker, and the saved answers of its sites."""
    folder = tmp_path_factory.mktemp("garden") / "data"
    shutil.copytree(demo["DATA_DIR"], folder)
    environment = {**demo, "DATA_DIR": str(folder), "DEMO": "1", "ANSWERS_PORT": str(free_port())}
    beside = [run(environment, "manage.py", each) for each in ("serve_answers", "worker")]
    with served(environment) as address:
        yield address
    for process in beside:
        process.terminate()
        process.wait()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def facilitator(request, browser, garden):
    """The phone of the demo's facilitator, at the page of their group's sources."""
    context = browser.new_context(
        base_url=garden, viewport=PHONE, locale="fr-FR", java_script_enabled=request.param
    )
    phone = context.new_page()
    phone.goto("/demo/mails/")
    phone.locator("button[value=facilitator]").click()
    phone.goto("/groups/jardins-lagune/edit/")
    phone.get_by_role("link", name="Sources", exact=True).click()
    phone.has_scripts = request.param
    yield phone
    context.close()


def wait_for(phone, what):
    """Wait until the page shows ``what``: by itself, or by the link that asks again."""
    if phone.has_scripts:
        expect(what.first).to_be_visible(timeout=A_LOOK_TAKES)
        return
    for _ in range(A_LOOK_TAKES // 1000):
        if what.count():
            return
        phone.wait_for_timeout(1000)
        phone.get_by_role("link", name="Voir si c’est fait").click()
    expect(what.first).to_be_visible()


def test_a_facilitator_pastes_an_address_and_the_indicator_turns_on_track(facilitator):
    path = "un" if facilitator.has_scripts else "deux"
    address = f"jardins-lagune.example/{path}"
    facilitator.get_by_label("Adresse de votre site").fill(address)
    facilitator.get_by_role("button", name="Voir ce qui peut être lu", exact=True).click()

    yes = facilitator.get_by_role("button", name=re.compile(f"Oui, la lire.*{path}.feed"))
    wait_for(facilitator, yes)
    found = facilitator.locator("article", has=yes).first
    expect(found).to_contain_text("signes de vie")
    yes.first.click()

    source = facilitator.locator("article", has_text=f"{address}/feed.xml")
    source = source.filter(has=facilitator.get_by_role("button", name="Ne plus la lire"))
    expect(source).to_have_count(1)
    wait_for(facilitator, source.get_by_text("Lue aujourd’hui"))
    expect(source.locator(".status")).to_have_text("En rythme")

    source.get_by_role("button", name="Ne plus la lire").click()
    expect(facilitator.get_by_role("heading", name="N’est plus lu")).to_be_visible()


@pytest.mark.parametrize("who", ["facilitator", "operator"])
def test_axe_finds_no_violation_in_the_pages_about_sources(page, garden, who):
    paths = {
        "facilitator": "/helpers/groups/jardins-lagune/sources/",
        "operator": "/helpers/sources/",
    }
    page.add_init_script(path=AXE)
    page.goto(f"{garden}/demo/mails/")
    page.locator(f"button[value={who}]").click()
    page.emulate_media(color_scheme="light")
    page.goto(garden + paths[who])

    assert violations(page, "tag", RULES) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, "rule", RULES_OF_COLOUR) == []
    page.set_viewport_size(PHONE)
    assert violations(page, "tag", RULES) == []
