"""Fixtures for tests that cross a process boundary."""

from tests.support.emulator import emulator_url
from tests.support.pretended_internet import authority, internet

__all__ = ["authority", "emulator_url", "internet"]
