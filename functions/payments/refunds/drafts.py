"""A refund that began at its provider, as it is stored for the first time."""

from paycorex import clock
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import EXTERNAL, RefundItem
from paycorex.records.stamps import stamp
from payments.connectors.notices import ProviderRefund
from payments.payment.late_money import LateMoney
from payments.refunds import at_provider


def draft(payment: PaymentItem, money: PaymentItem | LateMoney | None, refund_id: str, report: ProviderRefund) -> RefundItem:
    """It as it is reported. Nothing is stored yet."""
    now = clock.now_ms()
    item = RefundItem(
        refund_id=refund_id,
        payment_id=payment.payment_id,
        merchant_id=payment.merchant_id,
        amount=report.amount.minor,
        currency=report.amount.currency,
        status="processing",
        origin=EXTERNAL,
        reason=report.reason,
        provider_reference=report.reference,
        made_at=report.made_ms,
        late_id=money.late_id if isinstance(money, LateMoney) else None,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, refund_id),
        **stamp("refund.external", now),
    )
    return at_provider.begin(item)
