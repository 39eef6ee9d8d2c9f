"""A small year with planted faults of every kind: every one is found, none is invented, and every evening the books are explained."""

from paycorex import storage
from paycorex.records.reconciliation_position import ReconciliationPosition
from tests.scenarios.reconciliation_year import CURRENCY, KINDS, PROVIDERS, Year
from tests.support.world import Signer, World


def note_accounts(merchant_id: str) -> None:
    for provider in PROVIDERS:
        storage.run(storage.put(ReconciliationPosition(merchant_id=merchant_id, account=f"{provider}#{CURRENCY}")))


def test_every_planted_fault_is_found_and_none_invented(world: World, merchant: Signer) -> None:
    note_accounts(merchant.merchant_id)

    def set_time(seconds: float) -> None:
        world.clock.now = seconds

    year = Year(merchant.merchant_id, payments=240, days=12, set_time=set_time, fault_every=6)
    year.live()
    found = year.found()
    assert set(year.counts()) == set(KINDS)
    assert year.unexplained == []
    assert (found.missing_items, found.invented) == ([], [])
    assert (found.precision, found.recall) == (1.0, 1.0)
    assert found.planted > 40
