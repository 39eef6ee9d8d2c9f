"""Unit tests use no network: opening a socket fails the test."""

import pytest


@pytest.fixture(autouse=True)
def no_network(socket_disabled: None) -> None:
    """pytest-socket's guard around every unit test. One that is about sockets asks for `socket_enabled`."""
