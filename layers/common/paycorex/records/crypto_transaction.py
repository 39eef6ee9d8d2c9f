"""A transfer that the chain monitor found: stored shape and contract object.

Only the chain monitor writes it; the payments room follows its stream and settles.
"""

from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, ids, modes
from paycorex.contract import View
from paycorex.evm.address import checksummed
from paycorex.evm.networks import format_units
from paycorex.modes import Mode
from paycorex.records.stamps import StampedItem

# In a block, not yet deep enough.
DETECTED: Final = "detected"
# Deep enough, re-read and agreed upon by the providers.
CONFIRMED: Final = "confirmed"
# The transaction had no effect: it was reverted, or no balance moved.
FAILED: Final = "failed"
# Its block is no longer part of the chain.
REORGED: Final = "reorged"
# Too little to be booked. Of records of long ago: today dust is not recorded at all.
DUST: Final = "dust"
# Money that no transaction or log explains (a contract paid inside); an operator should review it.
REVIEW: Final = "review"

NATIVE: Final = "native"


class CryptoTransactionItem(StampedItem):
    """A transfer to a watched address. `amount` is in the asset's smallest units, as text, because a uint256 has up to 78 digits.

    incarnation: how many times it was confirmed; more than one only when a block came back after a deep reorg.
    """

    class Meta:
        """Which table."""

        table_name = "crypto_transactions"

    network = UnicodeAttribute(hash_key=True)
    transfer_id = UnicodeAttribute(range_key=True)
    merchant_id = UnicodeAttribute()
    address_id = UnicodeAttribute()
    user_id = UnicodeAttribute(null=True)
    payment_id = UnicodeAttribute(null=True)
    tx_hash = UnicodeAttribute()
    chain_id = NumberAttribute()
    from_address = UnicodeAttribute()
    to_address = UnicodeAttribute()
    asset = UnicodeAttribute()
    contract = UnicodeAttribute(null=True)
    decimals = NumberAttribute()
    amount = UnicodeAttribute()
    block_number = NumberAttribute()
    block_hash = UnicodeAttribute()
    # When the block was made, by its own word: decides whether the money was in time.
    block_time = NumberAttribute()
    confirmations = NumberAttribute(default=0)
    status = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    incarnation = NumberAttribute(default=0)
    detected_at = NumberAttribute()
    confirmed_at = NumberAttribute(null=True)
    updated_at = NumberAttribute()
    order_key = UnicodeAttribute()
    # `<network>#<status>`, or that and `#busy`: with block_number the index that confirmations and reorgs walk.
    state_key = UnicodeAttribute()
    version = NumberAttribute()


class CryptoTransactionView(View):
    """The contract's crypto transaction object. `amount` is in coins of `asset`."""

    tx_hash: str
    mode: Mode
    network: str
    chain_id: int
    from_address: str
    to_address: str
    asset: str
    amount: str
    block_number: int
    block_hash: str
    confirmations: int
    status: str
    reason: str | None
    payment_id: str | None
    user_id: str | None
    detected_at: str


def transfer_id(tx_hash: str, transfer_key: str, merchant_id: str) -> str:
    """The key of a transfer within its network. transfer_key: which of the transaction's transfers, or NATIVE.

    Ends in the merchant, because two merchants may watch one address.
    """
    return f"{tx_hash}:{transfer_key}:{merchant_id}"


def state_key(network: str, status: str, *, is_busy: bool = False) -> str:
    """The partition of the index by status. is_busy: that of transfers to busy addresses, which are judged with the time that is left."""
    return f"{network}#{status}#busy" if is_busy else f"{network}#{status}"


def record_id(item: CryptoTransactionItem) -> str:
    """The id that the transfer's events follow from."""
    return ids.derive("ctx", item.network, item.transfer_id)


def view(item: CryptoTransactionItem) -> CryptoTransactionView:
    """The contract object of a stored transfer."""
    return CryptoTransactionView(
        tx_hash=item.tx_hash,
        mode=modes.of(item.merchant_id),
        network=item.network,
        chain_id=int(item.chain_id),
        from_address=checksummed(item.from_address),
        to_address=checksummed(item.to_address),
        asset=item.asset,
        amount=format_units(int(item.amount), int(item.decimals)),
        block_number=int(item.block_number),
        block_hash=item.block_hash,
        confirmations=int(item.confirmations),
        status=item.status,
        reason=item.reason,
        payment_id=item.payment_id,
        user_id=item.user_id,
        detected_at=clock.rfc3339(int(item.detected_at)),
    )
