"""Flat roofs in the sun: panels, cisterns, washing, basil."""

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
    PRUNE,
    RIVER,
    SAGE,
    SAND,
    mix,
)
from ..pen import bend, strewn, swell

SKY = AIR
WALLS = (COTTON, SAND, mix(SAND, OCRE, 0.45), mix(EMBER, SAND, 0.45), mix(COTTON, SAND, 0.5))


def draw(pen, dice):
    sun = dice.uniform(300, 1600)
    pen.disc(sun, 34, 40, mix(SKY, HONEY, 0.4))
    pen.disc(sun, 34, 25, HONEY)
    shift = dice.uniform(0, 1200)
    pen.land(swell(66, (16, 200, shift), (7, 83, shift)), mix(SKY, PRUNE, 0.24))
    skyline(pen, dice, low=64, high=90, faded=0.5)
    street = skyline(pen, dice, low=92, high=128, faded=0.0)
    furnishings = (panels, cistern, washing, garden, aerial, panels)
    for number, (x, top, width) in enumerate(street):
        if width > 84:
            furnishings[number % len(furnishings)](pen.at(x + width / 2, top), dice)


def skyline(pen, dice, *, low, high, faded):
    """Build a row of houses and return where their roofs are, as (left, top, width)."""
    roofs = []
    x = -dice.uniform(0, 50)
    previous = None
    while x < 1920:
        width = dice.uniform(96, 176) if not faded else dice.uniform(54, 120)
        top = dice.uniform(low, high)
        colour = dice.choice([wall for wall in WALLS if wall != previous])
        previous = colour
        house(pen.at(x, top), dice, width, mix(colour, SKY, faded), faded)
        roofs.append((x, top, width))
        x += width
    return roofs


def house(pen, dice, width, wall, faded):
    pen.box(0, 0, width, 160, wall)
    pen.box(0, 0, 7, 160, mix(wall, KOLA, 0.12))
    pen.box(-1, -4, width + 1, 3, mix(wall, KOLA, 0.28))
    shutter = mix(dice.choice((INDIGO, FEUILLE, RIVER, INDIGO)), SKY, faded)
    for number, x in enumerate(range(20, int(width) - 22, 34)):
        if number % 3 == 2:
            arch(pen.at(x, 14), shutter)
        else:
            pen.box(x, 14, x + 14, 32, shutter)
            pen.box(x + 6.4, 14, x + 7.6, 32, wall)
            pen.box(x - 3, 32, x + 17, 34.4, mix(wall, KOLA, 0.35))


def arch(pen, shutter):
    pen.disc(8, 9, 8, shutter)
    pen.box(0, 9, 16, 60, shutter)


def panels(pen, dice):
    for x in (-46, -12, 22):
        pen.line([(x + 22, -3), (x + 22, -18)], 2, NIGHT)
        pen.polygon([(x, -5), (x + 10, -27), (x + 32, -27), (x + 22, -5)], INDIGO)
        for joint in (x + 22 / 3, x + 44 / 3):
            pen.line([(joint, -5), (joint + 10, -27)], 1, mix(INDIGO, COTTON, 0.6))
        pen.line([(x + 5, -16), (x + 27, -16)], 1, mix(INDIGO, COTTON, 0.6))


def cistern(pen, dice):
    colour = dice.choice((RIVER, NIGHT, COTTON))
    for leg in (-15, 11):
        pen.box(leg, -12, leg + 4, -3, NIGHT)
    pen.box(-18, -40, 18, -11, colour)
    pen.disc(0, -40, 18, mix(colour, COTTON, 0.25), height=5)
    pen.box(-18, -29, 18, -27, mix(colour, NIGHT, 0.3))
    pen.line([(18, -16), (30, -16), (30, -3)], 2.4, NIGHT)


def washing(pen, dice):
    for post in (-48, 48):
        pen.line([(post, -3), (post, -42)], 2.4, KOLA)
    cord = bend((-48, -40), (0, -30), (48, -40))
    pen.line(cord, 1.2, NIGHT)
    for x in strewn(dice, 5, -42, 42):
        colour = dice.choice((GARANCE, OCRE, FEUILLE, PRUNE, COTTON, INDIGO))
        top, drop = -36 + (1 - abs(x) / 48) * 1.4, dice.uniform(14, 22)
        pen.box(x - 7, top, x + 7, top + drop, colour)
        pen.box(x - 7, top + drop - 5, x + 7, top + drop - 3, mix(colour, SKY, 0.6))


def garden(pen, dice):
    for x in (-38, -8, 22):
        for leaf in strewn(dice, 5, x, x + 22):
            high = dice.uniform(16, 30)
            pen.line(bend((leaf, -12), (leaf - 3, -high * 0.7), (leaf + 3, -high)), 4, FEUILLE)
            if dice.random() < 0.4:
                pen.disc(leaf + 3, -high, 3, dice.choice((GARANCE, HONEY)))
        pen.box(x - 3, -13, x + 25, -3, mix(KOLA, GARANCE, 0.4))
    pen.disc(-46, -16, 8, SAGE)


def aerial(pen, dice):
    pen.line([(-20, -3), (-20, -48)], 2, NIGHT)
    for y, half in ((-46, 12), (-39, 9), (-32, 6)):
        pen.line([(-20 - half, y), (-20 + half, y)], 1.6, NIGHT)
    pen.line([(24, -3), (24, -16)], 2.4, NIGHT)
    pen.polygon([*bend((10, -34), (14, -8), (40, -16)), (10, -34)], COTTON)
    pen.line([(25, -24), (34, -34)], 1.6, NIGHT)
    pen.disc(35, -35, 2.4, GARANCE)
