"""A town at night, where somebody is still up."""

from ..dyes import COTTON, GARANCE, HONEY, INDIGO, NIGHT, OCRE, PRUNE, RIVER, mix
from ..pen import strewn

SKY = mix(NIGHT, INDIGO, 0.34)
DARK = mix(NIGHT, "#000000", 0.22)


def draw(pen, dice):
    pen.box(0, 74, 1920, 160, mix(SKY, PRUNE, 0.3))
    pen.box(0, 104, 1920, 160, mix(SKY, PRUNE, 0.52))
    for x in strewn(dice, 130):
        pen.disc(x, dice.uniform(3, 92), dice.choice((0.8, 1, 1.5)), mix(SKY, COTTON, 0.75))
    moon = dice.uniform(900, 1700)
    pen.disc(moon, 36, 23, COTTON)
    pen.disc(moon + 10, 31, 20, SKY)
    row(pen, dice, low=78, high=112, wide=(40, 86), wall=mix(NIGHT, PRUNE, 0.62), lit=0.2)
    row(pen, dice, low=62, high=98, wide=(52, 104), wall=mix(NIGHT, INDIGO, 0.55), lit=0.42)
    row(pen, dice, low=92, high=126, wide=(64, 132), wall=DARK, lit=0.5)
    garlands(pen, dice)


def row(pen, dice, *, low, high, wide, wall, lit):
    """Build one row of houses, from beyond the left edge to beyond the right one."""
    x = -dice.uniform(0, 60)
    while x < 1920:
        width = dice.uniform(*wide)
        house(pen.at(x, dice.uniform(low, high)), dice, width, wall, lit)
        x += width + dice.choice((0, 0, 0, dice.uniform(6, 26)))


def house(pen, dice, width, wall, lit):
    pen.box(0, 0, width, 160, wall)
    shape = dice.choice(("flat", "gable", "gable", "slope", "tank"))
    if shape == "gable":
        pen.polygon([(-3, 1), (width / 2, -width * 0.3), (width + 3, 1)], wall)
        pen.box(width * 0.68, -width * 0.28, width * 0.68 + 7, 0, wall)
    elif shape == "slope":
        pen.polygon([(0, 1), (0, -16), (width, 1)], wall)
    elif shape == "tank":
        pen.box(width * 0.3, -16, width * 0.3 + 22, -5, wall)
        pen.box(width * 0.3 + 2, -6, width * 0.3 + 4, 0, wall)
        pen.box(width * 0.3 + 18, -6, width * 0.3 + 20, 0, wall)
    else:
        pen.line([(width * 0.7, 0), (width * 0.7, -20)], 1.6, wall)
        pen.line([(width * 0.7 - 7, -15), (width * 0.7 + 7, -15)], 1.4, wall)
    columns = max(1, int((width - 8) // 17))
    margin = (width - columns * 17 + 7) / 2
    for y in range(11, 110, 19):
        for column in range(columns):
            window(pen.at(margin + column * 17, y), dice, wall, lit)


def window(pen, dice, wall, lit):
    if dice.random() > lit:
        pen.box(0, 0, 10, 12, mix(wall, RIVER, 0.16))
        return
    pen.box(0, 0, 10, 12, dice.choice((HONEY, HONEY, OCRE, mix(HONEY, COTTON, 0.5))))
    if dice.random() < 0.3:
        pen.box(0, 0, 4, 12, dice.choice((GARANCE, PRUNE, OCRE)))
    pen.box(4.4, 0, 5.6, 12, wall)


def garlands(pen, dice):
    """Hang lights across the street, the sign of a feast in the quarter."""
    left = -40
    while left < 1920:
        right = left + dice.uniform(150, 240)
        top = dice.uniform(96, 110)
        cord = [
            (left + (right - left) * step / 12, top + 88 * (step / 12) * (1 - step / 12))
            for step in range(13)
        ]
        pen.line(cord, 1.4, mix(NIGHT, COTTON, 0.35))
        for number, (x, y) in enumerate(cord[1:-1]):
            pen.disc(x, y + 4, 3.1, (HONEY, GARANCE, COTTON, OCRE)[number % 4])
        left = right
