"""In which state an item is: from its amounts, what it is of, and the clock. Pure; the table of states is `settlements.matching.states`."""

from typing import Final

from paycorex.records import reconciliation_item as record
from paycorex.records.reconciliation_item import CHAIN, OURS, ReconciliationItem
from paycorex.records.reconciliation_position import BANK
from settlements.matching.states import Standing, State, judge

# A fee that differs by no more is rounding.
FEE_TOLERANCE_MINOR: Final = 1
CLEARING: Final = "clearing"
SUSPENSE: Final = "suspense"


def of_record(item: ReconciliationItem, lines: int, now_ms: int) -> State:
    """Of a record of ours that a provider reports. lines: how many lines of reports count for it."""
    return judge(_standing(item, lines, now_ms))


def _standing(item: ReconciliationItem, lines: int, now_ms: int) -> Standing:
    return Standing(
        booked=int(item.booked),
        reported=int(item.reported),
        decided=int(item.decided),
        lines=lines,
        is_due=item.due_at is not None and now_ms >= int(item.due_at),
        fee_differs=fee_differs(item) and not _is_accepted(item),
    )


def fee_differs(item: ReconciliationItem) -> bool:
    """True when the reported fee is not the one that was known."""
    known, reported = item.fees or (None, None)
    return known is not None and reported is not None and abs(int(known) - int(reported)) > FEE_TOLERANCE_MINOR


def _is_accepted(item: ReconciliationItem) -> bool:
    return any(made["action"] == "accept" for made in item.decisions or ())


def at_the_bank(item: ReconciliationItem, now_ms: int) -> State:
    """Of a payout, which bank lines show or not, or of a bank line. What they are to each other is `settlements.matching.transit`'s."""
    if item.side == OURS:
        return judge(_standing(item, 1 if int(item.reported) else 0, now_ms))
    if record.open_minor(item) == 0:
        return State.MATCHED
    if item.source == BANK:
        return State.UNEXPECTED
    if item.settlement_id is None:
        # It is booked, and not held against what it brings yet.
        return State.EXPECTED
    return State.DUPLICATE if item.reason == State.DUPLICATE else State.AMOUNT_DIFFERS


def on_the_chain(item: ReconciliationItem, now_ms: int) -> State:
    """Of a record of ours, or of a transfer that is booked nowhere. What the chain shows is `settlements.matching.chain_evidence`'s."""
    if item.side == CHAIN:
        return State.UNEXPECTED if item.place is None else State.MATCHED
    if record.open_minor(item) and item.reason == State.DUPLICATE:
        return State.DUPLICATE
    return judge(_standing(item, 1 if int(item.reported) else 0, now_ms))


def of_line(item: ReconciliationItem) -> State:
    """Of a line that is in suspense; anywhere else its money has its place."""
    if item.place != SUSPENSE:
        return State.MATCHED
    return {"duplicate": State.DUPLICATE, "currency_differs": State.AMOUNT_DIFFERS}.get(item.reason or "", State.UNEXPECTED)
