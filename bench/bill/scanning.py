"""A tick of one network's scanner that finds new blocks and no payment: what following a chain costs a stack that does nothing else."""

import importlib
import time
from contextlib import ExitStack
from functools import cache
from typing import Final

import pytest

from bench.bill.probe import Probe, Work
from bench.metering import MeteredClient
from tests.fakes.paper_chain import Budgeted, on_paper
from tests.support.logs import captured
from tests.support.watched_chain import ADDRESS, watch
from tests.support.world import World

FUNCTION: Final = "CryptoScannerEthereumFunction"
DOOR: Final = "crypto_monitor.scanner_door"
TICK_MS: Final = 25_000
TICKS: Final = 10
# Of Ethereum in a minute.
BLOCKS: Final = 5
# A post to a node, which the tick waits for.
NODE_SECONDS: Final = 0.08


@cache
def tick() -> Work:
    """One of ten ticks, a minute apart, with one watched address. What a node's owner asks for its answers is not in it."""
    world = World()
    with ExitStack() as stack:
        stack.enter_context(world.running())
        scanner = importlib.import_module(DOOR)
        log = stack.enter_context(captured())
        client = MeteredClient(world.dynamo)
        world.install(client, world.kms, world.sqs)
        probe = Probe(world, client, log, cpu=time.process_time)
        chain = stack.enter_context(on_paper(world, stack.enter_context(pytest.MonkeyPatch.context())))
        watch(world, world.register(), ADDRESS)

        def minute() -> None:
            chain.mine_empty(BLOCKS)
            world.clock.now += 60
            chain.deadline = world.clock.now + TICK_MS / 1000
            with probe.invocation(FUNCTION):
                assert scanner.handler({"network": "ethereum"}, Budgeted(chain))["problem"] is None

        minute()
        probe.taken()
        posts = chain.posts
        for _ in range(TICKS):
            minute()
        done = probe.taken()[FUNCTION].times(1 / TICKS)
        done.waited_seconds = NODE_SECONDS * (chain.posts - posts) / TICKS
        return done
