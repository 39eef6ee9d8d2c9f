"""Money that comes after the decision: in suspense, with an event, until the merchant takes it or gives it back."""

from typing import Any

import pytest

from paycorex import ledger, storage
from paycorex.ledger import Account
from paycorex.money import Money
from payments.connectors.requests import Attempt
from payments.connectors.results import Declined, Unknown
from payments.connectors.sandbox import charges as sandbox_books
from payments.connectors.sandbox.connector import Sandbox
from payments.payment import settlement as settle
from payments.payment.states import Outcome
from payments.payment.versions import Change
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World


def suspended(who: Signer) -> int:
    """Minor units in suspense."""
    return ledger.balance_of(Account.suspense(who.merchant_id, "INR"))


def credited(who: Signer) -> int:
    return ledger.balance_of(Account.of_merchant(who.merchant_id, "INR"))


def decide(world: World, who: Signer, payment_id: str, action: str, *, key: str | None = None, **more: Any) -> Reply:
    return world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": action, **more}, key=key)


@pytest.fixture
def late(world: World, who: Signer) -> str:
    """A payment that was canceled while its answer was lost: the money is at the connector."""
    payment_id: str = support.charge(world, who, support.TIMEOUT_APPROVED).body["payment_id"]
    canceled = world.call(who, "POST", f"/v1/payments/{payment_id}/cancel", {})
    assert (canceled.body["status"], canceled.body["failure_code"]) == ("failed", "canceled")
    support.tick(world, after_seconds=600)
    return payment_id


def test_money_after_cancel_is_held_with_an_event(world: World, who: Signer, late: str) -> None:
    shown = support.show(world, who, late)
    assert shown["status"] == "failed"
    (money,) = shown["late_money"]
    assert (money["status"], money["amount"], money["connector"]) == ("held", "10.00", "sandbox")
    assert (suspended(who), credited(who)) == (1000, 0)
    assert support.stored(late).event == "payment.late_money"
    assert shown["attempts"][0]["status"] == "approved"
    assert support.tick(world, after_seconds=600).looked == 0


def test_money_after_expiry_too(world: World, who: Signer) -> None:
    payment_id = support.collect(world, who, "10.03", expires_in=60).body["payment_id"]
    support.tick(world, after_seconds=65)
    assert support.show(world, who, payment_id)["failure_code"] == "expired"
    for _ in range(20):
        support.tick(world, after_seconds=300)
    assert [money["amount"] for money in support.show(world, who, payment_id)["late_money"]] == ["10.03"]
    assert suspended(who) == 1003


def test_accepting_makes_the_payment_paid(world: World, who: Signer, late: str) -> None:
    accepted = decide(world, who, late, "accept", key="k")
    assert (accepted.status, accepted.body["status"], accepted.body["failure_code"]) == (200, "success", None)
    assert accepted.body["timeline"][-1]["reason"] == "late"
    assert [money["status"] for money in accepted.body["late_money"]] == ["settled"]
    assert (suspended(who), credited(who)) == (0, 1000)
    assert support.stored(late).event == "payment.success"
    again = decide(world, who, late, "accept", key="k")
    assert (again.body, again.headers["idempotent-replayed"]) == (accepted.body, "true")
    other = decide(world, who, late, "accept")
    assert (other.status, other.code) == (409, "invalid_state")
    # From here on it is a payment like any other.
    assert world.call(who, "POST", "/v1/payments/refund", {"payment_id": late}).body["status"] == "success"
    assert credited(who) == 0


def test_refunding_gives_it_back_out_of_suspense(world: World, who: Signer, late: str) -> None:
    refunded = decide(world, who, late, "refund", key="k", reason="Too late")
    assert (refunded.status, refunded.body["status"], refunded.body["amount"]) == (201, "success", "10.00")
    assert [entry["entity"] for entry in refunded.body["ledger"]["entries"]] == ["suspense", "clearing"]
    shown = support.show(world, who, late)
    assert (shown["status"], [money["status"] for money in shown["late_money"]]) == ("failed", ["refunded"])
    assert (suspended(who), credited(who)) == (0, 0)
    assert decide(world, who, late, "refund", key="k", reason="Too late").body == refunded.body
    assert decide(world, who, late, "accept").code == "invalid_state"
    assert [int(line.refunded) for line in support.books() if line.kind == "charge"] == [1000]


def test_a_refund_of_late_money_that_fails_leaves_it_held(world: World, who: Signer, late: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox, "refund", lambda *_: Declined("refund_failed", "No."))
    assert decide(world, who, late, "refund").body["status"] == "failed"
    assert [money["status"] for money in support.show(world, who, late)["late_money"]] == ["held"]
    monkeypatch.undo()
    assert decide(world, who, late, "refund").body["status"] == "success"


def test_late_money_is_decided_about_once(world: World, who: Signer, late: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox, "refund", lambda *_: Unknown("No answer."))
    assert decide(world, who, late, "refund").body["status"] == "processing"
    assert decide(world, who, late, "accept").code == "invalid_state"
    assert decide(world, who, late, "refund").code == "invalid_state"
    monkeypatch.undo()
    support.settle_all(world)
    assert suspended(who) == 0


def test_another_amount_can_only_be_given_back(world: World, who: Signer) -> None:
    payment_id = support.collect(world, who, "10.05", expires_in=60).body["payment_id"]
    support.tick(world, after_seconds=40)
    assert decide(world, who, payment_id, "accept").code == "invalid_state"
    support.settle_all(world)
    assert decide(world, who, payment_id, "accept").code == "invalid_state"
    assert decide(world, who, payment_id, "refund").body["amount"] == "10.04"
    assert suspended(who) == 0


def test_a_surplus_on_a_paid_payment_may_be_kept(world: World, who: Signer) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    second = Change(Outcome.PAID, connector="sandbox", provider_reference="second", amount=Money(250, "INR"))
    settle.apply(support.stored(payment_id), second)
    assert (suspended(who), credited(who)) == (250, 1000)
    kept = decide(world, who, payment_id, "accept")
    assert (kept.body["status"], [money["status"] for money in kept.body["late_money"]]) == ("success", ["accepted"])
    assert (suspended(who), credited(who)) == (0, 1250)


@pytest.fixture
def surplus(world: World, who: Signer) -> str:
    """A payment whose surplus the merchant accepted."""
    payment_id: str = support.charge(world, who, support.APPROVE).body["payment_id"]
    second = Change(Outcome.PAID, connector="sandbox", provider_reference=a_second_charge(payment_id), amount=Money(250, "INR"))
    settle.apply(support.stored(payment_id), second)
    assert decide(world, who, payment_id, "accept").status == 200
    assert (suspended(who), credited(who)) == (0, 1250)
    return payment_id


def moved(world: World) -> list[Any]:
    """Everything that money or a decision about it would change."""
    tables = world.dump()
    return [tables[f"test-{name}"] for name in ("ledgers", "payments", "refunds", "sandbox_charges")]


def a_second_charge(payment_id: str) -> str:
    """What the sandbox took beside the payment, in its own books: its reference."""
    merchant_id = support.stored(payment_id).merchant_id
    attempt = Attempt("att_second", "another", merchant_id, "tokenized", Money(250, "INR"))
    line = sandbox_books.charge(attempt, "sandbox", kind="charge", status="approved", way="approve")
    storage.run(storage.put(line))
    return str(line.reference)


def test_an_accepted_surplus_is_given_back_once_and_from_the_merchant(world: World, who: Signer, surplus: str) -> None:
    refunded = decide(world, who, surplus, "refund", key="k")
    assert (refunded.status, refunded.body["status"], refunded.body["amount"]) == (201, "success", "2.50")
    assert [entry["entity"] for entry in refunded.body["ledger"]["entries"]] == ["merchant", "clearing"]
    shown = support.show(world, who, surplus)
    assert [(money["status"], money["status_before"]) for money in shown["late_money"]] == [("refunded", "accepted")]
    assert (shown["status"], shown["amount_refunded"], suspended(who), credited(who)) == ("success", "0.00", 0, 1000)
    before = moved(world)
    for more in ({}, {"late_id": f"{surplus}.1"}):
        for action in ("refund", "accept"):
            assert decide(world, who, surplus, action, **more).code == "invalid_state"
    assert moved(world) == before
    assert decide(world, who, surplus, "refund", key="k").body == refunded.body


def test_an_accepted_surplus_whose_refund_fails_or_comes_back_stays_the_merchants(
    world: World, who: Signer, surplus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sandbox, "refund", lambda *_: Declined("refund_failed", "No."))
    assert decide(world, who, surplus, "refund").body["status"] == "failed"
    assert [money["status"] for money in support.show(world, who, surplus)["late_money"]] == ["accepted"]
    assert (suspended(who), credited(who)) == (0, 1250)
    monkeypatch.setattr(Sandbox, "refund", lambda *_: Unknown("No answer."))
    assert decide(world, who, surplus, "refund").body["status"] == "processing"
    assert decide(world, who, surplus, "refund").code == "invalid_state"
    monkeypatch.undo()
    support.settle_all(world)
    assert (suspended(who), credited(who)) == (0, 1000)


def test_several_are_named_by_their_id(world: World, who: Signer) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    for reference in ("second", "third"):
        settle.apply(support.stored(payment_id), Change(Outcome.PAID, connector="sandbox", provider_reference=reference))
    ambiguous = decide(world, who, payment_id, "accept")
    assert (ambiguous.code, len(ambiguous.body["error"]["details"]["held"])) == ("invalid_state", 2)
    assert decide(world, who, payment_id, "accept", late_id=f"{payment_id}.2").status == 200
    assert decide(world, who, payment_id, "accept", late_id=f"{payment_id}.3").code == "not_found"
    assert [money["status"] for money in support.show(world, who, payment_id)["late_money"]] == ["held", "accepted"]


def test_a_payment_without_late_money_has_nothing_to_decide(world: World, who: Signer) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    assert decide(world, who, payment_id, "refund").code == "invalid_state"
    assert decide(world, who, "pay_" + "a" * 26, "accept").status == 404


@pytest.mark.parametrize("number", [support.APPROVE, support.DECLINE])
def test_a_decided_payment_is_not_canceled(world: World, who: Signer, number: str) -> None:
    reply = support.charge(world, who, number)
    payment_id = (reply.body if reply.status == 201 else reply.body["error"]["details"]["payment"])["payment_id"]
    refused = world.call(who, "POST", f"/v1/payments/{payment_id}/cancel", {})
    assert (refused.status, refused.code) == (409, "invalid_state")


def test_cancel_is_answered_the_same_again(world: World, who: Signer) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    first, again = (world.call(who, "POST", f"/v1/payments/{payment_id}/cancel", {}, key="k") for _ in range(2))
    assert (first.status, first.body["failure_code"], again.status) == (200, "canceled", 200)
    assert again.headers["idempotent-replayed"] == "true"
    # The provider knows: its payer can no longer pay.
    assert [(line.status, line.code) for line in support.books()] == [("declined", "withdrawn")]
