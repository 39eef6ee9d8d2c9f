"""Answers to disputes and what processors report of them, in drawn orders with drawn faults: no answer twice, no money twice."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from paycorex import ledger
from paycorex.ledger import Account
from tests.fakes.receiver_behaviours import Behaviour, CutMidBody
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.integration.payments.processors import adyen, paypal, shift4
from tests.integration.payments.processors.fake import FakeProcessor
from tests.integration.payments.processors.test_certified import charge, post_callback, server
from tests.integration.payments.test_dispute_answers import bucket, post, the_dispute, with_file
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["bucket", "server"]
pytestmark = pytest.mark.usefixtures("bucket")
SEEDS = range(6)
STEPS = 14


def books_of(who: Signer, name: str) -> int:
    """What the merchant has, what is disputed, and what the processor owes or is owed, together."""
    clearing = Account.clearing(who.merchant_id, f"prism:{name}", "USD")
    others = Account.of_merchant(who.merchant_id, "USD"), Account.disputed(who.merchant_id, "USD")
    return sum(ledger.balance_of(each) for each in (clearing, *others))


def answer(world: World, who: Signer, dispute_id: str, verb: str, key: str) -> None:
    assert post(world, who, dispute_id, verb, {} if verb == "accept" else None, key=key).status in {200, 409, 422, 503}


def run(draw: random.Random, steps: dict[str, Callable[[], Any]], server: FakeProcessor, calls: tuple[str, ...]) -> None:
    """Drawn steps, before each of which the next call may be lost on the way there or back."""
    for _ in range(STEPS):
        server.trouble.clear()
        if draw.random() < 0.4:
            lost: Behaviour = Answer(502) if draw.random() < 0.5 else CutMidBody()
            server.trouble[draw.choice(calls)] = lost
            server.acts = draw.random() < 0.5
        steps[draw.choice(sorted(steps))]()
    server.trouble.clear()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])
def test_adyen_is_given_one_answer_whatever_falls_in_between(world: World, who: Signer, server: adyen.Fake, seed: int) -> None:
    draw = random.Random(seed)
    charge(world, who, server)
    post_callback(world, who, server, "charged_back")
    dispute_id = str(the_dispute().dispute_id)
    assert with_file(world, who, dispute_id, kind="explanation_letter").status_code == 200
    before = books_of(who, "adyen")
    steps: dict[str, Callable[[], Any]] = {
        "submit": lambda: answer(world, who, dispute_id, "submit", f"s{draw.randrange(2)}"),
        "accept": lambda: answer(world, who, dispute_id, "accept", f"a{draw.randrange(2)}"),
        "tick": lambda: support.tick(world, after_seconds=draw.choice([61, 300, 7 * 3_600])),
        "again": lambda: post_callback(world, who, server, "charged_back"),
    }
    run(draw, steps, server, ("/defendDispute", "/acceptDispute", "/supplyDefenseDocument"))
    sent = [*server.asked("/defendDispute"), *server.asked("/acceptDispute")]
    answered = len(server.answered)
    assert answered <= 1
    assert len(sent) <= 1, [each.path for each in sent]
    server.status = "Lost"
    for kind in draw.sample(["supplied", "ended", "ended"], 3):
        post_callback(world, who, server, kind)
        support.tick(world, after_seconds=200)
    assert the_dispute().answering is None
    assert (len(server.answered), books_of(who, "adyen"), support.findings()) == (answered, before, [])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", [paypal.Fake], ids=["paypal"])
def test_the_money_of_a_dispute_at_paypal_goes_once(world: World, who: Signer, server: paypal.Fake, seed: int) -> None:
    draw = random.Random(seed)
    charge(world, who, server)
    post_callback(world, who, server, "opened")
    dispute_id = str(the_dispute().dispute_id)
    (taken,) = server.payments.values()
    before = books_of(who, "paypal")

    def refund() -> None:
        """PayPal's, of a claim that it has closed for the payer."""
        if server.disputes["PP-D-27803"]["status"] == "RESOLVED":
            taken.refunds["by PayPal"] = taken.amount
            assert post_callback(world, who, server, "refunded").status in {200, 503}

    steps: dict[str, Callable[[], Any]] = {
        "accept": lambda: answer(world, who, dispute_id, "accept", f"a{draw.randrange(2)}"),
        "tick": lambda: support.tick(world, after_seconds=draw.choice([61, 300, 7 * 3_600])),
        "refund": refund,
    }
    run(draw, steps, server, ("/accept-claim", "/v1/customer/disputes/"))
    for _ in range(2):
        answer(world, who, dispute_id, "accept", "last")
        refund()
        support.tick(world, after_seconds=3_600)
    payment = support.show(world, who, str(the_dispute().payment_id))
    assert (payment["amount_disputed"], payment["amount_refunded"]) == ("12.34", "0.00")
    assert ledger.balance_of(Account.of_merchant(who.merchant_id, "USD")) == 0
    assert (books_of(who, "paypal"), support.findings()) == (before, [])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", [shift4.Fake], ids=["shift4"])
def test_shift4_is_given_one_answer_and_the_money_goes_once(world: World, who: Signer, server: shift4.Fake, seed: int) -> None:
    draw = random.Random(seed)
    charge(world, who, server)
    (taken,) = server.payments.values()
    dispute = server.dispute(taken)
    server.is_quick = draw.random() < 0.5
    assert post_callback(world, who, server, "CHARGE_DISPUTE_CREATED").status == 200
    dispute_id = str(the_dispute().dispute_id)
    assert post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}}).status == 200
    before = books_of(who, "shift4")
    steps: dict[str, Callable[[], Any]] = {
        "submit": lambda: answer(world, who, dispute_id, "submit", f"s{draw.randrange(2)}"),
        "accept": lambda: answer(world, who, dispute_id, "accept", f"a{draw.randrange(2)}"),
        "tick": lambda: support.tick(world, after_seconds=draw.choice([61, 300, 7 * 3_600])),
        "again": lambda: post_callback(world, who, server, "CHARGE_DISPUTE_UPDATED"),
    }
    run(draw, steps, server, ('{"evidence"', "/close", "/disputes/", "/events/"))
    # The server's own books say if a dispute that was answered was given another answer (`problems`).
    assert dispute["evidenceDetails"]["submissionCount"] + dispute["acceptedAsLost"] <= 1
    dispute["status"] = "CHARGEBACK_REPRESENTED_UNSUCCESSFULLY"
    for _ in range(2):
        post_callback(world, who, server, "CHARGE_DISPUTE_LOST")
        support.tick(world, after_seconds=7 * 3_600)
    assert the_dispute().status in {"lost", "accepted"}
    assert ledger.balance_of(Account.of_merchant(who.merchant_id, "USD")) == 0
    assert (books_of(who, "shift4"), support.findings()) == (before, [])
