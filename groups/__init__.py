"""The directory: groups, ecosystems, keywords, and everything people browse."""
