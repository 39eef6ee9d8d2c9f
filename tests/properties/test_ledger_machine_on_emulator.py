"""The same state machine, shorter, on an emulator's tables: what holds in memory holds where transactions are somebody else's code."""

import itertools
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from local.emulator import start_emulator
from tests.properties.test_ledger_machine import LedgerMachine
from tests.support.world import World

EXAMPLES = int(os.environ.get("PROPERTY_EMULATOR_EXAMPLES", "4"))
STEPS = int(os.environ.get("PROPERTY_EMULATOR_STEPS", "25"))
_numbers = itertools.count()


@pytest.fixture(scope="module")
def machine() -> Iterator[type[LedgerMachine]]:
    """The machine over an emulator: tables of its own for every example."""
    with start_emulator() as emulator:
        client = emulator.client("dynamodb")

        class OnEmulator(LedgerMachine):
            def new_world(self) -> World:
                return World(dynamo=client, prefix=f"machine-{next(_numbers)}-")

        yield OnEmulator


def test_the_books_agree_with_the_model_on_an_emulator(machine: type[LedgerMachine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)),
    )
