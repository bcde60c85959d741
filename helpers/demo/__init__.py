"""The helpers' part of the demo: lives to look at, and saved answers for the sources to read."""

from .living import add_to_demo

__all__ = ["add_to_demo"]
