"""Cards and UPI on the deployed template: every room, role and table that they need is there."""

import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from local.proxy import Proxy
from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from payments.payer_page import qr_codes
from tests.e2e.deployed import Deployed
from tests.support import payments as support
from tests.support.world import Signer

PATIENCE_SECONDS = 150


def card(deployed: Deployed, who: Signer, number: str) -> dict[str, Any]:
    body = {"user_id": "asha", "type": "card", "number": number, "expiry_month": 12, "expiry_year": 2031}
    token = deployed.call(who, "POST", "/v1/tokens/create", body)
    assert token.status in {200, 201}, token.raw
    return {"amount": "10.00", "method": "tokenized", "token_id": token.body["token_id"]}


@contextmanager
def fronted(deployed: Deployed) -> Iterator[Deployed]:
    """The same stack at the address of the local platform."""
    proxy = Proxy(0, deployed.stack.url, own=lambda _path, _headers, _body: 404, passed=lambda _passed: None)
    try:
        yield replace(deployed, stack=replace(deployed.stack, url=proxy.url))
    finally:
        proxy.stop()


@pytest.fixture(scope="module")
def who(deployed: Deployed) -> Signer:
    return deployed.register()


def test_a_card_is_charged_refused_and_refunded(deployed: Deployed, who: Signer) -> None:
    paid = deployed.call(who, "POST", "/v1/payments/create", card(deployed, who, support.APPROVE))
    assert (paid.status, paid.body["status"]) == (201, "success"), paid.raw
    refused = deployed.call(who, "POST", "/v1/payments/create", card(deployed, who, support.DECLINE))
    assert (refused.status, refused.code) == (402, "card_declined"), refused.raw
    body = {"payment_id": paid.body["payment_id"], "amount": "4.00"}
    refund = deployed.call(who, "POST", "/v1/payments/refund", body)
    assert (refund.status, refund.body["status"]) == (201, "success"), refund.raw


def test_a_payer_scans_and_pays(deployed: Deployed, who: Signer) -> None:
    made = deployed.call(who, "POST", "/v1/payments/create", {"amount": "10.00", "method": "upi_intent", "description": "चाय & cake"})
    assert made.status == 201, made.raw
    payment_id, action = made.body["payment_id"], made.body["next_action"]
    assert action["pay_url"].startswith("http")
    token = action["pay_url"].partition("?t=")[2]
    with fronted(deployed) as local:
        png = local.call(who, "GET", f"/v1/payments/{payment_id}/qr.png")
    assert (png.status, png.headers["content-type"]) == (200, "image/png")
    assert png.raw == qr_codes.png(action["upi_url"])
    page = deployed.send("GET", f"/pay/{payment_id}?t={token}", [])
    assert (page.status, b"<svg" in page.raw) == (200, True)
    assert "script-src 'nonce-" in page.headers["content-security-policy"]
    with fronted(deployed) as local:
        packed = local.send("GET", f"/pay/{payment_id}?t={token}", [("Accept-Encoding", "gzip")])
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert (b"<svg" in gzip.decompress(packed.raw), len(packed.raw) < len(page.raw) / 1.5) == (True, True)
    decision = json.dumps({"outcome": "approve"}).encode()
    decided = deployed.send("POST", f"/pay/{payment_id}/sandbox?t={token}", [("Content-Type", "application/json")], decision)
    assert (decided.status, decided.body["status"]) == (200, "success"), decided.raw
    assert deployed.send("GET", f"/pay/{payment_id}/status?t={token}", []).body["status"] == "success"


def test_the_schedule_settles_what_was_never_answered(deployed: Deployed, who: Signer) -> None:
    made = deployed.call(who, "POST", "/v1/payments/create", card(deployed, who, support.TIMEOUT_APPROVED)).body
    assert made["status"] == "processing"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while made["status"] == "processing" and time.monotonic() < deadline:
        time.sleep(2)
        made = deployed.call(who, "GET", f"/v1/payments/{made['payment_id']}").body
    assert made["status"] == "success"


def test_the_ledger_is_sound_afterwards(deployed: Deployed) -> None:
    with deployed.reading_tables():
        # Schedules go on meanwhile: what they book just now is left out, as on a platform that runs.
        assert Verifier(segments=1, at_rest=False).run(every_source()).findings == []
