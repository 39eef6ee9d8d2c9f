"""What a provider says is compared with what was asked: what differs is held or reviewed, with an event and an alarm."""

import json
from typing import Any

import pytest

from paycorex import cli, clock, storage
from paycorex.money import Money
from paycorex.records.refund import RefundItem
from payments.captures import answers
from payments.connectors import signatures
from payments.connectors.results import Authorized
from payments.payment import outcomes
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

SECRET = "sandbox-secret"
LIMIT = 10**14


def reported(world: World, who: Signer, payment: dict[str, Any], **said: object) -> Reply:
    """The sandbox's callback about the payment's attempt, signed with the merchant's own secret."""
    attempt = next(line.charge_id.partition("#")[2] for line in support.books() if line.payment_id == payment["payment_id"])
    content = {"payment_id": payment["payment_id"], "attempt_id": attempt, "status": "approved", "reference": payment["provider_reference"]}
    body = json.dumps({**content, "amount_minor": 1000, "currency": "INR", **said}).encode()
    return world.send(
        "POST", f"/v1/callbacks/sandbox/{who.merchant_id}", [("Sandbox-Signature", signatures.timestamped(SECRET, body))], body
    )


@pytest.fixture
def waiting(world: World, who: Signer) -> dict[str, Any]:
    """A UPI payment of 10.00 whose provider may say anything."""
    support.settings(world, who, connectors={"sandbox": {"webhook_secret": SECRET}})
    payment: dict[str, Any] = support.collect(world, who).body
    return payment


UNREADABLE = [{"amount_minor": minor} for minor in (0, -1, LIMIT, 10**37, 10**4000)] + [
    {"currency": name} for name in ("inr", "XXX", "QQQ")
]


@pytest.mark.parametrize("lie", UNREADABLE, ids=lambda lie: str(lie)[:40])
def test_an_amount_that_is_none_is_malformed_and_marks_the_payment(
    world: World, who: Signer, waiting: dict[str, Any], lie: dict[str, Any]
) -> None:
    before = support.stored(waiting["payment_id"])
    for _ in range(2):
        reply = reported(world, who, waiting, **lie)
        assert (reply.status, reply.code) == (400, "invalid_request")
    after = support.stored(waiting["payment_id"])
    assert (after.status, after.late_money, after.event, after.sequence) == ("pending", None, "payment.contradicted", before.sequence + 1)
    shown = support.show(world, who, waiting["payment_id"])
    assert (shown["review"]["reason"], shown["review"]["connector"]) == ("unreadable_amount", "sandbox")
    assert support.balances(who) == (0, 0, 0)
    assert reported(world, who, waiting).status == 200
    assert (support.show(world, who, waiting["payment_id"])["status"], support.stored(waiting["payment_id"]).review) == ("success", None)


def test_the_largest_amount_of_the_api_is_booked(world: World, who: Signer, waiting: dict[str, Any]) -> None:
    assert reported(world, who, waiting, amount_minor=LIMIT - 1).body["applied"] is True
    assert [money["amount"] for money in support.show(world, who, waiting["payment_id"])["late_money"]] == ["999999999999.99"]


def test_the_same_money_reported_again_with_the_right_amount_pays_and_is_booked_once(
    world: World, who: Signer, waiting: dict[str, Any]
) -> None:
    for minor in (990, 1010, 1000):
        assert reported(world, who, waiting, reference="paid-1", amount_minor=minor).status == 200
    shown = support.show(world, who, waiting["payment_id"])
    assert (shown["status"], support.balances(who)) == ("success", (-1000, 0, 1000))
    (money,) = shown["late_money"]
    assert (money["status"], money["amount"], money["corrections"]) == ("settled", "10.00", ["0.20", "-0.10"])


def test_a_provider_that_changes_its_mind_for_ever_is_reviewed(world: World, who: Signer, waiting: dict[str, Any]) -> None:
    for minor in range(900, 910):
        reported(world, who, waiting, reference="paid-1", amount_minor=minor)
    shown = support.show(world, who, waiting["payment_id"])
    assert (shown["status"], shown["review"]["reason"], len(shown["late_money"])) == ("pending", "amount_differs", 1)
    assert support.balances(who)[1] == 905


@pytest.mark.parametrize(("minor", "suspense", "review"), [(1100, 100, None), (900, 0, "amount_differs")])
def test_a_paid_payment_reported_with_another_amount_is_never_booked_beside(
    world: World, who: Signer, waiting: dict[str, Any], minor: int, suspense: int, review: str | None
) -> None:
    reported(world, who, waiting)
    for _ in range(2):
        assert reported(world, who, waiting, amount_minor=minor).status == 200
    assert support.balances(who) == (-1000 - suspense, suspense, 1000)
    assert (support.show(world, who, waiting["payment_id"])["review"] or {}).get("reason") == review


def test_another_currency_is_held_in_its_own(world: World, who: Signer, waiting: dict[str, Any]) -> None:
    reported(world, who, waiting, currency="USD")
    shown = support.show(world, who, waiting["payment_id"])
    assert (shown["status"], [(money["amount"], money["currency"]) for money in shown["late_money"]]) == ("pending", [("10.00", "USD")])
    assert reported(world, who, waiting, currency="EUR").status == 200
    assert support.show(world, who, waiting["payment_id"])["review"]["reason"] == "amount_differs"


def test_an_unknown_status_is_not_taken_as_approved(world: World, who: Signer, waiting: dict[str, Any]) -> None:
    before = world.dump()
    assert reported(world, who, waiting, status="maybe").code == "invalid_request"
    assert world.dump() == before


def test_one_answer_that_cannot_be_booked_keeps_no_payment_from_being_looked_after(
    world: World, who: Signer, razorpay: FakeRazorpay
) -> None:
    poisoned, other = (support.collect(world, who).body["payment_id"] for _ in range(2))
    bad, good = (razorpay.scan(code) for code in list(razorpay.codes))
    bad["amount"] = 0
    tick = support.tick(world, after_seconds=60)
    assert (tick.looked, support.show(world, who, other)["status"]) == (2, "success")
    assert good["status"] == "captured"
    shown = support.show(world, who, poisoned)
    assert (shown["status"], shown["review"]["reason"]) == ("pending", "unreadable_amount")
    bad["amount"] = 1000
    support.settle_all(world)
    assert support.show(world, who, poisoned)["status"] == "success"


def test_a_card_payment_whose_money_went_back_is_not_credited(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    (paid,) = razorpay.payments.values()
    paid |= {"status": "refunded", "amount_refunded": 1000, "refund_status": "full", "captured": True}
    support.settle_all(world)
    shown = support.show(world, who, payment_id)
    assert (shown["status"], shown["failure_code"], shown["late_money"]) == ("failed", "returned", [])
    assert shown["attempts"][0]["status"] == "returned"
    assert support.balances(who, "razorpay") == (0, 0, 0)


def test_late_money_that_went_back_is_not_held(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    world.call(who, "POST", f"/v1/payments/{payment_id}/cancel", {})
    paid = razorpay.scan("qr_00000000000000") | {"status": "refunded", "amount_refunded": 1000}
    razorpay.payments[paid["id"]] = paid
    support.tick(world, after_seconds=600)
    shown = support.show(world, who, payment_id)
    assert (shown["status"], shown["late_money"], support.balances(who, "razorpay")) == ("failed", [], (0, 0, 0))
    # An older picture of the same payment arrives last.
    older = {**paid, "status": "captured", "amount_refunded": 0}
    event = razorpay.webhook("qr_code.credited", payment=older, qr_code=razorpay.codes["qr_00000000000000"])
    assert world.send("POST", f"/v1/callbacks/razorpay/{who.merchant_id}", *event).status == 200
    assert support.show(world, who, payment_id)["late_money"] == []


def test_of_a_code_that_was_paid_twice_the_payment_that_holds_its_money_counts(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    first, second = razorpay.scan("qr_00000000000000"), razorpay.scan("qr_00000000000000")
    first |= {"status": "refunded", "amount_refunded": 1000}
    support.tick(world, after_seconds=60)
    shown = support.show(world, who, payment_id)
    assert (shown["status"], shown["provider_reference"]) == ("success", second["id"])


def test_another_intent_than_the_attempts_own_is_held_apart(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = support.charge(world, who, support.REDIRECT).body
    (intent,) = stripe.intents.values()
    other = {**intent, "id": "pi_other", "status": "succeeded", "amount_received": intent["amount"]}
    world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", *stripe.webhook("payment_intent.succeeded", other))
    shown = support.show(world, who, payment["payment_id"])
    assert (shown["status"], [money["provider_reference"] for money in shown["late_money"]]) == ("processing", ["pi_other"])


@pytest.mark.parametrize(("given", "left"), [(300, "7.00"), (600, "4.00")])
def test_a_refund_is_booked_as_the_provider_made_it(world: World, who: Signer, stripe: FakeStripe, given: int, left: str) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    stripe.misreport = {"amount": given}
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "5.00"}).body
    assert (made["status"], made["amount"], made["amount_requested"]) == ("success", f"{given / 100:.2f}", "5.00")
    assert support.balances(who, "stripe") == (given - 1000, 0, 1000 - given)
    shown = support.show(world, who, payment_id)
    assert (shown["amount_refunded"], shown["review"]["reason"]) == (made["amount"], "refund_differs")
    refused = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "9.00"})
    assert (refused.status, refused.body["error"]["details"]["refundable"]) == (422, left)


REFUND_LIES = [({"amount": 1001}, "refund_exceeds"), ({"currency": "usd"}, "currency_differs"), ({"amount": 0}, "unreadable_amount")]
REFUND_LIES += [({"payment_intent": "pi_other"}, "another_object"), ({"currency": "zzz"}, "unreadable_amount")]


@pytest.mark.parametrize(("lie", "reason"), REFUND_LIES, ids=str)
def test_a_refund_that_contradicts_what_was_asked_is_not_booked(
    world: World, who: Signer, stripe: FakeStripe, lie: dict[str, Any], reason: str
) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    stripe.misreport = lie
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "5.00"}).body
    shown = support.show(world, who, payment_id)
    assert (made["status"], shown["amount_refunded"], shown["review"]["reason"]) == ("processing", "0.00", reason)
    assert support.balances(who, "stripe") == (-1000, 0, 1000)
    stripe.misreport = {}
    support.settle_all(world)
    (refund,) = storage.scan_all(RefundItem)
    assert (refund.status, int(refund.amount), support.balances(who, "stripe")) == ("success", 500, (-500, 0, 500))


def test_an_operator_sees_reviews_and_ends_one(
    world: World, who: Signer, waiting: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["admin", "reviews"]) == 0
    reported(world, who, waiting, amount_minor=0)
    capsys.readouterr()
    assert cli.main(["admin", "reviews"]) == 1
    assert f"{waiting['payment_id']} {who.merchant_id} pending unreadable_amount: 0 INR" in capsys.readouterr().out
    ended = ["admin", "reviewed", waiting["payment_id"], "--by", "Asha", "--reason", "the provider corrected it"]
    assert cli.main(ended) == 0
    assert (support.show(world, who, waiting["payment_id"])["review"], cli.main(["admin", "reviews"]), cli.main(ended)) == (None, 0, 1)


def test_a_hold_that_its_provider_never_made_is_to_be_looked_at_once_its_time_is_over(world: World, who: Signer) -> None:
    """A callback said held, and each look-up says that the payer has still to confirm."""
    payment_id = support.charge(world, who, support.REDIRECT, capture_method="manual").body["payment_id"]
    payment = support.stored(payment_id)
    said = Authorized(payment.provider_reference or "x", Money(1000, "INR"), expires_ms=clock.now_ms() + 86_400_000)
    answers.apply(payment, 0, said, outcomes.change_of(payment, 0, "sandbox", said))
    support.tick(world, after_seconds=86_401)
    support.tick(world, after_seconds=3600)
    assert support.show(world, who, payment_id)["review"] is None
    for _ in range(3):
        support.tick(world, after_seconds=86_400)
    shown = support.show(world, who, payment_id)
    assert (shown["status"], shown["review"]["reason"], shown["amount_captured"]) == ("authorized", "another_object", "0.00")
    assert support.findings() == []
