"""The sum of what came for a payment by chain transfers beyond those that it keeps on itself. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from paycorex.records.payment import PaymentItem
from payments.payment.late_money import LateMoney


@dataclass(frozen=True, slots=True)
class Pool:
    """What came by more transfers than a payment keeps on itself; each of those has a row (`crypto.overflow`).

    waiting: how many are in a block, made in time, and not final. units, minor: of those that count and are held in suspense, in the
    asset's units and the currency's minor units. is_settled: these are part of the settlement. loose: keys of transfers that are
    confirmed and not in suspense, of which there is one at most for each settlement.
    """

    waiting: int = 0
    units: int = 0
    minor: int = 0
    is_settled: bool = False
    loose: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Parsed from its stored form."""
        return cls(int(stored["waiting"]), int(stored["units"]), int(stored["minor"]), stored["is_settled"], tuple(stored["loose"]))

    def stored(self) -> dict[str, Any]:
        """As the payment stores it."""
        return {**asdict(self), "units": str(self.units), "loose": list(self.loose)}

    def plus(self, *, waiting: int = 0, units: int = 0, minor: int = 0) -> Self:
        """With more of these, or with less."""
        return replace(self, waiting=self.waiting + waiting, units=self.units + units, minor=self.minor + minor)


def without(payment: PaymentItem, money: LateMoney) -> dict[str, Any] | None:
    """The payment's method state after the merchant decided about this money on its own; None where that changes nothing in it."""
    if money.pooled is None:
        return None
    state: dict[str, Any] = dict(payment.method_state or {})
    pool = Pool.of(state["pool"]).plus(units=-int(money.pooled), minor=-money.money.minor)
    return {**state, "pool": pool.stored()}
