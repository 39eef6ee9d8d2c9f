"""The next version of an item, from what became known. Pure: what is written follows from the knowledge, not from the order it came in."""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any, Final

from paycorex import clock, storage
from paycorex.errors import InvalidState
from paycorex.records import reconciliation_item as record
from paycorex.records.order import order_key
from paycorex.records.reconciliation_item import BANK_LINE, CHAIN, OURS, PROVIDER, ReconciliationItem
from paycorex.records.reconciliation_position import BANK, is_in_transit, is_on_chain
from paycorex.records.stamps import stamp
from settlements.matching import judging
from settlements.matching.assignment import Part, Share, assign
from settlements.matching.states import EXCEPTIONS, State, responsible_for

EXCEPTION: Final = "reconciliation.exception"
# More lines than this are about one record only by mistake: what comes beyond has items of its own.
MAX_SHARES: Final = 40
# More decisions than this are not made about one item, people's and those that follow from new knowledge together.
MAX_DECISIONS: Final = 60
# In the list of open items, before any state.
PENDING: Final = "pending"
BANK_LINE_RECORD: Final = "bank_line"


def of_record(merchant_id: str, source: str, currency: str, name: str) -> ReconciliationItem:
    """The first draft of the item of a record of ours, before anything is known of it."""
    item = _draft(merchant_id, BANK_LINE if _is_bank_line(name) else OURS, source, currency, name)
    kind, _, record_id = name.partition(":")
    # Of the others the id is none of a payment.
    item.payment_id = record_id.partition(".")[0] if kind in {"payment", "late"} else None
    return item


def of_transfer(merchant_id: str, network: str, currency: str, name: str) -> ReconciliationItem:
    """The first draft of the item of a chain's transfer that is booked nowhere."""
    return _draft(merchant_id, CHAIN, network, currency, name)


def id_of(merchant_id: str, source: str, currency: str, name: str) -> str:
    """The id of a record's item. A bank line's is one, whichever connector's payout it turns out to bring."""
    side, where = (BANK_LINE, BANK) if _is_bank_line(name) else (OURS, source)
    return record.item_id(merchant_id, side, where, currency, name)


def _is_bank_line(name: str) -> bool:
    return name.startswith(f"{BANK_LINE_RECORD}:")


def of_line(merchant_id: str, source: str, share: Share, place: str, provider_reference: str | None) -> ReconciliationItem:
    """The first draft of the item of a report's line. place: the account that its settlement credited."""
    item = _draft(merchant_id, PROVIDER, source, share.currency, share.key)
    item.reported, item.place, item.settlement_id = share.gross, place, share.settlement_id
    item.provider_reference = provider_reference
    item.shares = [list(astuple(share))]
    return item


def _draft(merchant_id: str, side: str, source: str, currency: str, name: str) -> ReconciliationItem:
    now, item_id = clock.now_ms(), record.item_id(merchant_id, side, BANK if side == BANK_LINE else source, currency, name)
    return ReconciliationItem(
        item_id=item_id,
        merchant_id=merchant_id,
        side=side,
        source=source,
        currency=currency,
        record=name,
        booked=0,
        reported=0,
        decided=0,
        state=State.MATCHED,
        since=now,
        version=0,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, item_id),
    )


def shares_of(item: ReconciliationItem) -> list[Share]:
    """The lines that are about it."""
    return [Share(int(at), key, kind, int(gross), currency, settlement) for at, key, kind, gross, currency, settlement in item.shares or ()]


def with_share(item: ReconciliationItem, share: Share) -> ReconciliationItem:
    """The item with one more line; the same when it has it, or has too many."""
    shares = shares_of(item)
    if any(each.key == share.key for each in shares) or len(shares) >= MAX_SHARES:
        return item
    after = storage.copy_of(item)
    after.shares = [list(astuple(each)) for each in sorted([*shares, share])]
    return after


def without_share(item: ReconciliationItem, key: str) -> ReconciliationItem | None:
    """The item without one of its lines; None when it does not have it."""
    shares = shares_of(item)
    left = [share for share in shares if share.key != key]
    if len(left) == len(shares):
        return None
    after = storage.copy_of(item)
    after.shares = [list(astuple(each)) for each in left] or None
    return after


def parts_of(item: ReconciliationItem) -> dict[str, Part]:
    """What each of its lines is to it, by the line's key."""
    return assign(int(item.booked), item.currency, shares_of(item))


def restated(before: ReconciliationItem, item: ReconciliationItem, now_ms: int) -> ReconciliationItem:
    """The item with its sums and its state as they follow from what is known now, and as the next version of `before`."""
    after = storage.copy_of(item)
    if is_in_transit(item.source) or item.side == BANK_LINE:
        state = judging.at_the_bank(after, now_ms)
    elif is_on_chain(item.source) and item.side in {OURS, CHAIN}:
        state = judging.on_the_chain(after, now_ms)
    elif item.side == OURS:
        parts = parts_of(item)
        counted = [share for share in shares_of(item) if parts[share.key] is Part.COUNTS]
        after.reported = sum(share.gross for share in counted)
        after.settlement_id = counted[-1].settlement_id if counted else None
        after.pending = True if item.pending or _moves(before, parts) else None
        state = judging.of_record(after, len(counted), now_ms)
    else:
        state = judging.of_line(after)
    _enter(before, after, state, now_ms)
    return after


def _moves(before: ReconciliationItem, parts: Mapping[str, Part]) -> bool:
    """True when money of its lines is not, or may not be, where it belongs now. A new line's is in the clearing account."""
    known = parts_of(before)
    return any((part is Part.COUNTS) != (known.get(key, Part.COUNTS) is Part.COUNTS) for key, part in parts.items())


def _enter(before: ReconciliationItem, after: ReconciliationItem, state: State, now_ms: int) -> None:
    """Set the state and what goes by it: the list of open items, whose turn it is, the event."""
    is_new = before.version == 0
    after.version, after.updated_at = int(before.version) + 1, now_ms
    if state != before.state or is_new:
        after.state, after.since = state, now_ms
        after.responsible = responsible_for(state, is_at_the_bank=is_in_transit(after.source), is_on_chain=is_on_chain(after.source))
        if state in EXCEPTIONS:
            for name, value in stamp(EXCEPTION, now_ms, before if before.event is not None else None).items():
                setattr(after, name, value)
    if state is State.MATCHED and not after.pending:
        after.open_key = after.open_order = None
    else:
        after.open_key = record.open_key(after.merchant_id, after.source, after.currency)
        when = int(after.due_at or after.since) if state is State.EXPECTED else int(after.since)
        after.open_order = f"{PENDING if after.pending else state.value}#{when:013d}#{after.item_id}"


def decided(
    item: ReconciliationItem, *, action: str, reason: str, who: str, moved: tuple[str, str, int] | None, now_ms: int
) -> ReconciliationItem:
    """The item after a decision. moved: the debited and the credited entity and minor units of its journal, which is its next.

    Raises InvalidState for one more than an item has.
    """
    if len(item.decisions or ()) >= MAX_DECISIONS:
        raise InvalidState("This item was decided too often.", details={"item_id": item.item_id})
    after = storage.copy_of(item)
    made: dict[str, Any] = {"action": action, "reason": reason, "who": who, "at": clock.rfc3339(now_ms)}
    if moved is not None:
        after.moves = [*(item.moves or ()), list(moved)]
        made["journal"] = len(after.moves)
    after.decisions = [*(item.decisions or ()), made]
    return after


def move_count(item: ReconciliationItem) -> int:
    """How many journals it has."""
    return len(item.moves or ())


def parsed_moves(item: ReconciliationItem) -> list[tuple[str, str, int]]:
    """Its journals: debited entity, credited entity, minor units."""
    return [(str(debited), str(credited), int(minor)) for debited, credited, minor in item.moves or ()]
