"""A bicycle workshop: wheels, lamps, and tools that went back to their place."""

from math import cos, pi, sin

from ..dyes import (
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
    SAND,
    mix,
)
from ..pen import strewn

SKY = mix(SAND, COTTON, 0.35)
FRAMES = (GARANCE, INDIGO, FEUILLE, PRUNE, EMBER)


def draw(pen, dice):
    for x in range(0, 1920, 48):
        pen.box(x, 0, x + 1.6, 132, mix(SKY, KOLA, 0.13))
    lamps = list(strewn(dice, 6))
    for x in lamps:
        cone = [(x - 15, 25), (x + 15, 25), (x + 96, 132), (x - 96, 132)]
        pen.polygon(cone, mix(SKY, COTTON, 0.7))
    for x in lamps:
        pen.box(x - 1, 0, x + 1, 16, NIGHT)
        pen.polygon([(x - 5, 12), (x + 5, 12), (x + 19, 27), (x - 19, 27)], dice.choice(FRAMES))
        pen.disc(x, 28, 6, HONEY)
    pen.box(0, 132, 1920, 160, mix(KOLA, OCRE, 0.3))
    pen.box(0, 132, 1920, 136, KOLA)
    for x in range(30, 1920, 160):
        pen.box(x, 136, x + 1.6, 160, mix(KOLA, OCRE, 0.1))
    boards = (tool_board, bicycle, spare_wheels, bicycle, shelf)
    start = dice.randrange(len(boards))
    for number, x in enumerate(strewn(dice, 11, shake=0.06)):
        boards[(start + number) % len(boards)](pen.at(x, 132), dice)


def bicycle(pen, dice):
    pen = pen.at(0, 0, dice.uniform(0.94, 1.06), dice.random() < 0.5)
    frame = dice.choice(FRAMES)
    for hub in (-40, 40):
        wheel(pen.at(hub, -29), 28)
    crank, saddle, head = (-4, -29), (-15, -64), (28, -64)
    for tube in ((crank, saddle), (crank, head), (saddle, head), (saddle, (-40, -29))):
        pen.line(tube, 4.4, frame)
    pen.line([crank, (-40, -29)], 3.4, frame)
    pen.line([(25, -74), head, (40, -29)], 4.4, frame)
    pen.line([(-15, -64), (-17, -72)], 3.4, NIGHT)
    pen.line([(-27, -74), (-8, -73)], 6, NIGHT)
    pen.line([(25, -74), (34, -79), (39, -73)], 3.6, NIGHT)
    pen.disc(*crank, 7, NIGHT)
    pen.disc(*crank, 3, SKY)
    if dice.random() < 0.5:
        pen.polygon([(30, -72), (56, -72), (52, -52), (34, -52)], mix(KOLA, OCRE, 0.4))
        for x in (38, 44, 50):
            pen.disc(x, -74, 5, dice.choice((FEUILLE, GARANCE, HONEY)))


def wheel(pen, radius):
    for spoke in range(9):
        turn = pi * spoke / 9
        across, along = cos(turn) * radius, sin(turn) * radius
        pen.line([(-across, -along), (across, along)], 0.9, mix(NIGHT, SKY, 0.5))
    pen.ring(0, 0, radius - 1.6, 3.6, NIGHT)
    pen.disc(0, 0, 3, NIGHT)


def tool_board(pen, dice):
    pen.box(-62, -104, 62, -44, mix(FEUILLE, COTTON, 0.25))
    pen.box(-62, -104, 62, -100, mix(FEUILLE, NIGHT, 0.3))
    spanner(pen.at(-46, -56))
    spanner(pen.at(-28, -60, 0.8))
    hammer(pen.at(-4, -56))
    saw(pen.at(24, -78))
    pen.box(-70, -30, 70, -24, KOLA)
    for leg in (-58, 52):
        pen.box(leg, -24, leg + 6, 0, KOLA)
    tins(pen.at(0, -30), dice)


def spanner(pen):
    pen.line([(0, 0), (0, -26)], 4, NIGHT)
    pen.disc(0, -30, 6.5, NIGHT)
    pen.polygon([(-2.4, -40), (2.4, -40), (2.4, -29), (-2.4, -29)], mix(FEUILLE, COTTON, 0.25))
    pen.disc(0, 1, 4.6, NIGHT)


def hammer(pen):
    pen.line([(0, 2), (0, -30)], 3.6, KOLA)
    pen.polygon([(-12, -38), (8, -38), (13, -34), (13, -30), (-12, -30)], NIGHT)


def saw(pen):
    pen.polygon([(0, -6), (34, 6), (34, 12), (0, 12)], COTTON)
    pen.polygon([(-14, -10), (3, -10), (3, 14), (-14, 14)], GARANCE)
    pen.box(-9, -4, -3, 8, mix(FEUILLE, COTTON, 0.25))


def tins(pen, dice):
    x = -50
    while x < 46:
        width = dice.uniform(9, 17)
        pen.box(x, -dice.uniform(8, 13), x + width, 0, dice.choice((OCRE, GARANCE, INDIGO, COTTON)))
        x += width + dice.uniform(3, 14)


def spare_wheels(pen, dice):
    pen.box(-60, -108, 60, -104, KOLA)
    for x in (-38, 0, 38):
        pen.box(x - 1, -104, x + 1, -92, NIGHT)
        wheel(pen.at(x, -72), dice.choice((18, 20, 22)))
    pen.polygon([(-42, 0), (-48, -26), (-6, -26), (-12, 0)], mix(KOLA, OCRE, 0.5))
    pen.ring(-28, -26, 11, 4, NIGHT)
    pen.polygon([(14, 0), (14, -34), (46, -34), (46, 0)], mix(INDIGO, COTTON, 0.2))
    for y in (-30, -19, -8):
        pen.box(17, y, 43, y + 6, mix(INDIGO, COTTON, 0.55))


def shelf(pen, dice):
    for level in (-96, -60, -24):
        pen.box(-50, level, 50, level + 5, KOLA)
        x = -46
        while x < 34:
            width = dice.uniform(12, 24)
            height = dice.uniform(10, 25)
            colour = dice.choice((OCRE, GARANCE, INDIGO, FEUILLE, PRUNE, EMBER))
            pen.box(x, level - height, x + width, level, colour)
            pen.box(x + 3, level - height * 0.6, x + width - 3, level - height * 0.3, COTTON)
            x += width + dice.uniform(2, 9)
    for side in (-50, 46):
        pen.box(side, -96, side + 4, 0, KOLA)
