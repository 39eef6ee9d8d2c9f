"""The memory that the template gives the smallest workers is far more than they take."""

import pytest

from bench import memory
from bench.bill import deployment


@pytest.mark.parametrize("function", ["WebhookDispatcherFunction", "WebhookSenderFunction", "WebhookSweeperFunction"])
def test_a_worker_takes_at_most_two_thirds_of_its_memory(function: str) -> None:
    given = deployment.read().gigabytes[function] * 1024
    assert memory.imported(memory.DOORS[function]) + memory.RUNTIME_MEGABYTES < given * 2 / 3


def test_every_worker_that_a_table_shows_is_in_the_template() -> None:
    assert set(memory.DOORS) <= set(deployment.read().gigabytes)
