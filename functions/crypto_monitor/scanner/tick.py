"""One tick of one network: from the cursor to the head, then what was found earlier is decided.

Whatever stops a tick, at any line, the next one goes on from the cursor and from the records: each step can be repeated and changes
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

# A tick ends when this is left of its time, and stops reading when this part of the rest is: what was found must still be decided.
SPARE_MS: Final = 1_200
DECIDING_PART: Final = 3
# Every network makes a block in less. Nodes that show none have stopped, though they still answer.
STANDSTILL_MS: Final = 600_000
# How often a reorganisation in the middle of a tick is followed before the next tick takes over.
MAX_TURNS: Final = 3
# After so many failed ticks in a row the alarm rings, and of a block that two nodes have under one hash, what either has is taken.
ALARM_AFTER_TICKS: Final = 3

Remaining = Callable[[], int]


class MonitorStalled(Exception):
    """Several ticks in a row could not do their work. Raised so that the function's error alarm tells somebody."""


@dataclass(slots=True)
class Report:
    """What a tick did. first, last: the blocks it passed; none when last < first.

    found: transfers to watched addresses, per watcher, known ones among them. lag_seconds: how long ago the last block passed was made.
    busy: addresses that are read apart.
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
    """Scan and decide, as far as the time goes. Problems of the chain are in the report; what was done before them stays done.

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
        # What cannot be decided says nothing of other addresses.
        balance_audit.compare(node_set, cursor, budget)
    if report.decisions.disputed:
        report.problem = report.problem or f"the nodes do not tell one story about {report.decisions.disputed} transfers"
    if report.problem is None and clock.now_ms() - int(cursor.moved_at or clock.now_ms()) > STANDSTILL_MS:
        report.problem = f"no node has a block after {cursor.number}"
    if node_set.confirmer_count < node_set.quorum:
        # The chain is followed all the same; somebody should know that nothing is credited meanwhile.
        report.problem = report.problem or "credit waits: too few nodes can confirm"


def _try_again(node_set: NodeSet, cursor: CursorItem, report: Report, budget: Budget) -> None:
    """What was set aside and is due."""
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
            # Witnesses that fail are left out where they are asked; so it was the reader, and the next node reads.
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
    """The network, and in what is left of the time its busy addresses, whatever the nodes dispute of the network's next block."""
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
    """Go back for an address that the index showed late: to the block that was the newest when it was made.

    Where that fails, the next tick wants it again: the moment to measure by moves only when the cursor does.
    """
    if missed_since is None or cursor.number is None:
        return
    number = reorganisations.block_before(node_set, missed_since)
    if number < int(cursor.number):
        reorganisations.roll_back(cursor, number, node_set)
    elif number == int(cursor.number) and cursor.position is not None:
        # The block after the cursor was begun without the address.
        cursor_store.change(cursor, position=None)
