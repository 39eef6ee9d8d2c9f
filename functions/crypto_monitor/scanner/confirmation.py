"""Confirmation: detected transfers become confirmed, failed or reorged; confirmed ones become reorged when their block vanishes.

Both work within a time budget and continue in the next tick. An undecided transfer does not delay others: a tick takes the first transfer
of each address and each merchant, then the second, and so on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched, islice
from typing import Final
from zlib import crc32

from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.scanner import token_amounts, transfer_guard
from crypto_monitor.scanner.budget import Budget
from crypto_monitor.scanner.node_votes import Verdict, judge
from crypto_monitor.stores import cursors as cursor_store
from crypto_monitor.stores import transfers as transfer_store
from crypto_monitor.stores.cursors import CursorItem, start_of
from paycorex import clock, redaction
from paycorex.records.crypto_transaction import CONFIRMED, DETECTED, FAILED, REORGED, CryptoTransactionItem

logger: Final = redaction.logger("crypto_scanner")

# An alarm matches this text.
TAKEN_BACK: Final = "a confirmed transfer vanished"
# How many transfers are judged together, and at most per tick; the rest is the next tick's.
BATCH: Final = 50
MAX_PER_TICK: Final = 1_000
# How many detected transfers a tick reads, to choose those to judge.
MAX_LOOKED_AT: Final = 5_000
# Transfers to busy addresses are judged after so many batches of others.
BATCHES_A_BUSY_ONE: Final = 3


@dataclass(slots=True)
class Decisions:
    """The decisions of a tick, counted. disputed: left undecided, because the nodes contradict each other."""

    confirmed: int = 0
    failed: int = 0
    reorged: int = 0
    disputed: int = 0


def settle_detected(node_set: NodeSet, cursor: CursorItem, budget: Budget, decisions: Decisions) -> None:
    """Judge detected transfers that are deep enough or whose block is no longer where it was. Raises LeaseLost."""
    positions: dict[str, str | None] = {}
    others = _in_turn(node_set, cursor, is_busy=False, positions=positions)
    busy = _in_turn(node_set, cursor, is_busy=True, positions=positions)
    for batch in islice(_mixed(others, busy), MAX_PER_TICK // BATCH):
        if not budget.allows() or not node_set.live:
            break
        _judge(node_set, cursor, batch, decisions, attempt=partial(transfer_guard.attempt, transfer_guard.judging(node_set.network.name)))
    moved = {name: position for name, position in positions.items() if getattr(cursor, name) != position}
    if moved:
        cursor_store.change(cursor, **moved)


def judge_again(node_set: NodeSet, cursor: CursorItem, transfer_id: str, decisions: Decisions) -> None:
    """Judge a transfer that was set aside, if it is still to be judged. Raises LeaseLost, or what is wrong with it."""
    item = transfer_store.find(node_set.network.name, transfer_id)
    if item is not None and item.status == DETECTED:
        _judge(node_set, cursor, [item], decisions, attempt=lambda _item, step: step())


def _judge(
    node_set: NodeSet,
    cursor: CursorItem,
    batch: Sequence[CryptoTransactionItem],
    decisions: Decisions,
    *,
    attempt: Callable[[CryptoTransactionItem, Callable[[], object]], object],
) -> None:
    verdicts = judge(node_set, batch)
    final = [item for item in batch if verdicts[item.transfer_id] is Verdict.FINAL]
    amounts = token_amounts.received(node_set, final)
    head = node_set.head
    for item in batch:
        attempt(item, partial(_decide, head, cursor, item, verdicts[item.transfer_id], amounts, decisions))


def _mixed[T](others: Iterator[T], busy: Iterator[T]) -> Iterator[T]:
    """All of both, one of the busy ones after every few others."""
    while True:
        some = [*islice(others, BATCHES_A_BUSY_ONE), *islice(busy, 1)]
        yield from some
        if not some:
            return


def _in_turn(
    node_set: NodeSet, cursor: CursorItem, *, is_busy: bool, positions: dict[str, str | None]
) -> Iterator[Sequence[CryptoTransactionItem]]:
    """Batches of due transfers; the position where the next tick continues is put into `positions`, by the cursor's attribute."""
    name = "judged_busy_after" if is_busy else "judged_after"
    last, after = int(cursor.number or 0), getattr(cursor, name)
    items = transfer_store.in_state(node_set.network.name, DETECTED, last=last, after=after, is_busy=is_busy)
    looked_at = list(islice(items, MAX_LOOKED_AT))
    positions[name] = transfer_store.position(looked_at[-1]) if len(looked_at) == MAX_LOOKED_AT else None
    due = list(_due(node_set, cursor, looked_at))
    yield from batched(_fairly(due, int(cursor.fence)), BATCH, strict=False)


def _fairly(items: Sequence[CryptoTransactionItem], seed: int) -> list[CryptoTransactionItem]:
    """The first of each address and merchant, then the second of each; among these, when there are too many, others in each tick."""
    addresses: Counter[str] = Counter()
    merchants: Counter[str] = Counter()
    rank: dict[str, tuple[int, int]] = {}
    for item in items:
        drawn = crc32(f"{seed}:{item.transfer_id}".encode()) if len(items) > BATCH else 0
        rank[item.transfer_id] = (max(addresses[item.to_address], merchants[item.merchant_id]), drawn)
        addresses[item.to_address] += 1
        merchants[item.merchant_id] += 1
    return sorted(items, key=lambda item: rank[item.transfer_id])


def _due(node_set: NodeSet, cursor: CursorItem, items: Iterable[CryptoTransactionItem]) -> Iterable[CryptoTransactionItem]:
    deep_enough = node_set.head - node_set.network.confirmations + 1
    known = cursor_store.known_hashes(cursor)
    for item in items:
        number = int(item.block_number)
        moved = known.get(number, start_of(item.block_hash)) != start_of(item.block_hash)
        if (number <= deep_enough or moved) and not transfer_guard.is_waiting(item):
            yield item


def _decide(
    head: int, cursor: CursorItem, item: CryptoTransactionItem, verdict: Verdict, amounts: dict[str, int], decisions: Decisions
) -> None:
    match verdict:
        case Verdict.FINAL:
            amount = int(item.amount) if item.contract is None else amounts.get(item.transfer_id)
            if amount is None:
                decisions.disputed += 1
            elif amount == 0:
                decisions.failed += transfer_store.change(cursor, item, event=None, status=FAILED, reason="no_balance_moved")
            else:
                decisions.confirmed += _confirm(head, cursor, item, amount)
        case Verdict.FAILED:
            decisions.failed += transfer_store.change(cursor, item, event=None, status=FAILED, reason="reverted")
        case Verdict.VANISHED:
            decisions.reorged += _take_back(cursor, item)
        case Verdict.CONTRADICTED:
            decisions.disputed += 1
            logger.error("nodes contradict each other", extra={"network": item.network, "tx_hash": item.tx_hash})
        case Verdict.WAIT:
            pass


def _confirm(head: int, cursor: CursorItem, item: CryptoTransactionItem, amount: int) -> bool:
    reason = None if amount == int(item.amount) else "fee_on_transfer"
    return transfer_store.change(
        cursor,
        item,
        event="crypto.confirmed",
        status=CONFIRMED,
        amount=str(amount),
        reason=reason,
        confirmations=head - int(item.block_number) + 1,
        incarnation=int(item.incarnation) + 1,
        confirmed_at=clock.now_ms(),
    )


def _take_back(cursor: CursorItem, item: CryptoTransactionItem) -> bool:
    if item.status == CONFIRMED:
        logger.error(TAKEN_BACK, extra={"network": item.network, "tx_hash": item.tx_hash})
    return transfer_store.change(cursor, item, event="crypto.reorged", status=REORGED)


def recheck_confirmed(node_set: NodeSet, cursor: CursorItem, budget: Budget, decisions: Decisions) -> None:
    """For some time after a reorganisation, and until enough nodes have responded: take back confirmed transfers whose block is gone.

    Round by round, as far as the time goes. Raises LeaseLost.
    """
    if cursor.recheck_from is None:
        return
    # A new round decides what was open; a round that continues does not.
    is_open = cursor.recheck_after is not None and bool(cursor.recheck_open)
    position: str | None = cursor.recheck_after
    items = transfer_store.in_state(node_set.network.name, CONFIRMED, first=int(cursor.recheck_from), after=position)
    for batch in batched(items, BATCH, strict=False):
        if not budget.allows():
            break
        vanished, unclear = take_back_vanished(node_set, cursor, batch)
        decisions.reorged += vanished
        is_open, position = is_open or unclear > 0, transfer_store.position(batch[-1])
    else:
        position = None
        if not is_open and int(cursor.recheck_until) < clock.now_ms():
            cursor_store.change(cursor, recheck_from=None, recheck_after=None, recheck_open=False)
            return
        is_open = False
    if (position, is_open) != (cursor.recheck_after, bool(cursor.recheck_open)):
        cursor_store.change(cursor, recheck_after=position, recheck_open=is_open)


def take_back_vanished(node_set: NodeSet, cursor: CursorItem, items: Sequence[CryptoTransactionItem]) -> tuple[int, int]:
    """Take back those of these transfers that a quorum of nodes no longer has.

    Returns how many were taken back, and how many stay unclear: too few nodes responded, or they contradict each other. Raises LeaseLost.
    """
    verdicts = judge(node_set, items)
    vanished = sum(_take_back(cursor, item) for item in items if verdicts[item.transfer_id] is Verdict.VANISHED)
    return vanished, sum(verdict in {Verdict.WAIT, Verdict.CONTRADICTED} for verdict in verdicts.values())
