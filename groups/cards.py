"""The pictures other sites show beside a link to a group or an ecosystem, drawn with Pillow.

Nothing here reads the database or the clock. What the typeface cannot write is left out; where that
is the name, the short name stands for it.
"""

from functools import cache, lru_cache
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from .pattern import COTTON, DYES, SELVAGE, Weave

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
PAPER, INK, SOFT = "#fdfdfa", "#191d33", "#4c5165"
BAND_ROWS, BAND_CELL = 20, 10
STRIPS, STRIP_ROWS, STRIP_CELL = 4, 14, 4
NAME_SIZE, NAME_LINES = 60, 2
LINE_SIZE, LINES = 32, 2
SMALL_SIZE = 26
# More never fits; nothing longer is measured.
MOST_CHARACTERS = 200
TYPEFACE = Path(__file__).parent / "typeface"


def group_picture(short_name, *, name, line, facts, site):
    """Return the PNG of a group: its band, its name, its line, its kind and place."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    picture.paste(_strip(short_name, BAND_ROWS, BAND_CELL), (0, 0))
    _write(picture, short_name, name=name, line=line, facts=facts, site=site)
    return _png(picture)


def ecosystem_picture(slug, bands, *, name, line, facts, site):
    """Return the PNG of an ecosystem: the cloth of some of its groups, its name, its line."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    for number, short_name in enumerate(islice(cycle(bands or [slug]), STRIPS)):
        top = number * STRIP_ROWS * STRIP_CELL
        picture.paste(_strip(short_name, STRIP_ROWS, STRIP_CELL, number * 37 % 80), (0, top))
        if number:
            for x in range(0, WIDTH, 14):
                draw.line((x, top, x + 7, top), fill=COTTON, width=2)
    _write(picture, slug, name=name, line=line, facts=facts, site=site)
    return _png(picture)


def can_be_written(text):
    """Say whether the typeface has every character of ``text``."""
    return all(_has(character) for character in set(text))


def wrapped(text, font, lines):
    """Return ``text`` in at most so many lines that fit the picture, cut with … if need be."""
    words, rest = [], text[:MOST_CHARACTERS].split()
    is_cut = len(text) > MOST_CHARACTERS
    found = []
    while rest and len(found) < lines:
        while rest and _fits(" ".join([*words, rest[0]]), font):
            words.append(rest.pop(0))
        if not words:
            # One word wider than the picture goes on in the next line.
            length = _longest(rest[0], font)
            words, rest[0] = [rest[0][:length]], rest[0][length:]
        found.append(" ".join(words))
        words = []
    if found and (rest or is_cut):
        end = found[-1]
        found[-1] = f"{end[: _longest(end, font, '…')].rstrip()}…"
    return found


def _write(picture, short_name, *, name, line, facts, site):
    draw = ImageDraw.Draw(picture)
    if not can_be_written(name):
        name, line, facts = short_name, "", ""
    top = 268
    for text, size, lines, is_bold, colour in (
        (name, NAME_SIZE, NAME_LINES, True, INK),
        (line, LINE_SIZE, LINES, False, SOFT),
    ):
        font = _font(size, is_bold)
        for each in wrapped(text, font, lines) if can_be_written(text) else ():
            draw.text((MARGIN, top), each, font=font, fill=colour)
            top += size * 5 // 4
        top += 14
    small = _font(SMALL_SIZE, is_bold=False)
    for text, y, colour in ((facts, HEIGHT - 108, INK), (site, HEIGHT - 66, SOFT)):
        if can_be_written(text):
            for each in wrapped(text, small, 1):
                draw.text((MARGIN, y), each, font=small, fill=colour)


def _strip(short_name, rows, cell, start=0):
    """Return the band of a short name, with its selvage, as wide as the picture."""
    weave = Weave.of(short_name)
    edge = [[thread] * weave.period for thread in (1, 2, 0)]
    threads = [*edge, *weave.threads(rows - 2 * SELVAGE), *reversed(edge)]
    colours = [ImageColor.getrgb(colour) for colour in (COTTON, *(DYES[dye] for dye in weave.dyes))]
    across = -(-(WIDTH + start) // cell)
    small = Image.new("RGB", (across, rows))
    small.putdata([colours[row[x % weave.period]] for row in threads for x in range(across)])
    large = small.resize((across * cell, rows * cell), Image.Resampling.NEAREST)
    return large.crop((start, 0, start + WIDTH, rows * cell))


def _png(picture):
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@cache
def _font(size, is_bold):
    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    return ImageFont.truetype(TYPEFACE / name, size)


def _fits(text, font):
    return font.getlength(text) <= WIDTH - 2 * MARGIN


def _longest(text, font, end=""):
    """Return how many characters of ``text`` fit a line, at least one, before ``end``."""
    length = len(text)
    while length > 1 and not _fits(text[:length].rstrip() + end, font):
        length -= 1
    return length


@lru_cache(maxsize=4096)
def _has(character):
    """Say whether the bold typeface has a character: what it lacks looks like what nobody has."""
    return character.isspace() or _shape(character) != _shape("\ufffe")


def _shape(character):
    mask = _font(24, is_bold=True).getmask(character)
    return mask.size, bytes(mask)
