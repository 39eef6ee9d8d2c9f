"""What pays one payment only, at the processors: passed on as each documents it, and kept nowhere."""

from typing import Any

import pytest

from payments.connectors import capabilities
from payments.connectors.prism import processors
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import fake
from tests.integration.payments.processors.fake import APPROVED, DECLINED, FakeProcessor, wallet
from tests.integration.payments.processors.test_certified import PAYER, server
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
PLAYED = [kind for kind in fake.every() if kind.one_time]
every_wallet = pytest.mark.parametrize(
    ("kind", "way"),
    [(kind, way) for kind in PLAYED for way in ("apple_pay", "google_pay") if way in kind.one_time],
    ids=lambda value: value if isinstance(value, str) else value.name,
)


def pay(world: World, who: Signer, server: FakeProcessor, way: str, payload: str, **more: object) -> Reply:
    given = {"type": way, "payload": payload, **({} if way == "processor_token" else {"network": "Visa", "last4": "1111"})}
    body = {"amount": "12.34", "currency": server.currency, "method": "tokenized", "payer": PAYER, "one_time_token": {**given, **more}}
    return world.call(who, "POST", "/v1/payments/create", body)


@every_wallet
def test_a_wallets_payload_is_passed_on_as_it_came_and_kept_nowhere(world: World, who: Signer, server: FakeProcessor, way: str) -> None:
    payload = wallet(way, APPROVED)
    payment = pay(world, who, server, way, payload).body
    assert (payment["status"], payment["provider"]) == ("success", f"prism:{server.name}"), payment
    (taken,) = server.payments.values()
    assert (taken.amount, taken.status) == (1234, "taken")
    kept = str(world.dump())
    assert payload not in kept
    assert APPROVED not in kept


@every_wallet
def test_a_wallets_card_may_be_declined(world: World, who: Signer, server: FakeProcessor, way: str) -> None:
    refused = pay(world, who, server, way, wallet(way, DECLINED))
    assert (refused.status, refused.code) == (402, "card_declined"), refused.raw
    assert DECLINED not in refused.raw.decode()


every_name = pytest.mark.parametrize("kind", [kind for kind in PLAYED if "processor_token" in kind.one_time], ids=lambda kind: kind.name)


@every_name
def test_a_name_that_a_processors_own_fields_gave_pays_at_that_processor(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = pay(world, who, server, "processor_token", "name_of_approved", connector=f"prism:{server.name}").body
    assert payment["status"] == "success", payment
    (taken,) = server.payments.values()
    assert (taken.amount, taken.currency, taken.ours) == (
        1234,
        server.currency,
        processors.ours(processors.of(server.name), payment["payment_id"]),
    )
    assert "name_of_approved" not in str(world.dump())
    elsewhere = pay(world, who, server, "processor_token", "name_of_approved", connector="stripe")
    assert (elsewhere.status, elsewhere.code) == (422, "unsupported_method")
    assert len(server.payments) == 1


@every_name
def test_the_card_behind_such_a_name_may_be_declined(world: World, who: Signer, server: FakeProcessor) -> None:
    refused = pay(world, who, server, "processor_token", "name_of_declined", connector=f"prism:{server.name}")
    assert (refused.status, refused.code) == (402, "card_declined"), refused.raw
    assert "name_of_declined" not in refused.raw.decode()


@every_name
def test_a_charge_by_such_a_name_without_an_answer_is_tried_once(world: World, who: Signer, server: FakeProcessor) -> None:
    server.trouble[server.charges_at], server.acts = CutMidBody(), True
    payment = pay(world, who, server, "processor_token", "name_of_approved", connector=f"prism:{server.name}").body
    assert payment["status"] == "processing", payment
    for _ in range(3):
        support.tick(world, after_seconds=300)
    (taken,) = server.payments.values()
    assert taken.captured == 1234
    found = support.show(world, who, payment["payment_id"])["status"]
    assert found == ("success" if "get" in processors.of(server.name).finds else "processing")


@every_name
def test_what_such_a_name_holds_is_captured(world: World, who: Signer, server: FakeProcessor) -> None:
    held = pay_manually(world, who, server)
    assert held["status"] == "authorized", held
    made = world.call(who, "POST", f"/v1/payments/{held['payment_id']}/capture", {})
    assert made.status == 201, made.raw
    (taken,) = server.payments.values()
    assert (taken.status, taken.captured) == ("taken", 1234)


def pay_manually(world: World, who: Signer, server: FakeProcessor) -> dict[str, Any]:
    token = {"type": "processor_token", "payload": "name_of_approved", "connector": f"prism:{server.name}"}
    order = {"amount": "12.34", "currency": server.currency, "method": "tokenized", "payer": PAYER, "capture_method": "manual"}
    found: dict[str, Any] = world.call(who, "POST", "/v1/payments/create", {**order, "one_time_token": token}).body
    return found


def test_what_is_played_is_what_the_processors_are_said_to_take() -> None:
    """Beside cards, UPI and what a processor keeps itself, which is played in a file of its own."""
    for kind in fake.every():
        kept = {"provider_token"} if capabilities.keeps_cards(f"prism:{kind.name}") else set()
        assert capabilities.INSTRUMENTS[f"prism:{kind.name}"] - {"card", "upi"} - kept == kind.one_time, kind.name
