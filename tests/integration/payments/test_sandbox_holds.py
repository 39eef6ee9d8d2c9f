"""What the sandbox does with money that is held: its documented cards, asked as any connector is asked."""

import pytest

from paycorex.money import Money
from payments.connectors.registry import connect_for
from payments.connectors.requests import Attempt, CaptureRequest, Captures, IncrementRequest, RefundRequest, VoidRequest
from payments.connectors.results import Approved, Authorized, Declined, NotFound, Pending, Redirect, Released, Unknown
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.connector import Sandbox
from payments.payment import attempts
from tests.support import payments as support
from tests.support.world import Signer, World
from tokens.instruments import Card

FLEXIBLE, SHORT, ONCE = "4000000000008104", "4000000000008203", "4000000000008302"
CAPTURE_DECLINED, CAPTURE_TIMEOUT, CAPTURE_LOST = "4000000000008401", "4000000000008500", "4000000000008609"
CAPTURE_PENDING, CAPTURE_LESS, VOID_FAILS = "4000000000008708", "4000000000008807", "4000000000008906"
PAYMENT = "pay_" + "b" * 26
ATTEMPT = attempts.attempt_id(PAYMENT, 0)
NETWORK = books.network_id(ATTEMPT)
HOLD = "sbx_" + ATTEMPT.removeprefix("att_")


@pytest.fixture
def sandbox(world: World, who: Signer) -> Sandbox:
    connector = connect_for(who.merchant_id, "sandbox")
    assert isinstance(connector, Sandbox)
    return connector


def attempt(who: Signer) -> Attempt:
    return Attempt(ATTEMPT, PAYMENT, who.merchant_id, "tokenized", rupees(1000), page_url="https://pay.example/", is_manual=True)


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


def hold(sandbox: Sandbox, who: Signer, number: str = support.APPROVE) -> Authorized:
    held = sandbox.charge(attempt(who), Card(number=number, expiry_month=12, expiry_year=2031, holder=None))
    assert isinstance(held, Authorized)
    return held


def take(who: Signer, minor: int, *, number: int = 0, final: bool = False, before: int = 0) -> CaptureRequest:
    return CaptureRequest(f"cap_{number:026d}", PAYMENT, who.merchant_id, rupees(minor), HOLD, before, final)


def release(who: Signer, left: int = 1000) -> VoidRequest:
    return VoidRequest("void_1", PAYMENT, who.merchant_id, HOLD, rupees(left))


def test_a_hold_takes_nothing_until_it_is_captured(sandbox: Sandbox, who: Signer, world: World) -> None:
    held = hold(sandbox, who)
    assert (held.provider_reference, held.amount, held.captured_minor) == (HOLD, rupees(1000), 0)
    assert held.expires_ms is not None
    assert 0 <= world.clock.now * 1000 + 7 * 86_400_000 - held.expires_ms < 1000
    assert held == hold(sandbox, who) == sandbox.lookup(attempt(who))
    assert isinstance(sandbox.refund(RefundRequest("ref_1", PAYMENT, who.merchant_id, rupees(1), HOLD)), Declined)


def test_a_hold_is_captured_in_part_and_more_than_once_and_each_capture_once(sandbox: Sandbox, who: Signer) -> None:
    hold(sandbox, who)
    for number, minor in enumerate((300, 200)):
        request = take(who, minor, number=number)
        assert sandbox.capture(request) == sandbox.capture(request) == sandbox.lookup_capture(request)
        assert sandbox.capture(request) == Approved(f"sbxc_{number:026d}", rupees(minor))
    found = sandbox.lookup(attempt(who))
    assert isinstance(found, Authorized)
    assert (found.captured_minor, found.amount) == (500, rupees(1000))
    assert isinstance(sandbox.refund(RefundRequest("ref_1", PAYMENT, who.merchant_id, rupees(501), HOLD)), Declined)
    assert isinstance(sandbox.refund(RefundRequest("ref_2", PAYMENT, who.merchant_id, rupees(500), HOLD)), Approved)
    assert isinstance(sandbox.capture(take(who, 400, number=3, final=True)), Approved)
    assert sandbox.lookup(attempt(who)) == Approved(HOLD, rupees(900), network_transaction_id=NETWORK)
    refused = sandbox.capture(take(who, 100, number=4))
    assert isinstance(refused, Declined)
    assert (refused.code, sandbox.lookup_capture(take(who, 100, number=4))) == ("not_capturable", NotFound())


@pytest.mark.parametrize(("number", "most"), [(support.APPROVE, 1000), (FLEXIBLE, 1200)])
def test_more_than_the_hold_is_captured_with_the_documented_card_only(sandbox: Sandbox, who: Signer, number: str, most: int) -> None:
    hold(sandbox, who, number)
    refused = sandbox.capture(take(who, most + 1))
    assert isinstance(refused, Declined)
    assert refused.code == "capture_exceeds_authorization"
    assert sandbox.capture(take(who, most, number=1, final=True)) == Approved("sbxc_" + f"{1:026d}", rupees(most))


def test_a_hold_is_made_larger_with_the_documented_card_only(sandbox: Sandbox, who: Signer) -> None:
    held = hold(sandbox, who, FLEXIBLE)
    assert held.ability is not None
    assert (held.ability.can_increment, held.ability.over_percent) == (True, 20)
    larger = IncrementRequest("inc_1", PAYMENT, who.merchant_id, HOLD, rupees(1500))
    grown = sandbox.increment(larger)
    assert grown == sandbox.increment(larger) == sandbox.lookup(attempt(who))
    assert isinstance(grown, Authorized)
    assert grown.amount == rupees(1500)
    declined = sandbox.increment(IncrementRequest("inc_2", PAYMENT, who.merchant_id, HOLD, rupees(2002)))
    assert isinstance(declined, Declined)
    assert (declined.code, sandbox.lookup(attempt(who))) == ("card_declined", grown)


def test_another_cards_hold_is_not_made_larger(sandbox: Sandbox, who: Signer) -> None:
    hold(sandbox, who)
    refused = sandbox.increment(IncrementRequest("inc_1", PAYMENT, who.merchant_id, HOLD, rupees(1500)))
    assert isinstance(refused, Declined)
    assert refused.code == "increment_unavailable"


@pytest.mark.parametrize("captured", [0, 300])
def test_a_void_releases_the_rest_and_again_is_the_same(sandbox: Sandbox, who: Signer, captured: int) -> None:
    hold(sandbox, who)
    if captured:
        sandbox.capture(take(who, captured))
    released = Released(HOLD, captured)
    assert [sandbox.void(release(who)) for _ in range(2)] == [released] * 2
    assert sandbox.lookup(attempt(who)) == released
    assert isinstance(sandbox.capture(take(who, 1, number=9)), Declined)


def test_what_was_captured_whole_is_not_voided(sandbox: Sandbox, who: Signer) -> None:
    hold(sandbox, who)
    sandbox.capture(take(who, 1000, final=True))
    assert isinstance(sandbox.void(release(who)), Declined)
    assert sandbox.lookup(attempt(who)) == Approved(HOLD, rupees(1000), network_transaction_id=NETWORK)


@pytest.mark.parametrize("captured", [0, 300])
def test_a_hold_ends_by_its_time(sandbox: Sandbox, who: Signer, world: World, captured: int) -> None:
    hold(sandbox, who, SHORT)
    if captured:
        sandbox.capture(take(who, captured))
    world.clock.now += 299
    assert isinstance(sandbox.lookup(attempt(who)), Authorized)
    world.clock.now += 2
    refused = sandbox.capture(take(who, 100, number=5))
    assert isinstance(refused, Declined)
    assert refused.code == "authorization_expired"
    assert sandbox.lookup(attempt(who)) == sandbox.void(release(who)) == Released(HOLD, captured, is_expired=True)


def test_a_capture_is_declined(sandbox: Sandbox, who: Signer) -> None:
    hold(sandbox, who, CAPTURE_DECLINED)
    declined = sandbox.capture(take(who, 100))
    assert isinstance(declined, Declined)
    assert (declined.code, sandbox.lookup_capture(take(who, 100))) == ("capture_declined", declined)
    found = sandbox.lookup(attempt(who))
    assert isinstance(found, Authorized)
    assert found.captured_minor == 0


@pytest.mark.parametrize(("number", "then"), [(CAPTURE_TIMEOUT, Approved), (CAPTURE_LOST, NotFound)])
def test_a_capture_without_an_answer_is_looked_up(sandbox: Sandbox, who: Signer, number: str, then: type) -> None:
    hold(sandbox, who, number)
    assert isinstance(sandbox.capture(take(who, 100)), Unknown)
    assert isinstance(sandbox.lookup_capture(take(who, 100)), then)


def test_a_capture_is_pending_until_asked(sandbox: Sandbox, who: Signer) -> None:
    hold(sandbox, who, CAPTURE_PENDING)
    assert isinstance(sandbox.capture(take(who, 100)), Pending)
    assert isinstance(sandbox.lookup_capture(take(who, 100)), Approved)


def test_a_capture_of_another_amount_is_reported_as_it_was_made(sandbox: Sandbox, who: Signer) -> None:
    hold(sandbox, who, CAPTURE_LESS)
    taken = sandbox.capture(take(who, 100))
    assert taken == Approved(f"sbxc_{0:026d}", rupees(99))
    assert sandbox.lookup_capture(take(who, 100)) == taken


def test_a_card_that_is_captured_once_takes_one_final_part(sandbox: Sandbox, who: Signer) -> None:
    held = hold(sandbox, who, ONCE)
    assert held.ability is not None
    assert held.ability.captures is Captures.ONE_PART
    assert isinstance(sandbox.capture(take(who, 100)), Declined)
    assert isinstance(sandbox.capture(take(who, 100, number=1, final=True)), Approved)


def test_a_void_fails(sandbox: Sandbox, who: Signer) -> None:
    held = hold(sandbox, who, VOID_FAILS)
    assert isinstance(sandbox.void(release(who)), Declined)
    assert sandbox.lookup(attempt(who)) == held


def test_a_payer_who_confirms_leaves_a_hold(sandbox: Sandbox, who: Signer) -> None:
    asked = attempt(who)
    assert isinstance(sandbox.charge(asked, Card(number=support.REDIRECT, expiry_month=12, expiry_year=2031, holder=None)), Redirect)
    assert isinstance(sandbox.capture(take(who, 1)), Declined)
    sent = sandbox.decide(asked, approve=True)
    assert sent is not None
    notice = sandbox.read_callback({name: (value,) for name, value in sent[1].items()}, sent[0])
    found = sandbox.lookup(asked)
    assert isinstance(found, Authorized)
    assert notice is not None
    assert notice.result == Authorized(HOLD, rupees(1000), expires_ms=found.expires_ms)  # type: ignore[union-attr]  # a Notice
