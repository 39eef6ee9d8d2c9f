"""Accounts: owner, currency and lane of a chain of entries."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

_SEPARATOR = "#"


class Entity(StrEnum):
    """Whose money an account holds."""

    MERCHANT = "merchant"
    WALLET = "wallet"
    HOLD = "hold"
    USER = "user"
    CLEARING = "clearing"
    FEES = "fees"
    SUSPENSE = "suspense"
    # What payers' banks ask back, until it is decided whose it is.
    DISPUTED = "disputed"
    # What a provider has paid out and no bank statement shows yet; and what one does.
    BANK_IN_TRANSIT = "bank_in_transit"
    BANK = "bank"
    # Tax on fees; and what the operator charges the merchant.
    TAX = "tax"
    PLATFORM_FEES = "platform_fees"
    # No money: what the reconciliation stated of each day, so that checkpoints seal it with the rest of the ledger.
    RECONCILIATION = "reconciliation"


# A wallet has one chain, because its balance must be exact at every payment; what belongs to the merchant is split into lanes.
_LANED = frozenset(
    {
        *(Entity.MERCHANT, Entity.CLEARING, Entity.FEES, Entity.TAX, Entity.PLATFORM_FEES, Entity.SUSPENSE, Entity.DISPUTED),
        *(Entity.BANK_IN_TRANSIT, Entity.BANK),
    }
)
_USERS = frozenset({Entity.WALLET, Entity.HOLD})


@dataclass(frozen=True, slots=True)
class Account:
    """One chain of entries.

    entity_id: the merchant, the wallet, the user, the payment of a hold, or for `clearing` and `bank_in_transit` where the money
    is, or comes from (`topup`, a connector, a network).
    """

    merchant_id: str
    entity: Entity
    entity_id: str
    currency: str
    lane: int = 0

    @classmethod
    def of_merchant(cls, merchant_id: str, currency: str) -> Self:
        """What the platform owes the merchant."""
        return cls(merchant_id, Entity.MERCHANT, merchant_id, currency)

    @classmethod
    def of_wallet(cls, merchant_id: str, wallet_id: str, currency: str) -> Self:
        """What a user holds with the merchant; never below zero."""
        return cls(merchant_id, Entity.WALLET, wallet_id, currency)

    @classmethod
    def of_hold(cls, merchant_id: str, payment_id: str, currency: str) -> Self:
        """What of a wallet's money is set aside for one payment; never below zero."""
        return cls(merchant_id, Entity.HOLD, payment_id, currency)

    @classmethod
    def clearing(cls, merchant_id: str, clearing_source: str, currency: str) -> Self:
        """Money held by another party: a card connector, UPI, a chain, a top-up source."""
        return cls(merchant_id, Entity.CLEARING, clearing_source, currency)

    @classmethod
    def suspense(cls, merchant_id: str, currency: str) -> Self:
        """Late or unmatched money, until the merchant decides."""
        return cls(merchant_id, Entity.SUSPENSE, merchant_id, currency)

    @classmethod
    def disputed(cls, merchant_id: str, currency: str) -> Self:
        """What payers' banks ask back, until it is decided whose it is."""
        return cls(merchant_id, Entity.DISPUTED, merchant_id, currency)

    @classmethod
    def fees(cls, merchant_id: str, currency: str) -> Self:
        """What providers keep as fees."""
        return cls(merchant_id, Entity.FEES, merchant_id, currency)

    @classmethod
    def tax(cls, merchant_id: str, currency: str) -> Self:
        """Tax on fees: of providers, and of the operator."""
        return cls(merchant_id, Entity.TAX, merchant_id, currency)

    @classmethod
    def platform_fees(cls, merchant_id: str, currency: str) -> Self:
        """What the operator charges the merchant."""
        return cls(merchant_id, Entity.PLATFORM_FEES, merchant_id, currency)

    @classmethod
    def bank_in_transit(cls, merchant_id: str, connector: str, currency: str) -> Self:
        """What a provider has paid out, until a bank statement shows it."""
        return cls(merchant_id, Entity.BANK_IN_TRANSIT, connector, currency)

    @classmethod
    def of_bank(cls, merchant_id: str, currency: str) -> Self:
        """What bank statements show."""
        return cls(merchant_id, Entity.BANK, merchant_id, currency)

    @classmethod
    def reconciliation(cls, merchant_id: str, source: str, currency: str) -> Self:
        """The statements of the days of one clearing account; moves no money."""
        return cls(merchant_id, Entity.RECONCILIATION, source, currency)

    @property
    def key(self) -> str:
        """The partition key. Begins with the merchant, so no two merchants can ever share a chain."""
        return _SEPARATOR.join((self.merchant_id, self.entity, self.entity_id, self.currency, str(self.lane)))

    @classmethod
    def from_key(cls, key: str) -> Self:
        """The account of a partition key."""
        merchant_id, entity, entity_id, currency, lane = key.split(_SEPARATOR)
        return cls(merchant_id, Entity(entity), entity_id, currency, int(lane))

    def on_lane(self, lane: int) -> Self:
        """This account's chain on a lane; itself when its entity has only one."""
        return replace(self, lane=lane) if lane != self.lane and self.is_laned else self

    @property
    def is_laned(self) -> bool:
        """True when its chain is one of several lanes."""
        return self.entity in _LANED

    @property
    def moves_nothing(self) -> bool:
        """True for the chains of statements, whose entries have no amount."""
        return self.entity is Entity.RECONCILIATION

    @property
    def must_not_be_negative(self) -> bool:
        """Only wallets, and what is held out of them, are users' money; every other account may go below zero."""
        return self.entity in _USERS
