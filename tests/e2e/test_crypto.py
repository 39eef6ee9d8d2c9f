"""Crypto payments on the deployed template: created, paid over a real node, found by the schedule, settled, reported by webhook."""

import time
from typing import Any

from standardwebhooks import Webhook

from local import wallet
from local.chain import Chain
from local.crypto_demo import XPUB
from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from tests.e2e.deployed import Deployed
from tests.fakes.http_servers import RecordingServer

# Two ticks of the schedule, and the cold starts before them.
PATIENCE_SECONDS = 300


def test_coins_and_tokens_settle_by_the_schedule_and_reach_the_merchants_webhook(deployed: Deployed, test_chain: Chain) -> None:
    """Acceptance 56 on the deployed template, natively and by ERC-20: link, transaction, ticks, stream, ledger, webhook."""
    with RecordingServer([200] * 50) as listener:
        who = deployed.register(webhook_url=listener.url("/hook"))
        assert deployed.call(who, "PATCH", "/v1/merchants/me", {"xpubs": {"ethereum": XPUB}}).status == 200
        paid: dict[str, str] = {}
        for asset in ("ETH", "USDC"):
            order = {"amount": "500.00", "method": "crypto", "network": "ethereum", "asset": asset}
            made = deployed.call(who, "POST", "/v1/payments/create", order)
            assert (made.status, made.body["status"]) == (201, "pending"), made.raw
            paid[made.body["payment_id"]] = wallet.pay(test_chain.url, made.body["next_action"]["crypto_uri"])
        received = _until_received(listener, set(paid))
    secret = Webhook(who.registered["webhook"]["secret"])
    assert {secret.verify(request.body, dict(request.headers))["data"]["status"] for request in received} == {"success"}
    for payment_id, tx_hash in paid.items():
        payment = deployed.call(who, "GET", f"/v1/payments/{payment_id}").body
        assert [step["status"] for step in payment["timeline"]] == ["pending", "processing", "success"]
        assert payment["provider_reference"] == tx_hash
        seen = deployed.call(who, "GET", f"/v1/crypto/status/{tx_hash}?network=ethereum").body
        assert (seen["status"], seen["payment_ids"]) == ("confirmed", [payment_id])
    entries = deployed.call(who, "GET", "/v1/dashboard/ledgers").body["data"]
    assert [entry["balance"] for entry in entries] == ["1000.00", "500.00"]
    with deployed.reading_tables():
        # Schedules go on meanwhile: what they book just now is left out, as on a platform that runs.
        assert Verifier(segments=1, at_rest=False).run(every_source()).findings == []


def _until_received(listener: RecordingServer, payment_ids: set[str]) -> list[Any]:
    """The webhooks that say that these payments were successful."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        received = [
            request
            for request in listener.requests
            if request.headers["x-webhook-event"] == "payment.success" and any(known.encode() in request.body for known in payment_ids)
        ]
        if len(received) >= len(payment_ids):
            return received
        time.sleep(1)
    raise AssertionError(f"only {[request.headers['x-webhook-event'] for request in listener.requests]} came")
