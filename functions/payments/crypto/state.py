"""What a crypto payment knows of its money: the quote, and every transfer to its address with where its worth is booked.

Kept in the payment's `method_state`, so that the payment alone, under its version, decides everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import Any, Final, Self

from paycorex.records.crypto_transaction import CONFIRMED, DETECTED, CryptoTransactionItem
from paycorex.records.payment import PaymentItem
from payments.crypto.quotes import Rates
from payments.payment.pool import Pool

# A block made in time may be seen a little later, and is final later still.
GRACE_MS: Final = 600_000
# Where a confirmed transfer's worth is booked: nowhere yet; in suspense, as the late money with an id; in the settlement (with the id of
# the late money that it was before, if it was); or nowhere for good, because it is worth less than a minor unit.
NOWHERE: Final = ""
HELD: Final = "held:"
SETTLED: Final = "settled:"
WORTHLESS: Final = "worthless"
# How many transfers a payment keeps on itself. What comes beyond has a row of its own, see `crypto.overflow`: no money is dropped.
MAX_TRANSFERS: Final = 40


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer, as its record last was. version: of that record. block_ms: when its block was made."""

    key: str
    version: int
    status: str
    asset: str
    units: int
    tx_hash: str
    block_ms: int
    booked: str = NOWHERE

    @property
    def late_id(self) -> str:
        """The late money that it is, or was before it was settled; empty when it never was."""
        return self.booked.partition(":")[2]

    @property
    def is_held(self) -> bool:
        """True while it is in suspense."""
        return self.booked.startswith(HELD)

    @property
    def is_settled(self) -> bool:
        """True when it is part of the settlement."""
        return self.booked.startswith(SETTLED)


@dataclass(frozen=True, slots=True)
class CryptoState:
    """A payment's crypto side.

    expected, required: units in full, and after the merchant's tolerance. surplus_due: minor units that came too much and are not booked
    yet; surplus_id: the late money that they became. rows: which of the transfers have rows of their own and are only in sight now.
    """

    network: str
    asset: str
    address: str
    index: int
    expected: int
    required: int
    rates: Rates
    transfers: Mapping[str, Transfer] = field(default_factory=dict)
    surplus_due: int = 0
    surplus_id: str = ""
    pool: Pool = field(default_factory=Pool)
    rows: frozenset[str] = frozenset()

    @property
    def is_full(self) -> bool:
        """True when the payment itself has no place for another transfer."""
        return len(self.transfers) - len(self.rows) >= MAX_TRANSFERS

    @classmethod
    def of(cls, payment: PaymentItem) -> Self:
        """Parsed from the payment."""
        raw: dict[str, Any] = dict(payment.method_state or {})
        transfers = {key: transfer_of(key, row) for key, row in raw["transfers"].items()}
        return cls(
            network=raw["network"],
            asset=raw["asset"],
            address=raw["address"],
            index=int(raw["index"]),
            expected=int(raw["expected"]),
            required=int(raw["required"]),
            rates=Rates.parse(payment.currency, raw["rates"]),
            transfers=transfers,
            surplus_due=int(raw.get("surplus_due", 0)),
            surplus_id=raw.get("surplus_id", ""),
            pool=Pool.of(raw["pool"]) if "pool" in raw else Pool(),
            rows=frozenset(raw.get("rows", ())),
        )

    def stored(self) -> dict[str, Any]:
        """As the payment stores it. Units are text: a uint256 is no JSON number."""
        beyond = {"pool": self.pool.stored()} if self.pool != Pool() else {}
        in_sight = {"rows": sorted(self.rows)} if self.rows else {}
        return {
            "network": self.network,
            "asset": self.asset,
            "address": self.address,
            "index": self.index,
            "expected": str(self.expected),
            "required": str(self.required),
            "rates": self.rates.stored(),
            "transfers": {key: transfer_row(transfer) for key, transfer in self.transfers.items()},
            "surplus_due": self.surplus_due,
            "surplus_id": self.surplus_id,
            **beyond,
            **in_sight,
        }

    def with_record(self, item: CryptoTransactionItem) -> Self:
        """After this version of a transfer's record. The same version again, and older ones, change nothing."""
        key = key_of(item)
        known = self.transfers.get(key)
        if known is not None and known.version >= int(item.version):
            return self
        if known is None and item.status not in {DETECTED, CONFIRMED} and int(item.version) == 1:
            # It never was anything. A lost record that is sent again may still report what it once was, and must find it over.
            return self
        if known is None and self.rates.worth(int(item.amount), item.asset) == 0:
            # Less than a minor unit is booked nowhere, so it needs no place.
            return self
        rows = self.rows | {key} if known is None and self.is_full else self.rows
        booked = known.booked if known else NOWHERE
        changed = Transfer(key, int(item.version), item.status, item.asset, int(item.amount), item.tx_hash, int(item.block_time), booked)
        return replace(self, transfers={**self.transfers, key: changed}, rows=rows)

    def booked(self, places: Mapping[str, str]) -> Self:
        """After these transfers were booked there."""
        changed = {key: replace(self.transfers[key], booked=place) for key, place in places.items()}
        return replace(self, transfers={**self.transfers, **changed})

    def counts(self, transfer: Transfer, expires_ms: int) -> bool:
        """True when a transfer is of the asset that was asked for, and was made in time."""
        return transfer.asset == self.asset and transfer.block_ms <= expires_ms


def required_units(expected: int, tolerance_percent: str) -> int:
    """How many units are enough."""
    return ceil(expected * (1 - Fraction(Fraction(tolerance_percent), 100)))


def key_of(item: CryptoTransactionItem) -> str:
    """A transfer's key within its payment."""
    return str(item.transfer_id.rpartition(":")[0])


def transfer_row(transfer: Transfer) -> list[Any]:
    """As it is stored."""
    return [
        transfer.version,
        transfer.status,
        transfer.asset,
        str(transfer.units),
        transfer.tx_hash,
        transfer.block_ms,
        transfer.booked,
    ]


def transfer_of(key: str, row: list[Any]) -> Transfer:
    """Parsed from its stored form."""
    version, status, asset, units, tx_hash, block_ms, booked = row
    return Transfer(key, int(version), status, asset, int(units), tx_hash, int(block_ms), booked)
