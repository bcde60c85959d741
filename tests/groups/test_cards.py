from io import BytesIO

import pytest
from PIL import Image

from groups import cards
from groups.pattern import DYES, Weave

ROUND = {"name": "Jardins", "line": "On cultive.", "facts": "Territorial · Bénin", "site": "Site"}


def drawn(short_name="jardins", **words):
    return cards.group_picture(short_name, **ROUND | words)


def test_a_picture_has_the_size_social_networks_ask_for_and_stays_light():
    file = drawn()

    picture = Image.open(BytesIO(file))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(file) < 60_000


def test_a_picture_shows_the_dyes_of_its_band():
    picture = Image.open(BytesIO(drawn()))

    colours = {f"#{r:02x}{g:02x}{b:02x}" for _n, (r, g, b) in picture.getcolors(9999)}
    assert {DYES[dye] for dye in Weave.of("jardins").dyes} <= colours


def test_an_ecosystem_shows_the_bands_of_its_groups_and_without_any_its_own():
    words = ROUND | {"facts": "3 groups"}

    sewn = cards.ecosystem_picture("rivages", ["a-one", "b-two"], **words)

    assert sewn != cards.ecosystem_picture("rivages", [], **words)
    assert Image.open(BytesIO(sewn)).size == (1200, 630)


@pytest.mark.parametrize("name", ["漢字の庭", "የአትክልት ስፍራ", "Garden 🌱\U0001f9d1\u200d\U0001f33e"])
def test_a_name_the_typeface_lacks_gives_the_pattern_and_the_short_name_only(name):
    assert drawn(name=name) == drawn(name="jardins", line="", facts="")


@pytest.mark.parametrize("name", ["Œuvre d’été à Nîmes", "Сад", "Κήπος", "حديقة", "Ɛwe ɖo"])
def test_a_name_the_typeface_has_is_written(name):
    assert cards.can_be_written(name)
    assert drawn(name=name) != drawn(name="jardins", line="", facts="")


@pytest.mark.parametrize("text", ["word " * 100, "W" * 5000, "a " + "W" * 90, "𝕎" * 300])
def test_long_words_are_wrapped_within_the_picture_and_cut(text):
    font = cards._font(cards.NAME_SIZE, is_bold=True)

    lines = cards.wrapped(text, font, 2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(font.getlength(line) <= cards.WIDTH - 2 * cards.MARGIN for line in lines)


def test_what_fits_is_not_cut():
    font = cards._font(cards.NAME_SIZE, is_bold=True)

    assert cards.wrapped("Les jardins", font, 2) == ["Les jardins"]
    assert cards.wrapped("", font, 2) == []
