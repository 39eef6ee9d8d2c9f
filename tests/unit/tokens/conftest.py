"""A world with one merchant, for tests of the vault."""

import io
import logging
import os
from collections.abc import Callable, Iterator

import pytest

# Doors make their clients when they are imported; they are replaced before anything is sent.
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-south-1")

from tests.support.world import PREFIX, Signer, World
from tests.unit.tokens.vault_calls import Answers, everything
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
                handler.stream = written  # not setStream(), which flushes a stream that an earlier test may have closed
                logger.setLevel(logging.DEBUG)
    yield written
    for handler, stream, logger, level in before:
        handler.stream = stream
        logger.setLevel(level)


@pytest.fixture
def everywhere(world: World, logs: io.StringIO, caplog: pytest.LogCaptureFixture) -> Callable[[Answers], str]:
    """Collects all text that left the process or stayed behind in it."""
    caplog.set_level(logging.DEBUG)

    def collect(answers: Answers) -> str:
        tables = ("tokens", "idempotency", "vault_keys", "vault_audit")
        queues = (world.settings.webhook_queue_url, world.settings.webhook_dead_letter_queue_url)
        texts = [str(world.dynamo.drain_stream(PREFIX + noun)) for noun in tables]
        texts += [str(world.sqs.receive_message(QueueUrl=url)) for url in queues]
        texts += [str((answer.status, dict(answer.headers), answer.raw.decode())) for answer in answers]
        return "\n".join([*texts, everything(world), logs.getvalue(), caplog.text])

    return collect
