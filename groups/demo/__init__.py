"""The invented world of the demo, and a table of real communities: see the README.md here."""
