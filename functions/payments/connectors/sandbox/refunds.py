"""How the sandbox gives money back: as documented for the instrument that was charged."""

from paycorex.money import Money
from payments.connectors.requests import RefundRequest
from payments.connectors.results import Approved, Declined, NotFound, Pending, RefundResult, Unavailable, Unknown
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.charges import BookItem
from payments.connectors.sandbox.instruments import Behaviour, Way


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
