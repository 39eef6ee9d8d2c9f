"""What a processor's answer to a capture says of itself is compared with what was asked: another sum, currency or name is never booked."""

from typing import Any

import pytest

from payments.connectors.prism import processors
from tests.integration.payments.processors.fake import FakeProcessor
from tests.integration.payments.processors.test_certified import EVERY, charge, server
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["server"]
WRONG = {"ours": "pay_" + "z" * 26, "currency": "EUR", "charge": "another"}
CAPTURING = [
    (kind, about)
    for kind in EVERY
    if kind.pays_by == "card" and "capture" in kind.certifies and "capture" in processors.of(kind.name).witnesses
    for about in ("ours", "amount", "currency")
    if getattr(processors.of(kind.name).witnesses["capture"], about)
]


def lie(server: FakeProcessor, flow: str, about: str) -> None:
    """From now on every answer says it."""
    where = processors.of(server.name).witnesses[flow]
    server.lies = {getattr(where, about): WRONG.get(about, "99.00" if where.in_major else 9900)}


def held(world: World, who: Signer, server: FakeProcessor) -> str:
    payment: dict[str, Any] = charge(world, who, server, capture_method="manual").body
    assert payment["status"] == "authorized", payment
    return str(payment["payment_id"])


@pytest.mark.parametrize(("kind", "about"), CAPTURING, ids=[f"{kind.name}-{about}" for kind, about in CAPTURING])
def test_a_capture_of_something_else_is_not_booked(world: World, who: Signer, server: FakeProcessor, about: str) -> None:
    payment_id = held(world, who, server)
    lie(server, "capture", about)
    world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {})
    (capture,) = world.call(who, "GET", f"/v1/payments/{payment_id}/captures").body["data"]
    payment = support.show(world, who, payment_id)
    assert (capture["status"] == "success", payment["amount_captured"], payment["status"]) == (False, "0.00", "authorized"), capture
