"""A position in a block: the transfer, and the watcher of it, after which recording goes on.

Stored as `<start of the block's hash>:<sequence in the block>#<address id>`. It has no meaning in another block of the same height.
"""

from crypto_monitor.chain.shapes import Block
from crypto_monitor.stores.cursors import start_of


def at(block: Block, sequence: str) -> str:
    """The position in a block after the sighting with this sequence."""
    return f"{start_of(block.hash)}:{sequence}"


def within(position: str | None, block: Block) -> str:
    """The sequence after which to go on in this block; before all sightings when there is no position, or it is another block's."""
    if position is None:
        return ""
    block_start, _, sequence = position.partition(":")
    return sequence if block_start == start_of(block.hash) else ""
