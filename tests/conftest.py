"""For all tests: what Hypothesis may take."""

from hypothesis import settings

# A deadline per example measures the machine, not the code: on two busy cores a unit's first example takes half a second.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
