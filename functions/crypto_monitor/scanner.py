"""One tick of one network: from the cursor to the head, then what was found earlier is decided.

Whatever stops a tick, at any line, the next one goes on from the cursor and from the records: each step can be repeated and changes
nothing the second time. The number of calls to nodes depends on blocks and on transfers found, never on the number of watched addresses.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from crypto_monitor import balances, cursor_store, deciding, detecting, following, watchlist
from crypto_monitor.chain import reading
from crypto_monitor.chain.failures import Disputed, NodeFailure, RangeTooLarge
from crypto_monitor.chain.panel import Panel
from crypto_monitor.cursor_store import CursorItem
from crypto_monitor.deciding import Decisions
from paycorex import clock, redaction

logger: Final = redaction.logger("crypto_scanner")

BATCH_BLOCKS: Final = 25
# A tick ends when this is left of its time, and stops reading when this part of the rest is: what was found must still be decided.
SPARE_MS: Final = 1_200
DECIDING_PART: Final = 3
# A block that was made longer ago than this when the cursor passes it was read late.
LATE_BLOCK_MS: Final = 240_000
# Every network makes a block in less. Nodes that show none have stopped, though they still answer.
STANDSTILL_MS: Final = 600_000
# How often a reorganisation in the middle of a tick is followed before the next tick takes over.
MAX_TURNS: Final = 3

Remaining = Callable[[], int]


class MonitorStalled(Exception):
    """Several ticks in a row could not do their work. Raised so that the function's error alarm tells somebody."""


@dataclass(slots=True)
class Report:
    """What a tick did. first, last: the blocks it passed; none when last < first."""

    network: str
    first: int = 0
    last: int = -1
    blocks: int = 0
    found: int = 0
    head: int = 0
    decisions: Decisions = field(default_factory=Decisions)
    problem: str | None = None


def tick(panel: Panel, cursor: CursorItem, remaining_ms: Remaining) -> Report:
    """Scan and decide, as far as the time goes. Problems of the chain are in the report; what was done before them stays done.

    Raises LeaseLost, storage.Unavailable, storage.OutcomeUnknown.
    """
    report = Report(panel.network.name)
    read_until = SPARE_MS + (remaining_ms() - SPARE_MS) // DECIDING_PART
    try:
        report.head = panel.head
        if cursor.number is None:
            following.begin(cursor, panel)
        report.first = int(cursor.number or 0) + 1
        _catch_up(panel, cursor, report, enough=lambda: remaining_ms() > read_until)
    except (Disputed, NodeFailure, LookupError) as problem:
        report.problem = str(problem)
    report.last = int(cursor.number if cursor.number is not None else -1)
    try:
        _decide(panel, cursor, report, enough=lambda: remaining_ms() > SPARE_MS)
    except (NodeFailure, LookupError) as problem:
        report.problem = report.problem or str(problem)
    return report


def _decide(panel: Panel, cursor: CursorItem, report: Report, *, enough: Callable[[], bool]) -> None:
    if not panel.live or cursor.number is None:
        return
    deciding.settle_detected(panel, cursor, _while(enough), report.decisions)
    if report.problem is None and enough():
        # What cannot be decided says nothing of other addresses.
        balances.compare(panel, cursor)
    if report.decisions.disputed:
        report.problem = report.problem or f"the nodes do not tell one story about {report.decisions.disputed} transfers"
    if report.problem is None and clock.now_ms() - int(cursor.moved_at or clock.now_ms()) > STANDSTILL_MS:
        report.problem = f"no node has a block after {cursor.number}"
    if panel.able < panel.quorum:
        # The chain is followed all the same; somebody should know that nothing is credited meanwhile.
        report.problem = report.problem or "credit waits: too few nodes can confirm"


def _catch_up(panel: Panel, cursor: CursorItem, report: Report, *, enough: Callable[[], bool]) -> None:
    for _turn in range(MAX_TURNS):
        reader = panel.reader
        try:
            _take_turn(panel, cursor, report, enough)
        except reading.BrokenLink:
            continue
        except NodeFailure as failure:
            # Witnesses that fail are left out where they are asked; so it was the reader, and the next node reads.
            panel.drop(reader, failure)
            if not panel.live:
                raise
        else:
            return


def _take_turn(panel: Panel, cursor: CursorItem, report: Report, enough: Callable[[], bool]) -> None:
    if not following.check(cursor, panel):
        return
    deciding.recheck_confirmed(panel, cursor, report.decisions)
    watched = watchlist.of(panel.network.name)
    _look_back(panel, cursor, watched.refresh(None if cursor.matched_at is None else int(cursor.matched_at)))
    report.first = min(report.first, int(cursor.number or 0) + 1)
    _scan(panel, cursor, watched, report, enough)


def _look_back(panel: Panel, cursor: CursorItem, missed_since: int | None) -> None:
    """Go back for an address that the index showed late: to the block that was the newest when it was made.

    Where that fails, the next tick wants it again: the moment to measure by moves only when the cursor passes blocks.
    """
    if missed_since is None or cursor.number is None:
        return
    number = following.block_before(panel, missed_since)
    if number < int(cursor.number):
        following.roll_back(cursor, number, panel)


def _scan(panel: Panel, cursor: CursorItem, watched: watchlist.WatchList, report: Report, enough: Callable[[], bool]) -> None:
    size = BATCH_BLOCKS
    contracts = [token.contract for token in panel.network.tokens if token.contract is not None]
    while int(cursor.number or 0) < panel.head and enough():
        first = int(cursor.number or 0) + 1
        last = min(first + size - 1, panel.head)
        try:
            read = reading.read(panel, first, last, cursor.block_hash, contracts)
        except RangeTooLarge:
            if size == 1:
                raise
            size = max(size // 2, 1)
            continue
        if not read.blocks:
            return
        report.found += detecting.detect(panel, cursor, read, watched)
        _advance(cursor, read, panel.head, watched)
        report.blocks += len(read.blocks)


def _advance(cursor: CursorItem, read: reading.Range, head: int, watched: watchlist.WatchList) -> None:
    last = read.blocks[-1]
    window = cursor_store.extended(cursor.window, [block.hash for block in read.blocks])
    times = {"moved_at": clock.now_ms(), "matched_at": watched.readings[-1], "block_time": last.time * 1_000}
    if clock.now_ms() - read.blocks[0].time * 1_000 > LATE_BLOCK_MS:
        times["behind_at"] = clock.now_ms()
    cursor_store.change(cursor, number=last.number, block_hash=last.hash, window=window, head=head, **times)
    fields = {"network": cursor.network, "first": read.blocks[0].number, "last": last.number}
    logger.info("blocks scanned", extra=fields)


def _while(condition: Callable[[], bool]) -> Iterator[bool]:
    while True:
        yield condition()
