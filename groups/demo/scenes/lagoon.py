"""A lagoon in the evening, with sails and palms."""

from ..dyes import (
    COTTON,
    DEEP,
    EMBER,
    FEUILLE,
    GARANCE,
    HONEY,
    INDIGO,
    NIGHT,
    OCRE,
    PINE,
    RIVER,
    SAGE,
    SAND,
    mix,
)
from ..pen import bend, strewn, swell

SKY = SAND


def draw(pen, dice):
    pen.box(0, 0, 1920, 46, mix(SAND, HONEY, 0.5))
    sun = dice.uniform(1000, 1500)
    pen.disc(sun, 78, 60, mix(SAND, HONEY, 0.7))
    pen.disc(sun, 78, 44, EMBER)
    shift = dice.uniform(0, 900)
    pen.land(swell(84, (24, 190, shift), (12, 83, shift)), SAGE)
    pen.land(swell(101, (9, 120, shift), (6, 61, -shift)), FEUILLE)
    for x in strewn(dice, 4):
        for _ in range(dice.choice((1, 2, 2))):
            x += dice.uniform(34, 66)
            palm(pen.at(x, 118, dice.uniform(0.62, 1.02), dice.random() < 0.5))
    pen.land(swell(112, (4.5, 38, shift)), RIVER)
    sails = dice.sample((COTTON, COTTON, GARANCE, OCRE, COTTON), 5)
    for x, sail in zip(strewn(dice, 5, 60, 1860), sails, strict=True):
        boat(pen.at(x, 106, dice.uniform(0.5, 0.82)), sail)
    pen.land(swell(131, (5, 42, shift + 60)), DEEP)
    pen.land(swell(148, (4.5, 47, shift + 20)), INDIGO)


def palm(pen):
    pen.line(bend((0, 0), (-9, -42), (6, -80)), 5, PINE)
    for control, end in (
        ((-20, -96), (-35, -70)),
        ((-16, -106), (-34, -98)),
        ((10, -106), (32, -100)),
        ((32, -94), (48, -70)),
        ((24, -80), (31, -54)),
        ((-8, -84), (-16, -56)),
    ):
        pen.line(bend((6, -80), control, end), 6, PINE)


def boat(pen, sail):
    pen.polygon([*bend((-66, 0), (0, 22), (66, 0)), *bend((58, 18), (0, 26), (-52, 18))], NIGHT)
    pen.box(-4, -64, 0, 10, NIGHT)
    pen.polygon([*bend((4, -62), (48, -36), (44, -3)), (4, -3)], sail)
    pen.polygon([(-8, -50), (-8, -3), (-32, -3)], mix(sail, NIGHT, 0.16))
