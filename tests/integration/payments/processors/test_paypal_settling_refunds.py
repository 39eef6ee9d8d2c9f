"""Refunds of a capture at PayPal that is disputed: which one settled the dispute, and which is a refund beside it. All money goes once."""

from typing import Any

import pytest

from paycorex import clock, ledger
from paycorex.ledger import Account
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.integration.payments.processors import paypal
from tests.integration.payments.processors.test_certified import charge, server
from tests.integration.payments.processors.test_paypal_callbacks import post
from tests.integration.payments.processors.test_paypal_dispute_answers import the_payment_id
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", [paypal.Fake], ids=["paypal"])
APPLIED = {"received": True, "applied": True}
TWO_DAYS_LATER = "2026-01-03T00:00:00Z"
# A day less a minute after the dispute ended, and a minute more.
SOON, LATE = "2026-01-01T23:59:00Z", "2026-01-02T00:01:00Z"
NAME = "PP-D-27803"


def money(minor: int) -> dict[str, str]:
    return {"currency_code": "USD", "value": f"{minor // 100}.{minor % 100:02d}"}


def disputed(world: World, who: Signer, server: paypal.Fake, stage: str, **facts: Any) -> None:
    """PayPal has the dispute so, and reports it."""
    known(server, stage, **facts)
    reported = server.disputes[NAME]
    kind = "CREATED" if stage == "opened" else "UPDATED"
    assert post(world, who, server.event(f"CUSTOMER.DISPUTE.{kind}", "dispute", reported)).body == APPLIED


def known(server: paypal.Fake, stage: str, **facts: Any) -> None:
    """PayPal has the dispute so, and has reported nothing yet."""
    (taken,) = server.payments.values()
    server.dispute(taken, stage).update(facts)


def refunded(world: World, who: Signer, server: paypal.Fake, minor: int) -> int:
    (taken,) = server.payments.values()
    taken.refunds[f"{minor}"] = minor
    sent = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", server.refund_of(taken, minor))
    statuses = {post(world, who, sent).status for _ in range(2)}
    assert len(statuses) == 1
    return statuses.pop()


def books(world: World, who: Signer) -> tuple[str, str, int]:
    """What is disputed and refunded of the payment, and what the merchant has."""
    support.tick(world, after_seconds=120)
    payment = support.show(world, who, the_payment_id(world, who))
    assert support.findings() == []
    return payment["amount_disputed"] or "0.00", payment["amount_refunded"], ledger.balance_of(Account.of_merchant(who.merchant_id, "USD"))


def soon(server: paypal.Fake) -> None:
    server.due = clock.rfc3339(clock.now_ms() + 10 * 24 * 3600 * 1000)


@pytest.mark.parametrize("says", [None, 1234], ids=["no amount", "the amount"])
def test_a_refund_that_ends_an_inquiry_is_booked(world: World, who: Signer, server: paypal.Fake, says: int | None) -> None:
    """An inquiry books nothing, so nothing stands for its refund."""
    soon(server)
    charge(world, who, server)
    inquiry: dict[str, Any] = {"dispute_life_cycle_stage": "INQUIRY", "money_movements": []}
    disputed(world, who, server, "opened", **inquiry)
    outcome = {"outcome_code": "RESOLVED_BUYER_FAVOUR", **({} if says is None else {"amount_refunded": money(says)})}
    known(server, "lost", dispute_outcome=outcome, **inquiry)
    assert refunded(world, who, server, 1234) == 200
    assert books(world, who) == ("0.00", "12.34", 0)


def test_an_inquirys_refund_counts_once_where_the_money_is_reported_as_taken_later(world: World, who: Signer, server: paypal.Fake) -> None:
    soon(server)
    charge(world, who, server)
    inquiry: dict[str, Any] = {"dispute_life_cycle_stage": "INQUIRY", "money_movements": []}
    disputed(world, who, server, "opened", **inquiry)
    known(server, "lost", **inquiry)
    assert refunded(world, who, server, 1234) == 200
    disputed(world, who, server, "lost")
    assert books(world, who) == ("0.00", "12.34", 0)


@pytest.mark.parametrize("which", ["says no amount", "later", "a minute later"])
def test_another_refund_of_the_same_amount_is_booked(world: World, who: Signer, server: paypal.Fake, which: str) -> None:
    soon(server)
    charge(world, who, server)
    half = money(617)
    disputed(world, who, server, "opened", dispute_amount=half)
    outcome = {"outcome_code": "RESOLVED_BUYER_FAVOUR", **({} if which == "says no amount" else {"amount_refunded": half})}
    disputed(world, who, server, "lost", dispute_amount=half, dispute_outcome=outcome)
    server.refunded_at = {"later": TWO_DAYS_LATER, "a minute later": LATE}.get(which, server.refunded_at)
    assert refunded(world, who, server, 617) == 200
    assert books(world, who) == ("6.17", "6.17", 0)


def test_the_refund_that_settles_a_dispute_may_take_some_hours(world: World, who: Signer, server: paypal.Fake) -> None:
    soon(server)
    charge(world, who, server)
    disputed(world, who, server, "lost")
    server.refunded_at = SOON
    assert refunded(world, who, server, 1234) == 200
    assert books(world, who) == ("12.34", "0.00", 0)


@pytest.mark.parametrize("order", ["open, refund, end", "end, refund", "refund, end"])
def test_an_award_in_part_is_counted_once(world: World, who: Signer, server: paypal.Fake, order: str) -> None:
    soon(server)
    charge(world, who, server)
    award: dict[str, Any] = {"dispute_outcome": {"outcome_code": "RESOLVED_BUYER_FAVOUR", "amount_refunded": money(400)}}
    award["money_movements"] = []
    if order != "refund, end":
        disputed(world, who, server, "opened")
    if order == "end, refund":
        disputed(world, who, server, "lost", **award)
    if order == "open, refund, end":
        known(server, "lost", **award)
    assert refunded(world, who, server, 400) == 200
    disputed(world, who, server, "lost", **award)
    wanted = ("0.00", "4.00", 834) if order == "refund, end" else ("4.00", "0.00", 834)
    assert books(world, who) == wanted


@pytest.mark.parametrize("more", [0, 2000], ids=["nothing", "more than disputed"])
def test_an_award_that_cannot_be_is_no_award(world: World, who: Signer, server: paypal.Fake, more: int) -> None:
    soon(server)
    charge(world, who, server)
    disputed(world, who, server, "lost", dispute_outcome={"outcome_code": "RESOLVED_BUYER_FAVOUR", "amount_refunded": money(more)})
    assert books(world, who) == ("12.34", "0.00", 0)


@pytest.mark.parametrize("lists", [True, False], ids=["PayPal lists the dispute", "PayPal lists it later"])
def test_a_refund_before_its_dispute_is_known_counts_once(world: World, who: Signer, server: paypal.Fake, lists: bool) -> None:
    soon(server)
    charge(world, who, server)
    if lists:
        known(server, "lost")
    assert refunded(world, who, server, 1234) == 200
    for _ in range(2):
        disputed(world, who, server, "lost")
    assert refunded(world, who, server, 1234) == 200
    assert books(world, who) == (("12.34", "0.00", 0) if lists else ("0.00", "12.34", 0))


def test_money_that_comes_back_after_its_refund_was_booked_is_looked_at(world: World, who: Signer, server: paypal.Fake) -> None:
    soon(server)
    charge(world, who, server)
    assert refunded(world, who, server, 1234) == 200
    disputed(world, who, server, "lost")
    known(server, "won")
    disputed(world, who, server, "won")
    support.tick(world, after_seconds=120)
    review = support.show(world, who, the_payment_id(world, who))["review"]
    assert "came back, and refund ref_" in review["detail"]


@pytest.mark.parametrize("trouble", ["not found", "another dispute"])
def test_a_refund_is_booked_and_looked_at_where_paypal_does_not_know_the_dispute(
    world: World, who: Signer, server: paypal.Fake, trouble: str
) -> None:
    soon(server)
    charge(world, who, server)
    disputed(world, who, server, "opened")
    if trouble == "not found":
        server.disputes.clear()
    else:
        server.lies, server.lies_at = {"dispute_id": "PP-D-1"}, f"/v1/customer/disputes/{NAME}"
    assert refunded(world, who, server, 1234) == 200
    payment = support.show(world, who, the_payment_id(world, who))
    assert payment["amount_refunded"] == "12.34"
    assert payment["review"] is not None


def test_a_refund_waits_for_a_provider_that_does_not_answer_now(world: World, who: Signer, server: paypal.Fake) -> None:
    soon(server)
    charge(world, who, server)
    disputed(world, who, server, "opened")
    (taken,) = server.payments.values()
    taken.refunds["1234"] = 1234
    sent = server.event("PAYMENT.CAPTURE.REFUNDED", "refund", server.refund_of(taken, 1234))
    server.trouble[f"/v1/customer/disputes/{NAME}"] = Answer(502)
    assert post(world, who, sent).status == 503
    assert support.show(world, who, the_payment_id(world, who))["amount_refunded"] == "0.00"
