"""Disputes that a provider lists and of which nothing is known here, because their callback was lost.

Nothing is booked here: the payment is noted as due, and the payments' own service has the charge's disputes listed and books them.
"""

from collections.abc import Sequence

from paycorex import clock
from paycorex.records.payment import PaymentItem
from paycorex.records.settlement_import import SettlementImportItem
from payments.connectors import calls
from payments.connectors.disputing import ListedDispute, ListsDisputes, RecentDisputes
from payments.connectors.settling import Page
from payments.payment import provider_charges, settlement, unlisted
from payments.payment.unlisted import Contested


def page(item: SettlementImportItem, cursor: str | None) -> RecentDisputes:
    """The next page of what was opened in the import's time; an empty one where the provider lists none."""
    since, until = int(item.from_ms or 0), int(item.to_ms or 0)

    def ask(connector: object) -> RecentDisputes:
        return connector.recent_disputes(since, until, cursor) if isinstance(connector, ListsDisputes) else Page(())

    found: RecentDisputes = calls.call(item.merchant_id, item.source, ask)
    return found


def wake(item: SettlementImportItem, listed: Sequence[ListedDispute]) -> None:
    """Have the payments' own service ask about those that no payment of ours names. Raises storage.Unavailable."""
    for dispute in listed:
        payment = provider_charges.find(item.merchant_id, item.source, dispute.charge_reference)
        if payment is not None and not _is_known(payment, item.source, dispute.reference):
            contested = Contested(item.source, dispute.charge_reference, clock.now_ms())
            settlement.postpone(payment, clock.now_ms(), unlisted.contesting(payment, contested))


def _is_known(payment: PaymentItem, source: str, reference: str) -> bool:
    return any((entry["connector"], entry["dispute_id"]) == (source, reference) for entry in payment.disputes or ())
