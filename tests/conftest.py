"""For all tests: what Hypothesis may take, and the figures that a run shows."""

import gc
from collections.abc import Generator

import pytest
from hypothesis import settings

pytest_plugins = ("tests.support.aws_calls", "tests.support.processors")

# A deadline per example measures the machine, not the code: on two busy cores a unit's first example takes half a second.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

_ALLOCATIONS_A_ROUND = 10_000


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage after collection and not in it, and from then on only among what tests make.

    Thousands of modules and tests are made and kept, and round after round looked at all of them: four CPU seconds of each worker.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(_ALLOCATIONS_A_ROUND)
        gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests recorded as `figures`: a worker's own output is not shown."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    figures = [str(text) for report in reports for name, text in report.user_properties if name == "figures"]
    if figures:
        terminalreporter.section("figures")
        for line in dict.fromkeys(figures):
            terminalreporter.line(line)
