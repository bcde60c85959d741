"""The marks of the invented partners: one small drawing each, 60 by 60, in two colours."""

from math import cos, pi, sin
from types import MappingProxyType

from .dyes import SURFACE, mix
from .pen import bend


def house(pen, first, second):
    """A roof above the water."""
    pen.polygon([(30, 6), (52, 27), (8, 27)], second)
    edge = [*bend((5, 35), (17, 23), (30, 35)), *bend((30, 35), (43, 47), (55, 35))]
    pen.polygon([*edge, (55, 53), (5, 53)], first)


def leaf(pen, first, second):
    pen.polygon([*bend((30, 4), (62, 26), (30, 56)), *bend((30, 56), (-2, 26), (30, 4))], first)
    pen.line([(30, 18), (30, 56)], 3, SURFACE)
    for side in (-1, 1):
        pen.line([(30, 40), (30 + 9 * side, 31)], 2.4, SURFACE)
    pen.disc(30, 11, 3, second)


def book(pen, first, second):
    pen.polygon([(4, 13), (29, 21), (29, 54), (4, 46)], first)
    pen.polygon([(56, 13), (31, 21), (31, 54), (56, 46)], second)


def bridge(pen, first, second):
    """Two arches, and what flows under them."""
    pen.box(4, 18, 56, 42, first)
    for middle in (18, 42):
        pen.disc(middle, 42, 9.5, SURFACE)
    pen.box(2, 14, 58, 20, first)
    pen.box(2, 42, 58, 60, SURFACE)
    pen.line([(5, 47), (55, 47)], 4, second)
    pen.line([(14, 55), (46, 55)], 4, second)


def compass(pen, first, second):
    pen.ring(30, 30, 23, 5, first)
    pen.polygon([(41, 13), (34.5, 34.5), (25.5, 25.5)], second)
    pen.polygon([(19, 47), (34.5, 34.5), (25.5, 25.5)], mix(second, SURFACE, 0.55))


def honeycomb(pen, first, second):
    for x, y, colour in ((20, 19, first), (40, 19, second), (30, 37, first)):
        _hexagon(pen, x, y, 11, colour)
    for x, colour in ((14, second), (46, first)):
        _hexagon(pen, x, 37, 6, colour)


def sunrise(pen, first, second):
    for ray in range(5):
        turn = pi + pi * (ray + 0.6) / 5.2
        near, far = 21, 29
        pen.line(
            [
                (30 + near * cos(turn), 40 + near * sin(turn)),
                (30 + far * cos(turn), 40 + far * sin(turn)),
            ],
            3.6,
            second,
        )
    pen.disc(30, 40, 15, second)
    pen.box(0, 40, 60, 60, SURFACE)
    pen.line([(5, 44), (55, 44)], 4.4, first)
    pen.line([(14, 53), (46, 53)], 4.4, first)


def gear(pen, first, second):
    for tooth in range(8):
        turn = pi * tooth / 4
        pen.line([(30, 30), (30 + 23 * cos(turn), 30 + 23 * sin(turn))], 9, first)
    pen.disc(30, 30, 19, first)
    pen.disc(30, 30, 10, SURFACE)
    pen.disc(30, 30, 5.4, second)


def tree(pen, first, second):
    pen.box(27, 34, 33, 56, second)
    for x, y, radius in ((30, 18, 14), (18, 28, 11), (42, 28, 11)):
        pen.disc(x, y, radius, first)
    pen.line([(30, 46), (20, 36)], 3, second)
    pen.line([(30, 42), (40, 33)], 3, second)


def hourglass(pen, first, second):
    pen.polygon([(12, 8), (48, 8), (31.5, 31), (48, 54), (12, 54), (28.5, 31)], first)
    pen.polygon([(20, 15), (40, 15), (30, 28)], SURFACE)
    pen.polygon([(30, 36), (41, 50), (19, 50)], second)
    pen.line([(10, 7), (50, 7)], 5, first)
    pen.line([(10, 55), (50, 55)], 5, first)


def turbine(pen, first, second):
    pen.polygon([(28.6, 26), (31.4, 26), (34, 58), (26, 58)], first)
    for blade in range(3):
        turn = -pi / 2 + 0.35 + 2 * pi * blade / 3
        tip = (30 + 25 * cos(turn), 26 + 25 * sin(turn))
        bulge = (30 + 11 * cos(turn + 0.55), 26 + 11 * sin(turn + 0.55))
        pen.polygon([(30, 26), bulge, tip], second)
    pen.disc(30, 26, 4.4, first)


def _hexagon(pen, x, y, radius, colour):
    corners = [pi / 6 + pi * corner / 3 for corner in range(6)]
    pen.polygon([(x + radius * cos(turn), y + radius * sin(turn)) for turn in corners], colour)


MARKS = MappingProxyType(
    {
        mark.__name__: mark
        for mark in (
            book,
            bridge,
            compass,
            gear,
            honeycomb,
            hourglass,
            house,
            leaf,
            sunrise,
            tree,
            turbine,
        )
    }
)
