"""For all tests."""

from hypothesis import settings

# A busy machine must not fail a property: no deadline for an example.
settings.register_profile("depthgauge", deadline=None)
settings.load_profile("depthgauge")
