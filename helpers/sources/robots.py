"""What a site asks of programs (robots.txt): its text in, rules out. Nothing here asks for it."""

from dataclasses import dataclass
from urllib.robotparser import RobotFileParser

# As RFC 9309 allows: a day, and half a megabyte.
LASTS = 24 * 3600
LARGEST = 512_000
LONGEST_DELAY = 10


@dataclass(frozen=True)
class Rules:
    """The rules of one site for us."""

    parser: RobotFileParser
    name: str
    text: str

    def allow(self, url):
        return self.parser.can_fetch(self.name, url)

    @property
    def delay(self):
        """How many seconds the site wants between two requests, as far as that is bearable."""
        return min(float(self.parser.crawl_delay(self.name) or 0), LONGEST_DELAY)


def read_rules(text, name):
    """Return the `Rules` of the file ``text`` for a program called ``name``. "" forbids nothing."""
    lines = text.lstrip("\ufeff").splitlines()
    try:
        return Rules(_parsed(lines), name, text)
    except ValueError:
        # Half an address, or a digit that is none: the standard library gives up on all of it.
        plain = [line for line in lines if line.isascii() and "[" not in line]
        return Rules(_parsed(plain), name, text)


def _parsed(lines):
    parser = RobotFileParser()
    parser.parse(lines)
    return parser
