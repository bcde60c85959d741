"""What looking at a picture file gives: the picture, or why it is not taken."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PictureFile:
    """One still picture: ``data`` is its file with nothing but the picture in it."""

    format: str
    width: int
    height: int
    data: bytes
    # As many points of such a file are decoded in 250 MB; measured.
    most_pixels: int
    # As EXIF counts: how the camera was held, 1 for upright.
    orientation: int = 1
    # The ICC profile, which says what the colours mean.
    profile: bytes = b""

    @property
    def pixels(self):
        return self.width * self.height


class Refused(Exception):
    """A file is not taken; ``code`` says why, ``params`` what the sentence for it needs."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params
