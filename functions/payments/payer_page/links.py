"""Links that a payer follows without a key: short tokens under a key of the merchant's that does nothing else."""

import base64
import hashlib
import hmac
from typing import Final

from paycorex.records.payment import PaymentItem

# 96 bits: short enough for a QR code, and a guess costs a request.
_TOKEN_BYTES: Final = 12


def token_of(payment_id: str, cursor_key: str) -> str:
    """The `t` of a payment's links. Says nothing and opens nothing but the payer's page of this payment."""
    key = hmac.new(bytes.fromhex(cursor_key), b"paycorex-payer-page", hashlib.sha256).digest()
    mac = hmac.new(key, payment_id.encode(), hashlib.sha256).digest()[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(mac).decode()


def is_token_of(given: str, payment_id: str, cursor_key: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given.encode(), token_of(payment_id, cursor_key).encode())


def page_url(base_url: str, payment: PaymentItem, cursor_key: str) -> str:
    """The payer's page."""
    return f"{base_url}/pay/{payment.payment_id}?t={token_of(payment.payment_id, cursor_key)}"


def back_url(base_url: str, payment: PaymentItem, cursor_key: str) -> str:
    """Where a provider's own page sends the payer back to."""
    return f"{base_url}/pay/{payment.payment_id}/back?t={token_of(payment.payment_id, cursor_key)}"


def qr_url(base_url: str, payment: PaymentItem, kind: str) -> str:
    """The picture of what the payer scans, for the merchant; `kind` is `svg` or `png`."""
    return f"{base_url}/v1/payments/{payment.payment_id}/qr.{kind}"
