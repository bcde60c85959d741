"""The demo's pictures, drawn by the program: nothing to download, nothing to credit."""

from random import Random

from .dyes import BY_NAME, INK, SOFT_INK, SURFACE
from .lettering import write
from .logos import MARKS
from .pen import picture
from .scenes import SCENES

BANNER_SIZE = (1920, 160)
LOGO_SIZE = (540, 180)
# Logos are drawn 180 by 60, the size they are shown in, and kept three times as large.
LOGO_SCALE = 3


def draw_banner(scene, seed):
    """Return a banner of the scene; the same seed, say a short name, draws the same picture."""
    module = SCENES[scene]
    dice = Random(f"{scene} {seed}")
    return picture(*BANNER_SIZE, module.SKY, lambda pen: module.draw(pen, dice))


def draw_logo(partner):
    """Return the logo of an entry of partners.json: its mark, and its name on two lines."""
    return picture(*LOGO_SIZE, SURFACE, lambda pen: _draw_logo(pen.at(0, 0, LOGO_SCALE), partner))


def _draw_logo(pen, partner):
    MARKS[partner["logo"]](pen, *(BY_NAME[colour] for colour in partner["colours"]))
    first, second = partner["lines"]
    write(pen.at(66, 27), first, size=17, colour=INK, weight=0.9)
    write(pen.at(66, 46), second, size=15, colour=SOFT_INK)
