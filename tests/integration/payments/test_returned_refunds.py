"""Refunds that were made and came back: weeks later the provider has the money again, because the card or the account is gone."""

from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import clock, ledger, settings
from paycorex.ledger import Account
from payments.connectors.results import Approved, Declined
from payments.refunds import at_provider
from payments.refunds import store as refunds_store
from tests.fakes.fault_deciders import Nth
from tests.fakes.faults import Fault, FaultyClient, Killed
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.support import payments as support
from tests.support import rollups
from tests.support.gateway import Reply
from tests.support.world import Signer, World

DAY_SECONDS = 86_400
RAZORPAY = {"key_id": "rzp_test_1", "key_secret": "secret", "webhook_secret": "rzp_webhook"}


@pytest.fixture
def server(world: World, who: Signer) -> Iterator[FakeStripe]:
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"stripe": {"secret_key": "sk_test_51", "webhook_secret": "whsec_stripe"}})
        yield server
        assert server.problems == []


@pytest.fixture
def payment_id(world: World, who: Signer, server: FakeStripe) -> str:
    """Paid ten rupees, of which four were given back."""
    payment_id: str = support.charge(world, who, support.APPROVE).body["payment_id"]
    assert refund(world, who, payment_id, amount="4.00")["status"] == "success"
    return payment_id


def refund(world: World, who: Signer, payment_id: str, **more: str) -> dict[str, Any]:
    reply = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, **more})
    assert reply.status == 201, reply.raw
    body: dict[str, Any] = reply.body
    return body


def tell(world: World, who: Signer, server: FakeStripe, kind: str = "refund.failed", number: int = 0) -> Reply:
    headers, body = server.webhook(kind, server.refunds[f"re_{number}"])
    return world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", headers, body)


def first_refund(world: World, who: Signer, payment_id: str) -> dict[str, Any]:
    refunds: list[dict[str, Any]] = world.call(who, "GET", f"/v1/payments/{payment_id}/refunds").body["data"]
    return refunds[-1]


def credited(who: Signer) -> int:
    return ledger.balance_of(Account.of_merchant(who.merchant_id, "INR"))


def test_its_money_is_the_merchants_again_and_may_be_refunded_again(world: World, who: Signer, server: FakeStripe, payment_id: str) -> None:
    assert credited(who) == 600
    world.clock.now += 20 * DAY_SECONDS
    server.return_refund(server.refunds["re_0"])
    reported = [tell(world, who, server, kind) for kind in ("charge.refund.updated", "refund.updated", "refund.failed", "refund.failed")]
    assert {reply.status for reply in reported} == {200}
    came_back = first_refund(world, who, payment_id)
    assert (came_back["status"], came_back["failure_code"]) == ("failed", "lost_or_stolen_card")
    assert refunds_store.find_refund(came_back["refund_id"]).event == "refund.failed"  # type: ignore[union-attr]
    shown = support.show(world, who, payment_id)
    assert (shown["status"], shown["amount_refunded"], shown["refund_status"]) == ("success", "0.00", "none")
    assert (credited(who), ledger.balance_of(Account.clearing(who.merchant_id, "stripe", "INR"))) == (1000, -1000)
    assert refund(world, who, payment_id)["status"] == "success"
    assert (credited(who), server.refunds["re_1"]["amount"]) == (0, 1000)


def test_what_it_was_counted_for_is_taken_back_on_its_own_day(world: World, who: Signer, server: FakeStripe, payment_id: str) -> None:
    began = world.clock.now
    world.clock.now += 3 * DAY_SECONDS
    server.return_refund(server.refunds["re_0"])
    tell(world, who, server)
    rollups.roll(rollups.stream(world))
    shown = rollups.show(
        world, who, **{"from": clock.rfc3339(int(began * 1000) - 60_000), "to": clock.rfc3339(int(world.clock.now * 1000) + 60_000)}
    )
    assert (shown["volume"], shown["refunds"], shown["net"]) == ("10.00", {"count": 0, "amount": "0.00"}, "10.00")
    assert [day["refunds"] for day in shown["by_day"] if day["refunds"] != "0.00"] == ["4.00", "-4.00"]


def test_a_success_that_is_reported_late_changes_nothing(world: World, who: Signer, server: FakeStripe, payment_id: str) -> None:
    made = server.webhook("refund.updated", dict(server.refunds["re_0"]))
    server.return_refund(server.refunds["re_0"])
    tell(world, who, server)
    before = world.dump()
    assert world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", *made).status == 200
    assert world.dump() == before


@pytest.mark.parametrize(
    ("connector", "result"),
    [
        ("sandbox", Declined("failed", "Of another connector.", provider_reference="re_0")),
        ("stripe", Declined("failed", "Of another refund.", provider_reference="re_9")),
        ("stripe", Declined("charge_already_refunded", "A second request for it was refused.")),
        ("stripe", Approved("re_0")),
    ],
)
def test_only_the_very_refund_comes_back(world: World, who: Signer, payment_id: str, connector: str, result: Approved | Declined) -> None:
    refund_id = first_refund(world, who, payment_id)["refund_id"]
    before = world.dump()
    at_provider.apply_report(who.merchant_id, connector, support.reported(refund_id, result))
    assert world.dump() == before


def test_what_a_wallet_was_given_never_comes_back(world: World, who: Signer, server: FakeStripe) -> None:
    world.wallet(who, "asha", "10.00")
    refund_id = refund(world, who, world.pay(who, "asha", "5.00").body["payment_id"])["refund_id"]
    said = {"id": "re_0", "amount": 500, "currency": "inr", "status": "failed", "metadata": {"refund_id": refund_id}}
    before = world.dump()
    reply = world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", *server.webhook("refund.failed", said))
    assert (reply.status, reply.body["applied"], world.dump()) == (200, False, before)


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT])
def test_a_process_that_dies_over_it_leaves_it_to_the_next_time_that_it_is_reported(
    world: World, who: Signer, server: FakeStripe, payment_id: str, fault: Fault, number: int
) -> None:
    server.return_refund(server.refunds["re_0"])
    headers, body = server.webhook("refund.failed", server.refunds["re_0"])
    path = f"/v1/callbacks/stripe/{who.merchant_id}"
    faulty = FaultyClient(world.dynamo, Nth(number, fault))
    world.install(faulty, world.kms, world.sqs)
    try:
        world.send("POST", path, headers, body)
    except Killed:
        world.restart()
    world.install(world.dynamo, world.kms, world.sqs)
    assert support.findings() == []
    assert world.send("POST", path, headers, body).status == 200
    assert first_refund(world, who, payment_id)["status"] == "failed"
    assert credited(who) == 1000


def test_late_money_that_was_given_back_is_held_again(world: World, who: Signer, server: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.REDIRECT).body["payment_id"]
    world.call(who, "POST", f"/v1/payments/{payment_id}/cancel", {})
    server.pay(server.intents["pi_0"])
    paid = server.webhook("payment_intent.succeeded", server.intents["pi_0"])
    assert world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", *paid).status == 200
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": "refund"}).body["status"] == "success"
    server.return_refund(server.refunds["re_0"])
    tell(world, who, server)
    assert [money["status"] for money in support.show(world, who, payment_id)["late_money"]] == ["held"]
    assert (ledger.balance_of(Account.suspense(who.merchant_id, "INR")), credited(who)) == (1000, 0)
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": "refund"}).body["status"] == "success"


def test_razorpay_tells_it_too(world: World, who: Signer) -> None:
    with FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"razorpay": RAZORPAY}, payee_name="Chai & Co")
        payment_id = support.collect(world, who).body["payment_id"]
        server.scan("qr_00000000000000")
        support.tick(world, after_seconds=60)
        refund(world, who, payment_id, amount="4.00")
        support.settle_all(world)
        (made,) = server.refunds.values()
        failed = server.webhook("refund.failed", refund={**made, "status": "failed"})
        assert world.send("POST", f"/v1/callbacks/razorpay/{who.merchant_id}", *failed).body["applied"] is True
        assert first_refund(world, who, payment_id)["failure_code"] == "refund_failed"
        assert credited(who) == 1000
        assert server.problems == []
