"""A world with one merchant, for tests of the vault."""

import io
import logging
import os
from collections.abc import Iterator

import pytest

# Doors make their clients when they are imported; they are replaced before anything is sent.
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-south-1")

from tests.support.world import Signer, World
from tokens import audit


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """All that the project's loggers write, at DEBUG, as it would reach CloudWatch."""
    audit._logger()  # made at the first reveal; here before
    written, before = io.StringIO(), list[tuple[logging.StreamHandler[io.TextIOBase], io.TextIOBase, logging.Logger, int]]()
    for logger in [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]:
        for handler in logger.handlers:
            if type(handler) is logging.StreamHandler:  # pytest's own handlers are subclasses
                before.append((handler, handler.stream, logger, logger.level))
                handler.setStream(written)
                logger.setLevel(logging.DEBUG)
    yield written
    for handler, stream, logger, level in before:
        handler.setStream(stream)
        logger.setLevel(level)
