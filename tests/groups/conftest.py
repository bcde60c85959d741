"""Settings of hypothesis: no clock, for the machine may be busy, and the same examples each time."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")
