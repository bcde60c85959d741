"""Listings and groups within other people's pages: what is shown there, and how it gets there."""
