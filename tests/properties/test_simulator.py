"""The simulator over many seeds, and proof that it finds bugs: each planted one within the seeds that every push runs."""

import os
from collections.abc import Callable

import pytest

from paycorex import storage
from paycorex.ledger import entry, store
from payments import store as payments_store
from tests.support.simulator import Broken, simulate

SEEDS = int(os.environ.get("SIMULATOR_SEEDS", "200"))
CHUNK = 20
FIRST = int(os.environ.get("SIMULATOR_FIRST_SEED", "0"))


@pytest.mark.parametrize("first", range(FIRST, FIRST + SEEDS, CHUNK))
def test_no_fault_breaks_an_invariant_and_everything_ends(first: int) -> None:
    """Acceptance 46 to 50: every seed's storm leaves the books sound, and every request comes to an end after it."""
    for seed in range(first, min(first + CHUNK, FIRST + SEEDS)):
        simulate(seed)


def _without_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "refuse_overdraft", lambda *_arguments: None)


def _without_empty_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PLACE_IS_EMPTY", "attribute_exists(seq) OR attribute_not_exists(seq)")


def _without_payment_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    """A retry writes a second payment over the first."""
    monkeypatch.setattr(payments_store, "new_payment", storage.put)


@pytest.mark.parametrize("plant", [_without_guard, _without_empty_place, _without_payment_claim])
def test_a_planted_bug_is_found(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Acceptance 50: found within 200 seeds, and the message names the seed."""
    plant(monkeypatch)
    with pytest.raises(Broken, match=r"^seed \d+"):
        _simulate_many(200)


def _simulate_many(seeds: int) -> None:
    for seed in range(seeds):
        simulate(seed)
