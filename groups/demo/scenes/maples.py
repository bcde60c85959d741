"""A maple wood in October, with a sugar cabin."""

from ..dyes import (
    AIR,
    COTTON,
    EMBER,
    GARANCE,
    HONEY,
    KOLA,
    NIGHT,
    OCRE,
    PINE,
    PRUNE,
    SAND,
    mix,
)
from ..pen import bend, strewn, swell

SKY = AIR
LEAVES = (GARANCE, EMBER, OCRE, HONEY, mix(GARANCE, EMBER, 0.5), mix(EMBER, OCRE, 0.5))


def draw(pen, dice):
    shift = dice.uniform(0, 1500)
    pen.land(swell(62, (17, 180, shift), (8, 67, shift)), mix(SKY, PRUNE, 0.28))
    hill = swell(86, (12, 150, -shift), (5, 49, shift))
    pen.land(hill, mix(SKY, PRUNE, 0.5))
    for x in strewn(dice, 62):
        spruce(pen.at(x, hill(x) + 3, dice.uniform(0.34, 0.6)), mix(PRUNE, NIGHT, 0.45))
    meadow = swell(112, (6, 170, shift), (3, 53, -shift))
    for x in strewn(dice, 46):
        maple(pen.at(x, meadow(x) + 4, dice.uniform(0.5, 0.72)), dice, faded=0.34)
    pen.land(meadow, mix(OCRE, SAND, 0.4))
    clearing = dice.uniform(1080, 1500)
    cabin(pen.at(clearing, 136, 1.15))
    for x in strewn(dice, 19):
        if abs(x - clearing) < 74:
            continue
        if dice.random() < 0.24:
            spruce(pen.at(x, 139, dice.uniform(1.0, 1.35)), PINE)
        else:
            maple(pen.at(x, 139, dice.uniform(0.78, 1.22)), dice)
    pen.land(swell(137, (4, 130, shift)), mix(KOLA, OCRE, 0.62))
    pen.land(swell(149, (3, 96, -shift)), KOLA)
    for x in strewn(dice, 90):
        leaf(pen.at(x, dice.uniform(138, 158), dice.uniform(0.6, 1.1)), dice.choice(LEAVES))


def maple(pen, dice, faded=0.0):
    colour = mix(dice.choice(LEAVES), SKY, faded)
    wood = mix(mix(KOLA, NIGHT, 0.35), SKY, faded)
    pen.polygon([(-4, 0), (-2, -52), (2, -52), (4, 0)], wood)
    shade = mix(colour, KOLA, 0.22)
    for x, y, radius in ((0, -56, 30), (-21, -48, 20), (21, -48, 20), (0, -78, 22)):
        pen.disc(x, y, radius, shade)
    for x, y, radius in ((-5, -62, 25), (-24, -53, 13), (15, -55, 16), (-3, -82, 17)):
        pen.disc(x, y, radius, colour)
    pen.line([(0, -26), (0, -58)], 2.2, wood)
    pen.line([(0, -42), (11, -55)], 2, wood)
    pen.line([(0, -48), (-10, -60)], 2, wood)


def spruce(pen, colour):
    pen.box(-2, -8, 2, 0, colour)
    for top, half, foot in ((-86, 10, -52), (-68, 16, -30), (-48, 22, -6)):
        pen.polygon([(0, top), (half, foot), (-half, foot)], colour)


def cabin(pen):
    for x, y, radius in ((15, -66, 5), (22, -78, 8), (34, -92, 11), (52, -104, 14)):
        pen.disc(x, y, radius, mix(COTTON, SKY, 0.3))
    pen.box(10, -62, 18, -36, NIGHT)
    pen.box(-34, -32, 34, 4, KOLA)
    for plank in (-24, -16, -8):
        pen.box(-34, plank, 34, plank + 1.4, mix(KOLA, NIGHT, 0.4))
    pen.polygon([(-42, -30), (-24, -56), (24, -56), (42, -30)], NIGHT)
    pen.box(-24, -20, -6, -6, HONEY)
    pen.box(8, -22, 22, 4, mix(KOLA, NIGHT, 0.55))


def leaf(pen, colour):
    pen.polygon([*bend((-4, 0), (0, -4), (4, 0)), *bend((4, 0), (0, 4), (-4, 0))], colour)
