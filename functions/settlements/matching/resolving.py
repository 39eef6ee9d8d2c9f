"""What a person decides about an open item: write off, correct, claim, accept. Who and why are kept; nothing is ever edited.

A decision that moves money is one journal, in one transaction with the item and with the request's claim.
"""

from dataclasses import dataclass
from typing import Final

from paycorex import clock, ledger, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidState, NotFound, TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.ledger import Journal
from paycorex.money import Money
from paycorex.records import reconciliation_item as record
from paycorex.records.reconciliation_item import CHAIN, OURS, ReconciliationItem
from settlements.matching import chain, items, placing
from settlements.matching.states import EFFECTS, OF_TRANSFERS, Action, Effect, State
from settlements.stores import reconciliation as store

MAX_TRIES: Final = 8
MERCHANT: Final = "merchant"
FEES: Final = "fees"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it will be stored. journal: None where no money moves."""

    after: ReconciliationItem
    journal: Journal | None


def find(caller: Caller, item_id: str) -> ReconciliationItem:
    """A merchant's item. Raises NotFound, storage.Unavailable."""
    item = store.find(item_id)
    if item is None or item.merchant_id != caller.merchant_id:
        raise NotFound("reconciliation item")
    return item


def resolve(caller: Caller, claim: Claim, item_id: str, action: Action, reason: str) -> ReconciliationItem:
    """Book what is decided about an item; the item then.

    Raises NotFound, InvalidState where the state does not allow it, TemporarilyUnavailable; ledger.RecordRefused or
    storage.TransactionRefused when the claim is taken.
    """
    for _attempt in range(MAX_TRIES):
        before = find(caller, item_id)
        rows = claim.rows(reference=item_id, status=200)
        decided = decide(before, action, reason, caller.key_id)
        if _is_stored(before, decided, rows, caller.lanes):
            return decided.after
    raise TemporarilyUnavailable


def decide(before: ReconciliationItem, action: Action, reason: str, who: str) -> Decided:
    """The item after a decision, with its journal. Raises InvalidState. Pure but for the clock."""
    effect = OF_TRANSFERS[action] if before.side == CHAIN else EFFECTS[State(before.state)][action]
    if before.side == CHAIN and before.state == State.MATCHED:
        effect = Effect.REFUSE
    if effect is Effect.REFUSE or before.pending:
        raise InvalidState(f"An item that is {before.state} cannot be decided so.", details={"state": before.state, "action": action.value})
    now = clock.now_ms()
    if effect in {Effect.NOTE, Effect.CLOSE}:
        noted = items.decided(before, action=action.value, reason=reason, who=who, moved=None, now_ms=now)
        if before.side == CHAIN and effect is Effect.CLOSE:
            noted.place, noted.decided = chain.ASIDE, -int(before.reported)
        return Decided(items.restated(before, noted, now), None)
    return _moving(before, MERCHANT if effect is Effect.TO_MERCHANT else FEES, (action.value, reason, who), now)


def _moving(before: ReconciliationItem, counter: str, said: tuple[str, str, str], now: int) -> Decided:
    """What is open goes to (or comes from) the counter account: then nothing is open."""
    minor = record.open_minor(before)
    holder = placing.holder(before)
    debited, credited = (counter, holder) if minor > 0 else (holder, counter)
    action, reason, who = said
    item = items.decided(before, action=action, reason=reason, who=who, moved=(debited, credited, abs(minor)), now_ms=now)
    item.decided = int(before.decided) + minor
    if before.side != OURS:
        item.place = counter
    after = items.restated(before, item, now)
    journal = Journal.transfer(
        source=placing.account(before, debited),
        target=placing.account(before, credited),
        amount=Money(abs(minor), before.currency),
        reference=record.move_reference(before.item_id, items.move_count(after)),
        description=f"{action}: {reason}"[:MAX_DESCRIPTION],
    )
    return Decided(after, journal)


# Of an entry, which every reader of the chain reads.
MAX_DESCRIPTION: Final = 120


def _is_stored(before: ReconciliationItem, decided: Decided, rows: list[storage.Write], lanes: int) -> bool:
    writes = [*rows, store.change(before, decided.after)]
    try:
        if decided.journal is None:
            storage.transact(writes)
        else:
            ledger.post(decided.journal, lambda _entries: writes, lanes=lanes)
    except ledger.RecordRefused as refused:
        if refused.index < len(rows):
            raise
        return False
    except storage.TransactionRefused as refused:
        if any(reason.is_condition for reason in refused.reasons[: len(rows)]) or not refused.is_passing:
            raise
        return False
    except storage.OutcomeUnknown:
        return False
    return True
