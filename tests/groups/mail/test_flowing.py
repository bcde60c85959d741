"""Text in short lines, and back: nothing is lost, and nothing becomes a quotation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.mail.flowing import WIDTH, flowed, joined
from groups.text import tidy_lines

LONG = "https://example.org/" + "x" * 90


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short", "short\n"),
        ("a\n\nb", "a\n\nb\n"),
        ("word " * 15 + "end", "word " * 15 + "\nend\n"),
        ("word " * 15 + "> end", "word " * 15 + "\n > end\n"),
        ("word " * 15 + "From end", "word " * 15 + "\n From end\n"),
        ("> " + "said " * 15 + "end", "> " + "said " * 15 + "\n> end\n"),
        ("From me", " From me\n"),
        ("    123456", "     123456\n"),
        (LONG, f"{LONG}\n"),
        (f"See {LONG} or not", f"See \n{LONG} \nor not\n"),
    ],
)
def test_lines_are_short_and_addresses_whole(text, expected):
    assert flowed(text) == expected
    assert joined(expected) == text


@given(st.text(st.sampled_from("ab>\n F-\u00a0") | st.characters(codec="utf-8"), max_size=400))
def test_what_is_joined_again_is_what_was_written(text):
    text = tidy_lines(text)
    lines = flowed(text).split("\n")

    assert all(len(line) <= WIDTH + 1 or " " not in line.strip("> ") for line in lines)
    quoted = any(line.startswith(">") for line in text.split("\n"))
    again = joined(flowed(text))
    assert again == text if not quoted else again.replace(" ", "") == text.replace(" ", "")
