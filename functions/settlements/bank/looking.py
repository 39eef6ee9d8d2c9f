"""Looking at what is open between settlements and bank lines: when an import of either is over, and when a settlement changed."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

from paycorex.records.bank_line import MAX_PROPOSALS, UNEXPECTED, BankLineItem
from paycorex.records.settlement import SettlementItem
from settlements.bank import booking, knowledge, matching
from settlements.stores import bank_lines as store
from settlements.stores import settlements

# What one look compares at most: a merchant's newest settlements, and open lines.
MAX_PAYOUTS: Final = 500
MAX_OPEN_LINES: Final = 2000


def at_merchant(merchant_id: str, currency: str, may_go_on: Callable[[], bool]) -> bool:
    """Match a merchant's open lines of a currency with its settlements; False when time was over before all were looked at.

    Raises TemporarilyUnavailable, storage's failures; what was matched then stays.
    """
    found = settlements.of_merchant(merchant_id, keep=lambda item: item.currency == currency, limit=MAX_PAYOUTS, position=None)
    return _match(merchant_id, currency, found.items, may_go_on)


def at_settlement(settlement_id: str, may_go_on: Callable[[], bool]) -> bool:
    """Match a settlement with its merchant's open lines, after it came into being or was booked. Raises as `at_merchant` does."""
    item = settlements.find(settlement_id)
    if item is None:
        return True
    if item.bank_line_id is not None and (line := store.find(item.bank_line_id)) is not None and line.settlement_id is not None:
        booking.judge(line.settlement_id)
    return _match(item.merchant_id, item.currency, [item], may_go_on)


def _match(merchant_id: str, currency: str, items: Sequence[SettlementItem], may_go_on: Callable[[], bool]) -> bool:
    payouts = [knowledge.payout_of(item) for item in items]
    for line in islice(store.open_lines(merchant_id, currency), MAX_OPEN_LINES):
        if not may_go_on():
            return False
        _look(line, payouts)
    return True


def _look(line: BankLineItem, payouts: Sequence[matching.Payout]) -> None:
    credit = knowledge.credit_of(line)
    brought = matching.brought_by(credit, payouts)
    if brought:
        after = booking.bring(line.bank_line_id, [payout.settlement_id for payout in brought])
        line = line if after is None else after
    if line.settlement_id is not None:
        booking.judge(line.settlement_id)
    elif line.state == UNEXPECTED:
        _propose(line, matching.proposed(credit, payouts))


def _propose(line: BankLineItem, found: list[str]) -> None:
    """Keep what a person may accept. A look at one settlement alone adds to what was found before."""

    def made(item: BankLineItem) -> bool:
        known = [str(each) for each in item.proposals or ()]
        wanted = sorted({*known, *found})[:MAX_PROPOSALS]
        item.proposals = wanted or None
        return wanted != known

    if found:
        booking.change(line.bank_line_id, made)
