"""Held cards and disputes on the deployed template: captured twice, a dispute won and one lost, and the books after each."""

import time
from typing import Any

import pytest

from paycorex import ledger
from paycorex.ledger import Account
from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from payments.connectors.sandbox.disputes import DECIDES_SECONDS
from tests.e2e.deployed import Deployed
from tests.e2e.test_payment_methods import card
from tests.integration.payments.test_disputes import DISPUTED, balances
from tests.support import payments as support
from tests.support.world import Signer

PATIENCE_SECONDS = 150


@pytest.fixture(scope="module")
def who(deployed: Deployed) -> Signer:
    return deployed.register()


def charged(deployed: Deployed, who: Signer, number: str, **order: Any) -> dict[str, Any]:
    reply = deployed.call(who, "POST", "/v1/payments/create", card(deployed, who, number) | order)
    assert reply.status == 201, reply.raw
    payment: dict[str, Any] = reply.body
    return payment


def books_are_sound(deployed: Deployed) -> None:
    with deployed.reading_tables():
        assert Verifier(segments=1, at_rest=False).run(every_source()).findings == []


def dispute_of(deployed: Deployed, who: Signer, payment: dict[str, Any]) -> dict[str, Any]:
    """The one dispute of a payment, as soon as there is one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found: list[dict[str, Any]] = deployed.call(who, "GET", f"/v1/disputes?payment_id={payment['payment_id']}").body["data"]
        if found:
            (dispute,) = found
            return dispute
        time.sleep(1)
    raise AssertionError("no dispute came")


def test_a_held_card_is_captured_twice_and_the_rest_goes_back(deployed: Deployed, who: Signer) -> None:
    payment = charged(deployed, who, support.APPROVE, amount="100.00", capture_method="manual")
    assert payment["status"] == "authorized"
    path = f"/v1/payments/{payment['payment_id']}"
    first = deployed.call(who, "POST", f"{path}/capture", {"amount": "30.00", "final": False})
    assert (first.status, first.body["status"]) == (201, "success"), first.raw
    between = deployed.call(who, "GET", path).body
    assert (between["status"], between["authorization"]["capturable"]) == ("authorized", "70.00")
    second = deployed.call(who, "POST", f"{path}/capture", {"amount": "50.00"})
    assert (second.status, second.body["status"]) == (201, "success"), second.raw
    shown = deployed.call(who, "GET", path).body
    assert (shown["status"], shown["amount_captured"], shown["authorization"]["capturable"]) == ("success", "80.00", "0.00")
    captures = deployed.call(who, "GET", f"{path}/captures").body["data"]
    assert sorted(one["amount"] for one in captures) == ["30.00", "50.00"]
    more = deployed.call(who, "POST", "/v1/payments/refund", {"payment_id": payment["payment_id"], "amount": "80.01"})
    assert more.status == 422, more.raw
    books_are_sound(deployed)


def between_provider_and_bank(merchant_id: str) -> list[Account]:
    """The accounts that payouts of the sandbox move money among."""
    return [
        Account.clearing(merchant_id, "sandbox", "INR"),
        Account.bank_in_transit(merchant_id, "sandbox", "INR"),
        Account.of_bank(merchant_id, "INR"),
        Account.fees(merchant_id, "INR"),
        Account.tax(merchant_id, "INR"),
        Account.suspense(merchant_id, "INR"),
    ]


def settled_balances(merchant_id: str) -> list[int]:
    """Read until twice the same: a payout may move money between two reads."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    found, before = list(map(ledger.balance_of, between_provider_and_bank(merchant_id))), None
    while found != before and time.monotonic() < deadline:
        found, before = list(map(ledger.balance_of, between_provider_and_bank(merchant_id))), found
    return found


def answered(deployed: Deployed, who: Signer, words: str) -> str:
    """Answer the dispute of a new payment with these words. Returns its path."""
    dispute = dispute_of(deployed, who, charged(deployed, who, DISPUTED))
    path = f"/v1/disputes/{dispute['dispute_id']}"
    assert dispute["status"] == "needs_response"
    assert deployed.call(who, "POST", f"{path}/evidence", {"text": {"explanation": words}}).status == 200
    assert deployed.call(who, "POST", f"{path}/submit").body["status"] == "under_review"
    return path


@pytest.mark.timeout(2 * PATIENCE_SECONDS + DECIDES_SECONDS + 60)
def test_disputes_are_answered_and_decided(deployed: Deployed) -> None:
    """Both wait side by side. The sandbox's bank decides a minute after an answer; a look before that would put the next one off."""
    winner, loser = deployed.register(), deployed.register()
    won = answered(deployed, winner, "Delivered. winning_evidence")
    lost = answered(deployed, loser, "It was so.")
    time.sleep(DECIDES_SECONDS + 1)
    for who, path, ends, books in ((winner, won, "won", (0, 1000)), (loser, lost, "lost", (0, 0))):
        assert deployed.call(who, "POST", "/v1/test/clock", {"advance": "PT1H"}).status == 200
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (shown := deployed.call(who, "GET", path).body)["status"] == "under_review" and time.monotonic() < deadline:
            time.sleep(2)
        assert [step["status"] for step in shown["timeline"]] == ["needs_response", "under_review", ends]
        with deployed.reading_tables():
            _, *own = balances(who, "sandbox")
            # What the provider had of it may have been paid out by then, and be on its way, or in the bank.
            elsewhere = sum(settled_balances(who.merchant_id))
        assert (tuple(own), elsewhere) == (books, -sum(books))
    books_are_sound(deployed)
