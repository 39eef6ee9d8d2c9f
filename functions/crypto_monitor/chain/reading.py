"""Reading a range of blocks so that nothing in it is missing and nothing in it is made up, as far as the nodes together can tell.

- Blocks must link: each names its parent, the first the last one scanned. So a range is one chain or it is refused.
- Witnesses must have the same block where they have one, with the same transactions and logs. Blocks they dispute are not passed.
- A node may silently cut an answer that is too long. The block in which an answer ended is asked for again by its hash, and so is a block
  whose bloom filter promises a token's Transfer while the answer has none; without a witness both are compared with the receipts, too.

What stays hidden: logs that every node leaves out of a single block, asked for by its hash, when there is more than one node.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crypto_monitor.chain.failures import Disputed, NodeFailure
from crypto_monitor.chain.node import LogAnswer, Node
from crypto_monitor.chain.panel import Panel
from crypto_monitor.chain.shapes import TRANSFER_TOPIC, Block, Log, bloom_mask

LogsByBlock = Mapping[str, frozenset[Log]]


class BrokenLink(Exception):
    """The first block's parent is not the last block scanned: the chain was reorganised."""


@dataclass(frozen=True, slots=True)
class Range:
    """Consecutive blocks, and the Transfer logs of the asked contracts in each (by block hash)."""

    blocks: tuple[Block, ...]
    logs: LogsByBlock


def read(panel: Panel, first: int, last: int, parent_hash: str | None, contracts: Sequence[str]) -> Range:
    """The longest undisputed part of first..last; empty when the reader does not have the first block yet.

    Raises BrokenLink, Disputed, NodeFailure (of the reader) or RangeTooLarge (ask for fewer blocks).
    """
    reader = panel.reader
    by_number, answer = reader.scan(first, last, contracts)
    blocks = _linked(by_number, first, parent_hash)
    if not blocks:
        return Range((), {})
    found = _grouped(reader, blocks, answer, contracts)
    compared = False
    for witness in panel.witnesses:
        try:
            blocks, found, saw = _witnessed(reader, witness, blocks, found, contracts)
            compared = compared or saw
        except NodeFailure as failure:
            panel.drop(witness, failure)
    return Range(blocks, _completed(reader, blocks, found, contracts, answer.ends, is_alone=not compared))


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


def _witnessed(
    reader: Node, witness: Node, blocks: tuple[Block, ...], found: dict[str, frozenset[Log]], contracts: Sequence[str]
) -> tuple[tuple[Block, ...], dict[str, frozenset[Log]], bool]:
    """The part of the range that a witness does not dispute; True when it could compare all of it. Raises Disputed or NodeFailure."""
    blocks, is_behind = _agreed_part(reader, witness, blocks)
    if is_behind:
        return blocks, found, False
    theirs = _grouped(witness, blocks, witness.logs(blocks[0].number, blocks[-1].number, contracts), contracts)
    for position, block in enumerate(blocks):
        if theirs[block.hash] == found[block.hash]:
            continue
        found[block.hash] = frozenset(reader.logs_of_block(block.hash, contracts))
        if frozenset(witness.logs_of_block(block.hash, contracts)) != found[block.hash]:
            if position == 0:
                raise Disputed(block.number, f"{reader.label} and {witness.label} have different logs")
            return blocks[:position], found, True
    return blocks, found, True


def _agreed_part(reader: Node, witness: Node, blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], bool]:
    """The blocks up to the first that the witness has otherwise; True when it does not have all of them yet. Raises Disputed.

    The same hash does not prove the same content, because nobody here recomputes it: the transactions' hashes are compared too, or a node
    that leaves some of them out would hide payments.
    """
    headers = witness.headers([block.number for block in blocks])
    for position, block in enumerate(blocks):
        header = headers.get(block.number)
        if header is None:
            return blocks, True
        if (header.hash, header.tx_hashes) != (block.hash, block.tx_hashes):
            if position == 0:
                raise Disputed(block.number, f"{reader.label} and {witness.label} have different blocks")
            return blocks[:position], False
    return blocks, False


def _completed(
    reader: Node,
    blocks: Sequence[Block],
    found: dict[str, frozenset[Log]],
    contracts: Sequence[str],
    ends: frozenset[str],
    *,
    is_alone: bool,
) -> dict[str, frozenset[Log]]:
    """The logs with what blooms promise and what receipts have. ends: as of the reader's answer."""
    masks = {contract: bloom_mask(contract, TRANSFER_TOPIC) for contract in contracts}
    for block in blocks:
        seen = {log.contract for log in found[block.hash]}
        is_promised = any(contract not in seen and block.bloom & mask == mask for contract, mask in masks.items())
        if is_promised:
            found[block.hash] |= frozenset(reader.logs_of_block(block.hash, contracts))
        if is_alone and (is_promised or block.hash in ends):
            found[block.hash] |= _from_receipts(reader, block, contracts)
    return found


def _from_receipts(reader: Node, block: Block, contracts: Sequence[str]) -> frozenset[Log]:
    """A bloom filter may promise what is not there; the receipts know. Nodes that do not offer them are believed."""
    try:
        logs = reader.logs_of_block_receipts(block.number, contracts)
    except NodeFailure:
        return frozenset()
    return frozenset(log for log in logs if log.block_hash == block.hash)
