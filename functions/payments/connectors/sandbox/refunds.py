"""How the sandbox gives money back: as documented for the instrument that was charged."""

from typing import Final

from paycorex.money import Money
from payments.connectors.notices import ProviderRefund
from payments.connectors.requests import RefundRequest
from payments.connectors.results import Approved, Declined, NotFound, Pending, RefundResult, Unavailable, Unknown
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.charges import BookItem
from payments.connectors.sandbox.instruments import Behaviour, Way

# What the sandbox gives back by itself, at most, of a charge of the cards that are documented for it; or says so, and lists no refund.
THERE_MINOR: Final = 100
_THERE_WAYS: Final = frozenset({Way.REFUNDED_THERE, Way.CONTRADICTS})
# Of the line of such a refund, in place of an id of ours.
THERE: Final = "sbxt_"


def given_back_there(charged: BookItem) -> int:
    """How much of a charge the sandbox says that it gave back by itself, in minor units: of less than 2.00, half."""
    return min(THERE_MINOR, int(charged.amount) // 2) if charged.way in _THERE_WAYS else 0


def by_itself(name: str, charge_reference: str, merchant_id: str) -> tuple[ProviderRefund, ...]:
    """The refund that began at the sandbox: written down by the first question about it."""
    key = charge_reference.removeprefix("sbx_")
    charged = books.find(merchant_id, f"att_{key}")
    minor = 0 if charged is None or charged.status != books.APPROVED else given_back_there(charged)
    if charged is None or minor == 0 or charged.way == Way.CONTRADICTS:
        return ()
    asked = RefundRequest(f"{THERE}{key}", charged.payment_id, merchant_id, Money(minor, charged.currency), charge_reference)
    line = books.find(merchant_id, asked.refund_id) or books.give_back(asked, name, status=books.APPROVED, way=Way.APPROVE)
    if line is None:
        # All of it was given back before.
        return ()
    return (
        ProviderRefund(
            line.reference, charge_reference, asked.amount, Approved(line.reference, asked.amount), reason="Given back at the sandbox."
        ),
    )


def give_back(name: str, request: RefundRequest, failure: Behaviour | None) -> RefundResult:
    """Once per refund id. failure: how this call fails, unless the instrument's own refunds do."""
    known = books.find(request.merchant_id, request.refund_id)
    if known is not None:
        return _shown(known)
    way = _way_of(request, failure)
    if way is Way.OUTAGE:
        return Unavailable("The sandbox is out of service.")
    if way is Way.TIMEOUT_LOST:
        return Unknown("The sandbox did not answer.")
    status = {Way.REFUND_FAILS: books.DECLINED, Way.DECLINE: books.DECLINED, Way.REFUND_PENDING: books.WAITING}.get(way, books.APPROVED)
    item = books.give_back(request, name, status=status, way=way)
    if item is None:
        return Declined("charge_already_refunded", "The charge does not hold as much any more.")
    return Unknown("The sandbox did not answer.") if way is Way.TIMEOUT_APPROVED else _shown(item)


def look_up(request: RefundRequest) -> RefundResult:
    """What the books say; a pending refund is made by the first look-up."""
    item = books.find(request.merchant_id, request.refund_id)
    if item is None:
        return NotFound()
    return _shown(books.decide(item, books.APPROVED) if item.status == books.WAITING else item)


def _way_of(request: RefundRequest, failure: Behaviour | None) -> Way:
    charged = books.find(request.merchant_id, "att_" + request.charge_reference.removeprefix("sbx_"))
    if charged is not None and charged.way in {Way.REFUND_FAILS, Way.REFUND_PENDING}:
        return Way(charged.way)
    return failure.way if failure is not None else Way.APPROVE


def _shown(item: BookItem) -> RefundResult:
    if item.status == books.DECLINED:
        return Declined("refund_failed", "The card no longer takes refunds.", provider_reference=item.reference)
    return Approved(item.reference, Money(int(item.amount), item.currency)) if item.status == books.APPROVED else Pending(item.reference)
