"""How far each network's scanner is behind its chain: one read a network, nothing is asked of a node."""

from crypto_monitor.stores import cursors
from crypto_monitor.stores.cursors import CursorItem
from operations.running_views import ChainLine, Chains
from paycorex import clock
from paycorex.evm.networks import NETWORKS


def lines() -> Chains:
    """Every network. Raises storage.Unavailable."""
    return Chains(data=[_line(network, cursors.find(network)) for network in NETWORKS])


def _line(network: str, cursor: CursorItem | None) -> ChainLine:
    block = None if cursor is None or cursor.number is None else int(cursor.number)
    head = None if cursor is None or not cursor.head else int(cursor.head)
    return ChainLine(
        network=network,
        followed=cursor is not None,
        block=block,
        head=head,
        lag=None if block is None or head is None else max(head - block, 0),
        failed_ticks=0 if cursor is None else int(cursor.failed_ticks),
        busy_addresses=cursor is not None and bool(cursor.busy),
        moved_at=_time(cursor.moved_at) if cursor else None,
        behind_at=_time(cursor.behind_at) if cursor else None,
    )


def _time(at_ms: object) -> str | None:
    return None if at_ms is None else clock.rfc3339(int(str(at_ms)))
