"""A wide river at daybreak; on its banks, masts that speak to each other."""

from ..dyes import (
    COTTON,
    DEEP,
    EMBER,
    FEUILLE,
    GARANCE,
    HONEY,
    INDIGO,
    KOLA,
    NIGHT,
    OCRE,
    PINE,
    RIVER,
    SAGE,
    SAND,
    mix,
)
from ..pen import bend, strewn, swell

SKY = mix(SAND, EMBER, 0.16)


def draw(pen, dice):
    masts = [(x, dice.uniform(26, 40)) for x in strewn(dice, 4, 60, 1860)]
    for reach in range(8, 0, -1):
        tint = mix(SKY, (HONEY, COTTON)[reach % 2], 0.55 - 0.05 * reach)
        for x, top in masts:
            pen.disc(x, top, 22 * reach, tint)
    shift = dice.uniform(0, 1200)
    pen.land(swell(84, (9, 170, shift), (4, 61, shift)), mix(SAGE, SKY, 0.4))
    bank = swell(96, (5, 140, -shift), (3, 47, shift))
    for x, top in masts:
        mast(pen, x, top, bank(x) + 4)
    pen.land(bank, FEUILLE)
    for x in strewn(dice, 12):
        for step in range(dice.choice((1, 2, 3))):
            place = x + step * 29
            house(pen.at(place, bank(place) + 9, dice.uniform(0.8, 1.15)), dice)
        bush(pen.at(x - 28, bank(x - 28) + 8, dice.uniform(0.8, 1.5)))
    pen.land(swell(111, (3, 90, shift)), RIVER)
    for x in strewn(dice, 26):
        y = dice.uniform(117, 156)
        pen.line([(x, y), (x + dice.uniform(30, 110), y)], 1.8, mix(RIVER, COTTON, 0.42))
    pen.land(swell(146, (4, 64, shift), (3, 23, 0)), DEEP)
    for x in strewn(dice, 5, 100, 1800):
        pirogue(pen.at(x, dice.uniform(124, 138), dice.uniform(0.8, 1.05), dice.random() < 0.5))


def mast(pen, x, top, foot):
    wide = 11
    pen.line([(x - wide, foot), (x, top)], 2.4, NIGHT)
    pen.line([(x + wide, foot), (x, top)], 2.4, NIGHT)
    for step in range(1, 6):
        low, high = (step - 1) / 6, step / 6
        pen.line(
            [
                (x - wide * (1 - low), foot + (top - foot) * low),
                (x + wide * (1 - high), foot + (top - foot) * high),
            ],
            1.5,
            NIGHT,
        )
    pen.line([(x, top), (x, top - 16)], 2, NIGHT)
    pen.disc(x, top - 17, 3.6, GARANCE)


def house(pen, dice):
    wall = dice.choice((COTTON, SAND, OCRE, mix(OCRE, KOLA, 0.35)))
    pen.box(-12, -17, 12, 0, wall)
    pen.box(-14, -20, 14, -16, mix(KOLA, GARANCE, 0.45))
    pen.box(-8, -12, -3, -6, INDIGO)
    pen.box(3, -11, 8, 0, INDIGO)


def bush(pen):
    pen.disc(0, -8, 11, PINE)
    pen.disc(11, -5, 8, PINE)
    pen.box(-9, -5, 16, 2, PINE)


def pirogue(pen):
    pen.polygon([*bend((-64, -9), (0, 15), (64, -9)), *bend((54, 4), (0, 20), (-54, 4))], NIGHT)
    pen.line(bend((-46, -2), (0, 11), (46, -2)), 2.2, OCRE)
    pen.line([(31, -38), (45, 12)], 2, KOLA)
    for x, shirt in ((27, GARANCE), (-14, HONEY)):
        pen.polygon([(x - 7, 6), (x - 5, -9), (x + 5, -9), (x + 7, 6)], shirt)
        pen.disc(x, -9, 5, shirt)
        pen.disc(x, -18, 4.6, NIGHT)
    pen.line([(29, -8), (37, -14)], 3, NIGHT)
    pen.polygon([(-42, 4), (-40, -6), (-27, -6), (-25, 4)], mix(OCRE, KOLA, 0.4))
