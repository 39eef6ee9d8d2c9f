"""What a capture in part leaves is given back: by the capture itself, by its processor when it is asked, or by the hold's time."""

import pytest

from payments.connectors.prism import processors
from payments.connectors.requests import Captures, Rest
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import bluesnap, cybersource, fake, nuvei
from tests.integration.payments.processors.fake import FakeProcessor
from tests.integration.payments.processors.test_certified import charge, server
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["server"]
DAY = 86_400
# A release that is only taken note of is ended by a callback where there is one (`test_what_is_held_is_released`).
PARTS = [kind for kind in fake.every() if {"capture"} <= kind.certifies - {"callback"} == kind.certifies and kind.pays_by == "card"]
PARTS = [kind for kind in PARTS if processors.of(kind.name).holds.captures in {Captures.ONE_PART, Captures.MANY}]
BY_TIME = [nuvei.Fake, bluesnap.Fake]


def capture_a_part(world: World, who: Signer, server: FakeProcessor) -> str:
    payment_id: str = charge(world, who, server, capture_method="manual").body["payment_id"]
    made = world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": "5.00"})
    assert made.status == 201, made.raw
    return payment_id


def authorization(world: World, who: Signer, payment_id: str) -> tuple[str, str, str]:
    payment = support.show(world, who, payment_id)
    return payment["status"], payment["authorization"]["status"], payment["amount_captured"]


@pytest.mark.parametrize("kind", PARTS, ids=[kind.name for kind in PARTS])
def test_no_rest_is_held_for_ever(world: World, who: Signer, server: FakeProcessor) -> None:
    """By the end of the hold's time at the latest, with what the processor documents: answers and questions."""
    payment_id = capture_a_part(world, who, server)
    for _ in range(3):
        support.tick(world, after_seconds=120)
    support.tick(world, after_seconds=30 * DAY)
    support.tick(world, after_seconds=3_600)
    assert authorization(world, who, payment_id) == ("success", "released", "5.00")
    (taken,) = server.payments.values()
    assert taken.captured == 500
    assert support.findings() == []


@pytest.mark.parametrize("kind", [cybersource.Fake], ids=["cybersource"])
def test_a_capture_that_says_that_it_is_the_last_releases_the_rest(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = capture_a_part(world, who, server)
    for _ in range(3):
        support.tick(world, after_seconds=120)
    assert authorization(world, who, payment_id) == ("success", "released", "5.00")
    assert server.asked("/reversals") == []


@pytest.mark.parametrize("kind", BY_TIME, ids=[kind.name for kind in BY_TIME])
def test_what_only_time_gives_back_is_not_asked_for(world: World, who: Signer, server: FakeProcessor) -> None:
    """A release that was asked for could take the capture back. Until its time is over the payment says that it is being released."""
    assert processors.of(server.name).holds.rest is Rest.BY_TIME
    payment_id = capture_a_part(world, who, server)
    for _ in range(4):
        support.tick(world, after_seconds=120)
    asked = len(server.requests)
    support.tick(world, after_seconds=6 * DAY)
    assert authorization(world, who, payment_id) == ("success", "releasing", "5.00")
    assert len(server.requests) == asked
    support.tick(world, after_seconds=DAY)
    assert authorization(world, who, payment_id) == ("success", "released", "5.00")
    refund = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "5.01"})
    assert refund.status == 422


@pytest.mark.parametrize("kind", [bluesnap.Fake], ids=["bluesnap"])
def test_an_authorization_that_is_retrieved_says_nothing_of_its_capture(world: World, who: Signer, server: bluesnap.Fake) -> None:
    """Retrieved by its name it is an authorization still: asked for again, the money would be taken twice."""
    payment_id = charge(world, who, server, capture_method="manual").body["payment_id"]
    server.trouble["CAPTURE"], server.acts = CutMidBody(), True
    made = world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {})
    assert made.body["status"] == "processing"
    for _ in range(3):
        support.tick(world, after_seconds=300)
    (capture,) = world.call(who, "GET", f"/v1/payments/{payment_id}/captures").body["data"]
    assert (capture["status"], len(server.asked('"CAPTURE"'))) == ("processing", 1)
