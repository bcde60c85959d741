"""The pages of curators and of those who join: axe finds nothing, nothing sticks out."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import AXE, Watch
from .test_accessibility import RULES, RULES_OF_COLOUR, violations
from .test_layout import STICKING_OUT
from .test_registration import open_phone

PHONE, DESK, NARROW = (360, 740), (1280, 800), (320, 640)
CURATOR = [
    "/ecosystems/rivages/edit/",
    "/ecosystems/rivages/members/",
    "/ecosystems/rivages/members/?status=accepted",
    "/ecosystems/rivages/people/",
    "/en/ecosystems/rivages/edit/",
    "/en/ecosystems/rivages/members/",
]
FACILITATOR = [
    "/ecosystems/rivages/join/",
    "/ecosystems/mains-vertes/join/",
    "/en/ecosystems/rivages/join/",
    "/groups/jardins-lagune/edit/activity/",
]


@pytest.fixture(scope="module")
def signed_in(browser, workshop):
    """Opens a page as somebody of the demo, each of whom signs in once."""
    contexts = {}

    def open_as(role):
        if role not in contexts:
            context = contexts[role] = open_phone(browser, workshop)
            # As an initial script it is not subject to the policy of the page.
            context.add_init_script(path=AXE)
            page = context.new_page()
            page.goto("/en/demo/mails/")
            page.get_by_role("button", name=re.compile(f", {role}$")).click()
            expect(page).not_to_have_url(re.compile("demo"))
            page.close()
        return contexts[role].new_page()

    yield open_as
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(
    ("role", "address"),
    [
        *(("curator", address) for address in CURATOR),
        *(("facilitator", address) for address in FACILITATOR),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(signed_in, workshop, role, address):
    page = signed_in(role)
    watch = Watch(page, workshop)
    page.emulate_media(color_scheme="light")

    response = page.goto(address)
    page.wait_for_load_state("networkidle")

    assert (response.status, page.url) == (200, workshop + address)
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light")
        assert violations(page, "tag", RULES) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, "rule", RULES_OF_COLOUR) == []
    for width, height in (PHONE, NARROW, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(STICKING_OUT) == []
    assert (watch.complaints, watch.foreign) == ([], [])
