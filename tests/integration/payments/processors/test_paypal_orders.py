"""3-D Secure at PayPal: the payer confirms an order, and the payment is made by a call afterwards, once."""

from typing import Any

import pytest

from paycorex import safe_http
from tests.fakes.faults import Killed
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import paypal
from tests.integration.payments.processors.fake import REDIRECTED
from tests.integration.payments.processors.test_certified import charge, server
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", [paypal.Fake], ids=["paypal"])


def confirmed(world: World, who: Signer, server: paypal.Fake, **more: Any) -> str:
    made = charge(world, who, server, REDIRECTED, **more).body
    assert made["next_action"]["url"].startswith("https://www.sandbox.paypal.com/webapps/helios?"), made
    (taken,) = server.payments.values()
    support.tick(world, after_seconds=60)
    assert server.paid == []
    server.confirm(taken)
    return str(made["payment_id"])


@pytest.mark.parametrize(("how", "status"), [("automatic", "success"), ("manual", "authorized")])
def test_a_confirmed_order_is_paid_once(world: World, who: Signer, server: paypal.Fake, how: str, status: str) -> None:
    payment_id = confirmed(world, who, server, capture_method=how)
    for _ in range(3):
        support.tick(world, after_seconds=300)
    found = support.show(world, who, payment_id)
    (taken,) = server.payments.values()
    assert (found["status"], found["provider_reference"]) == (status, taken.reference)
    assert server.paid == [taken.reference]


def test_a_payer_whose_bank_did_not_confirm_pays_nothing(world: World, who: Signer, server: paypal.Fake) -> None:
    payment_id = confirmed(world, who, server)
    server.liability = "NO"
    support.settle_all(world)
    found = support.show(world, who, payment_id)
    assert (found["status"], server.paid) == ("failed", [])


def test_an_order_that_is_confirmed_after_the_payment_was_given_up_is_not_paid(world: World, who: Signer, server: paypal.Fake) -> None:
    made = charge(world, who, server, REDIRECTED).body
    (taken,) = server.payments.values()
    assert world.call(who, "POST", f"/v1/payments/{made['payment_id']}/cancel", {}).status == 200
    server.confirm(taken)
    for _ in range(3):
        support.tick(world, after_seconds=600)
    assert (support.show(world, who, made["payment_id"])["status"], server.paid) == ("failed", [])


@pytest.mark.parametrize("about", ["purchase_units.0.custom_id", "purchase_units.0.amount.value"])
def test_another_order_is_not_paid(world: World, who: Signer, server: paypal.Fake, about: str) -> None:
    payment_id = confirmed(world, who, server)
    server.lies, server.lies_at = {about: "99.00" if "amount" in about else "pay_" + "z" * 26}, "/v2/checkout/orders/O"
    support.tick(world, after_seconds=300)
    assert (support.show(world, who, payment_id)["status"], server.paid) == ("processing", [])


@pytest.mark.parametrize("how", ["lost", "killed"])
def test_an_order_whose_payment_has_no_answer_is_paid_once(
    world: World, who: Signer, server: paypal.Fake, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = confirmed(world, who, server)
    send = safe_http.send

    def killed(*arguments: Any, **named: Any) -> Any:
        answer = send(*arguments, **named)
        if server.paid:
            raise Killed("after PayPal acted")
        return answer

    if how == "lost":
        server.trouble["/capture"], server.acts = CutMidBody(), True
        support.tick(world, after_seconds=300)
    else:
        with monkeypatch.context() as patch:
            patch.setattr(safe_http, "send", killed)
            with pytest.raises(Killed):
                support.tick(world, after_seconds=300)
    for _ in range(2):
        support.tick(world, after_seconds=600)
    assert support.show(world, who, payment_id)["status"] == "success"
    assert len(server.paid) == 1
