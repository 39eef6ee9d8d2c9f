"""Refunds by which a provider settles a dispute: PayPal gives the money of a lost or accepted one back to the payer by a refund of the
capture, and reports that refund too. It is the dispute's own money, which is booked with the dispute, and no refund beside it.
"""

from paycorex.errors import TemporarilyUnavailable
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from payments.connectors import calls as calling
from payments.connectors.disputing import GivesBackByRefund
from payments.connectors.notices import Dispute, ProviderRefund
from payments.connectors.results import Contradicts, Declined
from payments.disputes import answers, look_ups, reports, states, store
from payments.payment import disputes as listed
from payments.payment import provider_charges


def settles(merchant_id: str, connector: str, report: ProviderRefund) -> bool:
    """True when this refund is how a dispute about the charge was settled: each dispute has one, of exactly its amount.

    A dispute that is open here is asked about first, because the refund may be reported before the dispute's own end. Raises
    TemporarilyUnavailable where its provider does not say how it stands: then the refund is reported again later.
    """
    if report.refund_id is not None or isinstance(report.result, Declined | Contradicts):
        return False
    payment = provider_charges.find(merchant_id, connector, report.charge_reference, report.payment_id)
    if payment is None or not payment.disputes:
        return False
    found = calling.call(merchant_id, connector, lambda provider: isinstance(provider, GivesBackByRefund) and provider.gives_back_by_refund)
    if found is not True:
        return False
    disputes = _about(payment, connector, report)
    if any(each.refund_reference == report.reference for each in disputes):
        return True
    return any(_is_settled_by(each, report) for each in disputes if each.refund_reference is None)


def _about(payment: PaymentItem, connector: str, report: ProviderRefund) -> list[DisputeItem]:
    """The disputes about this charge, of exactly the refund's amount."""
    named = [each for each in payment.disputes or () if each["connector"] == connector]
    found = [store.find(listed.id_of(payment, each)) for each in named]
    return [
        each
        for each in found
        if each is not None
        and each.charge_reference == report.charge_reference
        and (int(each.amount), each.currency) == (report.amount.minor, report.amount.currency)
    ]


def _is_settled_by(item: DisputeItem, report: ProviderRefund) -> bool:
    if not states.is_final(item.status):
        looked = look_ups.look_at(item)
        item = answers.look_again(looked.item, looked.found)
        if not isinstance(looked.found, Dispute):
            raise TemporarilyUnavailable("The provider does not say how the dispute stands. Send it again later.")
    if not states.bank_has_it(item.status):
        return False

    def edit(found: DisputeItem) -> bool:
        found.refund_reference = found.refund_reference or report.reference
        return False

    return reports.revise(item, edit).refund_reference == report.reference
