"""Callbacks that each name another reference: the payment stays small, every amount is in suspense once, and each can be decided about."""

import json
from functools import partial
from typing import Any

import pytest

from paycorex import aws, ledger, storage
from paycorex.ledger import Account
from paycorex.money import Money
from payments.connectors import signatures
from payments.connectors.requests import Attempt
from payments.connectors.sandbox import charges as sandbox_books
from payments.payment import late_money
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

SECRET = "a secret of the sandbox's callbacks"
MAX_ITEM_BYTES = 32_768
FAULTS = (Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT, Fault.CONFLICT, Fault.THROTTLED)


@pytest.fixture
def who(who: Signer, world: World) -> Signer:
    support.settings(world, who, connectors={"sandbox": {"webhook_secret": SECRET}})
    return who


@pytest.fixture
def paid(world: World, who: Signer) -> dict[str, Any]:
    """A payment by UPI that its payer has paid."""
    payment: dict[str, Any] = support.collect(world, who).body
    assert reported(world, who, payment, "first").body["applied"] is True
    return payment


def reported(world: World, who: Signer, payment: dict[str, Any], reference: str, **more: Any) -> Reply:
    """The sandbox's signed callback: this payment was paid, under this reference."""
    said = {"payment_id": payment["payment_id"], "attempt_id": attempt_id(payment), "status": "approved", "reference": reference}
    body = json.dumps(said | {"amount_minor": 1000, "currency": "INR"} | more).encode()
    headers = [("Sandbox-Signature", signatures.timestamped(SECRET, body))]
    return world.send("POST", f"/v1/callbacks/sandbox/{who.merchant_id}", headers, body)


def attempt_id(payment: dict[str, Any]) -> str:
    from payments.payment import attempts

    return attempts.attempt_id(payment["payment_id"], 0)


def flood(world: World, who: Signer, payment: dict[str, Any], count: int) -> None:
    for number in range(count):
        reply = reported(world, who, payment, f"again-{number}")
        assert (reply.status, reply.body["applied"]) == (200, True), reply.raw


def suspended(who: Signer) -> int:
    return ledger.balance_of(Account.suspense(who.merchant_id, "INR"))


def credited(who: Signer) -> int:
    return ledger.balance_of(Account.of_merchant(who.merchant_id, "INR"))


def every(world: World, who: Signer, payment: dict[str, Any], limit: int = 100) -> list[dict[str, Any]]:
    """All late money, page by page."""
    path, found, cursor = f"/v1/payments/{payment['payment_id']}/late?limit={limit}", list[dict[str, Any]](), ""
    while True:
        page = world.call(who, "GET", path + cursor)
        assert page.status == 200, page.raw
        found += page.body["data"]
        if page.body["next_cursor"] is None:
            return found
        cursor = f"&cursor={page.body['next_cursor']}"


def decide(world: World, who: Signer, payment: dict[str, Any], action: str, late_id: str, key: str | None = None) -> Reply:
    return world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/late", {"action": action, "late_id": late_id}, key=key)


def size_of(payment: dict[str, Any]) -> int:
    item = support.stored(payment["payment_id"]).serialize()
    return sum(len(name) + len(next(iter(value.values()))) for name, value in item.items())


def test_any_number_of_references_is_booked_and_the_payment_stays_small(world: World, who: Signer, paid: dict[str, Any]) -> None:
    flood(world, who, paid, 180)
    assert (suspended(who), credited(who)) == (180_000, 1000)
    shown = support.show(world, who, paid["payment_id"])
    assert (len(shown["late_money"]), shown["late_money_count"]) == (late_money.MAX_ON_PAYMENT, 180)
    listed = every(world, who, paid)
    assert [money["provider_reference"] for money in listed] == [f"again-{number}" for number in range(180)]
    assert listed[: late_money.MAX_ON_PAYMENT] == shown["late_money"]
    assert every(world, who, paid, limit=13) == listed
    assert size_of(paid) < MAX_ITEM_BYTES
    assert support.stored(paid["payment_id"]).event == "payment.late_money"
    before = world.dump()
    for number in (0, 49, 50, 179):
        assert reported(world, who, paid, f"again-{number}").status == 200
    assert world.dump()["test-ledgers"] == before["test-ledgers"]
    assert world.dump()["test-payment_overflow"] == before["test-payment_overflow"]


def test_money_in_a_row_is_accepted_given_back_and_found(world: World, who: Signer, paid: dict[str, Any], few: None) -> None:
    flood(world, who, paid, 6)
    ids = {money["provider_reference"]: money["late_id"] for money in every(world, who, paid)}
    accepted = decide(world, who, paid, "accept", ids["again-4"], key="k")
    assert (accepted.status, suspended(who), credited(who)) == (200, 5000, 2000)
    assert decide(world, who, paid, "accept", ids["again-4"], key="k").body == accepted.body
    for refused in (decide(world, who, paid, "accept", ids["again-4"]), world.call(who, "POST", late_path(paid), {"action": "accept"})):
        assert (refused.status, refused.code) == (409, "invalid_state")
    assert decide(world, who, paid, "accept", f"{paid['payment_id']}.7").status == 404
    assert [money["status"] for money in every(world, who, paid)] == ["held"] * 4 + ["accepted", "held"]
    took(paid, who, "again-4")
    took(paid, who, "again-5")
    for reference in ("again-4", "again-5"):
        refund = decide(world, who, paid, "refund", ids[reference])
        assert (refund.status, refund.body["status"]) == (201, "success"), refund.raw
        assert decide(world, who, paid, "refund", ids[reference]).code == "invalid_state"
    assert (suspended(who), credited(who)) == (4000, 1000)
    assert [money["status"] for money in every(world, who, paid)] == ["held"] * 4 + ["refunded"] * 2
    found = world.call(who, "GET", "/v1/payments?reference=again-5").body["data"]
    assert [payment["payment_id"] for payment in found] == [paid["payment_id"]]


def test_no_merchant_sees_anothers_late_money(world: World, who: Signer, paid: dict[str, Any], few: None) -> None:
    flood(world, who, paid, 3)
    other = world.register("Other")
    assert world.call(other, "GET", late_path(paid)).status == 404
    before = world.dump()["test-ledgers"]
    assert world.call(other, "POST", late_path(paid), {"action": "accept", "late_id": f"{paid['payment_id']}.3"}).status == 404
    assert world.dump()["test-ledgers"] == before


@pytest.mark.parametrize("fault", FAULTS)
def test_money_for_a_row_that_is_interrupted_anywhere_is_booked_once(
    world: World, who: Signer, paid: dict[str, Any], few: None, fault: Fault
) -> None:
    """Killed at every call to the store in turn: the provider tells again, and it is there once."""
    flood(world, who, paid, 2)
    position, done = 0, False
    while not done:
        position += 1
        done = interrupted(world, fault, position, lambda reference=f"step-{position}": reported(world, who, paid, reference))
        assert reported(world, who, paid, f"step-{position}").status == 200
        assert suspended(who) == 2000 + position * 1000
    assert position > 1
    assert len(every(world, who, paid)) == 2 + position


@pytest.mark.parametrize("action", ["accept", "refund"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_decision_about_a_row_that_is_interrupted_anywhere_is_made_once(
    world: World, who: Signer, paid: dict[str, Any], few: None, fault: Fault, action: str
) -> None:
    """Killed at every call to the store in turn: the merchant asks again under its key, and it is decided once."""
    flood(world, who, paid, 2)
    position, done = 0, False
    while not done:
        position += 1
        reference, key = f"step-{position}", f"key-{position}"
        reported(world, who, paid, reference)
        took(paid, who, reference)
        late_id = every(world, who, paid)[-1]["late_id"]
        ask = partial(decide, world, who, paid, action, late_id, key=key)
        done = interrupted(world, fault, position, ask)
        world.clock.now += 60
        assert ask().status in {200, 201}
        support.settle_all(world)
        again = ask()
        assert (again.status, again.body["status"]) == ((201, "success") if action == "refund" else (200, "success"))
    assert position > 1
    assert (suspended(who), credited(who)) == (2000, 1000 * (1 + (position if action == "accept" else 0)))
    assert [each["status"] for each in every(world, who, paid)][2:] == ["accepted" if action == "accept" else "refunded"] * position


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment that keeps two of them on itself."""
    monkeypatch.setattr(late_money, "MAX_ON_PAYMENT", 2)


def late_path(payment: dict[str, Any]) -> str:
    return f"/v1/payments/{payment['payment_id']}/late"


def took(payment: dict[str, Any], who: Signer, reference: str) -> None:
    """What the sandbox took under this reference stands in its own books, or it would not give it back."""
    attempt = Attempt(f"att_{reference}", f"beside-{reference}", who.merchant_id, "upi_intent", Money(1000, "INR"))
    line = sandbox_books.charge(attempt, "sandbox", kind="collect", status="approved", way="approve")
    line.reference = reference
    storage.run(storage.put(line))


def interrupted(world: World, fault: Fault, position: int, ask: Any) -> bool:
    """Ask while the n-th call to the store meets the fault; True when there was no n-th call."""
    # Only transactions conflict.
    operation = "TransactWriteItems" if fault is Fault.CONFLICT else None
    client = FaultyClient(world.dynamo, Nth(position, fault, operation=operation))
    aws.use("dynamodb", client)
    try:
        ask()
    except Killed:
        world.restart()
    finally:
        aws.use("dynamodb", world.dynamo)
    return all(logged.fault is Fault.PASS for logged in client.log)
