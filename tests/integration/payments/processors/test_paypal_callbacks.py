"""PayPal's webhooks about refunds and disputes that begin there; and what becomes of one that PayPal does not vouch for."""

from dataclasses import replace
from typing import Any

import pytest

from paycorex.money import Money
from payments.connectors import registry
from payments.connectors.disputing import Disputing, KnownDispute
from payments.connectors.notices import Ruling
from payments.connectors.prism import callbacks
from payments.connectors.results import Contradicts, NotFound
from tests.integration.payments.processors import paypal
from tests.integration.payments.processors.test_certified import charge, post_callback, server
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", [paypal.Fake], ids=["paypal"])


def post(world: World, who: Signer, sent: tuple[list[tuple[str, str]], bytes]) -> Reply:
    return world.send("POST", f"/v1/callbacks/prism:paypal/{who.merchant_id}", *sent)


def the_dispute(world: World, who: Signer) -> dict[str, Any]:
    (dispute,) = world.call(who, "GET", "/v1/disputes").body["data"]
    found: dict[str, Any] = dispute
    return found


def test_a_refund_that_was_made_at_paypal_is_booked_once(world: World, who: Signer, server: paypal.Fake) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    (taken,) = server.payments.values()
    sent = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", server.refund_of(taken, 400))
    for _ in range(2):
        assert post(world, who, sent).body == {"received": True, "applied": True}
    (refund,) = world.call(who, "GET", f"/v1/payments/{payment_id}/refunds").body["data"]
    assert (refund["origin"], refund["amount"], refund["status"]) == ("external", "4.00", "success")


def test_the_webhook_of_a_refund_of_ours_makes_no_second_one(world: World, who: Signer, server: paypal.Fake) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    assert post_callback(world, who, server, "refunded").body == {"received": True, "applied": True}
    (refund,) = world.call(who, "GET", f"/v1/payments/{payment_id}/refunds").body["data"]
    assert (refund["refund_id"], refund["status"]) == (made["refund_id"], "success")


@pytest.mark.parametrize(("end", "status"), [("won", "won"), ("lost", "lost")])
def test_a_chargeback_is_one_dispute_however_its_webhooks_come(
    world: World, who: Signer, server: paypal.Fake, end: str, status: str
) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    for stage in ("opened", "opened", "reviewed", end, end):
        assert post_callback(world, who, server, stage).body == {"received": True, "applied": True}
    dispute = the_dispute(world, who)
    assert (dispute["payment_id"], dispute["amount"], dispute["status"]) == (payment_id, "12.34", status)
    assert (dispute["provider_reference"], dispute["reason_code"], dispute["due_at"]) == ("PP-D-27803", "13.1", "2026-01-11T00:00:00.000Z")


def test_how_a_dispute_ended_is_asked_where_its_webhook_was_lost(world: World, who: Signer, server: paypal.Fake) -> None:
    charge(world, who, server)
    post_callback(world, who, server, "opened")
    (taken,) = server.payments.values()
    server.dispute(taken, "lost")
    support.tick(world, after_seconds=7 * 3600)
    assert the_dispute(world, who)["status"] == "lost"


def test_the_disputes_of_a_capture_are_listed(world: World, who: Signer, server: paypal.Fake) -> None:
    payment = charge(world, who, server).body
    connector = registry.connect_for(who.merchant_id, "prism:paypal")
    assert isinstance(connector, Disputing)
    (taken,) = server.payments.values()
    assert connector.disputes_of(taken.reference, who.merchant_id) == ()
    server.dispute(taken, "reviewed")
    (found,) = connector.disputes_of(payment["provider_reference"], who.merchant_id)  # type: ignore[misc]
    assert (found.reference, found.ruling, found.amount) == ("PP-D-27803", Ruling.UNDER_REVIEW, Money(1234, "USD"))
    known = KnownDispute("PP-D-1", taken.reference, who.merchant_id, Money(1234, "USD"))
    assert connector.lookup_dispute(known) == NotFound()
    server.lies, server.lies_at = {"dispute_id": "PP-D-1"}, "/v1/customer/disputes/PP-D-27803"
    assert isinstance(connector.lookup_dispute(replace(known, reference="PP-D-27803")), Contradicts)


@pytest.mark.parametrize("change", ["body", "no_header", "other_webhook", "no_secret", "other_certificate", "other_algorithm"])
def test_what_paypal_does_not_vouch_for_changes_nothing(world: World, who: Signer, server: paypal.Fake, change: str) -> None:
    charge(world, who, server)
    (taken,) = server.payments.values()
    headers, body = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", server.refund_of(taken, 400))
    match change:
        case "body":
            body = body.replace(b"4.00", b"9.00")
        case "no_header":
            headers = [header for header in headers if header[0] != "PAYPAL-TRANSMISSION-ID"]
        case "other_certificate" | "other_algorithm":
            name, value = {
                "other_certificate": ("PAYPAL-CERT-URL", "https://api.paypal.com.evil.example/cert"),
                "other_algorithm": ("PAYPAL-AUTH-ALGO", "none"),
            }[change]
            headers = [(header, value if header == name else given) for header, given in headers]
        case "other_webhook":
            server.webhook_secret = "1JE4291016473214C"
            headers, body = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", server.refund_of(taken, 400))
        case _:
            support.settings(world, who, connectors={"prism:paypal": dict(server.credentials)})
    before = world.dump()
    assert post(world, who, (headers, body)).status == 401
    assert world.dump() == before


@pytest.mark.parametrize("change", ["other_certificate", "no_header", "no_json"])
def test_what_cannot_be_paypals_costs_no_question(world: World, who: Signer, server: paypal.Fake, change: str) -> None:
    headers, body = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", {})
    if change == "no_json":
        body = b"{"
    else:
        left_out = {"other_certificate": "PAYPAL-CERT-URL", "no_header": "PAYPAL-TRANSMISSION-SIG"}[change]
        headers = [header for header in headers if header[0] != left_out]
    assert post(world, who, (headers, body)).status == 401
    assert server.asked("verify-webhook-signature") == []


def test_questions_about_webhooks_are_bounded_for_each_merchant(
    world: World, who: Signer, server: paypal.Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "QUESTIONS", replace(callbacks.QUESTIONS, times=3))
    charge(world, who, server)
    (taken,) = server.payments.values()
    sent = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", server.refund_of(taken, 400))
    genuine, server.webhook_secret = server.webhook_secret, "1JE4291016473214C"
    forged = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", server.refund_of(taken, 400))
    server.webhook_secret = genuine
    assert [post(world, who, forged).status for _ in range(5)] == [401, 401, 401, 429, 429]
    assert len(server.asked("verify-webhook-signature")) == 3
    refused = post(world, who, sent)
    assert (refused.status, refused.code) == (429, "rate_limited")
    world.clock.now += 60
    assert post(world, who, sent).body == {"received": True, "applied": True}


def test_while_paypal_does_not_answer_the_webhook_is_to_be_sent_again(world: World, who: Signer, server: paypal.Fake) -> None:
    charge(world, who, server)
    (taken,) = server.payments.values()
    sent = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", server.refund_of(taken, 400))
    server.trouble["verify-webhook-signature"] = paypal.SILENT
    before = world.dump()
    assert post(world, who, sent).status == 503
    assert world.dump() == before
    assert post(world, who, sent).body == {"received": True, "applied": True}


def test_the_event_goes_back_to_paypal_byte_for_byte(world: World, who: Signer, server: paypal.Fake) -> None:
    charge(world, who, server)
    (taken,) = server.payments.values()
    _, body = sent = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", server.refund_of(taken, 400))
    assert post(world, who, sent).status == 200
    (asked,) = server.asked("verify-webhook-signature")
    assert body in asked.body
