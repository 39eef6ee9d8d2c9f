"""The Merkle root of a settlement's lines (RFC 6962, section 2.1), made page by page.

What is kept between pages is a hash for each power of two of lines. So a million lines need no memory, and a killed run goes on.
"""

from collections.abc import Callable
from typing import Any, Final

from paycorex.ledger.proof import merkle
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_line import leaf
from settlements.stores import lines as store

PAGE: Final = 500


class Behind(Exception):
    """The index does not show all lines yet: what was stored a moment ago comes to it later."""


def advance(item: SettlementItem, may_go_on: Callable[[], bool]) -> str | None:
    """The root in hexadecimal digits, or None when the time was over; `item.folding` then says how far it came.

    Raises Behind, storage.Unavailable.
    """
    total, read, after, stack = _place(item)
    while may_go_on():
        page = store.page_of_settlement(item.settlement_id, after, PAGE)
        for line in page:
            _append(stack, merkle.leaf_hash(leaf(line)))
        read, after = read + len(page), page[-1].order_key if page else after
        if len(page) < PAGE:
            item.folding = None
            if read != total:
                raise Behind(f"{read} of {total} lines")
            return _root(stack).hex()
        item.folding = [total, read, after, [[size, digest.hex()] for size, digest in stack]]
    return None


def _place(item: SettlementItem) -> tuple[int, int, str | None, list[tuple[int, bytes]]]:
    """Where to go on. Lines that came since have any place among the others: it begins anew."""
    kept: list[Any] = item.folding or [None]
    if kept[0] != int(item.lines):
        return int(item.lines), 0, None, []
    _total, read, after, stack = kept
    return int(item.lines), int(read), after, [(int(size), bytes.fromhex(digest)) for size, digest in stack]


def _append(stack: list[tuple[int, bytes]], digest: bytes) -> None:
    size = 1
    while stack and stack[-1][0] == size:
        left_size, left = stack.pop()
        size, digest = left_size + size, merkle.node_hash(left, digest)
    stack.append((size, digest))


def _root(stack: list[tuple[int, bytes]]) -> bytes:
    if not stack:
        return merkle.root([])
    digest = stack[-1][1]
    for _size, left in reversed(stack[:-1]):
        digest = merkle.node_hash(left, digest)
    return digest
