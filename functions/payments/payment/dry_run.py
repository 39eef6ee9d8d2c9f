"""Dry run: what a payment would do. The methods' own code runs up to where it would write or ask a provider, and stops there."""

from dataclasses import dataclass
from typing import Any

from paycorex import ledger
from paycorex.contract import View
from paycorex.ledger import Account, Entry, Journal
from paycorex.loading import later
from paycorex.records import ledger_entry, payment
from paycorex.records.ledger_entry import EntryView
from paycorex.records.payment import PaymentItem, PaymentView, settlement_reference
from payments.payment.orders import Order

with later():
    from payments.connectors import routing


@dataclass(frozen=True, slots=True)
class Explained:
    """A payment that was not made: its first version, its route, the entries and events that success would bring."""

    payment: PaymentItem
    route: "routing.Route | None"
    entries: tuple[Entry, ...]
    events: tuple[str, ...]


class DryRunView(View):
    """The answer to a dry run. The payment does not exist."""

    dry_run: bool
    payment: PaymentView
    route: dict[str, Any] | None
    entries: list[EntryView]
    events: list[str]


def expected_entries(order: Order, connector: str) -> tuple[Entry, ...]:
    """The entries of a settlement through a connector, were it posted now."""
    merchant_id, currency = order.caller.merchant_id, order.amount.currency
    journal = Journal.transfer(
        source=Account.clearing(merchant_id, connector, currency),
        target=Account.of_merchant(merchant_id, currency),
        amount=order.amount,
        reference=settlement_reference(order.payment_id),
    )
    return ledger.preview(journal, lanes=order.caller.lanes)


def view(explained: Explained) -> DryRunView:
    """The contract's shape of it."""
    return DryRunView(
        dry_run=True,
        payment=payment.view(explained.payment),
        route=explained.route.shown() if explained.route else None,
        entries=[ledger_entry.view(entry) for entry in explained.entries],
        events=list(explained.events),
    )
