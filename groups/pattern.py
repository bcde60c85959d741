"""The woven band of a group, drawn from its short name alone, and the cloth sewn from such bands.

Nothing here reads the database or the clock: the same name gives the same bytes, so a picture may
be cached for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

COTTON = "#f2ecdd"
DYES = {
    "indigo": "#2c3e94",
    "garance": "#b0353f",
    "feuille": "#2f7a52",
    "ocre": "#d99a26",
    "kola": "#7a4a2b",
    "prune": "#7b3f78",
    "nuit": "#1c2345",
}
PAIRS = (
    ("indigo", "ocre"),
    ("garance", "ocre"),
    ("feuille", "ocre"),
    ("indigo", "garance"),
    ("nuit", "feuille"),
    ("prune", "ocre"),
    ("kola", "indigo"),
    ("garance", "nuit"),
    ("feuille", "indigo"),
    ("nuit", "ocre"),
)
SELVAGE = 3  # rows of plain edge above and below a motif: first dye, second dye, cotton

BAND_WIDTH, BAND_ROWS, BAND_CELL = 1920, 20, 8
EDGE_HEIGHT, EDGE_ROWS, EDGE_CELL = 600, 7, 2
CLOTH_ROWS, CLOTH_CELL = 14, 4


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the motif: its column and row, and how far it is from the middle."""

    x: int
    y: int
    from_middle: float
    from_axis: float
    rows: int
    period: int
    step: int


def diamonds(at: Place) -> int:
    """Concentric diamonds."""
    return int((at.from_middle + at.from_axis) // at.step) % 3


def arrows(at: Place) -> int:
    """The slanted stripes of an arrow sash, pointing at the axis."""
    stripe = int((at.x + at.from_axis) // at.step) % 4
    return stripe if stripe < 3 else 0


def diamond_and_triangles(at: Place) -> int:
    """One small diamond, and triangles in the corners."""
    distance = at.from_middle + at.from_axis
    if distance < at.rows * 0.34:
        return 1
    return 2 if distance > at.period * 0.62 else 0


def blocks(at: Place) -> int:
    """Blocks of weft stripes and warp stripes in turn, as in strip-woven cloth."""
    if at.x < at.period / 2:
        return int(at.y // at.step) % 2
    return 2 if int(at.x // at.step) % 2 else 0


def hourglasses(at: Place) -> int:
    """Stepped hourglasses."""
    step = int(at.from_middle // 2) * 2
    if step < at.from_axis - 0.5:
        return 1
    return 2 if step < at.from_axis + 3 else 0


def zigzags(at: Place) -> int:
    """Zigzags running along the band."""
    return int((at.from_middle + at.y) // at.step) % 3


# A drawing answers, for each place, which thread shows: 0 cotton, 1 the first dye, 2 the second.
# Their number and order decide what every group looks like: they do not change.
DRAWINGS = (diamonds, arrows, diamond_and_triangles, blocks, hourglasses, zigzags)


@dataclass(frozen=True, slots=True)
class Weave:
    """All that a short name decides about its band."""

    drawing: Callable[[Place], int]
    step: int
    period: int
    dyes: tuple[str, str]

    @classmethod
    def of(cls, short_name: str) -> "Weave":
        digest = sha256(short_name.encode()).digest()
        drawing = DRAWINGS[digest[0] % len(DRAWINGS)]
        return cls(
            drawing=drawing,
            step=2 + digest[1] % 2,
            # Slanted stripes meet only where the period is a multiple of four steps.
            period=24 if drawing is arrows else (16, 20, 24)[digest[2] % 3],
            dyes=PAIRS[digest[3] % len(PAIRS)],
        )

    def threads(self, rows: int) -> list[list[int]]:
        """For each row, which thread shows in each column of one period."""
        middle, axis = (self.period - 1) / 2, (rows - 1) / 2
        return [
            [
                self.drawing(
                    Place(x, y, abs(x - middle), abs(y - axis), rows, self.period, self.step)
                )
                for x in range(self.period)
            ]
            for y in range(rows)
        ]

    def paths(self, rows: int, *, selvage: bool) -> tuple[str, str]:
        """The outlines of both dyes, in cells."""
        top = SELVAGE if selvage else 0
        outlines = {1: [], 2: []}
        for y, row in enumerate(self.threads(rows - 2 * top), start=top):
            for x, length, thread in runs(row):
                if thread:
                    outlines[thread].append(bar(x, y, length))
        if selvage:
            outlines[1] += bar(0, 0, self.period), bar(0, rows - 1, self.period)
            outlines[2] += bar(0, 1, self.period), bar(0, rows - 2, self.period)
        return "".join(outlines[1]), "".join(outlines[2])

    def pattern(self, ident: str, rows: int, transform: str, *, selvage: bool = True) -> str:
        """The weave as an SVG <pattern> that fills whatever refers to it."""
        first, second = self.paths(rows, selvage=selvage)
        return (
            f'<pattern id="{ident}" width="{self.period}" height="{rows}"'
            f' patternUnits="userSpaceOnUse" patternTransform="{transform}">'
            f'<path fill="{COTTON}" d="{area(0, self.period, rows)}"/>'
            f'<path fill="{DYES[self.dyes[0]]}" d="{first}"/>'
            f'<path fill="{DYES[self.dyes[1]]}" d="{second}"/></pattern>'
        )


def runs(row: list[int]):
    """Yield (start, length, thread) for each stretch of one thread."""
    start = 0
    for x in range(1, len(row) + 1):
        if x == len(row) or row[x] != row[start]:
            yield start, x - start, row[start]
            start = x


def bar(x: int, y: int, length: int) -> str:
    return f"M{x} {y}h{length}v1h-{length}z"


def area(top: int, width: int, height: int) -> str:
    return f"M0 {top}h{width}v{height}h-{width}z"


def picture(width: int, height: int, crop: str, content: str) -> str:
    """An SVG file that fills the box it is put in, cropped like a photograph."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" preserveAspectRatio="{crop} slice"'
        f' shape-rendering="crispEdges">{content}</svg>'
    )


def band_svg(short_name: str) -> str:
    """Draw the band of a group, in the size of a banner: 1920 by 160."""
    height = BAND_ROWS * BAND_CELL
    pattern = Weave.of(short_name).pattern("p", BAND_ROWS, f"scale({BAND_CELL})")
    fill = f'<path fill="url(#p)" d="{area(0, BAND_WIDTH, height)}"/>'
    return picture(BAND_WIDTH, height, "xMidYMid", pattern + fill)


def edge_svg(short_name: str) -> str:
    """Draw the same weave upright and without selvage, to run along the side of a block."""
    width = EDGE_ROWS * EDGE_CELL
    upright = f"translate({width}) rotate(90) scale({EDGE_CELL})"
    pattern = Weave.of(short_name).pattern("p", EDGE_ROWS, upright, selvage=False)
    fill = f'<path fill="url(#p)" d="{area(0, width, EDGE_HEIGHT)}"/>'
    return picture(width, EDGE_HEIGHT, "xMidYMin", pattern + fill)


def cloth_svg(short_names: list[str]) -> str:
    """Sew the bands of several groups, usually four, into one cloth with dashed seams."""
    patterns, strips = [], []
    strip = CLOTH_ROWS * CLOTH_CELL
    for i, short_name in enumerate(short_names):
        top = i * strip
        # Each band begins elsewhere, as strips cut from different looms do.
        place = f"translate({i * 37 % 80} {top}) scale({CLOTH_CELL})"
        patterns.append(Weave.of(short_name).pattern(f"p{i}", CLOTH_ROWS, place))
        strips.append(f'<path fill="url(#p{i})" d="{area(top, BAND_WIDTH, strip)}"/>')
        if i:
            strips.append(
                f'<path stroke="{COTTON}" stroke-width="2" stroke-dasharray="8 6"'
                f' d="M0 {top}h{BAND_WIDTH}"/>'
            )
    return picture(BAND_WIDTH, len(short_names) * strip, "xMidYMid", "".join(patterns + strips))
