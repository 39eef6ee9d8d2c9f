"""One tick of one network: scan from the cursor to the head, then decide the transfers that were found earlier.

A tick can be stopped at any line. The next one continues from the cursor and from the records: each step can be repeated and changes
nothing the second time. The number of calls to nodes depends on blocks and on transfers found, never on the number of watched addresses.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from crypto_monitor.chain import block_ranges
from crypto_monitor.chain.failures import Disputed, NodeFailure
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.scanner import (
    balance_audit,
    busy_addresses,
    busy_scan,
    confirmation,
    detection,
    reorganisations,
    scan,
    transfer_guard,
    watchlist,
)
from crypto_monitor.scanner.budget import Budget
from crypto_monitor.scanner.confirmation import Decisions
from crypto_monitor.scanner.scan import Scanned
from crypto_monitor.stores import busy_addresses as busy_store
from crypto_monitor.stores import cursors as cursor_store
from crypto_monitor.stores.cursors import CursorItem
from paycorex import clock, redaction, set_aside

logger: Final = redaction.logger("crypto_scanner")

# A tick ends when SPARE_MS of its time are left. It stops reading when one DECIDING_PART-th of the rest is left, which is for decisions.
SPARE_MS: Final = 1_200
DECIDING_PART: Final = 3
# Every network makes a block in less time. Nodes without a new block have stopped, even if they still respond.
STANDSTILL_MS: Final = 600_000
# How often a tick follows a reorganisation before it leaves the rest to the next tick.
MAX_TURNS: Final = 3
# After so many failed ticks in a row the alarm fires, and where two nodes differ under one hash, what either of them has is recorded.
ALARM_AFTER_TICKS: Final = 3

Remaining = Callable[[], int]


class MonitorStalled(Exception):
    """Several ticks in a row failed. Raised so that the function's error alarm fires."""


@dataclass(slots=True)
class Report:
    """The results of a tick. first, last: the blocks it passed; none when last < first.

    found: transfers to watched addresses, per watcher, known ones among them. lag_seconds: how long ago the last block passed was made.
    busy: addresses that are scanned separately.
    """

    network: str
    first: int = 0
    last: int = -1
    blocks: int = 0
    found: int = 0
    head: int = 0
    lag_seconds: int = 0
    busy: int = 0
    decisions: Decisions = field(default_factory=Decisions)
    problem: str | None = None


def tick(node_set: NodeSet, cursor: CursorItem, remaining_ms: Remaining) -> Report:
    """Scan and decide, as far as the time allows. Problems of the chain are in the report; what was done before them is kept.

    Raises LeaseLost, storage.Unavailable, storage.OutcomeUnknown.
    """
    report = Report(node_set.network.name)
    read_until = SPARE_MS + (remaining_ms() - SPARE_MS) // DECIDING_PART
    try:
        report.head = node_set.head
        if cursor.number is None:
            reorganisations.begin(cursor, node_set)
        report.first = int(cursor.number or 0) + 1
        _catch_up(node_set, cursor, report, Budget(remaining_ms, read_until))
    except (Disputed, NodeFailure, LookupError, watchlist.NotRead) as problem:
        report.problem = report.problem or str(problem)
    report.last = int(cursor.number if cursor.number is not None else -1)
    try:
        _decide(node_set, cursor, report, Budget(remaining_ms, SPARE_MS))
    except (NodeFailure, LookupError) as problem:
        report.problem = report.problem or str(problem)
    report.busy = len(busy_addresses.left_out(busy_store.entries(cursor)))
    if cursor.block_time is not None:
        report.lag_seconds = max(clock.now_ms() - int(cursor.block_time), 0) // 1_000
    return report


def _decide(node_set: NodeSet, cursor: CursorItem, report: Report, budget: Budget) -> None:
    if not node_set.live or cursor.number is None:
        return
    _try_again(node_set, cursor, report, budget.part(1, 4))
    confirmation.settle_detected(node_set, cursor, budget, report.decisions)
    if report.problem is None and budget.allows():
        # A transfer that cannot be decided does not affect other addresses.
        balance_audit.compare(node_set, cursor, budget)
    if report.decisions.disputed:
        report.problem = report.problem or f"the nodes contradict each other about {report.decisions.disputed} transfers"
    if report.problem is None and clock.now_ms() - int(cursor.moved_at or clock.now_ms()) > STANDSTILL_MS:
        report.problem = f"no node has a block after {cursor.number}"
    if node_set.confirmer_count < node_set.quorum:
        # The scan continues, but nothing is credited meanwhile: operators must know.
        report.problem = report.problem or "credit waits: too few nodes can confirm"


def _try_again(node_set: NodeSet, cursor: CursorItem, report: Report, budget: Budget) -> None:
    """Try again the transfers that were set aside and are due."""
    network = node_set.network.name
    set_aside.retry_due(
        transfer_guard.recording(network),
        lambda row: detection.record_again(node_set, cursor, transfer_guard.payload_of(row)),
        budget.allows,
    )
    set_aside.retry_due(
        transfer_guard.judging(network),
        lambda row: confirmation.judge_again(node_set, cursor, row.item_id, report.decisions),
        budget.allows,
    )


def _catch_up(node_set: NodeSet, cursor: CursorItem, report: Report, budget: Budget) -> None:
    for _turn in range(MAX_TURNS):
        reader = node_set.reader
        try:
            _take_turn(node_set, cursor, report, budget)
        except block_ranges.BrokenLink:
            continue
        except NodeFailure as failure:
            # Failed witnesses are dropped where they are called. So the reader failed, and the next node becomes the reader.
            node_set.drop(reader, failure)
            if not node_set.live:
                raise
        else:
            return


def _take_turn(node_set: NodeSet, cursor: CursorItem, report: Report, budget: Budget) -> None:
    if not reorganisations.check(cursor, node_set):
        return
    confirmation.recheck_confirmed(node_set, cursor, budget.part(1, 4), report.decisions)
    watched = watchlist.of(node_set.network.name)
    _look_back(node_set, cursor, watched.refresh(None if cursor.matched_at is None else int(cursor.matched_at), budget))
    report.first = min(report.first, int(cursor.number or 0) + 1)
    takes_either = int(cursor.failed_ticks) >= ALARM_AFTER_TICKS or clock.now_ms() < int(cursor.either_until)
    scanned = Scanned()
    try:
        _scan(node_set, cursor, watched, budget, scanned, takes_either=takes_either)
    finally:
        report.blocks += scanned.blocks
        report.found += scanned.found
        report.problem = report.problem or scanned.problem


def _scan(
    node_set: NodeSet, cursor: CursorItem, watched: watchlist.WatchList, budget: Budget, scanned: Scanned, *, takes_either: bool
) -> None:
    """Scan the network, then its busy addresses in the rest of the time, even when nodes dispute the network's next block."""
    is_busy = bool(busy_addresses.left_out(busy_store.entries(cursor)))
    disputed: Disputed | None = None
    try:
        part = budget.part(*busy_scan.NETWORK_PART) if is_busy else budget
        scan.scan(node_set, cursor, watched, part, scanned, takes_either=takes_either)
    except Disputed as caught:
        disputed = caught
    busy_scan.serve_all(node_set, cursor, watched, budget, scanned, takes_either=takes_either)
    if disputed is not None:
        raise disputed


def _look_back(node_set: NodeSet, cursor: CursorItem, missed_since: int | None) -> None:
    """Go back for an address that the index returned late: to the block that was the newest when the address was created.

    Where that fails, the next tick tries again: `matched_at` changes only together with the cursor.
    """
    if missed_since is None or cursor.number is None:
        return
    number = reorganisations.block_before(node_set, missed_since)
    if number < int(cursor.number):
        reorganisations.roll_back(cursor, number, node_set)
    elif number == int(cursor.number) and cursor.position is not None:
        # The block after the cursor was begun without the address.
        cursor_store.change(cursor, position=None)
