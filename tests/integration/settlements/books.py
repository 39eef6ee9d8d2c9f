"""A merchant's payments at a provider and the provider's reports about them, made by hand for small cases."""

from dataclasses import dataclass, field
from typing import Final

from paycorex import clock, ids, ledger, reconciliation_accounts, storage
from paycorex.ledger import Account
from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from paycorex.records import reconciliation_item as record
from paycorex.records.reconciliation_item import OURS, PROVIDER, ReconciliationItem
from paycorex.records.settlement import SettlementItem, settlement_id
from payments.connectors.settling import LineKind, ReportLine
from settlements.matching import working
from tests.scenarios.reconciliation_year import CURRENCY, book_payment, book_report, line_key

SOURCE: Final = "stripe"


@dataclass
class Books:
    """merchant_id's payments and reports."""

    merchant_id: str
    reports: int = field(default=0)

    def __post_init__(self) -> None:
        reconciliation_accounts.note([Account.clearing(self.merchant_id, SOURCE, CURRENCY).key])

    def payment(self, name: str) -> str:
        """The id of a payment."""
        return ids.derive("pay", self.merchant_id, name)

    def pay(self, name: str, amount: int = 100) -> str:
        """A payment that the provider approved."""
        book_payment(self.merchant_id, self.payment(name), SOURCE, f"ch_{name}", amount)
        return self.payment(name)

    def report(self, *lines: ReportLine, name: str | None = None) -> None:
        """A payout with these lines."""
        self.reports += 1
        book_report(self.merchant_id, SOURCE, name or f"po_{self.reports}", list(lines))

    def reconcile(self) -> working.Run:
        """What the schedule runs."""
        return working.run(self.merchant_id, look_up=True)

    def ours(self, name: str) -> ReconciliationItem:
        """The item of a payment."""
        return self.item(record.item_id(self.merchant_id, OURS, SOURCE, CURRENCY, f"payment:{self.payment(name)}"))

    def settlement(self, name: str) -> SettlementItem:
        """A payout as it stands."""
        found = storage.get(SettlementItem, settlement_id(self.merchant_id, SOURCE, name, CURRENCY))
        assert found is not None
        return found

    def theirs(self, line: ReportLine) -> ReconciliationItem:
        """The item of a line."""
        key = line_key(self.merchant_id, SOURCE, line)
        return self.item(record.item_id(self.merchant_id, PROVIDER, SOURCE, line.currency, key))

    @staticmethod
    def item(item_id: str) -> ReconciliationItem:
        """An item as it stands."""
        found = storage.get(ReconciliationItem, item_id)
        assert found is not None
        return found

    def balances(self) -> dict[str, int]:
        """What the accounts hold, credit less debit."""
        accounts = {
            "clearing": Account.clearing(self.merchant_id, SOURCE, CURRENCY),
            "suspense": Account.suspense(self.merchant_id, CURRENCY),
            "merchant": Account.of_merchant(self.merchant_id, CURRENCY),
            "fees": Account.fees(self.merchant_id, CURRENCY),
        }
        lanes = ledger.lanes_to_read(self.merchant_id)
        return {name: sum(ledger.balance_of(account.on_lane(lane)) for lane in range(lanes)) for name, account in accounts.items()}


def line(charge: str, gross: int = 100, *, kind: LineKind = LineKind.PAYMENT, reference: str | None = None, **fields: object) -> ReportLine:
    """A line without a fee."""
    values: dict[str, object] = {"charge_reference": f"ch_{charge}", "occurred_at": 1_800_000_000_000, "currency": CURRENCY, **fields}
    return ReportLine(line_reference=reference or f"txn_{charge}", kind=kind, kind_name=kind.value, gross=gross, fee=0, tax=0, **values)  # type: ignore[arg-type] # tests name the fields


def unsound() -> list[str]:
    """What the ledger's verification finds."""
    return [f"{each.where}: {each.problem}" for each in Verifier(segments=1).run(every_source()).findings]


def days_later(days: int) -> float:
    """Seconds since the epoch, so many days from now."""
    return clock.now_seconds() + days * 86_400
