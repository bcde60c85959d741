"""What went wrong is said in words, and those words are there for all that can go wrong."""

import ast
from pathlib import Path

from helpers import sources
from helpers.sources.failures import WORDS

RAISED = {"SourceError", "Unreadable", "Refused", "Failed"}


def codes_raised():
    """Return the codes that the modules of sources raise, as their text says them."""
    for path in Path(sources.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED and node.args:
                code = node.args[0]
                either = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
                yield from (each.value for each in either if isinstance(each, ast.Constant))


def test_every_failure_has_words():
    codes = set(codes_raised())

    assert len(codes) > 25
    assert codes - set(WORDS) == set()
