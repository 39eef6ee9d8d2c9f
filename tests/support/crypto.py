"""Crypto payments without a chain: the transfers that the monitor would record, and the payments that follow."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from paycorex import clock, storage
from paycorex.evm import networks
from paycorex.ledger import Account, balance_of
from paycorex.records.crypto_transaction import CryptoTransactionItem, record_id, state_key
from paycorex.records.order import order_key
from paycorex.records.stamps import stamp
from tests.support.payments import findings, settings, show
from tests.support.world import Signer, World
from tests.unit.paycorex.test_extended_key import JUNK, account_key

EVENTS = {"detected": "crypto.detected", "confirmed": "crypto.confirmed", "reorged": "crypto.reorged"}


def merchant_with_key(world: World, **fields: Any) -> Signer:
    """A merchant whose wallet takes deposits on every network."""
    who = world.register()
    settings(world, who, xpubs={name: str(account_key(JUNK)) for name in networks.NETWORKS}, **fields)
    return who


def pay_by_crypto(world: World, who: Signer, amount: str = "1000.00", *, key: str | None = None, **more: Any) -> dict[str, Any]:
    """A payment that waits for its money."""
    body = {"amount": amount, "method": "crypto", "network": "ethereum", **more}
    made = world.call(who, "POST", "/v1/payments/create", body, key=key)
    assert made.status == 201, made.raw
    answer: dict[str, Any] = made.body
    return answer


@dataclass
class Monitor:
    """Writes transfers as the chain monitor does, and hands their stream to the settlement."""

    world: World
    who: Signer
    rows: dict[str, CryptoTransactionItem] = field(default_factory=dict)

    def found(self, payment: dict[str, Any], units: int, *, asset: str = "ETH", name: str = "a", at_ms: int | None = None) -> str:
        """A transfer in a block; its transaction's hash."""
        network = networks.named(payment["next_action"]["network"] if payment["next_action"] else "ethereum")
        tx_hash = "0x" + hashlib.sha256(f"{payment['payment_id']}{name}".encode()).hexdigest()
        now = clock.now_ms()
        item = CryptoTransactionItem(
            network=network.name,
            transfer_id=f"{tx_hash}:native:{self.who.merchant_id}",
            merchant_id=self.who.merchant_id,
            address_id="adr_" + "a" * 26,
            payment_id=payment["payment_id"],
            tx_hash=tx_hash,
            chain_id=network.chain_id,
            from_address="0x" + "11" * 20,
            to_address="0x" + "22" * 20,
            asset=asset,
            contract=network.asset(asset).contract,
            decimals=network.asset(asset).decimals,
            amount=str(units),
            block_number=1,
            block_hash="0x" + "33" * 32,
            block_time=now if at_ms is None else at_ms,
            status="detected",
            detected_at=now,
            updated_at=now,
            state_key=state_key(network.name, "detected"),
            version=1,
            **stamp("crypto.detected", now),
        )
        item.order_key = order_key(now, record_id(item))
        self.rows[tx_hash] = item
        storage.run(storage.put(item))
        return tx_hash

    def becomes(self, tx_hash: str, status: str) -> None:
        """The transfer's next status."""
        item, now = self.rows[tx_hash], clock.now_ms()
        item.status, item.version = status, int(item.version) + 1
        if status == "confirmed":
            item.confirmations = networks.named(item.network).confirmations
        if status in EVENTS:
            for name, value in stamp(EVENTS[status], now, item).items():
                setattr(item, name, value)
        storage.run(storage.put(item))

    def stream(self) -> list[dict[str, Any]]:
        """The stream's records since the last look."""
        return self.world.dynamo.drain_stream(self.world.settings.table("crypto_transactions"))

    def deliver(self, records: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Hand records to the settlement's real handler."""
        from payments import crypto_settlement_door

        answer: dict[str, Any] = crypto_settlement_door.handler({"Records": self.stream() if records is None else records}, None)
        return answer

    def pays(self, payment: dict[str, Any], units: int, **more: Any) -> str:
        """A transfer that is confirmed at once."""
        tx_hash = self.found(payment, units, **more)
        self.becomes(tx_hash, "confirmed")
        assert self.deliver() == {"batchItemFailures": []}
        return tx_hash


@dataclass(frozen=True)
class Books:
    """Minor units: the merchant's, in suspense, and on the network (negative: it came from there)."""

    merchant: int
    suspense: int
    clearing: int


def books_of(who: Signer, currency: str = "INR", network: str = "ethereum") -> Books:
    """The merchant's books; they must add up."""
    assert findings() == [], findings()
    accounts = (
        Account.of_merchant(who.merchant_id, currency),
        Account.suspense(who.merchant_id, currency),
        Account.clearing(who.merchant_id, network, currency),
    )
    books = Books(*(balance_of(account) for account in accounts))
    assert books.merchant + books.suspense + books.clearing == 0
    return books


def expected_units(payment: dict[str, Any]) -> int:
    """What the link asks for."""
    uri: str = payment["next_action"]["crypto_uri"]
    return int(uri.rpartition("=")[2])


def status_of(world: World, who: Signer, payment: dict[str, Any]) -> str:
    """The payment's status now."""
    answer: str = show(world, who, payment["payment_id"])["status"]
    return answer
