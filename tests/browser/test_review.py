"""Reviewing what waits, on a phone: accept, ask, refuse, each with what the group sees of it.

In English: the other journeys are in French.
"""

import re

import pytest
from playwright.sync_api import expect

from .test_registration import A_PERSON_NEEDS, field, open_phone, press


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request):
    return request.param


@pytest.fixture
def phones(browser, workshop, javascript):
    """Opens a page on one more phone."""
    contexts = []

    def one_more():
        contexts.append(open_phone(browser, workshop, javascript=javascript))
        return contexts[-1].new_page()

    yield one_more
    for context in contexts:
        context.close()


@pytest.fixture
def facilitator(phones):
    return phones()


@pytest.fixture
def helper(phones):
    """The phone of a helper of the demo, who is signed in."""
    page = phones()
    page.goto("/en/demo/mails/")
    page.get_by_role("button", name=re.compile("helper$")).click()
    expect(page).to_have_url(re.compile("/helpers/"))
    return page


def register(page, name, short_name):
    page.goto("/en/groups/new/")
    field(page, "Name of the group").fill(name)
    field(page, "In one line").fill("What we do together.")
    page.get_by_role("radio", name=re.compile("^Thematic")).check()
    field(page, "Short name").fill(short_name)
    page.wait_for_timeout(A_PERSON_NEEDS)
    press(page, "Continue")
    press(page, "Send")
    expect(page).to_have_url(re.compile("/groups/new/done/$"))


def read(helper, name):
    """Open what waits about the group of this name."""
    helper.goto("/en/review/")
    helper.get_by_role("link", name=name, exact=True).first.click()
    expect(helper.get_by_role("heading", level=1)).to_have_text(name)


def unfold(page, title):
    page.locator("summary").filter(has_text=title).click()


def is_shown(page, short_name):
    return page.request.get(f"/en/groups/{short_name}/").status == 200


def test_a_new_group_is_asked_answers_and_is_accepted(facilitator, helper, javascript):
    name, short_name = f"Asked {javascript}", f"asked-{javascript}".lower()
    register(facilitator, name, short_name)
    assert not is_shown(facilitator, short_name)

    read(helper, name)
    unfold(helper, "Ask the group")
    field(helper, "Your question").fill("Where do you meet?")
    press(helper, "Send the question")

    facilitator.goto(f"/en/groups/{short_name}/edit/")
    expect(facilitator.get_by_text("Where do you meet?")).to_be_visible()
    facilitator.get_by_role("textbox", name=re.compile("answer", re.I)).fill("Under the big tree.")
    press(facilitator, "Send the answer")

    read(helper, name)
    expect(helper.get_by_text("Under the big tree.")).to_be_visible()
    press(helper, "Accept")
    expect(helper).to_have_url(re.compile("/review/$"))
    assert is_shown(facilitator, short_name)


def test_a_refusal_has_a_reason_and_a_next_step(facilitator, helper, javascript):
    name, short_name = f"Refused {javascript}", f"refused-{javascript}".lower()
    register(facilitator, name, short_name)

    read(helper, name)
    unfold(helper, "With a reason")
    press(helper, "Refuse")
    expect(helper.get_by_text("Choose a phrase, or write why.")).to_be_visible()
    field(helper, "In your words").fill("Tell us who may join.")
    press(helper, "Refuse")

    assert not is_shown(facilitator, short_name)
    facilitator.goto(f"/en/groups/{short_name}/edit/")
    expect(facilitator.get_by_text("Tell us who may join.")).to_be_visible()
    press(facilitator, "Send it again")

    read(helper, name)
    press(helper, "Accept")
    assert is_shown(facilitator, short_name)


def test_one_tap_accepts_from_the_queue(facilitator, helper, javascript):
    name, short_name = f"At once {javascript}", f"at-once-{javascript}".lower()
    register(facilitator, name, short_name)

    helper.goto("/en/review/")
    helper.get_by_role("button", name=re.compile(f"^Accept ?: {name}")).click()

    expect(helper.get_by_role("link", name=name, exact=True)).to_have_count(0)
    assert is_shown(facilitator, short_name)


def test_a_visitor_does_not_see_the_queue(facilitator):
    answer = facilitator.request.get("/en/review/", max_redirects=0)

    assert answer.status in (302, 403)
