"""Has the provider asked about what only the provider has: it may be money that came late, or a refund or dispute that began there.

Nothing is decided here. The payment is noted as due, so that the payments' own service asks the provider and books what it answers: as late
money, as a refund or as a dispute. The line is held against our records at every run, which may have it by then.
"""

from contextlib import suppress
from typing import Any, Final

from paycorex import clock, storage
from paycorex.records.payment import PaymentItem
from paycorex.records.reconciliation_item import OURS, ReconciliationItem
from paycorex.records.settlement_line import SettlementLineItem
from payments.connectors.settling import LineKind
from payments.payment import provider_charges, unlisted
from payments.payment import settlement as payment_settlement
from payments.payment import store as payment_store
from payments.payment.unlisted import Contested
from settlements.matching import absorbing, identification, items
from settlements.matching.assignment import Share
from settlements.matching.rules import FAMILIES, Family
from settlements.stores import lines as line_store
from settlements.stores import reconciliation as store

# How long after one question the next is asked.
ASK_AGAIN_MS: Final = 24 * 3_600_000


def look_up(item: ReconciliationItem, *, ask: bool = True) -> bool:
    """Hold an unexpected item against our records, and have the provider asked where they have nothing; True when it has its record now.

    Raises TemporarilyUnavailable, storage.Unavailable.
    """
    if item.side == OURS:
        if _is_of_another_record(item):
            return True
        # The provider pays for what is not decided here: its look-up comes at once.
        payment = payment_store.find(item.payment_id) if item.payment_id is not None else None
        if payment is not None and ask and _may_ask(item):
            _ask(item, payment, None)
        return False
    line = _line_of(item)
    if line is None or FAMILIES.get(line.kind, Family.OTHER) is Family.OTHER:
        return False
    found = identification.identify(item.merchant_id, item.source, [identification.report_line(line)])[0]
    if found.record is not None:
        absorbing.match_later(line, found.record)
        return True
    if found.rule is not None and item.reason != found.rule:
        _note(item, reason=found.rule)
    elif found.rule is None and ask and _may_ask(item):
        payment = provider_charges.find(item.merchant_id, item.source, line.charge_reference or "", line.our_reference)
        if payment is not None:
            _ask(item, payment, line)
    return False


def _is_of_another_record(item: ReconciliationItem) -> bool:
    """What a payment was reported with may be money of it that came late, which is known by now: the lines are that money's then."""
    is_moved = False
    for share in items.shares_of(item):
        line = _line_at(share)
        found = None if line is None else _record_of(item, line)
        if line is not None and found is not None and found != item.record:
            absorbing.move(line, item.item_id, found)
            is_moved = True
    return is_moved


def _record_of(item: ReconciliationItem, line: SettlementLineItem) -> str | None:
    return identification.identify(item.merchant_id, item.source, [identification.report_line(line)])[0].record


def _may_ask(item: ReconciliationItem) -> bool:
    return item.looked_at is None or clock.now_ms() - int(item.looked_at) >= ASK_AGAIN_MS


def _ask(item: ReconciliationItem, payment: PaymentItem, line: SettlementLineItem | None) -> None:
    """Have the payments' own service ask at its next run: about the payment, or about what the line says began at the provider."""
    _note(item, looked_at=clock.now_ms())
    payment_settlement.postpone(payment, clock.now_ms(), _question(item.source, payment, line))


def _question(connector: str, payment: PaymentItem, line: SettlementLineItem | None) -> dict[str, Any] | None:
    charge = None if line is None else line.charge_reference
    if line is None or charge is None:
        return None
    if line.kind == LineKind.REFUND:
        total = int(payment.amount_reserved) + abs(int(line.gross))
        noted: dict[str, Any] | None = unlisted.given_back(payment, connector, charge, total).get("method_state")
        return noted
    if line.kind == LineKind.DISPUTE:
        return unlisted.contesting(payment, Contested(connector, charge, clock.now_ms()))
    return None


def _note(before: ReconciliationItem, **fields: Any) -> None:
    after = storage.copy_of(before)
    for name, value in fields.items():
        setattr(after, name, value)
    with suppress(storage.ConditionRefused):
        storage.run(store.change(before, items.restated(before, after, clock.now_ms())))


def _line_of(item: ReconciliationItem) -> SettlementLineItem | None:
    """The stored line of an item of the provider's side."""
    return _line_at(items.shares_of(item)[0])


def _line_at(share: Share) -> SettlementLineItem | None:
    found = line_store.page_of_settlement(share.settlement_id, _just_before(share.key), 1)
    return found[0] if found and found[0].order_key == share.key else None


def _just_before(order_key: str) -> str:
    """Sorts before this order key and after the one before it."""
    return order_key[:-1] + chr(ord(order_key[-1]) - 1) + "~"
