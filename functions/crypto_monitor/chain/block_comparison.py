"""Comparison of two nodes' blocks: by what proves a block and by the transactions that move money of interest, and by nothing else.

Different clients list different transactions under one hash: Polygon's state-sync transaction (no coins, no sender or recipient) is in the
blocks of one client and not of another. Nor does the same hash prove the same content, because it is not recomputed here. So hash,
parent and time must be the same, and so must be each transaction that can move money of interest: one that sends coins to a watched
address, or calls a watched token.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crypto_monitor.chain.failures import Disputed
from crypto_monitor.chain.node import Node
from crypto_monitor.chain.shapes import Block, Log, Transaction

# How many transactions that only a witness lists are looked up in a block: one post. With more it is another block.
MAX_UNLISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Interest:
    """What the monitor looks for: transfers of these contracts' tokens, and coins, to these addresses.

    takes_either: of a block with one hash, take what either node has. What only one node has is never credited (see `scanner.node_votes`).
    """

    contracts: Sequence[str]
    watched: Collection[str]
    takes_either: bool = False

    def moves(self, sent: Transaction) -> bool:
        """True for a transaction that can move money of interest by itself; what contracts do inside shows in logs."""
        return (sent.recipient in self.watched and sent.value > 0) or sent.recipient in self.contracts

    def logs(self, logs: Iterable[Log]) -> frozenset[Log]:
        """Those that go to a watched address."""
        return frozenset(log for log in logs if log.recipient in self.watched)


@dataclass(frozen=True, slots=True)
class Agreed:
    """The blocks up to the first that the witness has otherwise. is_behind: it does not have all of them yet.

    completed: numbers of blocks that got transactions which only the witness lists, or kept some that it does not.
    """

    blocks: tuple[Block, ...]
    is_behind: bool
    completed: frozenset[int]


def agreed(reader: Node, witness: Node, blocks: tuple[Block, ...], interest: Interest) -> Agreed:
    """What the witness does not dispute. Raises Disputed when that is nothing, or NodeFailure of the witness."""
    headers = witness.headers([block.number for block in blocks])
    kept: list[Block] = []
    completed: set[int] = set()
    for position, block in enumerate(blocks):
        header = headers.get(block.number)
        if header is None:
            return Agreed((*kept, *blocks[position:]), is_behind=True, completed=frozenset(completed))
        same = _together(witness, block, header, interest)
        if same is None:
            if position == 0:
                raise Disputed(block.number, f"{reader.label} and {witness.label} have different blocks")
            break
        if same is not block:
            completed.add(block.number)
        kept.append(same)
    return Agreed(tuple(kept), is_behind=False, completed=frozenset(completed))


def _together(witness: Node, block: Block, header: Block, interest: Interest) -> Block | None:
    """The block when the witness has it, too; a copy where what either has was taken; None where they differ."""
    if (header.hash, header.parent_hash, header.time) != (block.hash, block.parent_hash, block.time):
        return None
    if header.tx_hashes == block.tx_hashes:
        return block
    theirs = frozenset(header.tx_hashes)
    is_withheld = any(sent.hash not in theirs and interest.moves(sent) for sent in block.transactions)
    unlisted = _unlisted(witness, block, header, interest)
    if unlisted == [] and not is_withheld:
        return block
    if unlisted is None or not interest.takes_either:
        return None
    first = len(block.transactions)
    added = (replace(sent, position=first + index) for index, sent in enumerate(unlisted))
    return replace(block, transactions=(*block.transactions, *added))


def _unlisted(witness: Node, block: Block, header: Block, interest: Interest) -> list[Transaction] | None:
    """The transactions of interest that only the witness lists; None when it cannot be found out."""
    ours = frozenset(block.tx_hashes)
    missing = [tx_hash for tx_hash in header.tx_hashes if tx_hash not in ours]
    if len(missing) > MAX_UNLISTED:
        return None
    sent = witness.sent(missing) if missing else {}
    if len(sent) < len(set(missing)):
        return None
    return [sent[tx_hash] for tx_hash in missing if interest.moves(sent[tx_hash])]
