import pytest
from django.utils.safestring import SafeString

from groups.markdown import render


def test_render_makes_paragraphs_and_keeps_typed_line_breaks():
    assert render("Une heure\nou une saison.\n\nLes enfants avant tout.") == (
        "<p>Une heure<br>\nou une saison.</p>\n<p>Les enfants avant tout.</p>"
    )


def test_render_knows_emphasis_and_lists():
    assert render("*ici* et **maintenant**\n\n- un\n- deux") == (
        "<p><em>ici</em> et <strong>maintenant</strong></p>\n"
        "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"
    )


@pytest.mark.parametrize(
    "text", ["[la page](https://a.example/)", "[la page](<https://a.example/>)"]
)
def test_render_tells_search_engines_that_a_link_is_not_ours(text):
    assert render(text) == '<p><a href="https://a.example/" rel="nofollow ugc">la page</a></p>'


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_render_of_nothing_is_nothing(text):
    assert render(text) == ""


def test_render_gives_a_string_templates_do_not_escape_again():
    assert isinstance(render("a & b"), SafeString)
    assert render("a & b") == "<p>a &amp; b</p>"


@pytest.mark.parametrize(
    "text",
    ["# Titre", "![logo](https://a.example/x.png)", "| a | b |\n|---|---|\n| 1 | 2 |", "---"],
)
def test_render_leaves_headings_pictures_tables_and_rules_out(text):
    html = render(text)

    assert "<p>" in html
    assert not any(tag in html for tag in ("<h1", "<img", "<table", "<hr"))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<p style='position:fixed'>x</p>",
        "<iframe src=https://a.example></iframe>",
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<math><mtext></mtext><style><img src=x onerror=alert(1)></style></math>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_render_shows_html_as_the_text_it_is(text):
    html = render(text)

    assert html.startswith("<p>")
    assert set(tags(html)) <= {"p", "br"}


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#x09;script:alert(1)",
        "&#106;avascript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "file:///etc/passwd",
        "mailto:someone@a.example",
        "/account/",
        "//a.example/",
    ],
)
def test_render_links_to_the_web_only(target):
    assert "href=" not in render(f"[lien]({target})")
    assert "href=" not in render(f"<{target}>")


def test_render_lets_no_attribute_slip_out_of_an_address():
    html = render('[x](<https://a.example/" onmouseover="alert(1)>)')

    assert html == (
        '<p><a href="https://a.example/%22%20onmouseover=%22alert(1)" rel="nofollow ugc">x</a></p>'
    )


def test_render_survives_deep_nesting():
    assert render("- " * 1000 + "*" * 1000)


def tags(html):
    """The names of the tags opened in some HTML."""
    return [part.split(">")[0].split(" ")[0] for part in html.split("<")[1:] if part[0] != "/"]
