"""A hold at the second connector, and what is said afterwards of the attempt at the first one: it is not about the hold."""

import pytest

from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments.captures import answers
from payments.connectors.requests import VoidRequest
from payments.connectors.results import Approved, Authorized, Declined, Found, Released, Unknown
from payments.connectors.sandbox.connector import Sandbox
from payments.payment import attempts, outcomes
from tests.integration.payments.test_card_holds import authorize, post, stands
from tests.support import payments as support
from tests.support.world import Signer, World

WHOLE = Money(10_000, "INR")
RULES = [{"use": [{"connector": "sandbox"}, {"connector": "sandbox_backup", "weight": 0}]}]
HELD = ("authorized", "authorized", "0.00", "100.00")


@pytest.fixture
def payment(world: World, who: Signer) -> PaymentItem:
    support.settings(world, who, routing_rules=RULES)
    made = support.stored(authorize(world, who, support.RETRYABLE).body["payment_id"])
    assert [(each.connector, each.status) for each in attempts.of(made)] == [("sandbox", "declined"), ("sandbox_backup", "authorized")]
    return made


def say_of_first(payment: PaymentItem, result: Found) -> PaymentItem:
    return answers.apply(payment, 0, result, outcomes.change_of(payment, 0, "sandbox", result))


def first_reference(payment: PaymentItem) -> str:
    return attempts.of(payment)[0].provider_reference or ""


@pytest.mark.parametrize("kind", ["declined", "declined without a name", "released"])
def test_that_an_attempt_before_came_to_nothing_leaves_the_hold(world: World, who: Signer, payment: PaymentItem, kind: str) -> None:
    """Providers tell of a refusal by a callback too, after another one has held the money."""
    reference = first_reference(payment)
    said: dict[str, Found] = {
        "declined": Declined("processing_error", "No.", provider_reference=reference),
        "declined without a name": Declined("processing_error", "No."),
        "released": Released(reference),
    }
    say_of_first(payment, said[kind])
    assert stands(world, who, payment.payment_id) == HELD
    assert post(world, who, payment.payment_id, "capture").body["status"] == "success"
    assert stands(world, who, payment.payment_id) == ("success", "captured", "100.00", "0.00")


@pytest.mark.parametrize("is_captured", [False, True])
def test_money_that_the_first_took_all_the_same_is_late_money(
    world: World, who: Signer, payment: PaymentItem, *, is_captured: bool
) -> None:
    if is_captured:
        post(world, who, payment.payment_id, "capture")
        payment = support.stored(payment.payment_id)
    for _ in range(2):
        # Reported twice, it is booked once.
        after = say_of_first(support.stored(payment.payment_id), Approved(first_reference(payment), WHOLE))
    assert [(money["status"], money["connector"]) for money in after.late_money or ()] == [("held", "sandbox")]
    expected = ("success", "captured", "100.00", "0.00") if is_captured else HELD
    assert stands(world, who, payment.payment_id) == expected
    assert support.balances(who)[:2] == (-10_000, 10_000)


def test_a_second_hold_at_the_first_is_released(world: World, who: Signer, payment: PaymentItem, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[VoidRequest] = []

    def release(_self: Sandbox, request: VoidRequest) -> Released:
        asked.append(request)
        return Released(request.authorization_reference)

    monkeypatch.setattr(Sandbox, "void", release)
    say_of_first(payment, Authorized(first_reference(payment), WHOLE))
    assert [request.authorization_reference for request in asked] == [first_reference(payment)]
    assert stands(world, who, payment.payment_id) == HELD


def test_a_second_hold_that_is_not_released_is_for_an_operator(
    world: World, who: Signer, payment: PaymentItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sandbox, "void", lambda *_: Unknown("No answer."))
    after = say_of_first(payment, Authorized(first_reference(payment), WHOLE))
    assert (after.review["reason"], stands(world, who, payment.payment_id)) == ("held_twice", HELD)
