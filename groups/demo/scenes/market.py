"""A market in the morning, under striped awnings."""

from ..dyes import (
    AIR,
    COTTON,
    EMBER,
    FEUILLE,
    GARANCE,
    HONEY,
    INDIGO,
    KOLA,
    NIGHT,
    OCRE,
    PINE,
    PRUNE,
    RIVER,
    SAGE,
    SAND,
    mix,
)
from ..pen import strewn

SKY = mix(AIR, COTTON, 0.3)
AWNINGS = (GARANCE, INDIGO, FEUILLE, OCRE, PRUNE, EMBER)
FRUIT = (GARANCE, EMBER, HONEY, OCRE, SAGE, FEUILLE, PRUNE)


def draw(pen, dice):
    fronts(pen, dice)
    bunting(pen, dice)
    pen.box(0, 138, 1920, 160, mix(SAND, KOLA, 0.25))
    pen.box(0, 138, 1920, 141, mix(SAND, KOLA, 0.45))
    x = -40
    previous = None
    while x < 1920:
        colour = dice.choice([awning for awning in AWNINGS if awning != previous])
        previous = colour
        width = dice.choice((160, 184, 208))
        stall(pen.at(x, 0), dice, width, colour)
        x += width + dice.uniform(34, 74)
        passers_by(pen, dice, x - 34)


def fronts(pen, dice):
    """Paint the houses behind the stalls, pale so that the stalls come forward."""
    x = 0
    while x < 1920:
        width = dice.uniform(90, 170)
        top = dice.uniform(22, 52)
        wall = mix(dice.choice((SAND, HONEY, COTTON, EMBER)), SKY, 0.5)
        pen.box(x, top, x + width, 138, wall)
        pen.box(x - 2, top - 5, x + width + 2, top, mix(wall, KOLA, 0.3))
        for place in range(int(x) + 14, int(x + width) - 18, 30):
            pen.box(place, top + 10, place + 13, top + 28, mix(wall, RIVER, 0.45))
            pen.box(place - 4, top + 10, place, top + 28, mix(wall, FEUILLE, 0.4))
            pen.box(place + 13, top + 10, place + 17, top + 28, mix(wall, FEUILLE, 0.4))
        x += width


def bunting(pen, dice):
    for start in range(-60, 1920, 330):
        dip = dice.uniform(26, 40)
        cord = [(start + 330 * n / 22, 6 + 4 * dip * (n / 22) * (1 - n / 22)) for n in range(23)]
        pen.line(cord, 1.2, mix(NIGHT, SKY, 0.4))
        for number, (x, y) in enumerate(cord[1:-1]):
            pen.polygon([(x - 5, y), (x + 5, y), (x, y + 11)], AWNINGS[number % len(AWNINGS)])


def stall(pen, dice, width, colour):
    for post in (8, width - 12):
        pen.box(post, 74, post + 4, 146, KOLA)
    pen.box(6, 92, width - 6, 116, mix(NIGHT, KOLA, 0.5))
    heaps(pen, dice, width)
    pen.box(0, 116, width, 148, mix(KOLA, OCRE, 0.25))
    for plank in range(16, width, 24):
        pen.box(plank, 116, plank + 1.4, 148, KOLA)
    pen.box(0, 116, width, 120, KOLA)
    label = dice.uniform(20, width - 60)
    pen.box(label, 124, label + 34, 140, NIGHT)
    pen.box(label + 5, 129, label + 26, 130.6, COTTON)
    pen.box(label + 5, 134, label + 20, 135.6, COTTON)
    stripes = width // 16
    for stripe in range(stripes):
        shade = colour if stripe % 2 == 0 else COTTON
        left, right = width * stripe / stripes, width * (stripe + 1) / stripes
        ridge = (width * 0.06 + 0.88 * left, width * 0.06 + 0.88 * right)
        pen.polygon([(ridge[0], 50), (ridge[1], 50), (right, 76), (left, 76)], shade)
        pen.box(left, 76, right, 81, mix(shade, NIGHT, 0.14))
        pen.disc((left + right) / 2, 81, (right - left) / 2, mix(shade, NIGHT, 0.14), height=6)


def heaps(pen, dice, width):
    kinds = dice.sample(FRUIT, 4)
    for number, fruit in enumerate(kinds):
        middle = width * (number + 0.5) / 4
        for level, count in enumerate((4, 3, 2)):
            for place in range(count):
                x = middle + (place - (count - 1) / 2) * 9.4
                pen.disc(x, 112 - level * 7.4, 5, mix(fruit, NIGHT, 0.12))
                pen.disc(x - 0.8, 111 - level * 7.4, 4, fruit)
        if dice.random() < 0.4:
            pen.line([(middle, 92), (middle - 4, 86)], 2, PINE)
            pen.line([(middle, 92), (middle + 5, 86)], 2, PINE)


def passers_by(pen, dice, x):
    for step in range(dice.choice((0, 1, 2))):
        walker = pen.at(x + step * 26, 152, dice.uniform(0.85, 1.05), dice.random() < 0.5)
        dress = dice.choice(AWNINGS)
        walker.polygon([(-10, 0), (-6, -42), (6, -42), (10, 0)], dress)
        walker.box(-8.4, -16, 8.4, -12, mix(dress, COTTON, 0.6))
        walker.disc(0, -49, 7, mix(KOLA, NIGHT, 0.4))
        hat = [(-7, -50), (-5, -58), (5, -58), (7, -50)]
        walker.polygon(hat, dice.choice((HONEY, COTTON, INDIGO)))
        walker.line([(6, -36), (13, -20)], 3.4, mix(KOLA, NIGHT, 0.4))
        walker.polygon([(6, -20), (22, -20), (19, -6), (9, -6)], mix(OCRE, KOLA, 0.3))
        for leaf in strewn(dice, 3, 8, 20):
            walker.line([(leaf, -20), (leaf + 1, -27)], 2.4, FEUILLE)
