"""Settings of hypothesis: no clock, and the same examples each time."""

from hypothesis import settings

# A busy machine is no reason to fail.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")
