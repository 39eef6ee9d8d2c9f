"""A card's money, held by its provider and captured later; what the provider says of it afterwards, and what it does by itself."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments import payer_returns
from payments.captures import answers
from payments.connectors import capabilities
from payments.connectors.registry import connect_for
from payments.connectors.requests import CaptureRequest, HoldAbility, VoidRequest
from payments.connectors.results import Approved, Authorized, Contradicts, Declined, Found, Released, Unavailable, Unknown
from payments.connectors.sandbox.connector import Sandbox
from payments.payment import asking, attempts, outcomes
from tests.integration.payments.test_sandbox_holds import (
    CAPTURE_DECLINED,
    CAPTURE_LOST,
    CAPTURE_PENDING,
    CAPTURE_TIMEOUT,
    FLEXIBLE,
    ONCE,
    SHORT,
    VOID_FAILS,
)
from tests.support import payments as support
from tests.support.environments import run_at_once
from tests.support.gateway import Reply
from tests.support.world import Signer, World

DAY = 86_400


def authorize(world: World, who: Signer, number: str = support.APPROVE, **more: Any) -> Reply:
    return support.charge(world, who, number, "100.00", capture_method="manual", **more)


def held(world: World, who: Signer, number: str = support.APPROVE) -> str:
    made = authorize(world, who, number)
    assert (made.status, made.body["status"]) == (201, "authorized"), made.raw
    payment_id: str = made.body["payment_id"]
    return payment_id


def post(world: World, who: Signer, payment_id: str, what: str, *, key: str | None = None, **body: Any) -> Reply:
    return world.call(who, "POST", f"/v1/payments/{payment_id}/{what}", body, key=key)


def stands(world: World, who: Signer, payment_id: str) -> tuple[str, str, str, str]:
    """The payment's status, and its authorization's status, captured and capturable."""
    payment = support.show(world, who, payment_id)
    authorization = payment["authorization"]
    return payment["status"], authorization["status"], authorization["captured"], authorization["capturable"]


def clearing(who: Signer) -> tuple[int, int]:
    """What the provider owes, and what the merchant has, in minor units."""
    at_provider, _, merchant = support.balances(who)
    return at_provider, merchant


def sandbox(who: Signer) -> Sandbox:
    connector = connect_for(who.merchant_id, "sandbox")
    assert isinstance(connector, Sandbox)
    return connector


def say(payment: PaymentItem, result: Found) -> PaymentItem:
    """What a provider says of the payment's first attempt, by whatever way."""
    return answers.apply(payment, 0, result, outcomes.change_of(payment, 0, "sandbox", result))


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


def test_an_authorization_moves_no_money(world: World, who: Signer) -> None:
    made = authorize(world, who)
    payment = made.body
    assert (made.status, payment["status"], payment["amount_captured"], payment["ledger"]) == (201, "authorized", "0.00", None)
    assert [attempt["status"] for attempt in payment["attempts"]] == ["authorized"]
    assert payment["authorization"]["expires_at"] is not None
    assert (support.stored(payment["payment_id"]).event, clearing(who)) == ("payment.authorized", (0, 0))


def test_it_is_captured_in_parts_each_by_a_journal_of_its_own(world: World, who: Signer) -> None:
    payment_id = held(world, who)
    first = post(world, who, payment_id, "capture", amount="30.00", final=False).body
    assert (first["status"], [entry["entity"] for entry in first["ledger"]["entries"]]) == ("success", ["clearing", "merchant"])
    assert first["provider_reference"].startswith("sbxc_")
    assert stands(world, who, payment_id) == ("authorized", "authorized", "30.00", "70.00")
    post(world, who, payment_id, "capture", amount="20.00", final=False)
    last = post(world, who, payment_id, "capture")
    assert (last.status, last.body["amount"]) == (201, "50.00")
    assert (stands(world, who, payment_id), clearing(who)) == (("success", "captured", "100.00", "0.00"), (-10_000, 10_000))
    payment = support.stored(payment_id)
    assert (payment.event, attempts.of(payment)[0].status) == ("payment.success", "approved")
    assert payment.due_at is None
    # A callback that names the capture leads to its payment.
    found = world.call(who, "GET", f"/v1/payments?reference={first['provider_reference']}").body["data"]
    assert [each["payment_id"] for each in found] == [payment_id]


def test_authorised_100_captured_80_and_20_are_released_at_the_provider(world: World, who: Signer) -> None:
    payment_id = held(world, who)
    assert post(world, who, payment_id, "capture", amount="80.00").body["status"] == "success"
    assert stands(world, who, payment_id) == ("success", "released", "80.00", "0.00")
    attempt = asking.attempt_of(support.stored(payment_id), 0)
    assert not isinstance(sandbox(who).lookup(attempt), Authorized)
    assert (support.stored(payment_id).event, clearing(who)) == ("payment.released", (-8000, 8000))


@pytest.mark.parametrize(
    ("captured", "expected"),
    [(None, ("failed", "voided", "0.00", "0.00")), ("30.00", ("success", "released", "30.00", "0.00"))],
)
def test_a_void_releases_what_is_left(world: World, who: Signer, captured: str | None, expected: tuple[str, ...]) -> None:
    payment_id = held(world, who)
    if captured:
        post(world, who, payment_id, "capture", amount=captured, final=False)
    voided = post(world, who, payment_id, "void")
    assert (voided.status, voided.body["status"]) == (200, expected[0])
    payment = support.stored(payment_id)
    assert (stands(world, who, payment_id), payment.event) == (expected, "payment.released" if captured else "payment.voided")
    assert attempts.of(payment)[0].status == ("approved" if captured else "released")
    assert payment.failure_code == (None if captured else "canceled")


@pytest.mark.parametrize(
    ("captured", "expected", "event"),
    [
        (None, ("failed", "expired", "0.00", "0.00"), "authorization.expired"),
        ("30.00", ("success", "released", "30.00", "0.00"), "payment.released"),
    ],
)
def test_that_it_expired_is_known_from_the_provider(
    world: World, who: Signer, captured: str | None, expected: tuple[str, ...], event: str
) -> None:
    payment_id = held(world, who, SHORT)
    if captured:
        post(world, who, payment_id, "capture", amount=captured, final=False)
    support.tick(world, after_seconds=290)
    assert support.stored(payment_id).status == "authorized"
    support.tick(world, after_seconds=20)
    payment = support.stored(payment_id)
    assert (stands(world, who, payment_id), payment.event) == (expected, event)
    assert payment.due_at is None


def test_an_end_that_comes_is_announced_a_day_before(world: World, who: Signer) -> None:
    payment_id = held(world, who)
    support.tick(world, after_seconds=6 * DAY + 60)
    payment = support.stored(payment_id)
    assert (payment.event, payment.status) == ("authorization.expiring", "authorized")
    support.tick(world, after_seconds=60)
    assert support.stored(payment_id).version == payment.version


def test_a_provider_that_holds_it_longer_is_asked_again(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = held(world, who)
    longer = Authorized(support.stored(payment_id).provider_reference or "", rupees(10_000))
    monkeypatch.setattr(Sandbox, "lookup", lambda *_: longer)
    for _ in range(3):
        support.tick(world, after_seconds=7 * DAY)
        assert support.stored(payment_id).status == "authorized"
    monkeypatch.undo()
    support.tick(world, after_seconds=3700)
    assert support.stored(payment_id).status == "failed"


@pytest.mark.parametrize(
    ("number", "at_first", "in_the_end"),
    [(CAPTURE_DECLINED, "failed", "failed"), (CAPTURE_TIMEOUT, "processing", "success"), (CAPTURE_PENDING, "processing", "success")],
)
def test_a_capture_without_an_answer_is_looked_up(world: World, who: Signer, number: str, at_first: str, in_the_end: str) -> None:
    payment_id = held(world, who, number)
    asked = post(world, who, payment_id, "capture", amount="40.00", final=False)
    assert (asked.status, asked.body["status"]) == (201, at_first)
    if at_first == "processing":
        assert stands(world, who, payment_id) == ("authorized", "authorized", "0.00", "60.00")
        again = post(world, who, payment_id, "capture", amount="10.00", final=False)
        assert (again.status, again.code) == (409, "request_in_progress")
        assert (post(world, who, payment_id, "void").code, clearing(who)) == ("request_in_progress", (0, 0))
    support.tick(world, after_seconds=120)
    captures = world.call(who, "GET", f"/v1/payments/{payment_id}/captures").body["data"]
    assert [each["status"] for each in captures] == [in_the_end]
    left = "60.00" if in_the_end == "success" else "100.00"
    assert stands(world, who, payment_id) == ("authorized", "authorized", f"{100 - float(left):.2f}", left)


def test_a_capture_that_never_arrived_is_asked_for_again(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = held(world, who, CAPTURE_LOST)
    assert post(world, who, payment_id, "capture").body["status"] == "processing"
    support.tick(world, after_seconds=120)
    assert support.stored(payment_id).status == "authorized"
    monkeypatch.setattr("payments.connectors.sandbox.holds._way_of", lambda *_: "approve")
    for _ in range(3):
        support.tick(world, after_seconds=600)
    assert (stands(world, who, payment_id), clearing(who)) == (("success", "captured", "100.00", "0.00"), (-10_000, 10_000))
    assert len([line for line in support.books() if line.kind == "capture"]) == 1


def test_a_provider_out_of_service_is_asked_for_the_same_capture(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = held(world, who)
    monkeypatch.setattr(Sandbox, "capture", lambda *_: Unavailable("Out of service."))
    asked = post(world, who, payment_id, "capture", amount="70.00")
    assert (asked.body["status"], asked.body["failure_message"]) == ("pending", "Out of service.")
    monkeypatch.undo()
    support.tick(world, after_seconds=120)
    assert stands(world, who, payment_id) == ("success", "released", "70.00", "0.00")


def test_a_capture_is_booked_as_it_was_made_and_an_operator_looks(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = held(world, who)
    reference = "sbxc_" + "x" * 26
    monkeypatch.setattr(Sandbox, "capture", lambda *_: Approved(reference, rupees(3999)))
    capture = post(world, who, payment_id, "capture", amount="40.00", final=False).body
    assert (capture["status"], capture["amount"], capture["amount_requested"]) == ("success", "39.99", "40.00")
    payment = support.show(world, who, payment_id)
    assert (payment["amount_captured"], payment["review"]["reason"], clearing(who)) == ("39.99", "amount_differs", (-3999, 3999))


LIES: dict[str, Callable[[CaptureRequest], Any]] = {
    "more than is held": lambda asked: Approved("sbxc_1", Money(20_000, asked.amount.currency)),
    "another currency": lambda asked: Approved("sbxc_1", Money(asked.amount.minor, "USD")),
    "no amount": lambda _asked: Contradicts("unreadable_amount", "0 INR"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_capture_cannot_be_is_not_booked(world: World, who: Signer, lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = held(world, who)
    monkeypatch.setattr(Sandbox, "capture", lambda _self, asked: LIES[lie](asked))
    capture = post(world, who, payment_id, "capture", amount="40.00", final=False).body
    assert (capture["status"], capture["ledger"], clearing(who)) == ("processing", None, (0, 0))
    payment = support.show(world, who, payment_id)
    assert (payment["status"], payment["amount_captured"], payment["review"] is None) == ("authorized", "0.00", False)


def test_a_card_that_is_captured_once_takes_its_last_capture_only(world: World, who: Signer) -> None:
    payment_id = held(world, who, ONCE)
    refused = post(world, who, payment_id, "capture", amount="30.00", final=False)
    assert (refused.status, refused.code, refused.body["error"]["details"]["captures"]) == (422, "not_capturable", "one_part")
    assert post(world, who, payment_id, "capture", amount="30.00").status == 201
    assert stands(world, who, payment_id) == ("success", "released", "30.00", "0.00")


def test_over_capture_and_increment_only_where_the_hold_can(world: World, who: Signer) -> None:
    flexible, plain = held(world, who, FLEXIBLE), held(world, who)
    assert post(world, who, plain, "capture", amount="100.01").code == "capture_exceeds_authorization"
    assert post(world, who, plain, "increment", amount="150.00").code == "not_capturable"
    declined = post(world, who, flexible, "increment", amount="150.02")
    assert (declined.status, declined.code, declined.body["error"]["details"]["code"]) == (422, "not_capturable", "card_declined")
    larger = post(world, who, flexible, "increment", amount="150.00", key="i")
    assert (larger.status, larger.body["authorization"]["amount"]) == (200, "150.00")
    assert post(world, who, flexible, "increment", amount="150.00", key="i").body["authorization"]["amount"] == "150.00"
    assert post(world, who, flexible, "capture", amount="180.01").code == "capture_exceeds_authorization"
    assert post(world, who, flexible, "capture", amount="180.00").body["status"] == "success"
    assert stands(world, who, flexible) == ("success", "captured", "180.00", "0.00")
    refund = {"payment_id": flexible, "amount": "180.00"}
    assert world.call(who, "POST", "/v1/payments/refund", refund).body["status"] == "success"


def test_an_increment_without_an_answer_is_answered_by_send_it_again(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = held(world, who, FLEXIBLE)
    monkeypatch.setattr(Sandbox, "increment", lambda *_: Unknown("No answer."))
    assert post(world, who, payment_id, "increment", amount="150.00", key="i").status == 503
    monkeypatch.undo()
    assert post(world, who, payment_id, "increment", amount="150.00", key="i").body["authorization"]["amount"] == "150.00"


@pytest.mark.parametrize("answer", [Unknown("No answer."), Unavailable("Out of service."), Declined("void_failed", "No.")])
def test_a_void_that_does_not_arrive_is_asked_for_again(world: World, who: Signer, answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = held(world, who)
    asked: list[VoidRequest] = []

    def refuse(_self: Sandbox, request: VoidRequest) -> Any:
        asked.append(request)
        return answer

    monkeypatch.setattr(Sandbox, "void", refuse)
    voided = post(world, who, payment_id, "void")
    assert (voided.status, voided.body["status"]) == (200, "authorized")
    assert stands(world, who, payment_id) == ("authorized", "releasing", "0.00", "0.00")
    assert post(world, who, payment_id, "capture").code == "not_capturable"
    support.tick(world, after_seconds=120)
    monkeypatch.undo()
    support.tick(world, after_seconds=600)
    assert stands(world, who, payment_id) == ("failed", "voided", "0.00", "0.00")
    assert len({request.void_id for request in asked}) == 1


def test_what_cannot_be_voided_ends_by_its_time(world: World, who: Signer) -> None:
    payment_id = held(world, who, VOID_FAILS)
    post(world, who, payment_id, "void")
    for _ in range(9):
        support.tick(world, after_seconds=DAY)
    # The merchant voided it, the provider let it expire: nothing is held.
    assert stands(world, who, payment_id) == ("failed", "voided", "0.00", "0.00")


AT_PROVIDER: dict[str, tuple[Found, tuple[str, ...], tuple[int, int], str]] = {
    "captured in part": (
        Authorized("", rupees(10_000), captured_minor=2500),
        ("authorized", "authorized", "25.00", "75.00"),
        (-2500, 2500),
        "payment.captured",
    ),
    "captured whole": (Approved("", rupees(10_000)), ("success", "captured", "100.00", "0.00"), (-10_000, 10_000), "payment.success"),
    "captured less, and the rest released": (
        Approved("", rupees(6000)),
        ("success", "released", "60.00", "0.00"),
        (-6000, 6000),
        "payment.released",
    ),
    "released": (Released(""), ("failed", "voided", "0.00", "0.00"), (0, 0), "payment.voided"),
    "expired": (Released("", is_expired=True), ("failed", "expired", "0.00", "0.00"), (0, 0), "authorization.expired"),
    "released after a capture": (
        Released("", captured_minor=2500),
        ("success", "released", "25.00", "0.00"),
        (-2500, 2500),
        "payment.released",
    ),
    "declined": (Declined("canceled", "No."), ("failed", "voided", "0.00", "0.00"), (0, 0), "payment.voided"),
    "still held": (Authorized("", rupees(10_000)), ("authorized", "authorized", "0.00", "100.00"), (0, 0), "payment.authorized"),
}


@pytest.mark.parametrize("case", AT_PROVIDER)
def test_what_is_done_at_the_providers_dashboard_counts_once(world: World, who: Signer, case: str) -> None:
    """Each cell of the state table that is about a hold, reported twice, and a third time by who had not read the first."""
    payment_id = held(world, who)
    result, expected, balances, event = AT_PROVIDER[case]
    before = support.stored(payment_id)
    reported = _named(result, before.provider_reference or "")
    for _ in range(2):
        say(support.stored(payment_id), reported)
    say(before, reported)
    assert (stands(world, who, payment_id), clearing(who), support.stored(payment_id).event) == (expected, balances, event)
    captures = world.call(who, "GET", f"/v1/payments/{payment_id}/captures").body["data"]
    assert [each["origin"] for each in captures] == ["external"] * (1 if balances[1] else 0)


def _named(result: Found, reference: str) -> Found:
    return replace(result, provider_reference=reference) if isinstance(result, Authorized | Approved | Released) else result


def test_it_may_have_been_captured_before_the_authorization_was_known(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox, "charge", lambda *_: Unknown("No answer."))
    payment_id = authorize(world, who).body["payment_id"]
    assert support.stored(payment_id).status == "processing"
    say(support.stored(payment_id), Approved("sbx_1", rupees(10_000)))
    assert (stands(world, who, payment_id), clearing(who)) == (("success", "captured", "100.00", "0.00"), (-10_000, 10_000))


@pytest.mark.parametrize(("minor", "review"), [(10_001, "amount_differs"), (2000, "amount_differs")])
def test_a_sum_that_cannot_be_is_for_an_operator(world: World, who: Signer, minor: int, review: str) -> None:
    """More than was held; or less than is captured here, of a hold that is over."""
    payment_id = held(world, who)
    post(world, who, payment_id, "capture", amount="30.00", final=False)
    payment = support.stored(payment_id)
    after = say(payment, Approved(payment.provider_reference or "", rupees(minor)))
    assert (after.status, after.review["reason"], clearing(who)) == ("authorized", review, (-3000, 3000))


@pytest.mark.parametrize("result", [Approved("", Money(10_000, "USD")), Authorized("", Money(10_000, "USD"), captured_minor=2500)])
def test_a_sum_in_another_currency_is_for_an_operator(world: World, who: Signer, result: Found) -> None:
    payment = support.stored(held(world, who))
    after = say(payment, _named(result, payment.provider_reference or ""))
    assert (after.status, after.review["reason"], clearing(who)) == ("authorized", "currency_differs", (0, 0))


def test_an_older_answer_takes_nothing_back(world: World, who: Signer) -> None:
    payment_id = held(world, who)
    post(world, who, payment_id, "capture", amount="30.00", final=False)
    payment = support.stored(payment_id)
    after = say(payment, Authorized(payment.provider_reference or "", rupees(10_000), captured_minor=0))
    assert (after.status, after.review, clearing(who)) == ("authorized", None, (-3000, 3000))


def test_an_authorization_of_another_amount_is_not_taken(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox, "charge", lambda *_: Authorized("sbx_1", rupees(9000)))
    made = authorize(world, who)
    assert (made.body["status"], made.body["review"]["reason"]) == ("processing", "amount_differs")


@pytest.mark.parametrize("late", [Authorized("sbx_late", rupees(10_000)), Approved("sbx_late", rupees(10_000))])
def test_what_comes_for_a_payment_that_was_given_up(world: World, who: Signer, late: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hold is released at once, because it will not be captured; money is held as late money."""
    monkeypatch.setattr(Sandbox, "charge", lambda *_: Unknown("No answer.", "sbx_late"))
    payment_id = authorize(world, who).body["payment_id"]
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/cancel", {}).status == 200
    asked: list[VoidRequest] = []

    def release(_self: Sandbox, request: VoidRequest) -> Released:
        asked.append(request)
        return Released(request.authorization_reference)

    monkeypatch.setattr(Sandbox, "void", release)
    after = say(support.stored(payment_id), late)
    if isinstance(late, Authorized):
        assert ([request.authorization_reference for request in asked], after.late_money) == (["sbx_late"], None)
        assert attempts.of(after)[0].status == "declined"
    else:
        assert (asked, [money["status"] for money in after.late_money or ()]) == ([], ["held"])
    assert after.status == "failed"


def test_a_merchant_without_a_connector_that_can_hold_gets_that_answer(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capabilities, "HOLDS", dict.fromkeys(capabilities.HOLDS, HoldAbility()))
    for dry_run in (False, True):
        refused = authorize(world, who, dry_run=dry_run)
        assert (refused.status, refused.code) == (422, "unsupported_method")
        details = refused.body["error"]["details"]
        assert details == {"field": "capture_method", "skipped": [{"connector": "sandbox", "reason": "cannot hold money"}]}


def test_routing_goes_to_the_connector_that_can_hold(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    support.settings(world, who, connectors={name: {"failure_percent": "0"} for name in ("sandbox", "sandbox_backup")})
    monkeypatch.setattr(capabilities, "HOLDS", dict(capabilities.HOLDS) | {"sandbox": HoldAbility()})
    assert authorize(world, who).body["provider"] == "sandbox_backup"


def test_a_dry_run_says_that_nothing_moves(world: World, who: Signer) -> None:
    explained = authorize(world, who, dry_run=True).body
    assert (explained["entries"], explained["events"]) == ([], ["payment.processing", "payment.authorized"])


@pytest.mark.parametrize(
    ("hold", "capture", "balances"),
    [(Approved("", rupees(10_000)), ("success", "100.00"), (-10_000, 10_000)), (Released(""), ("failed", "100.00"), (0, 0))],
)
def test_a_capture_that_is_never_explained_is_explained_by_its_hold(
    world: World, who: Signer, hold: Found, capture: tuple[str, str], balances: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = held(world, who)
    nonsense = Contradicts("another_object", "capture x")
    for call in ("capture", "lookup_capture"):
        monkeypatch.setattr(Sandbox, call, lambda *_: nonsense)
    assert post(world, who, payment_id, "capture").body["status"] == "processing"
    reported = _named(hold, support.stored(payment_id).provider_reference or "")
    monkeypatch.setattr(Sandbox, "lookup", lambda *_: reported)
    for _ in range(4):
        support.tick(world, after_seconds=600)
    assert support.stored(payment_id).status == "authorized"
    for _ in range(6):
        support.tick(world, after_seconds=2 * DAY)
    [made] = world.call(who, "GET", f"/v1/payments/{payment_id}/captures").body["data"]
    assert ((made["status"], made["amount"]), clearing(who)) == (capture, balances)
    assert support.stored(payment_id).status == ("success" if balances[1] else "failed")


@pytest.mark.parametrize("late", [Authorized("", rupees(10_000)), Approved("", rupees(10_000))])
def test_what_is_said_of_a_hold_that_was_voided(world: World, who: Signer, late: Found) -> None:
    """An older answer changes nothing; money that was taken all the same is held as late money."""
    payment_id = held(world, who)
    post(world, who, payment_id, "void")
    voided = support.stored(payment_id)
    after = say(voided, _named(late, voided.provider_reference or ""))
    if isinstance(late, Authorized):
        assert after.version == voided.version
    else:
        assert ([money["status"] for money in after.late_money or ()], after.status) == (["held"], "failed")


def test_money_that_was_taken_late_may_be_accepted_as_the_payment(world: World, who: Signer) -> None:
    """Then nothing was captured by request, and all of it is the payment's, to be refunded like any other."""
    payment_id = held(world, who)
    post(world, who, payment_id, "void")
    voided = support.stored(payment_id)
    say(voided, Approved(voided.provider_reference or "", rupees(10_000)))
    accepted = world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": "accept"}).body
    assert (accepted["status"], accepted["amount_captured"], clearing(who)) == ("success", "100.00", (-10_000, 10_000))
    refund = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "100.01"})
    assert (refund.status, refund.code) == (422, "refund_exceeds_payment")


def test_a_payer_who_comes_back_wakes_a_look_that_finds_the_hold(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = authorize(world, who, support.REDIRECT).body["payment_id"]
    name = attempts.of(support.stored(payment_id))[0].provider_reference
    assert name is not None
    monkeypatch.setattr(Sandbox, "lookup", lambda *_: Authorized(name, rupees(10_000)))
    assert payer_returns.look(support.stored(payment_id), {}).status == "authorized"


def test_card_captures_and_voids_at_once_leave_books_that_add_up(world: World, who: Signer) -> None:
    payment_id = held(world, who)
    captures = [partial(insist, world, who, payment_id, "capture", f"c{n}", amount="10.00", final=False) for n in range(20)]
    voids = [partial(insist, world, who, payment_id, "void", f"v{n}") for n in range(20)]
    mixed = [task for pair in zip(captures[4:], voids[:16], strict=True) for task in pair]
    run_at_once(world, [*captures[:4], *mixed, *voids[16:]])
    for _ in range(5):
        support.tick(world, after_seconds=600)
    payment = support.stored(payment_id)
    taken = int(payment.amount_captured or 0)
    assert payment.status == ("success" if taken else "failed")
    assert (taken % 1000, clearing(who)) == (0, (-taken, taken))
    line = next(line for line in support.books() if line.kind == "charge")
    assert (int(line.captured or 0), line.status) == (taken, "approved" if taken else "released")


def insist(world: World, who: Signer, payment_id: str, what: str, key: str, **body: Any) -> Reply:
    """The same key again while the answer asks it to wait for a moment; not for ever, because a provider may not answer."""
    for _ in range(20):
        reply = post(world, who, payment_id, what, key=key, **body)
        if reply.status != 503 and reply.code != "request_in_progress":
            break
    return reply
