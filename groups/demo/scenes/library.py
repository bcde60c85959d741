"""Shelves full of books, and the cat that keeps them."""

from itertools import pairwise

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
    PRUNE,
    SAGE,
    SAND,
    mix,
)
from ..pen import bend

SKY = mix(KOLA, NIGHT, 0.5)
SPINES = (GARANCE, INDIGO, FEUILLE, OCRE, PRUNE, EMBER, DEEP, COTTON, SAND, SAGE, HONEY)
BOARD = mix(KOLA, OCRE, 0.35)
SHELVES = (4, 80, 156)


def draw(pen, dice):
    guests = [globe, plant, lamp, plant, globe, plant, lamp]
    dice.shuffle(guests)
    # Guests come from the end of the list, and not all find room: the cat is among the first.
    guests.insert(dice.randrange(4, 8), cat)
    for upper, lower in pairwise(SHELVES):
        pen.box(0, upper + 4, 1920, upper + 15, mix(SKY, NIGHT, 0.4))
        fill(pen, dice, guests, foot=lower - 4, room=lower - upper - 18)
    for level in SHELVES:
        pen.box(0, level - 4, 1920, level + 4, BOARD)
        pen.box(0, level + 2, 1920, level + 4, mix(BOARD, NIGHT, 0.35))
    for side in range(int(dice.uniform(100, 220)), 1920, 384):
        pen.box(side - 6, 0, side + 6, 160, BOARD)
        pen.box(side + 3.4, 0, side + 6, 160, mix(BOARD, NIGHT, 0.35))
    ladder(pen.at(dice.uniform(700, 1000), 160))


def fill(pen, dice, guests, *, foot, room):
    """Fill one shelf with books; now and then a guest sits between them."""
    x = 4
    turn = dice.uniform(160, 300)
    while x < 1920:
        if x > turn and guests:
            x += guests.pop()(pen.at(x, foot)) + dice.uniform(4, 10)
            turn = x + dice.uniform(220, 420)
        elif dice.random() < 0.07:
            x += pile(pen.at(x, foot), dice) + dice.uniform(3, 8)
        elif dice.random() < 0.1:
            x += leaning(pen.at(x, foot), dice, room) + dice.uniform(2, 8)
        else:
            x += book(pen.at(x, foot), dice, room) + 1.2


def book(pen, dice, room):
    wide, high = dice.uniform(8, 19), room * dice.uniform(0.66, 1)
    colour = dice.choice(SPINES)
    pen.box(0, -high, wide, 0, colour)
    pen.box(wide - 1.6, -high, wide, 0, mix(colour, NIGHT, 0.22))
    mark = NIGHT if colour in (COTTON, SAND, HONEY, SAGE) else mix(colour, COTTON, 0.75)
    style = dice.randrange(3)
    if style == 0:
        pen.box(0, -high + 6, wide, -high + 9, mark)
        pen.box(0, -9, wide, -6, mark)
    elif style == 1:
        pen.box(wide * 0.3, -high * 0.8, wide * 0.6, -high * 0.4, mark)
    else:
        pen.disc(wide / 2, -high * 0.72, wide * 0.24, mark)
    return wide


def leaning(pen, dice, room):
    high, wide = room * 0.86, dice.uniform(9, 14)
    lean = dice.uniform(13, 20)
    colour = dice.choice(SPINES[:7])
    pen.polygon([(0, 0), (wide, 0), (wide + lean, -high + 5), (lean, -high)], colour)
    pen.polygon(
        [
            (lean * 0.8, -high * 0.8),
            (lean * 0.8 + wide, -high * 0.8 + 4),
            (lean * 0.74 + wide, -high * 0.74 + 4),
            (lean * 0.74, -high * 0.74),
        ],
        mix(colour, COTTON, 0.75),
    )
    return wide + lean


def pile(pen, dice):
    foot = 0
    for _ in range(dice.choice((3, 4, 5))):
        thick, inset = dice.uniform(6, 10), dice.uniform(0, 9)
        colour = dice.choice(SPINES)
        pen.box(inset, foot - thick, 58 - inset / 2, foot, colour)
        pen.box(54 - inset / 2, foot - thick + 1.4, 58 - inset / 2, foot - 1.4, COTTON)
        foot -= thick
    return 58


def cat(pen):
    fur = mix(EMBER, OCRE, 0.5)
    pen.polygon([*bend((4, 0), (10, -34), (42, -27)), *bend((42, -27), (78, -30), (78, 0))], fur)
    pen.disc(74, -13, 14, fur)
    pen.polygon([(61, -18), (64, -34), (73, -25)], fur)
    pen.polygon([(76, -26), (86, -34), (87, -18)], fur)
    pen.line(bend((8, -6), (-10, -4), (-4, -26)), 6, fur)
    for x in (67, 77):
        pen.line(bend((x, -14), (x + 3, -11), (x + 6, -14), steps=6), 1.5, NIGHT)
    for stripe in (24, 34, 44):
        pen.line(bend((stripe, -27), (stripe + 3, -20), (stripe, -14)), 3, mix(fur, KOLA, 0.6))
    return 92


def globe(pen):
    pen.box(10, -4, 42, 0, KOLA)
    pen.box(24, -12, 28, -2, KOLA)
    pen.ring(26, -30, 24, 2.4, OCRE)
    pen.disc(26, -30, 20, mix(DEEP, COTTON, 0.3))
    for west, north, east, south in (
        ((12, -40), (26, -48), (28, -32), (20, -20)),
        ((32, -30), (45, -34), (42, -22), (36, -12)),
    ):
        pen.polygon([*bend(west, north, east), *bend(east, south, west)], SAGE)
    return 54


def plant(pen):
    for control, end in (
        ((18, -50), (-2, -44)),
        ((20, -62), (14, -60)),
        ((26, -62), (36, -56)),
        ((32, -44), (52, -40)),
        ((14, -36), (-6, -26)),
        ((38, -34), (56, -22)),
    ):
        pen.line(bend((25, -18), control, end), 5, mix(FEUILLE, SAGE, 0.3))
    pen.polygon([(10, -20), (40, -20), (35, 0), (15, 0)], GARANCE)
    pen.box(7, -24, 43, -17, mix(GARANCE, NIGHT, 0.2))
    return 54


def lamp(pen):
    pen.box(26, -40, 30, -3, NIGHT)
    pen.box(14, -4, 42, 0, NIGHT)
    pen.polygon([(16, -60), (40, -60), (52, -36), (4, -36)], HONEY)
    pen.polygon([(4, -36), (52, -36), (52, -33), (4, -33)], PINE)
    return 60


def ladder(pen):
    wood = mix(OCRE, COTTON, 0.2)
    for left in (0, 40):
        pen.line([(left, 4), (left + 34, -164)], 6, wood)
    for rung in range(6):
        x, y = 4 + 5.6 * rung, -18 - 27 * rung
        pen.line([(x, y), (x + 40, y)], 5, wood)
