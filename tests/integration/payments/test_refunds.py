"""Refunds through providers: full, partial, repeated, concurrent, pending, failed, unknown; and what they leave to refund."""

from collections import Counter

import pytest

from paycorex import storage
from paycorex.records.refund import RefundItem
from payments.refunds import store as refunds_store
from tests.support import payments as support
from tests.support.environments import run_at_once
from tests.support.gateway import Reply
from tests.support.world import Signer, World


def refund(world: World, who: Signer, payment_id: str, amount: str | None = None, *, key: str | None = None) -> Reply:
    body = {"payment_id": payment_id} | ({} if amount is None else {"amount": amount})
    return world.call(who, "POST", "/v1/payments/refund", body, key=key)


def paid(world: World, who: Signer, number: str = support.APPROVE, amount: str = "10.00") -> str:
    payment_id: str = support.charge(world, who, number, amount).body["payment_id"]
    return payment_id


def refundable(payment_id: str) -> int:
    payment = support.stored(payment_id)
    return int(payment.amount) - int(payment.amount_reserved)


def test_a_card_payment_is_refunded_through_its_connector(world: World, who: Signer) -> None:
    payment_id = paid(world, who)
    done = refund(world, who, payment_id)
    assert (done.status, done.body["status"], done.body["amount"]) == (201, "success", "10.00")
    places = [(entry["entity"], entry["entity_id"]) for entry in done.body["ledger"]["entries"]]
    assert places == [("merchant", who.merchant_id), ("clearing", "sandbox")]
    shown = support.show(world, who, payment_id)
    assert (shown["refund_status"], shown["amount_refunded"]) == ("full", "10.00")
    charge = next(line for line in support.books() if line.kind == "charge")
    assert charge.refunded == 1000
    assert done.body["provider_reference"].startswith("sbxr_")


def test_a_upi_payment_too(world: World, who: Signer) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    support.settle_all(world)
    assert refund(world, who, payment_id, "4.00").body["status"] == "success"
    assert support.show(world, who, payment_id)["refund_status"] == "partial"


def test_partial_and_repeated_until_it_is_used_up(world: World, who: Signer) -> None:
    """Acceptance 43: three times 40 %, two succeed."""
    payment_id = paid(world, who)
    replies = [refund(world, who, payment_id, "4.00") for _ in range(3)]
    assert [reply.status for reply in replies] == [201, 201, 422]
    assert (replies[2].code, replies[2].body["error"]["details"]) == ("refund_exceeds_payment", {"refundable": "2.00"})
    assert refund(world, who, payment_id).body["amount"] == "2.00"
    assert refund(world, who, payment_id).code == "refund_exceeds_payment"


def test_no_more_is_refunded_than_was_captured(world: World, who: Signer) -> None:
    """Also when the request was ruled upon before the sum shrank, and when a provider says that it gave back more."""
    payment = support.stored(paid(world, who))
    payment.capture_method, payment.amount_captured = "manual", 600
    storage.run(storage.put(payment, None))
    exceeds = refund(world, who, payment.payment_id, "6.01")
    assert (exceeds.code, exceeds.body["error"]["details"]) == ("refund_exceeds_payment", {"refundable": "6.00"})
    assert refund(world, who, payment.payment_id, "2.50").status == 201
    assert (refund(world, who, payment.payment_id).body["amount"], refund(world, who, payment.payment_id).status) == ("3.50", 422)
    assert support.show(world, who, payment.payment_id)["refund_status"] == "full"
    with pytest.raises(storage.ConditionRefused):
        storage.run(refunds_store.reserve_refund(support.stored(payment.payment_id), 1, settled=False, now_ms=1))


def test_the_same_key_refunds_once(world: World, who: Signer) -> None:
    payment_id = paid(world, who)
    first, again = (refund(world, who, payment_id, "4.00", key="k") for _ in range(2))
    assert (again.status, again.body, again.headers["idempotent-replayed"]) == (201, first.body, "true")
    assert refundable(payment_id) == 600


@pytest.mark.parametrize("method", ["wallet", "tokenized", "upi_intent"])
def test_full_refunds_at_once_succeed_once(world: World, who: Signer, method: str) -> None:
    """Acceptance 43: each payment, its full refund asked for twice at the same moment."""
    world.wallet(who, "asha", "200.00")
    payments = []
    for _ in range(10):
        if method == "wallet":
            payments.append(world.pay(who, "asha", "10.00").body["payment_id"])
        elif method == "tokenized":
            payments.append(paid(world, who))
        else:
            payments.append(support.collect(world, who).body["payment_id"])
    support.settle_all(world) if method == "upi_intent" else None
    tasks = [lambda payment_id=payment_id: refund(world, who, payment_id).status for payment_id in payments for _ in range(2)]
    statuses = run_at_once(world, tasks, environments=4)
    assert Counter(statuses) == {201: 10, 422: 10}
    for payment_id in payments:
        assert support.show(world, who, payment_id)["amount_refunded"] == "10.00"


def test_a_failed_refund_may_be_asked_for_again(world: World, who: Signer) -> None:
    payment_id = paid(world, who, support.REFUND_FAILS)
    failed = refund(world, who, payment_id, "4.00")
    assert (failed.status, failed.body["status"], failed.body["failure_code"]) == (201, "failed", "refund_failed")
    assert failed.body["ledger"] is None
    assert refundable(payment_id) == 1000
    assert support.show(world, who, payment_id)["amount_refunded"] == "0.00"


def test_a_pending_refund_holds_its_amount_until_the_provider_decides(world: World, who: Signer) -> None:
    payment_id = paid(world, who, support.REFUND_PENDING)
    pending = refund(world, who, payment_id, "7.00")
    assert pending.body["status"] == "processing"
    assert refund(world, who, payment_id, "4.00").code == "refund_exceeds_payment"
    assert support.show(world, who, payment_id)["amount_refunded"] == "0.00"
    support.settle_all(world)
    done = world.call(who, "GET", f"/v1/refunds/{pending.body['refund_id']}").body
    assert done["status"] == "success"
    assert support.show(world, who, payment_id)["amount_refunded"] == "7.00"
    (item,) = storage.scan_all(RefundItem)
    assert (item.event, int(item.sequence)) == ("refund.success", 2)


@pytest.mark.parametrize(("number", "status"), [(support.TIMEOUT_APPROVED, "success"), (support.TIMEOUT_LOST, "failed")])
def test_the_refund_of_an_unknown_payment_waits_for_the_janitor(world: World, who: Signer, number: str, status: str) -> None:
    payment_id = paid(world, who, number)
    waiting = refund(world, who, payment_id)
    assert (waiting.status, waiting.body["status"]) == (201, "pending")
    assert [line.kind for line in support.books() if line.kind == "refund"] == []
    support.settle_all(world)
    assert world.call(who, "GET", f"/v1/refunds/{waiting.body['refund_id']}").body["status"] == status
    assert support.show(world, who, payment_id)["amount_refunded"] == ("10.00" if status == "success" else "0.00")


@pytest.mark.parametrize("number", [support.DECLINE])
def test_what_was_not_paid_is_not_refunded(world: World, who: Signer, number: str) -> None:
    payment_id = support.charge(world, who, number).body["error"]["details"]["payment"]["payment_id"]
    before = world.dump()
    refused = refund(world, who, payment_id)
    assert (refused.status, refused.code) == (422, "payment_not_refundable")
    after = world.dump()
    assert {name for name in after if after[name] != before[name]} <= {"test-idempotency"}


def test_a_waiting_upi_payment_is_not_refundable(world: World, who: Signer) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    assert refund(world, who, payment_id).code == "payment_not_refundable"


def test_a_provider_out_of_service_is_asked_again_for_the_same_refund(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    from payments.connectors.results import Unavailable
    from payments.connectors.sandbox.connector import Sandbox

    payment_id = paid(world, who)
    monkeypatch.setattr(Sandbox, "refund", lambda *_: Unavailable("Out."))
    pending = refund(world, who, payment_id)
    assert pending.body["status"] == "pending"
    monkeypatch.undo()
    support.settle_all(world)
    done = world.call(who, "GET", f"/v1/refunds/{pending.body['refund_id']}").body
    assert done["status"] == "success"
    assert [line.charge_id.partition("#")[2] for line in support.books() if line.kind == "refund"] == [done["refund_id"]]


def test_a_refund_whose_answer_is_lost_is_given_back_once(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    from payments.connectors.results import Unknown
    from payments.connectors.sandbox.connector import Sandbox

    payment_id = paid(world, who)
    really = Sandbox.refund

    def unheard(self: Sandbox, giveback: object) -> Unknown:
        really(self, giveback)
        return Unknown("No answer.")

    monkeypatch.setattr(Sandbox, "refund", unheard)
    assert refund(world, who, payment_id).body["status"] == "processing"
    monkeypatch.undo()
    support.settle_all(world)
    charge = next(line for line in support.books() if line.kind == "charge")
    assert (charge.refunded, support.show(world, who, payment_id)["amount_refunded"]) == (1000, "10.00")
