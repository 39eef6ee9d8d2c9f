"""Callbacks about refunds: one that was made at the processor is booked once, one without a currency wakes a question."""

import json

import pytest

from tests.integration.payments.processors import checkout
from tests.integration.payments.processors.test_certified import charge, post_callback, server
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", [checkout.Fake], ids=["checkout"])
APPLIED = {"received": True, "applied": True}


def test_a_refund_that_was_made_there_is_booked_once(world: World, who: Signer, server: checkout.Fake) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    (taken,) = server.payments.values()
    taken.refunds["made in the dashboard"] = 400
    assert [post_callback(world, who, server, "refunded").body for _ in range(2)] == [APPLIED] * 2
    shown = support.show(world, who, payment_id)
    (refund,) = world.call(who, "GET", f"/v1/payments/{payment_id}/refunds").body["data"]
    assert (refund["origin"], refund["status"], refund["amount"], shown["amount_refunded"]) == ("external", "success", "4.00", "4.00")


def test_one_without_a_currency_wakes_the_question(world: World, who: Signer, server: checkout.Fake) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    assert made["status"] == "processing", made
    path = f"/v1/refunds/{made['refund_id']}"
    support.tick(world, after_seconds=1)
    assert world.call(who, "GET", path).body["status"] == "processing"
    (taken,) = server.payments.values()
    _, body = server.callback(taken, "refunded")
    event = json.loads(body)
    del event["data"]["currency"]
    sent = server.signed(json.dumps(event).encode())
    assert world.send("POST", f"/v1/callbacks/prism:checkout/{who.merchant_id}", *sent).body == APPLIED
    assert world.call(who, "GET", path).body["status"] == "processing"
    support.tick(world, after_seconds=1)
    assert world.call(who, "GET", path).body["status"] == "success"
    assert list(taken.refunds.values()) == [400]
