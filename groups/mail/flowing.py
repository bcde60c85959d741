"""Text in short lines that a program may join again: format=flowed, RFC 3676.

So a mail reads well on a wide screen, on a phone, and in what knows nothing of it.
"""

import re

WIDTH = 76
QUOTED = re.compile("(>*)(.*)")
WORD = re.compile("[^ ]* +|[^ ]+")
# At the beginning of a line these would mean something else, so a space goes before them.
MEANT_OTHERWISE = re.compile(" |>|From ")


def flowed(text):
    """Return ``text`` in lines of about 76 characters. One that goes on ends with a space.

    An address is never broken. ``text`` has no space at the end of a line.
    """
    return "".join(f"{short}\n" for line in text.split("\n") for short in _short_lines(line))


def _short_lines(line):
    quote, content = QUOTED.match(line).groups()
    pieces = [""]
    for word in WORD.findall(content.removeprefix(" ") if quote else content):
        if pieces[-1] and len(quote + pieces[-1] + word.rstrip(" ")) >= WIDTH:
            pieces.append("")
        pieces[-1] += word
    return [quote + (" " if quote or MEANT_OTHERWISE.match(each) else "") + each for each in pieces]


def joined(text):
    """Return what was `flowed`, as a program that knows how shows it."""
    lines, goes_on = [], None
    for line in text.removesuffix("\n").split("\n"):
        quote, content = QUOTED.match(line).groups()
        content = content.removeprefix(" ")
        if goes_on == quote:
            lines[-1] += content
        else:
            lines.append(f"{quote} {content}" if quote else content)
        goes_on = quote if content.endswith(" ") else None
    return "\n".join(lines)
