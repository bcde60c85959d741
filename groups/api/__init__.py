"""The read API at /api/v1/: what the public pages show, for programs of others.

`operations` holds what can be asked, `asking` and `answering` the shapes of questions and answers,
`listing` the pages of groups, `problems` and `frame` what is said when something is wrong. It gives
what `public_entries` and `public` give, and nothing else.
"""
