"""How hypothesis is run: the same examples each time, and no clock."""

from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")
