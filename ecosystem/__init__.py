"""Wiring of the project: settings, addresses, health. No domain lives here."""

__version__ = "0.1.0"
