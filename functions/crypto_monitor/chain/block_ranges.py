"""Reading a range of blocks completely and without invented content, as far as the nodes together can prove it.

- Blocks must link: each names its parent, the first the last one scanned. A range that is not one chain is refused.
- Witnesses must have the same block where they have one (see `block_comparison`). The scan does not pass blocks that they dispute.
- A node may silently cut an answer that is too long. The block in which an answer ended is asked for again by its hash, and so is a block
  whose bloom filter promises a token's Transfer while the answer has none; without a witness both are compared with the receipts, too.

What stays hidden: logs that every node leaves out of a single block, asked for by its hash, when there is more than one node.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crypto_monitor.chain import block_comparison
from crypto_monitor.chain.block_comparison import Interest
from crypto_monitor.chain.failures import Disputed, NodeFailure
from crypto_monitor.chain.node import LogAnswer, Node
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.chain.shapes import TRANSFER_TOPIC, Block, Log, bloom_mask

LogsByBlock = Mapping[str, frozenset[Log]]


class BrokenLink(Exception):
    """The first block's parent is not the last block scanned: the chain was reorganised."""


@dataclass(frozen=True, slots=True)
class Range:
    """Consecutive blocks, and the Transfer logs of the asked contracts in each (by block hash).

    completed: numbers of the blocks in which one node has what another one has not, and either was taken.
    """

    blocks: tuple[Block, ...]
    logs: LogsByBlock
    completed: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Reading:
    """What was read so far, as the witnesses change it."""

    reader: Node
    interest: Interest
    blocks: tuple[Block, ...]
    found: dict[str, frozenset[Log]]
    completed: set[int]
    is_compared: bool = False


def read(node_set: NodeSet, first: int, last: int, parent_hash: str | None, interest: Interest) -> Range:
    """The longest undisputed part of first..last; empty when the reader does not have the first block yet.

    Raises BrokenLink, Disputed, NodeFailure (of the reader) or Narrower (ask for fewer blocks).
    """
    reader = node_set.reader
    by_number, answer = reader.scan(first, last, interest.contracts)
    blocks = _linked(by_number, first, parent_hash)
    if not blocks:
        return Range((), {})
    reading = _Reading(reader, interest, blocks, _grouped(reader, blocks, answer, interest.contracts), set())
    for witness in node_set.witnesses:
        try:
            _witness(reading, witness)
        except NodeFailure as failure:
            node_set.drop(witness, failure)
    found = _completed(reading, answer.ends)
    return Range(reading.blocks, found, frozenset(reading.completed))


def _linked(by_number: Mapping[int, Block], first: int, parent_hash: str | None) -> tuple[Block, ...]:
    blocks: list[Block] = []
    number, parent = first, parent_hash
    while number in by_number:
        block = by_number[number]
        if parent is not None and block.parent_hash != parent:
            if not blocks:
                raise BrokenLink
            break  # the chain moved while we read it; what is linked is kept, the rest is read again
        blocks.append(block)
        number, parent = number + 1, block.hash
    return tuple(blocks)


def _grouped(node: Node, blocks: Sequence[Block], answer: LogAnswer, contracts: Sequence[str]) -> dict[str, frozenset[Log]]:
    """Logs by block hash.

    Asked for again by its hash is a block for which the node gave logs of another hash, and one in which an answer ended.
    """
    grouped: dict[str, set[Log]] = {block.hash: set() for block in blocks}
    hash_at = {block.number: block.hash for block in blocks}
    again = set(answer.ends & grouped.keys())
    for log in answer.logs:
        if log.contract not in contracts or log.block_number not in hash_at:
            continue
        if log.block_hash != hash_at[log.block_number]:
            again.add(hash_at[log.block_number])
        else:
            grouped[log.block_hash].add(log)
    for block_hash in again:
        grouped[block_hash] |= set(node.logs_of_block(block_hash, contracts))
    return {block_hash: frozenset(found) for block_hash, found in grouped.items()}


def _witness(reading: _Reading, witness: Node) -> None:
    """Keep what a witness does not dispute. Raises Disputed, or NodeFailure of either."""
    agreed = block_comparison.agreed(reading.reader, witness, reading.blocks, reading.interest)
    reading.blocks, reading.completed = agreed.blocks, reading.completed | agreed.completed
    if agreed.is_behind:
        return
    blocks, interest = reading.blocks, reading.interest
    theirs = _grouped(witness, blocks, witness.logs(blocks[0].number, blocks[-1].number, interest.contracts), interest.contracts)
    for position, block in enumerate(blocks):
        if interest.logs(theirs[block.hash]) == interest.logs(reading.found[block.hash]):
            continue
        if not _same_by_hash(reading, witness, block):
            if position == 0:
                raise Disputed(block.number, f"{reading.reader.label} and {witness.label} have different logs")
            reading.blocks = blocks[:position]
            break
    reading.is_compared = True


def _same_by_hash(reading: _Reading, witness: Node, block: Block) -> bool:
    """Ask both for the block's logs by its hash; True when they agree, or when what either has is taken."""
    interest = reading.interest
    ours = frozenset(reading.reader.logs_of_block(block.hash, interest.contracts))
    theirs = frozenset(witness.logs_of_block(block.hash, interest.contracts))
    reading.found[block.hash] = ours
    if interest.logs(ours) == interest.logs(theirs):
        return True
    if not interest.takes_either:
        return False
    reading.found[block.hash] = ours | interest.logs(theirs)
    reading.completed.add(block.number)
    return True


def _completed(reading: _Reading, ends: frozenset[str]) -> dict[str, frozenset[Log]]:
    """The logs with what blooms promise and what receipts have. ends: as of the reader's answer."""
    reader, contracts, found = reading.reader, reading.interest.contracts, reading.found
    masks = {contract: bloom_mask(contract, TRANSFER_TOPIC) for contract in contracts}
    for block in reading.blocks:
        seen = {log.contract for log in found[block.hash]}
        is_promised = any(contract not in seen and block.bloom & mask == mask for contract, mask in masks.items())
        if is_promised:
            found[block.hash] |= frozenset(reader.logs_of_block(block.hash, contracts))
        if not reading.is_compared and (is_promised or block.hash in ends):
            found[block.hash] |= _from_receipts(reader, block, contracts)
    return found


def _from_receipts(reader: Node, block: Block, contracts: Sequence[str]) -> frozenset[Log]:
    """A bloom filter may promise what is not there; the receipts know. Nodes that do not offer them are believed."""
    try:
        logs = reader.logs_of_block_receipts(block.number, contracts)
    except NodeFailure:
        return frozenset()
    return frozenset(log for log in logs if log.block_hash == block.hash)
