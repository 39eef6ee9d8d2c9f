"""A small year with planted faults of every kind: every one is found, none is invented, and every evening the books are explained."""

from tests.scenarios import reconciliation_bank
from tests.scenarios.reconciliation_year import KINDS, Year
from tests.support.world import Signer, World


def test_every_planted_fault_is_found_and_none_invented(world: World, merchant: Signer) -> None:
    def set_time(seconds: float) -> None:
        world.clock.now = seconds

    year = Year(merchant.merchant_id, payments=240, days=12, set_time=set_time, fault_every=6, bank_fault_every=4)
    year.live()
    found = year.found()
    assert set(year.counts()) == {*KINDS, *reconciliation_bank.KINDS}
    assert year.unexplained == []
    assert (found.missing_items, found.invented) == ([], [])
    assert (found.precision, found.recall) == (1.0, 1.0)
    assert found.planted > 40
