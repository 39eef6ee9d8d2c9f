"""Detection: from a transfer in a block to one record for each merchant that watches its recipient.

A sighting is one transfer for one watcher. Sightings are recorded in their order in the chain, up to TOGETHER at a time: one read finds
those that are known, one transaction stores the others, and after an interruption recording continues at the position of the last one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from crypto_monitor.chain.block_ranges import Range
from crypto_monitor.chain.failures import Disputed, NodeFailure, Unreachable
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.scanner import block_transfers, confirmation, positions, transfer_guard
from crypto_monitor.scanner.block_transfers import Found
from crypto_monitor.stores import addresses as address_store
from crypto_monitor.stores import transfers as transfer_store
from crypto_monitor.stores.cursors import CursorItem, LeaseLost
from paycorex import clock, redaction, set_aside
from paycorex.evm.networks import Network
from paycorex.records.crypto_address import CryptoAddressItem
from paycorex.records.crypto_transaction import (
    CONFIRMED,
    DETECTED,
    FAILED,
    NATIVE,
    REORGED,
    REVIEW,
    CryptoTransactionItem,
    record_id,
    state_key,
    transfer_id,
)
from paycorex.records.order import order_key
from paycorex.records.stamps import stamp

logger: Final = redaction.logger("crypto_scanner")

TOGETHER: Final = transfer_store.MAX_TOGETHER


@dataclass(frozen=True, slots=True)
class Sighting:
    """A transfer, and the address record of one merchant that watches its recipient."""

    found: Found
    address_id: str

    @property
    def position(self) -> str:
        """Its position in the chain, for the cursor."""
        return positions.at(self.found.block, self._sequence)

    @property
    def _sequence(self) -> str:
        return f"{self.found.sequence}#{self.address_id}"

    def is_after(self, sequence: str) -> bool:
        """True when it comes after this sequence in its block."""
        return self._sequence > sequence


def matches(network: Network, read: Range, watched: Collection[str]) -> Iterator[Found]:
    """The transfers of a range to watched addresses, block by block, in their order."""
    for block in read.blocks:
        yield from block_transfers.native(network, block, watched)
        yield from block_transfers.tokens(network, block, read.logs[block.hash], watched)


def sightings(found: Iterable[Found], ids_at: Mapping[str, tuple[str, ...]], position: str | None) -> Iterator[Sighting]:
    """Each transfer for each of its watchers, after a position in the first block. Generated one by one: there may be millions."""
    for transfer in found:
        sequence = positions.within(position, transfer.block)
        for address_id in sorted(ids_at[transfer.recipient]):
            sighting = Sighting(transfer, address_id)
            if sighting.is_after(sequence):
                yield sighting


def record(node_set: NodeSet, cursor: CursorItem, part: Sequence[Sighting], *, is_busy: bool) -> None:
    """Record up to TOGETHER sightings. Doing it twice changes nothing, and costs two reads.

    Raises Unreachable when a receipt is missing, Disputed, LeaseLost, storage.Unavailable.
    """
    watchers = address_store.find_many([sighting.address_id for sighting in part])
    drafts = {
        identifier: sighting
        for sighting in part
        if (watcher := watchers.get(sighting.address_id)) is not None and watcher.is_active
        for identifier in [transfer_id(sighting.found.tx_hash, sighting.found.transfer_key, watcher.merchant_id)]
    }
    known = transfer_store.find_many(node_set.network.name, drafts)
    open_drafts = {identifier: sighting for identifier, sighting in drafts.items() if not _is_as_known(known.get(identifier), sighting)}
    reverted = _reverted(node_set, [sighting.found for sighting in open_drafts.values()])
    items = [
        drafted(node_set.network, sighting.found, watchers[sighting.address_id], failed=sighting.found.tx_hash in reverted, is_busy=is_busy)
        for sighting in open_drafts.values()
    ]
    _insert(node_set, cursor, [item for item in items if item.transfer_id not in known], watchers)
    for item in items:
        if item.transfer_id in known:
            transfer_guard.attempt(
                transfer_guard.recording(item.network), item, partial(_move, node_set, cursor, known[item.transfer_id], item)
            )


def record_again(node_set: NodeSet, cursor: CursorItem, item: CryptoTransactionItem) -> None:
    """Record a transfer that was set aside. Raises Disputed, LeaseLost, storage.Unavailable, or what is wrong with it."""
    known = transfer_store.insert(cursor, item)
    if known is not None and (known.status == REORGED or known.block_hash != item.block_hash):
        _move(node_set, cursor, known, item)


def _is_as_known(known: CryptoTransactionItem | None, sighting: Sighting) -> bool:
    return known is not None and known.status != REORGED and known.block_hash == sighting.found.block.hash


def _insert(
    node_set: NodeSet, cursor: CursorItem, items: Sequence[CryptoTransactionItem], watchers: Mapping[str, CryptoAddressItem]
) -> None:
    if not items:
        return
    try:
        transfer_store.insert_all(cursor, items, watchers)
    except (LeaseLost, *set_aside.SHARED_TROUBLE):
        raise
    except Exception:  # noqa: BLE001  whichever of them it is about, the others are recorded
        for item in items:
            transfer_guard.attempt(transfer_guard.recording(item.network), item, partial(record_again, node_set, cursor, item))
    logger.info("transfers found", extra={"network": node_set.network.name, "count": len(items), "tx_hash": items[0].tx_hash})


def _reverted(node_set: NodeSet, found: Sequence[Found]) -> frozenset[str]:
    """Transactions that sent coins and were reverted, when a quorum of nodes agrees. One that only a minority reports is decided later.

    A reverted transaction has no logs, so tokens need no check.
    """
    sent = {transfer.tx_hash: transfer.block.hash for transfer in found if transfer.transfer_key == NATIVE}
    receipts = node_set.reader.receipts(list(sent)) if sent else {}
    for tx_hash, block_hash in sent.items():
        if tx_hash not in receipts or receipts[tx_hash].block_hash != block_hash:
            raise Unreachable("the receipt of a transaction in a block is missing")
    votes = Counter(tx_hash for tx_hash, receipt in receipts.items() if not receipt.succeeded)
    suspected = list(votes)
    for witness in node_set.witnesses if suspected else ():
        try:
            seen = witness.receipts(suspected)
        except NodeFailure as failure:
            node_set.drop(witness, failure)
        else:
            votes.update(tx_hash for tx_hash, receipt in seen.items() if not receipt.succeeded and receipt.block_hash == sent[tx_hash])
    return frozenset(tx_hash for tx_hash, count in votes.items() if count >= node_set.quorum)


def _move(node_set: NodeSet, cursor: CursorItem, known: CryptoTransactionItem, item: CryptoTransactionItem) -> None:
    """A transaction is in another block now, or its block came back: its record starts again. First the old block is taken back."""
    if known.status == DETECTED:
        transfer_store.change(cursor, known, event="crypto.reorged", status=REORGED)
    elif known.status == CONFIRMED and confirmation.take_back_vanished(node_set, cursor, [known])[0] == 0:
        # Money was credited for it: one node alone is not enough to take that back.
        raise Disputed(int(item.block_number), "a confirmed transfer is in two blocks")
    names = ("block_number", "block_hash", "block_time", "status", "from_address", "amount", "reason", "confirmations")
    values: dict[str, Any] = {name: getattr(item, name) for name in names}
    event = "crypto.detected" if item.status == DETECTED else None
    transfer_store.change(cursor, known, event=event, **values)


def drafted(
    network: Network,
    found: Found,
    watcher: CryptoAddressItem,
    *,
    failed: bool = False,
    status: str | None = None,
    is_busy: bool = False,
) -> CryptoTransactionItem:
    """The first version of a transfer's record. Nothing is stored yet."""
    now = clock.now_ms()
    if status is None:
        status = FAILED if failed else DETECTED
    item = CryptoTransactionItem(
        network=network.name,
        transfer_id=transfer_id(found.tx_hash, found.transfer_key, watcher.merchant_id),
        merchant_id=watcher.merchant_id,
        address_id=watcher.address_id,
        user_id=watcher.user_id,
        payment_id=watcher.payment_id,
        tx_hash=found.tx_hash,
        chain_id=network.chain_id,
        from_address=found.sender,
        to_address=found.recipient,
        asset=found.asset.symbol,
        contract=found.asset.contract,
        decimals=found.asset.decimals,
        amount=str(found.amount),
        block_number=found.block.number,
        block_hash=found.block.hash,
        block_time=found.block.time * 1000,
        confirmations=1,
        status=status,
        reason={FAILED: "reverted", REVIEW: "unexplained_balance"}.get(status),
        detected_at=now,
        updated_at=now,
        state_key=state_key(network.name, status, is_busy=is_busy and status == DETECTED),
        version=1,
    )
    item.order_key = order_key(now, record_id(item))
    if status == DETECTED:
        for name, value in stamp("crypto.detected", now).items():
            setattr(item, name, value)
    return item
