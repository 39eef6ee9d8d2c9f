"""The status of a transaction, read from the chain on request.

A merchant sees only a transaction that pays one of its watched addresses; any other is `not_found`, whether it exists or not.
"""

from collections.abc import Callable, Iterable
from typing import Final

from crypto_monitor.chain import transaction_lookup
from crypto_monitor.chain.shapes import HASH, Receipt, Transaction
from crypto_monitor.chain.transaction_lookup import Facts
from crypto_monitor.stores import addresses as address_store
from crypto_monitor.stores import transfers as transfer_store
from paycorex import rate_limits
from paycorex.contract import View
from paycorex.errors import InvalidRequest, NotFound
from paycorex.evm.address import checksummed
from paycorex.evm.networks import Asset, Network, format_units
from paycorex.records.crypto_address import CryptoAddressItem, address_id_of
from paycorex.records.crypto_transaction import CryptoTransactionItem

PER_MINUTE: Final = 60


class ChainTransfer(View):
    """One transfer of the transaction to one of the merchant's addresses. status: what the monitor recorded, null when it has not yet."""

    from_address: str
    to_address: str
    asset: str
    amount: str
    payment_id: str | None
    status: str | None


class StatusView(View):
    """The contract's answer: status is `pending`, `confirmed`, `failed`, `not_found` or `reorged`."""

    tx_hash: str
    network: str
    chain_id: int
    status: str
    confirmations: int
    confirmations_required: int
    block_number: int | None
    block_hash: str | None
    transfers: list[ChainTransfer]
    payment_ids: list[str]


def status(merchant_id: str, network: Network, tx_hash: str, ask: Callable[[Network, str], Facts] | None = None) -> StatusView:
    """Raises InvalidRequest, RateLimited, NotFound or ProviderUnavailable."""
    if HASH.fullmatch(tx_hash) is None:
        raise InvalidRequest("A transaction hash is 0x and 64 lower-case hexadecimal digits.", details={"field": "tx_hash"})
    rate_limits.take("crypto_status", merchant_id, per_minute=PER_MINUTE)
    recorded = transfer_store.of_transaction(network.name, tx_hash, merchant_id)
    sent, receipt, head = (ask or transaction_lookup.transaction)(network, tx_hash)
    transfers = list(_transfers(merchant_id, network, sent, receipt, recorded))
    if not transfers and not recorded:
        raise NotFound("transaction")
    depth = head - receipt.block_number + 1 if receipt else 0
    return StatusView(
        tx_hash=tx_hash,
        network=network.name,
        chain_id=network.chain_id,
        status=_status(sent, receipt, recorded, depth, network.confirmations),
        confirmations=max(depth, 0),
        confirmations_required=network.confirmations,
        block_number=receipt.block_number if receipt else None,
        block_hash=receipt.block_hash if receipt else None,
        transfers=transfers,
        payment_ids=sorted({item.payment_id for item in transfers if item.payment_id is not None}),
    )


def _status(sent: Transaction | None, receipt: Receipt | None, recorded: list[CryptoTransactionItem], depth: int, required: int) -> str:
    if receipt is not None and not receipt.succeeded:
        return "failed"
    if receipt is not None:
        return "confirmed" if depth >= required else "pending"
    if sent is not None:
        return "pending"
    # It was in a block when it was recorded, and no longer is.
    return "reorged" if recorded else "not_found"


def _transfers(
    merchant_id: str, network: Network, sent: Transaction | None, receipt: Receipt | None, recorded: list[CryptoTransactionItem]
) -> Iterable[ChainTransfer]:
    statuses = {(item.to_address, item.asset): item.status for item in recorded}
    for sender, recipient, asset, units in _moves(network, sent, receipt):
        watcher: CryptoAddressItem | None = address_store.find(address_id_of(merchant_id, network.name, recipient))
        if watcher is not None:
            yield ChainTransfer(
                from_address=checksummed(sender),
                to_address=checksummed(recipient),
                asset=asset.symbol,
                amount=format_units(units, asset.decimals),
                payment_id=watcher.payment_id,
                status=statuses.get((recipient, asset.symbol)),
            )


def _moves(network: Network, sent: Transaction | None, receipt: Receipt | None) -> Iterable[tuple[str, str, Asset, int]]:
    if sent is not None and sent.recipient is not None and sent.value > 0:
        yield sent.sender, sent.recipient, network.native, sent.value
    for log in receipt.transfers if receipt else ():
        asset = network.token_at(log.contract)
        if asset is not None and log.value > 0:
            yield log.sender, log.recipient, asset, log.value
