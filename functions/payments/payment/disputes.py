"""The disputes as their payment lists them, in the contract's shape. What they do to the books is `payments.disputes`."""

from typing import Any, Final

from paycorex import clock, storage
from paycorex.money import format_minor
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem, dispute_id
from payments.payment import versions

# On one payment. A card network allows a few; what is beyond is for an operator.
MAX_DISPUTES: Final = 10
# The providers' words for a dispute in which the merchant keeps the money.
_IN_FAVOUR: Final = frozenset({"won", "closed", "warning_closed", "prevented"})


def entry_of(item: DisputeItem) -> dict[str, Any]:
    """A dispute as its payment lists it. `dispute_id` is the provider's name for it, from which ours follows."""
    return {
        "dispute_id": item.provider_reference,
        "connector": item.provider,
        "provider_reference": item.charge_reference,
        "amount": format_minor(int(item.amount), item.currency),
        "currency": item.currency,
        "status": item.provider_status,
        "reason": item.reason,
    }


def newest_open(payment: PaymentItem) -> str | None:
    """The id of the newest dispute that is not over in the merchant's favour, as far as the provider's word tells."""
    found = unfavourable(payment)
    return id_of(payment, found[-1]) if found else None


def unfavourable(payment: PaymentItem) -> list[dict[str, Any]]:
    """The disputes as the payment lists them that are not over in the merchant's favour, the newest last."""
    return [each for each in payment.disputes or () if each["status"] not in _IN_FAVOUR]


def id_of(payment: PaymentItem, entry: dict[str, Any]) -> str:
    """Our id of a dispute that the payment lists."""
    return dispute_id(payment.merchant_id, entry["connector"], entry["dispute_id"])


def noted(payment: PaymentItem, entry: dict[str, Any], now_ms: int) -> PaymentItem:
    """A copy of the payment with the dispute's newest state, and the event `payment.disputed` when that changed."""
    after = storage.copy_of(payment)
    known = next((each for each in payment.disputes or () if each["dispute_id"] == entry["dispute_id"]), None)
    if known is not None and entry == {name: value for name, value in known.items() if name != "at"}:
        return after
    others = [each for each in payment.disputes or () if each is not known]
    after.disputes = [*others, {**entry, "at": clock.rfc3339(now_ms)}]
    versions.set_event(after, "payment.disputed", now_ms)
    return after
