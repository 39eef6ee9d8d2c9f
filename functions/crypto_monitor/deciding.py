"""Deciding: detected transfers become confirmed, failed or reorged; confirmed ones are taken back when their block vanishes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched, islice
from typing import Final

from crypto_monitor import cursor_store, moved_balances, transfer_store
from crypto_monitor.chain.panel import Panel
from crypto_monitor.cursor_store import CursorItem, start_of
from crypto_monitor.evidence import Verdict, judge
from paycorex import clock, redaction
from paycorex.records.crypto_transaction import CONFIRMED, DETECTED, FAILED, REORGED, CryptoTransactionItem

logger: Final = redaction.logger("crypto_scanner")

# An alarm looks for these words.
TAKEN_BACK: Final = "a confirmed transfer vanished"
# How many transfers are judged together, and at most per tick; the rest is the next tick's.
BATCH: Final = 50
MAX_PER_TICK: Final = 1_000


@dataclass(slots=True)
class Decisions:
    """What became of the transfers that were looked at. disputed: left alone, because the nodes do not tell one story."""

    confirmed: int = 0
    failed: int = 0
    reorged: int = 0
    disputed: int = 0


def settle_detected(panel: Panel, cursor: CursorItem, enough_time: Iterator[bool], decisions: Decisions) -> None:
    """Judge every detected transfer that is deep enough or whose block is no longer where it was. Raises LeaseLost."""
    for batch in batched(islice(_due(panel, cursor), MAX_PER_TICK), BATCH, strict=False):
        if not next(enough_time) or not panel.live:
            return
        verdicts = judge(panel, batch)
        final = [item for item in batch if verdicts[item.transfer_id] is Verdict.FINAL]
        amounts = moved_balances.received(panel, final)
        for item in batch:
            _decide(panel, cursor, item, verdicts[item.transfer_id], amounts, decisions)


def _due(panel: Panel, cursor: CursorItem) -> Iterable[CryptoTransactionItem]:
    deep_enough = panel.head - panel.network.confirmations + 1
    known = cursor_store.known_hashes(cursor)
    for item in transfer_store.in_state(panel.network.name, DETECTED, last=int(cursor.number or 0)):
        number = int(item.block_number)
        moved = known.get(number, start_of(item.block_hash)) != start_of(item.block_hash)
        if number <= deep_enough or moved:
            yield item


def _decide(
    panel: Panel, cursor: CursorItem, item: CryptoTransactionItem, verdict: Verdict, amounts: dict[str, int], decisions: Decisions
) -> None:
    match verdict:
        case Verdict.FINAL:
            amount = int(item.amount) if item.contract is None else amounts.get(item.transfer_id)
            if amount is None:
                decisions.disputed += 1
            elif amount == 0:
                decisions.failed += transfer_store.change(cursor, item, event=None, status=FAILED, reason="no_balance_moved")
            else:
                decisions.confirmed += _confirm(panel, cursor, item, amount)
        case Verdict.FAILED:
            decisions.failed += transfer_store.change(cursor, item, event=None, status=FAILED, reason="reverted")
        case Verdict.VANISHED:
            decisions.reorged += _take_back(cursor, item)
        case Verdict.CONTRADICTED:
            decisions.disputed += 1
            logger.error("nodes contradict each other", extra={"network": item.network, "tx_hash": item.tx_hash})
        case Verdict.WAIT:
            pass


def _confirm(panel: Panel, cursor: CursorItem, item: CryptoTransactionItem, amount: int) -> bool:
    reason = None if amount == int(item.amount) else "fee_on_transfer"
    return transfer_store.change(
        cursor,
        item,
        event="crypto.confirmed",
        status=CONFIRMED,
        amount=str(amount),
        reason=reason,
        confirmations=panel.head - int(item.block_number) + 1,
        incarnation=int(item.incarnation) + 1,
        confirmed_at=clock.now_ms(),
    )


def _take_back(cursor: CursorItem, item: CryptoTransactionItem) -> bool:
    if item.status == CONFIRMED:
        logger.error(TAKEN_BACK, extra={"network": item.network, "tx_hash": item.tx_hash})
    return transfer_store.change(cursor, item, event="crypto.reorged", status=REORGED)


def recheck_confirmed(panel: Panel, cursor: CursorItem, decisions: Decisions) -> None:
    """For a while after a reorganisation, and until the nodes have spoken: take back confirmed transfers whose block is gone.

    Raises LeaseLost.
    """
    if cursor.recheck_from is None:
        return
    open_questions = 0
    items = transfer_store.in_state(panel.network.name, CONFIRMED, first=int(cursor.recheck_from))
    for batch in batched(items, BATCH, strict=False):
        vanished, unclear = take_back_vanished(panel, cursor, batch)
        decisions.reorged += vanished
        open_questions += unclear
    if open_questions == 0 and int(cursor.recheck_until) < clock.now_ms():
        cursor_store.change(cursor, recheck_from=None)


def take_back_vanished(panel: Panel, cursor: CursorItem, items: Sequence[CryptoTransactionItem]) -> tuple[int, int]:
    """Take back those of these transfers that a quorum of nodes no longer has.

    How many, and of how many too few nodes spoke, or against each other. Raises LeaseLost.
    """
    verdicts = judge(panel, items)
    vanished = sum(_take_back(cursor, item) for item in items if verdicts[item.transfer_id] is Verdict.VANISHED)
    return vanished, sum(verdict in {Verdict.WAIT, Verdict.CONTRADICTED} for verdict in verdicts.values())
