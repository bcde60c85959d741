"""Hills cut into terraces, with water standing in the fields."""

from ..dyes import (
    COTTON,
    FEUILLE,
    GARANCE,
    HONEY,
    KOLA,
    OCRE,
    PINE,
    PRUNE,
    RIVER,
    SAGE,
    SAND,
    mix,
)
from ..pen import strewn, swell

SKY = mix(COTTON, SAND, 0.35)
MIRROR = mix(COTTON, RIVER, 0.28)
STEPS = (
    mix(SAGE, COTTON, 0.2),
    mix(SAGE, HONEY, 0.3),
    SAGE,
    mix(SAGE, FEUILLE, 0.5),
    mix(FEUILLE, HONEY, 0.2),
    FEUILLE,
    mix(FEUILLE, PINE, 0.45),
)


def draw(pen, dice):
    pen.disc(dice.uniform(260, 1660), 42, 27, HONEY)
    shift = dice.uniform(0, 1200)
    far = mix(PRUNE, SKY, 0.66)
    pen.land(swell(48, (20, 210, shift), (9, 74, shift)), far)
    pen.land(swell(62, (16, 160, -shift), (7, 57, shift)), mix(far, PRUNE, 0.24))
    edges = [
        swell(56 + 15 * step, (19 - 2 * step, 205, shift + 34 * step), (5, 71, shift - 16 * step))
        for step in range(len(STEPS))
    ]
    for step, (edge, green) in enumerate(zip(edges, STEPS, strict=True)):
        pen.land(edge, mix(green, PINE, 0.42))
        pen.land(lowered(edge, 2.6), green)
        if 0 < step < 6:
            paddies(pen, dice, edge)
        if step in (2, 4):
            for x in strewn(dice, 4):
                hamlet(pen, dice, x, edge)


def paddies(pen, dice, edge):
    """Lay a few sheets of water along one step, lens-shaped like the step itself."""
    for x in strewn(dice, 5):
        half = dice.uniform(48, 104)
        lens = range(int(x - half), int(x + half) + 1, 4)
        upper = [(at, edge(at) + 9 - 4 * (1 - ((at - x) / half) ** 2)) for at in lens]
        lower = [(at, edge(at) + 9 + 4 * (1 - ((at - x) / half) ** 2)) for at in reversed(lens)]
        pen.polygon(upper + lower, MIRROR)


def hamlet(pen, dice, x, edge):
    for _ in range(dice.choice((1, 2, 3))):
        house(pen.at(x, edge(x) + 3, dice.uniform(0.8, 1.1)), dice.choice((OCRE, COTTON, SAND)))
        x += dice.uniform(28, 44)
    tree(pen.at(x, edge(x) + 3, dice.uniform(0.8, 1.25)))


def house(pen, wall):
    pen.box(-11, -18, 11, 0, wall)
    pen.polygon([(-15, -17), (0, -34), (15, -17)], GARANCE)
    pen.box(-3, -11, 3, 0, KOLA)


def tree(pen):
    pen.box(-1.6, -14, 1.6, 0, KOLA)
    pen.disc(0, -22, 10, PINE, height=13)


def lowered(edge, by):
    return lambda x: edge(x) + by
