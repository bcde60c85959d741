"""The templates of mails: three of each, and a subject of one line."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from groups.mail.queue import render_parts

FOLDER = Path(settings.BASE_DIR, "templates", "mail")
NAMES = sorted(path.name.removesuffix(".subject.txt") for path in FOLDER.glob("*.subject.txt"))
FRAME = {"frame.txt", "frame.html"}


def context_of(name):
    """Return a value for whatever the templates of a mail name: the name itself, or a number."""
    source = "".join(
        (FOLDER / f"{name}{end}").read_text(encoding="utf-8")
        for end in (".subject.txt", ".txt", ".html")
    )
    numbers = re.findall(r"count \w+=(\w+) ", source)
    return {word: word for word in re.findall(r"[a-z]\w+", source)} | dict.fromkeys(numbers, 2)


def test_templates_are_found():
    assert {"confirm", "edit_link", "login_code", "freshness"} <= set(NAMES)


def test_every_template_belongs_to_a_mail():
    whole = {f"{name}{end}" for name in NAMES for end in (".subject.txt", ".txt", ".html")}
    parts = {path.name for path in FOLDER.iterdir() if path.name.startswith("_")}

    assert {path.name for path in FOLDER.iterdir()} == whole | parts | FRAME


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_mail_has_a_subject_of_one_line_and_two_bodies(name, language):
    subject, text, html = render_parts(name, context_of(name), language)

    assert subject
    assert len(subject.splitlines()) == 1
    assert text
    assert html
    assert "<p" in html


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_neither_greets_nor_ends_nor_loads_anything(name):
    sources = [(FOLDER / f"{name}{end}").read_text(encoding="utf-8") for end in (".txt", ".html")]

    for source in sources:
        assert not re.search(r"\b(Hello|Bonjour|site_name|unsubscribe)\b", source)
        assert not re.search(r"<img|<link|<script|src=", source)


@pytest.mark.parametrize("name", NAMES)
def test_a_button_of_the_html_is_an_address_of_the_text(name):
    text, html = (
        (FOLDER / f"{name}{end}").read_text(encoding="utf-8") for end in (".txt", ".html")
    )

    asked = set(re.findall(r"address=([\w.]+)", html)) | set(re.findall(r'href="{{ ([\w.]+)', html))
    assert asked <= set(re.findall(r"{{ ([\w.]+)", text))
