"""A client that openapi-python-client generated: it pays, tops up, refunds and reads, against a running API."""

import hashlib
import hmac
import json
import secrets
import sys
import time
from urllib.parse import parse_qsl, quote

import httpx
from generated import AuthenticatedClient
from generated.api.events import list_events
from generated.api.payments import create_payment, list_payments
from generated.api.refunds import create_refund
from generated.api.wallets import top_up_wallet
from generated.models import (
    CreatePayment,
    CreatePaymentMethod,
    CreateRefund,
    ErrorAnswer,
    EventList,
    ListPaymentsStatus,
    MovedView,
    MoveMoney,
    PaymentList,
    PaymentView,
    RefundView,
    UpiAction,
)

url, key, secret = sys.argv[1:4]


def sign(request: httpx.Request) -> None:
    """Version 2 of the signature."""
    digest = hashlib.sha256(request.read()).hexdigest()
    moment, nonce = str(int(time.time())), secrets.token_hex(12)
    pairs = sorted((quote(name, safe="-._~"), quote(value, safe="-._~")) for name, value in parse_qsl(request.url.query.decode()))
    query = "&".join(f"{name}={value}" for name, value in pairs)
    once = request.headers.get("Idempotency-Key", "")
    lines = ("PCX2", request.method, request.url.path, query, moment, nonce, once, digest)
    signature = hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    request.headers.update({"X-API-Key": key, "X-Timestamp": moment, "X-Nonce": nonce})
    request.headers.update({"X-Content-SHA256": digest, "X-Signature-Version": "2", "X-Signature": signature})


client = AuthenticatedClient(
    url,
    token=key,
    prefix="",
    auth_header_name="X-API-Key",
    httpx_args={"event_hooks": {"request": [sign]}},
    raise_on_unexpected_status=True,
)
topped_up = top_up_wallet.sync(client=client, body=MoveMoney(user_id="ravi", amount="100.00"))
assert isinstance(topped_up, MovedView)
order = CreatePayment(amount="40.00", method=CreatePaymentMethod.WALLET, user_id="ravi")
paid = create_payment.sync(client=client, body=order, idempotency_key="order-2")
assert isinstance(paid, PaymentView)
refund = create_refund.sync(client=client, body=CreateRefund(payment_id=paid.payment_id, amount="10.00"))
assert isinstance(refund, RefundView)
link = create_payment.sync(client=client, body=CreatePayment(amount="5.00", method=CreatePaymentMethod.UPI_INTENT))
assert isinstance(link, PaymentView)
assert isinstance(link.next_action, UpiAction)
listed = list_payments.sync(client=client, limit=1, status=ListPaymentsStatus.SUCCESS)
assert isinstance(listed, PaymentList)
events = list_events.sync(client=client, limit=50)
assert isinstance(events, EventList)
refused = create_payment.sync(client=client, body=CreatePayment(amount="4000.00", method=CreatePaymentMethod.WALLET, user_id="ravi"))
assert isinstance(refused, ErrorAnswer)
print(
    json.dumps(
        {
            "transfer": topped_up.transfer.type_.value,
            "balance": topped_up.wallet.balance,
            "status": paid.status.value,
            "refund": refund.amount,
            "upi": link.next_action.upi_url.startswith("upi://pay?"),
            "listed": len(listed.data),
            "events": len(events.data) > 0,
            "code": refused.error.code.value,
        }
    )
)
