"""What can be done with a hold: what its provider said of this one, else what the provider can do with all. A wallet's is split freely."""

from typing import Final

from paycorex.records.hold import Hold
from paycorex.records.payment import PaymentItem
from payments.connectors import capabilities
from payments.connectors.requests import Captures, HoldAbility

WALLET: Final = HoldAbility(Captures.MANY, can_increment=True)


def of(payment: PaymentItem, hold: Hold) -> HoldAbility:
    """What can be done with this payment's hold."""
    if payment.method == "wallet":
        return WALLET
    stored = hold.ability
    if stored is None:
        return capabilities.holds_of(payment.provider or "", payment.method)
    return HoldAbility(Captures(stored["captures"]), 0, int(stored["over_percent"]), bool(stored["can_increment"]))


def most(payment: PaymentItem, hold: Hold) -> int:
    """All that may be captured of the hold, over-capture included, in minor units."""
    return hold.amount + hold.amount * of(payment, hold).over_percent // 100
