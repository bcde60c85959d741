"""A coast of rocks and slate roofs, with its lighthouse."""

from ..dyes import (
    AIR,
    COTTON,
    DEEP,
    FEUILLE,
    GARANCE,
    HONEY,
    INDIGO,
    KOLA,
    NIGHT,
    PRUNE,
    RIVER,
    SAGE,
    SAND,
    SURFACE,
    mix,
)
from ..pen import bend, strewn, swell

SKY = mix(AIR, RIVER, 0.22)
ROCK = mix(PRUNE, NIGHT, 0.42)
SLATE = mix(NIGHT, RIVER, 0.35)


def draw(pen, dice):
    pen.box(0, 58, 1920, 160, mix(SKY, COTTON, 0.5))
    pen.box(0, 80, 1920, 160, mix(SAND, COTTON, 0.4))
    tower = dice.uniform(1180, 1460)
    for side in (-1, 1):
        reach = tower + side * 2000
        pen.polygon([(tower, 32), (reach, -60), (reach, 60)], mix(SKY, COTTON, 0.62))
    for x in strewn(dice, 7):
        cloud(pen.at(x, dice.uniform(24, 66), dice.uniform(0.7, 1.3)))
    shift = dice.uniform(0, 1500)
    pen.land(swell(98, (6, 190, shift), (3, 51, shift)), mix(SAGE, RIVER, 0.35))
    pen.land(swell(107, (2.4, 40, shift)), mix(RIVER, COTTON, 0.16))
    for x in strewn(dice, 2, 660, 1100):
        trawler(pen.at(x, 110, dice.uniform(0.75, 1.05)), dice)
    pen.land(swell(122, (3.4, 46, -shift)), RIVER)
    headland(pen, dice, tower)
    hamlet(pen, dice)
    for x in strewn(dice, 9):
        gull(pen.at(x, dice.uniform(20, 66), dice.uniform(0.6, 1.2)))
    pen.land(swell(140, (4, 52, shift)), DEEP)
    pen.land(swell(152, (3, 41, -shift)), INDIGO)


def headland(pen, dice, tower):
    grass = swell(104, (3, 31, tower))
    left, right = tower - 260, tower + 330
    pen.polygon(rough(dice, left, right, 118), ROCK)
    turf = [(x, grass(x)) for x in range(int(tower - 150), int(tower + 200), 8)]
    shore = [(left + 46, 124), (left + 96, 110), *turf, (right - 66, 112), (right - 30, 124)]
    pen.polygon(shore, mix(FEUILLE, SAGE, 0.3))
    pen.polygon(rough(dice, left + 20, right - 10, 126), mix(ROCK, RIVER, 0.28))
    lighthouse(pen.at(tower, 108))
    cottage(pen.at(tower + 74, 109, 1.05))


def rough(dice, left, right, top):
    """Return the outline of a row of rocks, standing in the sea."""
    points = [(left - 30, 156)]
    x = left
    while x < right:
        points.append((x, top + dice.uniform(-9, 9)))
        x += dice.uniform(22, 46)
    return [*points, (right + 30, 156)]


def lighthouse(pen):
    pen.polygon([(-17, 0), (-10, -66), (10, -66), (17, 0)], COTTON)
    for low, high in ((-10, -24), (-38, -52)):
        outer, inner = 17 + 7 * low / 66, 17 + 7 * high / 66
        pen.polygon([(-outer, low), (-inner, high), (inner, high), (outer, low)], GARANCE)
    pen.box(-15, -70, 15, -65, NIGHT)
    pen.box(-7, -82, 7, -70, HONEY)
    pen.box(-1, -82, 1, -70, NIGHT)
    pen.polygon([(-11, -81), (0, -93), (11, -81)], NIGHT)
    pen.box(-4, -9, 4, 0, KOLA)


def cottage(pen):
    pen.box(-27, -22, 27, 0, COTTON)
    pen.polygon([(-32, -20), (-24, -40), (24, -40), (32, -20)], SLATE)
    for chimney in (-24, 17):
        pen.box(chimney, -48, chimney + 7, -36, COTTON)
    for x in (-20, 10):
        pen.box(x, -16, x + 9, -7, mix(RIVER, COTTON, 0.1))
    pen.box(-5, -16, 4, 0, INDIGO)


def hamlet(pen, dice):
    quay = dice.uniform(150, 420)
    pen.polygon(rough(dice, quay - 330, quay + 230, 121), mix(ROCK, SAND, 0.2))
    for x in strewn(dice, 7, quay - 320, quay + 150, shake=0.12):
        cottage(pen.at(x, 121, dice.uniform(0.86, 1.1)))


def trawler(pen, dice):
    hull = dice.choice((GARANCE, INDIGO, FEUILLE))
    pen.polygon([(-40, -10), (46, -14), (34, 10), (-34, 10)], hull)
    pen.box(-37, -5, 42, -2.4, COTTON)
    pen.box(-22, -28, 2, -10, COTTON)
    pen.box(-18, -24, -10, -17, SLATE)
    pen.box(-6, -24, 0, -17, SLATE)
    pen.line([(18, -12), (18, -50)], 2, NIGHT)
    pen.line([(18, -48), (40, -16)], 1.2, NIGHT)
    pen.line([(18, -48), (0, -30)], 1.2, NIGHT)


def cloud(pen):
    pale = mix(SURFACE, COTTON, 0.4)
    for x, y, radius in ((-30, 0, 11), (-10, -6, 16), (14, -3, 13), (34, 2, 9)):
        pen.disc(x, y, radius, pale)
    pen.box(-40, 0, 42, 11, pale)


def gull(pen):
    pen.line(bend((-15, -3), (-7, -11), (0, 0)), 2.4, COTTON)
    pen.line(bend((0, 0), (7, -11), (15, -3)), 2.4, COTTON)
