"""Fixtures for tests that cross a process boundary."""

from tests.support.emulator import emulator_url

__all__ = ["emulator_url"]
