"""Widgets within the pages of others, which another origin serves."""

import pytest
from playwright.sync_api import expect
from pytest_httpserver import HTTPServer

HOST = """<!doctype html><html lang="{lang}"><head>
<meta charset="utf-8"><title>Elsewhere</title></head>
<body><main>{body}</main></body></html>"""


@pytest.fixture(scope="session")
def make_httpserver():
    """Serve several at once: a browser keeps one connection open while it asks on another."""
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture
def host(httpserver):
    """Serve a page of somebody else; return its address."""

    def serve(body, lang="fr", path="/", **headers):
        page = HOST.format(body=body, lang=lang)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        httpserver.expect_request(path).respond_with_data(
            page, content_type="text/html", headers=headers
        )
        return httpserver.url_for(path)

    return serve


def fits(frame):
    """Say whether a frame is as high as what is in it."""
    inner = frame.element_handle().content_frame()
    height = inner.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)")
    return height > 100 and int(frame.get_attribute("height")) == height


def wait_until_fits(page, frame):
    for _ in range(100):
        if fits(frame):
            return
        page.wait_for_timeout(100)
    assert fits(frame)


def script(site):
    return f'<script src="{site}/embed.js" async></script>'


def test_frames_follow_what_they_show_any_number_loaded_twice_under_a_strict_policy(
    page, site, host
):
    refused = []
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Refused" in message.text else None,
    )
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(
        host(
            f'<div data-ecosystem="rivages" data-limit="5"></div>'
            f'<div data-group="jardins-lagune"></div>{script(site)}{script(site)}',
            lang="en",
            Content_Security_Policy=f"default-src 'none'; script-src {site}; frame-src {site}",
        )
    )

    frames = page.locator("iframe")
    expect(frames).to_have_count(2)
    wait_until_fits(page, frames.nth(0))
    assert "lang=en" in frames.nth(0).get_attribute("src")
    assert frames.nth(0).get_attribute("title") == "The groups of rivages"
    before = int(frames.nth(0).get_attribute("height"))

    frames.nth(0).content_frame.get_by_role("link", name="Support").click()
    expect(frames.nth(0).content_frame.get_by_role("link", name="Support")).to_have_attribute(
        "aria-current", "true"
    )
    wait_until_fits(page, frames.nth(0))
    frames.nth(0).element_handle().content_frame().evaluate(
        "document.documentElement.style.fontSize = '200%'"
    )
    wait_until_fits(page, frames.nth(0))

    assert int(frames.nth(0).get_attribute("height")) != before
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert refused == []


def test_without_the_script_a_link_remains(page, site, host):
    page.goto(
        host(
            f'<div data-ecosystem="rivages"><a href="{site}/ecosystems/rivages/">Rivages</a></div>'
            + script(site),
            Content_Security_Policy="default-src 'none'",
        )
    )

    expect(page.get_by_role("link", name="Rivages")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)


def test_nobody_else_says_how_high_a_frame_is(page, site, host):
    hostile = (
        "<script>setInterval(() => { for (let i = 0; i < 3; i++) parent.frames[i]?.postMessage("
        "{type: 'ecosystem:ask'}, '*'); parent.postMessage({type: 'ecosystem:height',"
        " height: 9999}, '*'); }, 50); addEventListener('message', ({data}) =>"
        " document.title = JSON.stringify(data));</script>"
    )
    elsewhere = host(hostile, path="/hostile").replace("localhost", "127.0.0.1")
    page.goto(
        host(
            f'<iframe src="{elsewhere}"></iframe>'
            f'<div data-group="jardins-lagune"></div>{script(site)}'
        )
    )

    frame = page.locator("div iframe")
    expect(frame).to_have_attribute("height", "240")
    page.wait_for_timeout(500)

    assert int(frame.get_attribute("height")) < 9999
    # It may ask the widget as often as it likes: it is not the page around it.
    assert "height" not in page.frames[1].title()


@pytest.mark.parametrize("width", [320, 480, 800])
@pytest.mark.parametrize("path", ["/ecosystems/rivages/", "/en/ecosystems/mains-vertes/"])
def test_the_height_oembed_tells_is_enough(page, site, width, path):
    answer = page.request.get(f"{site}/oembed/?url={site}{path}&maxwidth={width}").json()
    address = answer["html"].partition('src="')[2].partition('"')[0].replace("&amp;", "&")
    page.set_viewport_size({"width": answer["width"], "height": answer["height"]})
    page.goto(address)

    height = page.evaluate("document.documentElement.scrollHeight")

    needed = page.evaluate("document.documentElement.getBoundingClientRect().height")
    assert height <= answer["height"]
    assert answer["height"] - needed < 100


@pytest.mark.parametrize("width", [280, 320, 480])
def test_the_card_of_a_group_is_240_pixels_high(page, site, width):
    page.set_viewport_size({"width": width, "height": 240})
    page.goto(f"{site}/groups/rives-marais-chemins-creux-basse-vilaine/widget/")

    assert page.evaluate("document.documentElement.scrollHeight") == 240
