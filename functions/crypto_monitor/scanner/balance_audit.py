"""The audit of balances: it finds coins that no transaction or log shows, because a contract sent them (a multisig, an exchange's batch).

The balance of a payment's deposit address is compared with what was recorded of it. A surplus raises a transfer with status `review`
for an operator: a balance does not show which transaction paid, so nothing is credited automatically. A tick makes two calls,
for the newest addresses and for the next part of the older ones, however many there are, and asks a second node for those that changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from crypto_monitor.chain.failures import NodeFailure
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.chain.shapes import Block
from crypto_monitor.scanner import busy_addresses, detection, watchlist
from crypto_monitor.scanner.block_transfers import Found
from crypto_monitor.scanner.budget import Budget
from crypto_monitor.stores import addresses as address_store
from crypto_monitor.stores import busy_addresses as busy_store
from crypto_monitor.stores import cursors as cursor_store
from crypto_monitor.stores import transfers as transfer_store
from crypto_monitor.stores.cursors import CursorItem
from paycorex import redaction
from paycorex.evm.address import ZERO
from paycorex.records.crypto_address import CryptoAddressItem
from paycorex.records.crypto_transaction import REVIEW, CryptoTransactionItem

logger: Final = redaction.logger("crypto_scanner")

# An alarm matches this text.
UNEXPLAINED: Final = "unexplained balance"
# How many balances one call reads: a call that runs as creation may return 24,576 bytes (EIP-170).
PER_CALL: Final = 700


@dataclass(frozen=True, slots=True)
class _Balance:
    """A deposit address whose balance differs from the last observed one."""

    address_id: str
    units: int


def compare(node_set: NodeSet, cursor: CursorItem, budget: Budget) -> int:
    """Compare balances with records at the cursor. Returns how many reviews were raised.

    Only when the scanner has caught up, and not for busy addresses: otherwise the difference would be transfers that are not scanned yet.
    A difference that there is no time for is found in the next tick. Raises LeaseLost.
    """
    if int(cursor.number or 0) < node_set.head or not node_set.live:
        return 0
    deposits, number = watchlist.of(node_set.network.name).deposits, int(cursor.number or 0)
    apart = busy_addresses.left_out(busy_store.entries(cursor))
    raised = 0
    for part in _parts([address for address in deposits if address not in apart], cursor):
        try:
            balances = node_set.reader.coin_balances(part, number)
        except NodeFailure as failure:
            logger.warning("balances not compared", extra={"network": node_set.network.name, "problem": failure.problem})
            return raised
        changed = {address: units for address, units in zip(part, balances, strict=True) if units != deposits[address].balance_seen}
        for address, units in _confirmed(node_set, changed, number).items():
            if not budget.allows():
                return raised
            raised += _explain(node_set, cursor, _Balance(deposits[address].address_id, units))
            deposits[address].balance_seen = units
    return raised


def _confirmed(node_set: NodeSet, changed: Mapping[str, int], number: int) -> Mapping[str, int]:
    """The changed balances that a second node confirms: one node alone could raise a review for money that never came."""
    if node_set.quorum == 1 or not changed:
        return changed
    for witness in node_set.witnesses:
        try:
            theirs = witness.coin_balances(list(changed), number)
        except NodeFailure as failure:
            logger.warning("balances not compared", extra={"network": node_set.network.name, "problem": failure.problem})
            continue
        return {address: units for (address, units), other in zip(changed.items(), theirs, strict=True) if units == other}
    return {}


def _parts(addresses: list[str], cursor: CursorItem) -> Iterator[list[str]]:
    """The newest addresses, then the next part of the older ones, in rotation. A part counts as done when the next one is requested."""
    newest, older = addresses[-PER_CALL:], addresses[:-PER_CALL]
    if newest:
        yield newest
    if older:
        start = int(cursor.balances_after or 0) % len(older)
        part = older[start : start + PER_CALL]
        yield part
        cursor_store.change(cursor, balances_after=start + len(part))


def _explain(node_set: NodeSet, cursor: CursorItem, balance: _Balance) -> bool:
    """Store a changed balance. Returns True when more came in than was recorded."""
    item = address_store.find(balance.address_id)
    if item is None:
        return False
    explained, explained_seen = int(item.explained or "0"), int(item.explained_seen or "0")
    unexplained = (balance.units - int(item.balance_seen or "0")) - (explained - explained_seen)
    item.balance_seen, item.explained_seen = str(balance.units), item.explained or "0"
    if unexplained < node_set.network.native.dust_units:
        transfer_store.note(cursor, item)
        return False
    logger.error(UNEXPLAINED, extra={"network": item.network, "address_id": item.address_id})
    transfer_store.note(cursor, item, review=_review(node_set, cursor, item, unexplained))
    return True


def _review(node_set: NodeSet, cursor: CursorItem, item: CryptoAddressItem, units: int) -> CryptoTransactionItem:
    head = node_set.live[node_set.reader].head
    block = Block(int(cursor.number or 0), cursor.block_hash or "", "", head.time, 0, (), ())
    found = Found(block.hash, item.address, ZERO, item.address, node_set.network.native, units, block)
    return detection.drafted(node_set.network, found, item, status=REVIEW)
