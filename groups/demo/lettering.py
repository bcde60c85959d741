"""Writes names in the typeface that comes with Pillow, which has no accents: we draw them."""

from unicodedata import normalize

from PIL import ImageFont

GRAVE, ACUTE, CIRCUMFLEX, DIAERESIS, CEDILLA = "\u0300", "\u0301", "\u0302", "\u0308", "\u0327"
PLAIN = str.maketrans({"œ": "oe", "Œ": "OE", "\u202f": " ", "\u00a0": " "})


def write(pen, text, *, size, colour, weight=0.0):
    """Write a line whose baseline starts at the pen's origin; `weight` thickens every stroke."""
    font = ImageFont.load_default(size)
    written = ""
    for sign in normalize("NFD", text.translate(PLAIN)):
        if "\u0300" <= sign <= "\u036f":
            _accent(pen, sign, written, font, size, colour, weight)
        else:
            written += sign
    pen.text(written, font, colour, weight)


def _accent(pen, sign, written, font, size, colour, weight):
    """Draw one accent on the last letter written."""
    letter = written[-1]
    middle = font.getlength(written) - font.getlength(letter) / 2
    high = -size * (0.86 if letter.isupper() else 0.69)
    reach, stroke = size * 0.07, size * 0.075 + weight / 2
    if sign == CEDILLA:
        pen.line([(middle, size * 0.02), (middle + reach / 2, size * 0.14)], stroke, colour)
    elif sign == DIAERESIS:
        for side in (-1, 1):
            pen.disc(middle + side * size * 0.11, high, stroke * 0.62, colour)
    else:
        shapes = {
            ACUTE: [(-reach, reach), (reach, -reach)],
            GRAVE: [(-reach, -reach), (reach, reach)],
            CIRCUMFLEX: [(-1.7 * reach, reach), (0, -reach), (1.7 * reach, reach)],
        }
        pen.line([(middle + x, high + y) for x, y in shapes[sign]], stroke, colour)
