"""The simulator over many seeds, and proof that it finds bugs: each injected one within the seeds that every push runs."""

import os
from collections.abc import Callable

import pytest

from payments.crypto import state as crypto_state
from payments.payment import late_money
from tests.scenarios.simulator import Broken, injected_bugs, simulate

SEEDS = int(os.environ.get("SIMULATOR_SEEDS", "200"))
TIGHT_SEEDS = SEEDS // 5
CHUNK = 10
# Every seed's work is the same; how long it takes is the machine's matter.
pytestmark = pytest.mark.timeout(1800)
FIRST = int(os.environ.get("SIMULATOR_FIRST_SEED", "0"))


@pytest.mark.parametrize("first", range(FIRST, FIRST + SEEDS, CHUNK))
def test_no_fault_breaks_an_invariant_and_everything_ends(first: int) -> None:
    """Acceptance 46 to 50: every seed's faults leave the books sound, and every request ends after them."""
    for seed in range(first, min(first + CHUNK, FIRST + SEEDS)):
        simulate(seed)


@pytest.mark.parametrize("first", range(FIRST, FIRST + TIGHT_SEEDS, CHUNK))
def test_payments_that_keep_next_to_nothing_on_themselves_are_as_sound(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same faults, with nearly every late money and every chain transfer in a row of its own."""
    monkeypatch.setattr(late_money, "MAX_ON_PAYMENT", 0)
    monkeypatch.setattr(crypto_state, "MAX_TRANSFERS", 1)
    for seed in range(first, min(first + CHUNK, FIRST + TIGHT_SEEDS)):
        simulate(seed)


@pytest.mark.parametrize("inject", injected_bugs.ALL)
def test_an_injected_bug_is_found(inject: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Acceptance 50: found within 200 seeds, and the message names the seed."""
    inject(monkeypatch)
    with pytest.raises(Broken, match=r"^seed \d+"):
        _simulate_many(200)


def _simulate_many(seeds: int) -> None:
    for seed in range(seeds):
        simulate(seed)
