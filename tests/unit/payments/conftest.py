"""A world, a merchant who takes crypto payments, and a monitor without a chain."""

from collections.abc import Iterator

import pytest

from tests.support.crypto import Monitor, merchant_with_key
from tests.support.world import Signer, World


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as world:
        yield world


@pytest.fixture
def who(world: World) -> Signer:
    return merchant_with_key(world)


@pytest.fixture
def monitor(world: World, who: Signer) -> Monitor:
    return Monitor(world, who)
