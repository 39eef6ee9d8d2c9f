"""A world with one merchant, for tests of payments."""

from collections.abc import Iterator

import pytest

from tests.support import payments as support
from tests.support.world import Signer, World


@pytest.fixture
def world() -> Iterator[World]:
    """Torn down only when the money adds up: no test of payments may leave books that do not."""
    with World().running() as world:
        yield world
        assert support.findings() == []
        assert support.charged_twice() == []


@pytest.fixture
def who(world: World) -> Signer:
    """The key's first use is noted already, so that a refused request leaves no trace at all."""
    who = world.register()
    assert world.call(who, "GET", "/v1/merchants/me").status == 200
    return who
