"""Deciding about the item of a bank line: it is decided about the line, and the item follows at once."""

from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.idempotency import Claim
from paycorex.records.reconciliation_item import ReconciliationItem
from settlements.bank import booking, deciding
from settlements.matching import folding, placing, transit
from settlements.stores import bank_lines


def resolve(
    caller: Caller, claim: Claim, item: ReconciliationItem, action: str, reason: str, settlement_id: str | None = None
) -> ReconciliationItem:
    """Carry out a decision; the item then. Raises as `deciding.decide` does, NotFound, and when the claim is taken."""
    line = transit.line_of(item)
    if line is None:
        raise NotFound("bank line")
    rows = claim.rows(reference=item.item_id, status=200)
    after = deciding.decide(line, action, reason, caller.key_id, settlement_id, rows)
    follow(after.bank_line_id)
    return placing.fresh(item.item_id)


def complete(item: ReconciliationItem) -> ReconciliationItem:
    """Do what a decision left that was ended behind its journal; the item then. Raises as `follow` does."""
    line = transit.line_of(item)
    if line is None:
        return item
    if line.settlement_id is not None and line.open_key is not None:
        booking.judge(line.settlement_id)
    follow(line.bank_line_id)
    return placing.fresh(item.item_id)


def follow(bank_line_id: str) -> None:
    """Bring the items of a line and of its payouts up to date. Raises storage.Unavailable, TemporarilyUnavailable."""
    line = bank_lines.find(bank_line_id)
    if line is None:
        return
    if line.connector is None or not line.entries:
        transit.reflect(line)
        return
    source = transit.source_of(line)
    folding.read_account(line.merchant_id, source, line.currency)
    transit.settle_line(line)
