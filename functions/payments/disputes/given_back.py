"""Refunds by which a provider settles a dispute: PayPal gives the money of a lost or accepted one back to the payer by a refund of the
capture, and reports that refund too. It is the dispute's own money, which is booked with the dispute, and no refund beside it.

Which refund that is follows from what the provider says of both (`booked_refunds.settled_by`). Every other one is booked by itself.
"""

from paycorex.errors import TemporarilyUnavailable
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from payments.connectors import calls as calling
from payments.connectors.disputing import FindsDisputes, GivesBackByRefund, ListedDisputes
from payments.connectors.model import Connector
from payments.connectors.notices import ProviderRefund
from payments.connectors.results import Contradicts, Declined, NotFound, Unavailable, Unknown
from payments.disputes import answers, booked_refunds, look_ups, reports, states
from payments.payment import outcomes, provider_charges, settlement


def settles(merchant_id: str, connector: str, report: ProviderRefund) -> bool:
    """True when this refund is how a dispute about the charge was settled: each dispute has one, of exactly what it came to.

    A dispute that is open here is asked about first, because the refund may be reported before the dispute's own end; then its provider is
    asked for those that are not known here. Raises TemporarilyUnavailable where the provider does not say how an open one stands: then the
    refund is reported again later.
    """
    if report.refund_id is not None or isinstance(report.result, Declined | Contradicts):
        return False
    payment = provider_charges.find(merchant_id, connector, report.charge_reference, report.payment_id)
    if payment is None or not _gives_back_by_refund(merchant_id, connector):
        return False
    if booked_refunds.find(payment, report.reference) is not None:
        # It is booked by itself.
        return False
    if _is_of_a_dispute(payment, connector, report):
        return True
    for item in _open_ones(payment, connector, report):
        _look_at(payment, item)
    if _is_of_a_dispute(payment, connector, report):
        return True
    _discover(payment, connector, report)
    return _is_of_a_dispute(settlement.fresh(payment), connector, report)


def count_once(merchant_id: str, connector: str, report: ProviderRefund) -> None:
    """Where a dispute ended while the refund that settled it was booked by itself, the refund counts."""
    payment = provider_charges.find(merchant_id, connector, report.charge_reference, report.payment_id)
    if payment is None or not payment.disputes:
        return
    for item in booked_refunds.about(payment, connector, report.charge_reference):
        refund = booked_refunds.of(item, payment)
        if refund is not None:
            reports.count_once(item, refund)


def _gives_back_by_refund(merchant_id: str, connector: str) -> bool:
    found = calling.call(merchant_id, connector, lambda provider: isinstance(provider, GivesBackByRefund) and provider.gives_back_by_refund)
    return found is True


def _open_ones(payment: PaymentItem, connector: str, report: ProviderRefund) -> list[DisputeItem]:
    """Those about the charge that may have been settled by so much meanwhile, in whole or in part."""
    found = [each for each in booked_refunds.about(payment, connector, report.charge_reference) if not states.is_final(each.status)]
    return [each for each in found if each.currency == report.amount.currency and report.amount.minor <= int(each.amount)]


def _look_at(payment: PaymentItem, item: DisputeItem) -> None:
    looked = look_ups.look_at(item)
    answers.look_again(looked.item, looked.found)
    match looked.found:
        case Unavailable() | Unknown():
            raise TemporarilyUnavailable("The provider does not say how the dispute stands. Send it again later.")
        case NotFound():
            said = f"dispute {item.provider_reference} is not found while its charge is refunded"
            _review(payment, item, Contradicts("dispute_not_found", said, item.charge_reference))
        case Contradicts() as refusal:
            _review(payment, item, refusal)


def _review(payment: PaymentItem, item: DisputeItem, refusal: Contradicts) -> None:
    """Its refund is booked by itself, and an operator looks whether it was the dispute's."""
    settlement.apply(settlement.fresh(payment), outcomes.contradicted(item.provider, refusal))


def _discover(payment: PaymentItem, connector: str, report: ProviderRefund) -> None:
    """Apply what the provider lists about the charge. What cannot be listed now is reported later, and counted once then."""

    def list_them(provider: Connector) -> ListedDisputes:
        return provider.disputes_of(report.charge_reference, payment.merchant_id) if isinstance(provider, FindsDisputes) else ()

    listed = calling.call(payment.merchant_id, connector, list_them)
    for each in listed if isinstance(listed, tuple) else ():
        reports.report(settlement.fresh(payment), connector, each, is_looked_up=True)


def _is_of_a_dispute(payment: PaymentItem, connector: str, report: ProviderRefund) -> bool:
    disputes = booked_refunds.about(payment, connector, report.charge_reference)
    if any(each.refund_reference == report.reference for each in disputes):
        return True
    return any(_claims(each, report) for each in disputes if each.refund_reference is None)


def _claims(item: DisputeItem, report: ProviderRefund) -> bool:
    def is_it(found: DisputeItem) -> bool:
        return booked_refunds.settled_by(found, report.charge_reference, report.amount, report.made_ms)

    def edit(found: DisputeItem) -> bool:
        if found.refund_reference is None and is_it(found):
            found.refund_reference = report.reference
        return False

    return is_it(item) and reports.revise(item, edit).refund_reference == report.reference
