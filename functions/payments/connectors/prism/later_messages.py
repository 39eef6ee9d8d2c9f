"""Questions about a charge, and what is done to it later, as the library's messages."""

from typing import Any

from payments.connectors.prism.message_parts import Known, Parts
from payments.connectors.requests import Attempt, CaptureRequest, IncrementRequest, RefundRequest, VoidRequest


class LaterMessages(Parts):
    """Makes messages about something that is there."""

    __slots__ = ()

    def get(self, attempt: Attempt, known: Known, brought: str | None = None) -> Any:
        """A question about a charge. Of its amount the library may only repeat what it is given here."""
        message = self.library.payment.PaymentServiceGetRequest(
            merchant_transaction_id=known.ours,
            connector_transaction_id=known.reference or known.ours,
            connector_order_reference_id=known.order or known.ours,
            capture_method=self.capture_method(is_manual=attempt.is_manual),
        )
        if brought is not None:
            message.encoded_data = brought
        self.money(message.amount, attempt.amount)
        self.carry(message, known)
        return message

    def capture(self, request: CaptureRequest, known: Known) -> Any:
        """Take what is held, or a part of it."""
        payment = self.library.payment
        message = payment.PaymentServiceCaptureRequest(
            merchant_capture_id=request.capture_id,
            connector_transaction_id=request.authorization_reference,
            capture_method=payment.MANUAL if request.is_final and not request.captured_minor else payment.MANUAL_MULTIPLE,
            merchant_order_id=known.ours,
        )
        self.money(message.amount_to_capture, request.amount)
        self.carry(message, known)
        return message

    def void(self, request: VoidRequest, known: Known) -> Any:
        """Release what is held."""
        message = self.library.payment.PaymentServiceVoidRequest(
            merchant_void_id=request.void_id,
            connector_transaction_id=request.authorization_reference,
            merchant_order_id=known.ours,
            cancellation_reason="requested_by_customer",
        )
        self.money(message.amount, request.left)
        self.carry(message, known)
        return message

    def increment(self, request: IncrementRequest, known: Known) -> Any:
        """Hold more. The amount is the new total."""
        message = self.library.payment.PaymentServiceIncrementalAuthorizationRequest(
            merchant_authorization_id=request.increment_id,
            connector_transaction_id=request.authorization_reference,
            reason="requested_by_customer",
        )
        self.money(message.amount, request.total)
        self.carry(message, known)
        return message

    def refund(self, request: RefundRequest, known: Known) -> Any:
        """Give back, in part or whole."""
        payment = self.library.payment
        message = payment.PaymentServiceRefundRequest(
            merchant_refund_id=request.refund_id,
            connector_transaction_id=request.charge_reference,
            payment_amount=request.amount.minor,
            reason=self.known.refund_reason,
            webhook_url=self.webhook_url,
            capture_method=payment.AUTOMATIC,
            payment_method_type=payment.CREDIT,
            connector_order_id=known.ours,
        )
        self.money(message.refund_amount, request.amount)
        self.carry(message, known)
        return message

    def refund_get(self, request: RefundRequest, known: Known) -> Any:
        """A question about a refund."""
        message = self.library.payment.RefundServiceGetRequest(
            merchant_refund_id=request.refund_id,
            connector_transaction_id=request.charge_reference,
            refund_id=request.provider_reference or request.refund_id,
            connector_refund_id=request.provider_reference or request.refund_id,
            payment_method_type=self.library.payment.CREDIT,
        )
        self.money(message.refund_amount, request.amount)
        self.carry(message, known)
        return message
