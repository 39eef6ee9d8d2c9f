"""Adyen's webhooks about refunds: each is of the charge that it names, whose names say no kind."""

from dataclasses import replace

import pytest

from tests.integration.payments.processors import adyen
from tests.integration.payments.processors.test_certified import charge, post_callback, server
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])


@pytest.mark.parametrize(("named", "status"), [(None, "success"), ("PSP9999999999999", "processing")], ids=["its charge", "another charge"])
def test_a_webhook_settles_the_refund_of_its_own_charge_alone(
    world: World, who: Signer, server: adyen.Fake, named: str | None, status: str
) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    assert made["status"] == "processing", made
    (name, taken) = server.payments.popitem()
    server.payments[name] = taken if named is None else replace(taken, reference=named)
    post_callback(world, who, server, "refunded")
    server.payments[name] = taken
    assert world.call(who, "GET", f"/v1/refunds/{made['refund_id']}").body["status"] == status
    assert support.show(world, who, payment_id)["amount_refunded"] == ("4.00" if named is None else "0.00")
