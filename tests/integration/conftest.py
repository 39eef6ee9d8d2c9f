"""Fixtures for tests that run the real handlers: in one process over in-memory AWS, or over an emulator."""

import importlib
from collections.abc import Iterator

import pytest

from tests.fakes.pretended_internet import authority, internet
from tests.support import gateway, logs
from tests.support.emulator import emulator_url
from tests.support.engine import Engine
from tests.support.world import Signer, World

__all__ = ["authority", "emulator_url", "internet"]


@pytest.fixture
def world() -> Iterator[World]:
    """A PayCoreX of its own."""
    with World().running() as world:
        yield world


@pytest.fixture
def merchant(world: World) -> Signer:
    """A merchant whose key's first use is noted already, so that a refused request leaves no trace at all."""
    merchant = world.register()
    assert world.call(merchant, "GET", "/v1/merchants/me").status == 200
    return merchant


@pytest.fixture
def log(world: World) -> Iterator[logs.Log]:
    """What the doors and the authorizer log."""
    gateway.apps()
    importlib.import_module("authorizer.door")
    with logs.captured() as log:
        yield log


@pytest.fixture
def engine(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The webhook engine of a new world, with pretended servers of merchants. None is slow, however busy the machine is."""
    engine = Engine(world)
    monkeypatch.setattr("webhooks.endpoints.slow_endpoints.SLOW_SECONDS", 60.0)
    with engine.online():
        yield engine
