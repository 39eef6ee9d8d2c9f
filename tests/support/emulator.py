"""The emulator for tests: the one that `make run` starts, on a free port, with nothing kept. A conftest imports the fixture from here."""

from collections.abc import Iterator

import pytest

from local.emulator import REGION, Emulator, EmulatorFailed, emulator_client, start_emulator

__all__ = ["REGION", "Emulator", "EmulatorFailed", "emulator_client", "emulator_url", "start_emulator"]


@pytest.fixture(scope="session")
def emulator_url() -> Iterator[str]:
    """The endpoint URL of an emulator that all tests of the session share: use names of your own in it."""
    with start_emulator() as emulator:
        yield emulator.url
