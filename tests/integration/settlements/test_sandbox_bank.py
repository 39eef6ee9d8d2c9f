"""On a laptop a payout of the sandbox arrives in the bank by itself: its bank writes a statement, which is imported like any other."""

from typing import Any

import pytest

from paycorex import reconciliation_accounts, settings, storage
from paycorex.ledger import Account
from paycorex.records.bank_line import MATCHED, BankLineItem
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_import import SettlementImportItem
from settlements.bank.readers import camt_reader
from settlements.bank.readers.statement import Statement
from settlements.imports import sandbox_bank
from settlements.matching import working
from tests.fakes.object_store import ObjectStore
from tests.support import payments as support
from tests.support import reports, rollups
from tests.support.world import Signer, World


def live(world: World, minutes: int) -> None:
    """So many minutes with their ticks."""
    for _minute in range(minutes):
        reports.tick(world)
        for merchant_id in {str(item.merchant_id) for item in storage.scan_all(SettlementItem)}:
            working.run(merchant_id)


def statements() -> list[SettlementImportItem]:
    return [item for item in storage.scan_all(SettlementImportItem) if item.source == "bank"]


def test_a_payout_of_the_sandbox_arrives_in_the_bank(world: World, merchant: Signer, bucket: ObjectStore) -> None:
    reconciliation_accounts.note([Account.clearing(merchant.merchant_id, "sandbox", "INR").key])
    assert support.charge(world, merchant, support.APPROVE, "1250.50").status == 201
    live(world, 20)
    [settlement] = storage.scan_all(SettlementItem)
    [line] = storage.scan_all(BankLineItem)
    assert (line.state, line.settlement_id, line.account) == (MATCHED, settlement.settlement_id, sandbox_bank.ACCOUNT)
    assert settlement.state == "reconciled"
    [item] = statements()
    assert (item.status, item.accepted, item.rejected) == ("done", 1, 0)
    rollups.roll(rollups.stream(world))
    shown: dict[str, Any] = world.call(merchant, "GET", "/v1/reconciliation").body
    assert shown["bank"][0]["bank"] == "1220.99"
    live(world, 20)
    assert len(statements()) == 1


@pytest.mark.parametrize("changed", [{"stage": "staging"}, {"reports_bucket": ""}])
def test_elsewhere_the_bank_is_the_merchants_own(world: World, merchant: Signer, bucket: ObjectStore, changed: dict[str, str]) -> None:
    assert support.charge(world, merchant, support.APPROVE, "1250.50").status == 201
    live(world, 10)
    [settlement] = storage.scan_all(SettlementItem)
    settlement.state, settlement.bank_line_id = "booked", None
    assert sandbox_bank.is_to_bring(settlement)
    settings.use(world.settings.model_copy(update=changed))
    assert not sandbox_bank.is_to_bring(settlement)


def test_the_statement_is_read_by_the_reader_of_banks(world: World, merchant: Signer, bucket: ObjectStore) -> None:
    support.charge(world, merchant, support.APPROVE, "1250.50")
    live(world, 10)
    [settlement] = storage.scan_all(SettlementItem)
    [found] = camt_reader.read(sandbox_bank.statement_of(settlement))
    assert isinstance(found, Statement)
    assert [line.amount for line in found.lines] == [122_099]
    assert settlement.bank_reference in found.lines[0].references
