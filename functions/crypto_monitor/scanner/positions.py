"""A place in a block: after which of its transfers, and for which of their watchers, recording goes on.

Stored as `<start of the block's hash>:<order in the block>#<address id>`. In another block of the same height it means nothing.
"""

from crypto_monitor.chain.shapes import Block
from crypto_monitor.stores.cursors import start_of


def at(block: Block, order: str) -> str:
    """The place in a block after this one of its sightings."""
    return f"{start_of(block.hash)}:{order}"


def within(place: str | None, block: Block) -> str:
    """The order after which to go on in this block; before all others when the place is none, or another block's."""
    if place is None:
        return ""
    block_start, _, order = place.partition(":")
    return order if block_start == start_of(block.hash) else ""
