"""Reorganisations: whether the scanned blocks are still part of the chain, and where the chain has forked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crypto_monitor.chain.failures import Disputed, NodeFailure
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.chain.shapes import Block
from crypto_monitor.scanner import busy_addresses
from crypto_monitor.stores import busy_addresses as busy_store
from crypto_monitor.stores import cursors as cursor_store
from crypto_monitor.stores.cursors import CursorItem, start_of
from paycorex import clock, redaction

logger: Final = redaction.logger("crypto_scanner")

# How many blocks behind the head the first tick of a network begins.
FIRST_LOOK_BLOCKS: Final = 100
# How long after a rollback confirmed transfers are checked again: longer than the index that finds them can lag.
RECHECK_MS: Final = 180_000


@dataclass(frozen=True, slots=True)
class _Fork:
    """The last block that is still part of the chain."""

    number: int
    depth: int


def begin(cursor: CursorItem, node_set: NodeSet) -> None:
    """Set the cursor of a network that was never scanned."""
    number = max(node_set.head - FIRST_LOOK_BLOCKS, 0)
    header = node_set.reader.headers([number]).get(number)
    if header is None:
        raise Disputed(number, "the reader does not have its own block")
    cursor_store.change(cursor, number=number, block_hash=header.hash, window=start_of(header.hash), head=node_set.head)


def check(cursor: CursorItem, node_set: NodeSet) -> bool:
    """Roll the cursor back if the chain was reorganised below it. False when the reader has not got as far as the cursor.

    Raises Disputed when the nodes do not agree that it was, LeaseLost, NodeFailure.
    """
    number = int(cursor.number or 0)
    header = node_set.reader.headers([number]).get(number)
    if header is not None and header.hash == cursor.block_hash:
        return True
    known = cursor_store.known_hashes(cursor)
    fork = _fork(cursor, known, node_set.reader.headers(sorted(known)))
    if fork is None:
        return False
    _demand_agreement(cursor, node_set, beyond_window=fork.number not in known)
    roll_back(cursor, fork.number, node_set)
    logger.error("chain reorganised", extra={"network": cursor.network, "fork": fork.number, "depth": fork.depth})
    return True


def block_before(node_set: NodeSet, moment_ms: int) -> int:
    """A block that was made by that moment; 0 where none was. Blocks come faster than usual at times, so it is their time that counts.

    Raises Disputed, NodeFailure.
    """
    # At least one, whatever the clocks say: doubling zero would give zero.
    blocks = max((clock.now_ms() - moment_ms) // node_set.network.block_ms, 0) + 1
    while (number := max(node_set.head - blocks, 0)) > 0:
        header = node_set.reader.headers([number]).get(number)
        if header is None:
            raise Disputed(number, "the reader does not have its own block")
        if header.time * 1_000 <= moment_ms:
            break
        blocks *= 2
    return number


def roll_back(cursor: CursorItem, number: int, node_set: NodeSet) -> None:
    """Continue after an earlier block. Confirmed transfers above it are checked against the chain for some time.

    This applies to every rollback: the hashes that are dropped here would have shown that one of those blocks has changed.
    """
    known = cursor_store.known_hashes(cursor)
    header = node_set.reader.headers([number]).get(number)
    if header is None:
        raise Disputed(number, "the reader does not have its own block")
    kept = [known[at] for at in sorted(known) if at < number]
    recheck = _recheck(cursor, number + 1)
    window = "".join(kept) + start_of(header.hash)
    time_ms = header.time * 1_000
    apart = busy_store.serialized(busy_addresses.rolled_back(busy_store.entries(cursor), number, time_ms))
    at = {"number": number, "block_hash": header.hash, "window": window, "block_time": time_ms, "position": None, "busy": apart}
    cursor_store.change(cursor, **at, **recheck)


def _recheck(cursor: CursorItem, first: int) -> dict[str, object]:
    """Compare confirmed transfers from a block on. A round that is under way goes on, unless it began later in the chain."""
    is_wider = cursor.recheck_from is None or first < int(cursor.recheck_from)
    begin = {"recheck_from": first, "recheck_after": None} if is_wider else {}
    return {**begin, "recheck_open": True, "recheck_until": clock.now_ms() + RECHECK_MS}


def _fork(cursor: CursorItem, known: Mapping[int, str], headers: Mapping[int, Block]) -> _Fork | None:
    """The last known block that is still there; None when nothing known is contradicted (the node is only behind)."""
    top = int(cursor.number or 0)
    same = [at for at in known if at in headers and start_of(headers[at].hash) == known[at]]
    if top in headers and headers[top].hash != cursor.block_hash:
        same = [at for at in same if at != top]
    if not any(at in headers and at not in same for at in known):
        return None
    # Deeper than the window: begin before it. What was recorded there is compared by its own block hashes.
    number = max(same) if same else max(min(known) - cursor_store.WINDOW_BLOCKS, 0)
    return _Fork(number, top - number)


def _demand_agreement(cursor: CursorItem, node_set: NodeSet, *, beyond_window: bool) -> None:
    """Raises Disputed when a witness still has the block that the reader lost, or when no witness confirms a fork beyond the window."""
    number = int(cursor.number or 0)
    theirs = node_set.reader.headers([number]).get(number)
    confirmed = False
    for witness in node_set.witnesses:
        try:
            header = witness.headers([number]).get(number)
        except NodeFailure as failure:
            node_set.drop(witness, failure)
            continue
        if header is not None and header.hash == cursor.block_hash:
            raise Disputed(number, f"{witness.label} still has the block that {node_set.reader.label} has lost")
        confirmed = confirmed or (header is not None and theirs is not None and header.hash == theirs.hash)
    if beyond_window and node_set.quorum > 1 and not confirmed:
        raise Disputed(number, f"only {node_set.reader.label} says that the chain is another one")
