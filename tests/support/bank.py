"""Payouts and bank lines for tests, by the functions that the importer calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from paycorex import clock, storage
from paycorex.ledger import Account, balance_of, verification
from paycorex.ledger.money_records import every_source
from paycorex.records.bank_line import BankLineItem
from paycorex.records.order import order_key
from paycorex.records.settlement import SettlementItem, settlement_id
from paycorex.records.settlement_import import DONE, FAILED, READING, SettlementImportItem
from payments.connectors.settling import LineKind, PayoutStatus, ProviderPayout, ReportLine
from settlements import lines, settling
from settlements.bank import importing, looking
from settlements.stores import bank_lines as store
from tests.support.world import Signer

LANES = 8


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout of one payment, in EUR."""

    reference: str
    net: int
    bank_reference: str | None = None
    connector: str = "stripe"

    def id_of(self, who: Signer) -> str:
        return settlement_id(who.merchant_id, self.connector, self.reference, "EUR")


def always() -> bool:
    return True


def report(who: Signer, payout: Payout, *, is_looked_at: bool = True, import_id: str | None = None) -> None:
    """The provider reports the payout: announced, its line stored, booked; then the bank's side is looked at."""
    now = clock.now_ms()
    said = ProviderPayout(payout.reference, payout.net, "EUR", PayoutStatus.PAID, now, now, payout.bank_reference)
    settling.announce(who.merchant_id, payout.connector, said, import_id)
    line = ReportLine(
        f"txn_{payout.reference}", LineKind.ADJUSTMENT, "adjustment", payout.net + 10, 10, 0, "EUR", settlement_reference=payout.reference
    )
    lines.accept(who.merchant_id, payout.connector, [line])
    settling.close(payout.id_of(who), always, is_whole=True)
    if is_looked_at:
        looking.at_settlement(payout.id_of(who), always)


def begun(who: Signer, form: str, name: str = "imp_" + "a" * 26, **changed: Any) -> SettlementImportItem:
    """An import of a file whose upload is over."""
    now = clock.now_ms()
    return SettlementImportItem(
        import_id=name, merchant_id=who.merchant_id, source="bank", format=form, status=READING, version=1, created_at=now,
        updated_at=now, order_key=order_key(now, name), **changed,
    )  # fmt: skip


def imported(
    who: Signer, form: str, data: bytes, may_go_on: Callable[[], bool] = always, slices: int = 10_000, **changed: Any
) -> SettlementImportItem:
    """The import, slice by slice, until it is over."""
    item = begun(who, form, **changed)
    for _slice in range(slices):
        item = importing.read_slice(item, data, may_go_on)
        if item.status in {DONE, FAILED}:
            return item
    raise AssertionError("the import does not end")


def bank_lines(who: Signer) -> list[BankLineItem]:
    """All of a merchant's, in the order of their days and names."""
    mine = [item for item in storage.scan_all(BankLineItem) if item.merchant_id == who.merchant_id]
    return sorted(mine, key=lambda item: (item.booked_on, item.references or [], item.bank_line_id))


def books(who: Signer, connectors: Sequence[str] = ("stripe",)) -> dict[str, int]:
    """Balances in minor units: what is debited is negative."""
    accounts = {
        "bank": Account.of_bank(who.merchant_id, "EUR"),
        "fees": Account.fees(who.merchant_id, "EUR"),
        "suspense": Account.suspense(who.merchant_id, "EUR"),
        **{f"in transit {name}": Account.bank_in_transit(who.merchant_id, name, "EUR") for name in connectors},
    }
    return {name: balance_of(account, LANES) for name, account in accounts.items()}


def state_of(who: Signer, payout: Payout) -> SettlementItem:
    """The payout's settlement, as it is after it was looked at again."""
    found = settling.reconsider(payout.id_of(who))
    assert found is not None
    return found


def found(line_id: str) -> BankLineItem:
    """A line that is there."""
    line = store.find(line_id)
    assert line is not None
    return line


def verify() -> None:
    """Chains, journals, and what settlements and bank lines say against them."""
    done = verification.Verifier().run(every_source())
    assert done.findings == [], done.findings
