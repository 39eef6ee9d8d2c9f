"""Decisions about bank lines, where references say nothing or sums differ. Each is kept with who and why, and none is edited."""

from collections.abc import Sequence
from typing import Any, Final

from paycorex import clock, storage
from paycorex.errors import Refusal, TemporarilyUnavailable
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.bank_line import (
    AMOUNT_DIFFERS,
    ASIDE,
    DUPLICATE,
    MATCHED,
    MAX_DECISIONS,
    UNEXPECTED,
    BankLineItem,
    decision_reference,
)
from settlements.bank import booking
from settlements.stores import bank_lines as store
from settlements.stores import settlements

MAX_TRIES: Final = 8
WRITE_OFF: Final = "write_off"
CORRECT: Final = "correct"
CLAIM: Final = "claim"
ACCEPT: Final = "accept"


class NotDecidable(Refusal):
    """What was asked for does not fit the line as it stands."""

    code = "invalid_state"


def decide(
    line: BankLineItem, action: str, reason: str, who: str, settlement_id: str | None = None, rows: Sequence[storage.Write] = ()
) -> BankLineItem:
    """Carry out a decision; the line as it is then.

    accept: it brings that settlement (the one that is proposed, where one is). write_off: of a difference, to fees or suspense; a line
    that is of no provider is set aside, and nothing is booked. correct: a difference goes to suspense. claim: noted, and it stays open.
    rows: of the request's claim. Raises NotDecidable, TemporarilyUnavailable, storage's failures, and what a taken claim raises.
    """
    made = {"action": action, "reason": reason, "who": who, "at": clock.now_ms()}
    if len(line.decisions or ()) >= MAX_DECISIONS:
        raise NotDecidable("So many decisions were made about this line already.")
    if action == ACCEPT:
        return _accept(line, made, settlement_id, rows)
    if action == CLAIM:
        return _noted(line.bank_line_id, made, rows, aside=False)
    if line.state in {AMOUNT_DIFFERS, DUPLICATE}:
        return _book_difference(line.bank_line_id, made, rows, is_to_suspense=action == CORRECT)
    if line.state == UNEXPECTED and action == WRITE_OFF:
        return _noted(line.bank_line_id, made, rows, aside=True)
    raise NotDecidable(f"The line is {line.state}: there is nothing to {action.replace('_', ' ')}.", details={"state": line.state})


def _accept(line: BankLineItem, made: dict[str, Any], settlement_id: str | None, rows: Sequence[storage.Write]) -> BankLineItem:
    proposals = [str(each) for each in line.proposals or ()]
    wanted = settlement_id or (proposals[0] if len(proposals) == 1 else None)
    if wanted is None:
        raise NotDecidable("Say which settlement the line brings.", details={"proposals": proposals})
    item = settlements.find(wanted)
    if item is None or (item.merchant_id, item.currency) != (line.merchant_id, line.currency):
        raise NotDecidable("There is no such settlement in the line's currency.", details={"field": "settlement_id"})
    if line.connector is not None and line.connector != item.connector:
        raise NotDecidable(f"The line is of {line.connector}.", details={"field": "settlement_id"})
    after = booking.bring(line.bank_line_id, [wanted], made, rows)
    if after is None or wanted not in (after.settlements or ()):
        raise NotDecidable("The line brings as many settlements as it can.")
    booking.judge(str(after.settlement_id))
    return store.find(line.bank_line_id) or after


def _noted(bank_line_id: str, made: dict[str, Any], rows: Sequence[storage.Write], *, aside: bool) -> BankLineItem:
    def change(line: BankLineItem) -> bool:
        if aside and line.state != UNEXPECTED:
            raise NotDecidable(f"The line is {line.state}.", details={"state": line.state})
        line.decisions = [*(line.decisions or ()), made]
        if aside:
            line.state, line.open_key, line.proposals = ASIDE, None, None
        return True

    after = booking.change(bank_line_id, change, rows)
    if after is None:
        raise TemporarilyUnavailable
    return after


def _book_difference(bank_line_id: str, made: dict[str, Any], rows: Sequence[storage.Write], *, is_to_suspense: bool) -> BankLineItem:
    for _attempt in range(MAX_TRIES):
        line = store.find(bank_line_id)
        if line is not None and any(made.items() <= known.items() for known in line.decisions or ()):
            # It was written, and the answer was lost.
            booking.judge(str(line.settlement_id))
            return store.find(bank_line_id) or line
        if line is None or not line.difference:
            raise NotDecidable("The line has no difference any more.")
        after = storage.copy_of(line)
        after.decisions = [*(line.decisions or ()), made | {"difference": int(line.difference)}]
        # Gone with its journal: a decision that is repeated after a kill finds nothing to decide.
        after.state, after.difference = MATCHED, None
        after.version, after.updated_at = int(line.version) + 1, clock.now_ms()
        if booking.decide(journal(line, is_to_suspense=is_to_suspense), rows, store.change(line, after)):
            booking.judge(str(line.settlement_id))
            return store.find(bank_line_id) or after
    raise TemporarilyUnavailable


def journal(line: BankLineItem, *, is_to_suspense: bool) -> Journal:
    """The journal of the next decision about a line: too little is a cost (fees), too much waits in suspense for whose it is."""
    difference = int(line.difference or 0)
    transit = Account.bank_in_transit(line.merchant_id, str(line.connector), line.currency)
    suspense = Account.suspense(line.merchant_id, line.currency)
    fees = Account.fees(line.merchant_id, line.currency)
    source, target = (transit, suspense) if difference > 0 else (suspense if is_to_suspense else fees, transit)
    reference = decision_reference(line.bank_line_id, len(line.decisions or ()) + 1)
    return Journal.transfer(source=source, target=target, amount=Money(abs(difference), line.currency), reference=reference)
