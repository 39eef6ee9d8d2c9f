"""A load of holds and disputes with requests killed and repeated at random, and proof that it finds bugs."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

import pytest

from paycorex import storage
from payments import janitor
from tests.fakes.faults import Fault, FaultyClient, Killed, Seeded, healthy
from tests.integration.payments.test_load import InProcess
from tests.scenarios import held_load_end
from tests.scenarios.held_load import HeldShop
from tests.scenarios.simulator import injected_bugs_of_storms as injected_bugs
from tests.support import payments as support
from tests.support.world import Signer, World

PAYMENTS: Final = 120
FAULTS: Final = {Fault.KILL_BEFORE: 0.004, Fault.KILL_AFTER: 0.004, Fault.COMMIT_THEN_TIMEOUT: 0.01, Fault.THROTTLED: 0.01}
HALF_A_DAY: Final = 43_200


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=7).running() as world:
        yield world


def load(world: World, seed: int) -> Counter[str]:
    """Raises AssertionError for what does not hold at the end."""
    made = world.send("POST", "/v1/merchants/register", [("Idempotency-Key", "shop")], b'{"name":"Shop","email":"shop@example.com"}').body
    shop = HeldShop(InProcess(world), Signer(made["api_key"], made["secret"], made["merchant_id"], made["key_id"], made), seed, 0.2)
    shop.open()
    world.restart()
    faulty = FaultyClient(world.dynamo, Seeded(seed, FAULTS))
    world.install(faulty, world.kms, world.sqs)
    for number in range(PAYMENTS):
        shop.pay(number)
        if number % 10 == 0:
            _tick(world)
    for _ in range(5):
        _tick(world)
    shop.answer_disputes()
    faulty.decider = healthy
    world.restart()
    # Holds and the time to answer a dispute end after seven days.
    for _ in range(20):
        support.tick(world, after_seconds=HALF_A_DAY)
    shop.ask_again()
    support.settle_all(world)
    assert support.findings() == []
    return held_load_end.check(shop)


def _tick(world: World) -> None:
    with suppress(Killed, storage.Unavailable, storage.OutcomeUnknown):
        world.clock.now += 60
        janitor.run(may_go_on=lambda: True, limit=50)


@pytest.mark.parametrize("seed", [1, 2])
def test_holds_and_disputes_under_load_all_end_as_the_provider_has_them(world: World, seed: int) -> None:
    ended = load(world, seed)
    wanted = {"wallet success", "wallet failed", "tokenized success", "tokenized failed", "dispute lost"}
    assert ended.keys() >= wanted, ended


@pytest.mark.parametrize("inject", injected_bugs.OF_HELD_LOAD)
def test_an_injected_bug_is_found(world: World, inject: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    inject(monkeypatch)
    with pytest.raises(AssertionError):
        load(world, 1)
