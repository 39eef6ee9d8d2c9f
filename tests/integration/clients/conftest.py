"""A platform behind real HTTP in this process, on the machine's own clock, and a merchant of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from paycorex import clock
from tests.support.engine import Engine
from tests.support.http_world import HttpWorld
from tests.support.world import Signer, World


@dataclass(frozen=True, slots=True)
class Platform:
    """Where it is, and who asks."""

    http: HttpWorld
    who: Signer

    @property
    def url(self) -> str:
        return self.http.url


@pytest.fixture
def platform() -> Iterator[Platform]:
    world = World()
    world.clock.now = time.time()
    with world.running():
        engine = Engine(world)
        with engine.online():
            clock.use(time.time)
            http = HttpWorld(world, engine)
            who = world.register("Chai Point")
            with http.serving():
                yield Platform(http, who)
