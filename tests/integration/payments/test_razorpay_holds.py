"""Money that Razorpay holds: one capture, in full, found again by what the payment says; released by Razorpay alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import settings
from paycorex.money import Money
from payments.connectors import http_calls
from payments.connectors.razorpay import charges
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.requests import Attempt, CaptureRequest, Captures, IncrementRequest, VoidRequest
from payments.connectors.results import Approved, Authorized, Contradicts, Declined, Fault, NotFound, Redirect, Released, Unknown
from tests.fakes.providers import FakeRazorpay
from tests.fakes.receiver_behaviours import Behaviour, CutMidBody, Hang, Reply
from tests.support import payments as support
from tests.support.world import World
from tokens.instruments import Card

PAYMENT, ATTEMPT, REFERENCE = "pay_" + "b" * 26, "att_" + "a" * 26, "pay_00000000000000"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRazorpay]:
    monkeypatch.setattr(http_calls, "CHARGE_SECONDS", 0.4)
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 0.4)
    monkeypatch.setattr(charges, "CREATE_SECONDS", 0.4)
    with World().running() as world, FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        yield server
        assert server.problems == []


def inr(minor: int) -> Money:
    return Money(minor, "INR")


def attempt(reference: str | None = REFERENCE, *, is_manual: bool = True) -> Attempt:
    return Attempt(ATTEMPT, PAYMENT, "mer_x", "tokenized", inr(1000), provider_reference=reference, is_manual=is_manual)


def hold(server: FakeRazorpay, *, is_manual: bool = True) -> Razorpay:
    connector = Razorpay(support.RAZORPAY)
    card = Card(number=support.APPROVE, expiry_month=12, expiry_year=2031, holder=None)
    assert isinstance(connector.charge(attempt(None, is_manual=is_manual), card), Redirect)
    server.authorize(server.payments[REFERENCE])
    return connector


def take(minor: int = 1000) -> CaptureRequest:
    return CaptureRequest("cap_" + "d" * 26, PAYMENT, "mer_x", inr(minor), REFERENCE)


@pytest.mark.parametrize("reference", [REFERENCE, None])
def test_a_payment_that_was_authorized_is_held_for_three_days(server: FakeRazorpay, reference: str | None) -> None:
    connector, payment = hold(server), server.payments[REFERENCE]
    until = (payment["created_at"] + 3 * 86_400) * 1000
    assert connector.lookup(attempt(reference)) == Authorized(REFERENCE, inr(1000), expires_ms=until)
    assert connector.holds.captures is Captures.ONE_FULL


def test_a_payment_that_is_captured_by_itself_is_no_hold(server: FakeRazorpay) -> None:
    connector = hold(server, is_manual=False)
    assert connector.lookup(attempt(is_manual=False)) == Approved(REFERENCE, inr(1000))


def test_a_hold_is_captured_in_full_and_once(server: FakeRazorpay) -> None:
    connector = hold(server)
    assert connector.lookup_capture(take()) == NotFound()
    taken = Approved(REFERENCE, inr(1000))
    assert connector.capture(take()) == connector.capture(take()) == connector.lookup_capture(take()) == taken
    assert connector.lookup(attempt()) == taken


def test_a_part_is_refused_by_razorpay_and_nothing_is_taken(server: FakeRazorpay) -> None:
    connector = hold(server)
    refused = connector.capture(take(400))
    assert isinstance(refused, Declined)
    assert (refused.fault, connector.lookup_capture(take())) == (Fault.AMOUNT, NotFound())


def test_what_was_not_captured_in_time_goes_back(server: FakeRazorpay) -> None:
    connector = hold(server)
    server.expire(server.payments[REFERENCE])
    assert connector.lookup(attempt()) == Released(REFERENCE, is_expired=True)
    refused = connector.capture(take())
    assert isinstance(refused, Declined)
    assert refused.code == "authorization_expired"


def test_what_was_captured_and_given_back_is_no_hold_that_ended(server: FakeRazorpay) -> None:
    connector = hold(server)
    connector.capture(take())
    server.refund_externally(server.payments[REFERENCE], 1000)
    assert connector.lookup(attempt()) == Approved(REFERENCE, inr(1000), 1000)


def test_there_is_no_call_that_releases_or_enlarges_a_hold(server: FakeRazorpay) -> None:
    connector = hold(server)
    before = len(server.requests)
    voided = connector.void(VoidRequest("void_1", PAYMENT, "mer_x", REFERENCE, inr(1000)))
    grown = connector.increment(IncrementRequest("inc_1", PAYMENT, "mer_x", REFERENCE, inr(2000)))
    assert isinstance(voided, Declined)
    assert isinstance(grown, Declined)
    assert ({voided.fault, grown.fault}, len(server.requests)) == ({Fault.SETUP}, before)


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize(
    "trouble", [Reply(500, b"{}"), Reply(409, b"{}"), Hang(), CutMidBody(), Reply(200, b"{}")], ids=lambda one: str(one)[:20]
)
def test_a_capture_whose_answer_is_lost_is_made_once(server: FakeRazorpay, trouble: Behaviour, *, acts: bool) -> None:
    connector = hold(server)
    server.trouble["/capture"], server.acts = trouble, acts
    assert isinstance(connector.capture(take()), Unknown)
    assert connector.lookup_capture(take()) == (Approved(REFERENCE, inr(1000)) if acts else NotFound())
    assert connector.capture(take()) == Approved(REFERENCE, inr(1000))


LIES: list[tuple[dict[str, Any], str]] = [
    ({"id": "pay_other"}, "another_object"),
    ({"currency": "USD"}, "currency_differs"),
    ({"amount": 10**40}, "unreadable_amount"),
    ({"captured": False}, "another_object"),
]


@pytest.mark.parametrize(("lie", "code"), LIES, ids=lambda value: str(value)[:40])
def test_an_answer_about_something_else_is_not_taken(server: FakeRazorpay, lie: dict[str, Any], code: str) -> None:
    connector = hold(server)
    connector.capture(take())
    server.payments[REFERENCE] |= lie
    said = connector.lookup_capture(take())
    assert isinstance(said, Contradicts)
    assert said.code == code


def test_another_amount_is_reported_as_it_was_taken(server: FakeRazorpay) -> None:
    connector = hold(server)
    connector.capture(take())
    server.payments[REFERENCE] |= {"amount": 900}
    assert connector.lookup_capture(take()) == Approved(REFERENCE, inr(900))
