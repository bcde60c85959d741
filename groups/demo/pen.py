"""A pen for flat shapes; it draws larger than what is shown, so that edges come out clean."""

from math import sin

from PIL import Image, ImageDraw

OVERSIZE = 3


class Pen:
    """Draws at a place and in a size of its own: a boat is described once and sails anywhere."""

    def __init__(self, draw, x=0.0, y=0.0, size=1.0, mirrored=False):
        self._draw = draw
        self._x = x
        self._y = y
        self._size = size
        self._side = -1 if mirrored else 1

    def at(self, x, y, size=1.0, mirrored=False):
        """Return a pen whose origin is the given point of this one."""
        ((x, y),) = self._placed([(x, y)])
        return Pen(self._draw, x, y, self._size * size, mirrored != (self._side < 0))

    def polygon(self, points, colour):
        self._draw.polygon(self._placed(points), fill=colour)

    def box(self, left, top, right, bottom, colour):
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def disc(self, x, y, radius, colour, height=None):
        """Draw a disc, or an ellipse when half its height is given."""
        ((x, y),) = self._placed([(x, y)])
        across = radius * self._size
        along = (height or radius) * self._size
        self._draw.ellipse((x - across, y - along, x + across, y + along), fill=colour)

    def line(self, points, width, colour):
        """Draw a line with round ends and joints."""
        placed = self._placed(points)
        width *= self._size
        self._draw.line(placed, fill=colour, width=max(1, round(width)), joint="curve")
        for x, y in (placed[0], placed[-1]):
            self._draw.ellipse(
                (x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=colour
            )

    def ring(self, x, y, radius, width, colour):
        ((x, y),) = self._placed([(x, y)])
        outer = (radius + width / 2) * self._size
        self._draw.ellipse(
            (x - outer, y - outer, x + outer, y + outer),
            outline=colour,
            width=max(1, round(width * self._size)),
        )

    def land(self, edge, colour, *, left=0, right=1920, bottom=160):
        """Fill what lies under an edge, a function giving the height y at each x."""
        xs = [*range(int(left), int(right), 4), right]
        self.polygon([*((x, edge(x)) for x in xs), (right, bottom), (left, bottom)], colour)

    def text(self, text, font, colour, weight=0.0):
        """Write with the font as large as this pen draws, on a baseline at its origin."""
        self._draw.text(
            (self._x, self._y),
            text,
            fill=colour,
            font=font.font_variant(size=font.size * self._size),
            anchor="ls",
            stroke_width=weight * self._size / 2,
        )

    def _placed(self, points):
        return [
            (self._x + x * self._side * self._size, self._y + y * self._size) for x, y in points
        ]


def picture(width, height, ground, draw):
    """Return the picture that `draw` paints with a pen on the ground colour."""
    sheet = Image.new("RGB", (width * OVERSIZE, height * OVERSIZE), ground)
    draw(Pen(ImageDraw.Draw(sheet), size=OVERSIZE))
    return sheet.resize((width, height), Image.Resampling.LANCZOS)


def swell(level, *waves):
    """Return an edge for `Pen.land`: a level and waves of (height, length, shift)."""
    return lambda x: level + sum(high * sin((x + shift) / long) for high, long, shift in waves)


def bend(start, control, end, steps=14):
    """Return the points of a quadratic curve."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        first, second, third = (1 - t) ** 2, 2 * t * (1 - t), t * t
        x, y = (
            first * a + second * b + third * c for a, b, c in zip(start, control, end, strict=True)
        )
        points.append((x, y))
    return points


def strewn(dice, count, left=0, right=1920, *, shake=0.28):
    """Yield as many places from left to right, evenly spread and slightly shaken."""
    step = (right - left) / count
    for place in range(count):
        yield left + step * (place + 0.5 + dice.uniform(-shake, shake))
