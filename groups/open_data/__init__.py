"""The groups as files for other programs: JSON, GeoJSON, CSV and Atom, one module a format.

Each module has a `CONTENT_TYPE` and `lines(source, batches)`, which yields the text of the file
bit by bit from batches of `PublicEntry`, so that a large directory needs no more memory than a
small one. What a file is about stands in a `Source`.
"""
