"""One source explains the indicators: on the page and in the guides, with the program's numbers."""

from dataclasses import fields
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from helpers import arithmetic, explanations
from helpers.indicators import Indicator

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def test_every_indicator_says_everything_of_itself():
    assert list(explanations.EXPLANATIONS) == list(Indicator)
    assert list(explanations.HEADINGS) == [field.name for field in fields(explanations.Explanation)]
    for explanation in explanations.EXPLANATIONS.values():
        for name in explanations.HEADINGS:
            assert str(getattr(explanation, name))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.django_db
def test_the_page_says_all_of_it(client, language):
    with translation.override(language):
        said = [explanations.introduction()]
        for _indicator, parts in explanations.indicators():
            said += [part for pair in parts for part in pair]
        said += [part for pair in explanations.formulas() for part in pair]
        said = [str(escape(each)) for each in said]
        text = client.get(reverse("helpers:how_we_measure")).content.decode()

    assert [each for each in said if each not in text] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_guide_is_what_the_program_says(language):
    """Write it anew by `python scripts/explain_indicators.py`."""
    with translation.override(language):
        assert (DOCS / language / "indicators.md").read_text(
            encoding="utf-8"
        ) == explanations.as_markdown()


def test_the_numbers_are_those_of_the_program(monkeypatch):
    monkeypatch.setattr(arithmetic, "UNREADABLE_AFTER", 4711)

    with translation.override("en"):
        assert "more than 4711 days" in explanations.as_markdown()
