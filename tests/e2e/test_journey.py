"""A merchant's first ten minutes, over HTTP, with signatures that were not made by this project's code."""

import json
import subprocess
import time
from typing import Any

from standardwebhooks import Webhook

from tests.e2e.deployed import Deployed
from tests.fakes.http_servers import RecordingServer
from tests.support.gateway import Reply

PATIENCE_SECONDS = 90


def openssl_signed(deployed: Deployed, api_key: str, secret: str, method: str, path: str, body: Any = None) -> Reply:
    """The seed's formula by `openssl dgst`: hex HMAC-SHA256(secret, timestamp + body)."""
    raw = b"" if body is None else json.dumps(body).encode()
    timestamp = str(int(time.time()))
    command = ["openssl", "dgst", "-sha256", "-hmac", secret, "-r"]
    made = subprocess.run(command, input=timestamp.encode() + raw, capture_output=True, check=True)
    signature = made.stdout.split()[0].decode()
    headers = [("X-API-Key", api_key), ("X-Timestamp", timestamp), ("X-Signature", signature), ("Content-Type", "application/json")]
    return deployed.send(method, path, headers, raw)


def test_a_signed_payment_moves_money_and_reaches_the_merchants_webhook(deployed: Deployed) -> None:
    """Acceptance 1 and 28 on the deployed template: register, top up, pay, refund, read the ledger, see the webhook."""
    with RecordingServer([200]) as listener:
        merchant = deployed.register(webhook_url=listener.url("/hook"))
        secret = merchant.registered["webhook"]["secret"]

        def call(method: str, path: str, body: Any = None) -> Any:
            reply = openssl_signed(deployed, merchant.api_key, merchant.secret, method, path, body)
            assert reply.status in {200, 201}, reply.raw
            return reply.body

        wallet_id = call("POST", "/v1/wallet/create", {"user_id": "user-123"})["wallet_id"]
        assert call("POST", "/v1/wallet/topup", {"wallet_id": wallet_id, "amount": "5000"})["wallet"]["balance"] == "5000.00"
        payment = call("POST", "/v1/payments/create", {"amount": 1000, "method": "wallet", "user_id": "user-123"})
        assert (payment["status"], payment["amount"], payment["currency"]) == ("success", "1000.00", "INR")
        refund = call("POST", "/v1/payments/refund", {"payment_id": payment["payment_id"], "amount": "250.00"})
        assert refund["status"] == "success"
        assert call("GET", f"/v1/wallet/{wallet_id}")["balance"] == "4250.00"
        entries = call("GET", "/v1/dashboard/ledgers")["data"]
        assert [(entry["credit"], entry["debit"], entry["balance"]) for entry in entries] == [
            ("0.00", "250.00", "750.00"),
            ("1000.00", "0.00", "1000.00"),
        ]
        received = _until_event(listener, "payment.success")
    verified = Webhook(secret).verify(received.body, {name: received.headers[name] for name in received.headers})
    assert verified["data"]["payment_id"] == payment["payment_id"]
    assert received.headers["x-webhook-event"] == "payment.success"


def _until_event(listener: RecordingServer, event: str) -> Any:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for request in listener.requests:
            if json.loads(request.body)["event"] == event:
                return request
        time.sleep(0.1)
    raise AssertionError(f"no {event} within {PATIENCE_SECONDS} seconds")
