"""The class of each event's object. Generated from the contract."""

from collections.abc import Mapping
from typing import Final

from paycorex_client import models
from paycorex_client.answers import Answered

OBJECTS: Final[Mapping[str, type[Answered]]] = {
    "apikey.rotated": models.ApiKeyView,
    "authorization.expired": models.PaymentView,
    "authorization.expiring": models.PaymentView,
    "checkout.created": models.SessionView,
    "checkout.expired": models.SessionView,
    "checkout.paid": models.SessionView,
    "crypto.confirmed": models.CryptoTransactionView,
    "crypto.detected": models.CryptoTransactionView,
    "crypto.reorged": models.CryptoTransactionView,
    "dispute.closed": models.DisputeView,
    "dispute.created": models.DisputeView,
    "dispute.double_loss": models.DisputeView,
    "dispute.updated": models.DisputeView,
    "payment.authorized": models.PaymentView,
    "payment.captured": models.PaymentView,
    "payment.contradicted": models.PaymentView,
    "payment.created": models.PaymentView,
    "payment.disputed": models.PaymentView,
    "payment.expired": models.PaymentView,
    "payment.failed": models.PaymentView,
    "payment.late_money": models.PaymentView,
    "payment.processing": models.PaymentView,
    "payment.released": models.PaymentView,
    "payment.reviewed": models.PaymentView,
    "payment.success": models.PaymentView,
    "payment.voided": models.PaymentView,
    "reconciliation.exception": models.ReconciliationItemView,
    "refund.created": models.RefundView,
    "refund.external": models.RefundView,
    "refund.failed": models.RefundView,
    "refund.success": models.RefundView,
    "settlement.reconciled": models.SettlementView,
    "token.created": models.TokenView,
    "token.deleted": models.TokenView,
    "wallet.topup": models.TransferView,
    "webhook.disabled": models.EndpointView,
    "webhook.test": models.EndpointView,
}
