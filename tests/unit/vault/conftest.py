"""A world with one merchant, for tests of the vault."""

import os
from collections.abc import Iterator

import pytest

# Doors make their clients when they are imported; they are replaced before anything is sent.
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-south-1")

from tests.support.world import Signer, World


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()
