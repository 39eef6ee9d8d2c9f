"""Payments by a stored card: every documented instrument, failover, circuit breaker, and that the card's number is nowhere."""

import pytest

from paycorex import storage
from paycorex.records.payment import PaymentItem
from payments.connectors import breakers
from payments.payment import attempts
from tests.support import payments as support
from tests.support.world import Signer, World

BOTH = [{"when": {}, "use": [{"connector": "sandbox"}, {"connector": "sandbox_backup", "weight": 0}]}]


@pytest.mark.parametrize(
    ("number", "status", "payment_status", "attempt_status", "code"),
    [
        (support.APPROVE, 201, "success", "approved", None),
        ("5555555555554444", 201, "success", "approved", None),
        (support.DECLINE, 402, "failed", "declined", "card_declined"),
        ("4000000000009995", 402, "failed", "declined", "insufficient_funds"),
        ("4000000000009987", 402, "failed", "declined", "lost_card"),
        ("4000000000009979", 402, "failed", "declined", "stolen_card"),
        ("4000000000000069", 402, "failed", "declined", "expired_card"),
        ("4000000000006975", 402, "failed", "declined", "velocity_exceeded"),
        (support.RETRYABLE, 402, "failed", "declined", "processing_error"),
        ("4000000000008005", 402, "failed", "declined", "issuer_unavailable"),
        (support.REDIRECT, 201, "processing", "pending", None),
        (support.SLOW, 201, "success", "approved", None),
        (support.PENDING, 201, "processing", "pending", None),
        (support.TIMEOUT_APPROVED, 201, "processing", "unknown", "no_answer"),
        (support.TIMEOUT_LOST, 201, "processing", "unknown", "no_answer"),
        (support.OUTAGE, 503, "failed", "unavailable", "unavailable"),
        (support.REFUND_FAILS, 201, "success", "approved", None),
    ],
)
def test_each_documented_card(
    world: World, who: Signer, number: str, status: int, payment_status: str, attempt_status: str, code: str | None
) -> None:
    reply = support.charge(world, who, number)
    assert reply.status == status, reply.raw
    payment = reply.body if status == 201 else reply.body["error"]["details"]["payment"]
    assert payment["status"] == payment_status
    (attempt,) = payment["attempts"]
    assert (attempt["connector"], attempt["status"], attempt["code"]) == ("sandbox", attempt_status, code)
    assert (payment["ledger"] is not None) == (payment_status == "success")
    assert support.show(world, who, payment["payment_id"]) == payment
    if number == support.SLOW:
        assert attempt["duration_ms"] >= 3000


def test_success_credits_the_merchant_from_the_connectors_clearing_account(world: World, who: Signer) -> None:
    ledger = support.charge(world, who, support.APPROVE, "12.34").body["ledger"]
    assert [(entry["entity"], entry["entity_id"]) for entry in ledger["entries"]] == [
        ("clearing", "sandbox"),
        ("merchant", who.merchant_id),
    ]
    merchant = world.call(who, "GET", "/v1/dashboard/ledgers").body["data"]
    assert [(entry["credit"], entry["journal_id"]) for entry in merchant] == [("12.34", ledger["journal_id"])]


@pytest.mark.parametrize("number", [support.RETRYABLE, support.OUTAGE])
def test_a_retryable_refusal_or_an_outage_goes_on_to_the_next_connector(world: World, who: Signer, number: str) -> None:
    support.settings(world, who, routing_rules=BOTH)
    payment = support.charge(world, who, number).body
    assert payment["status"] == "success"
    assert [attempt["connector"] for attempt in payment["attempts"]] == ["sandbox", "sandbox_backup"]
    assert payment["provider"] == "sandbox_backup"
    assert payment["ledger"]["entries"][0]["entity_id"] == "sandbox_backup"


@pytest.mark.parametrize("number", [support.DECLINE, support.TIMEOUT_APPROVED, support.TIMEOUT_LOST, support.REDIRECT, support.PENDING])
def test_a_hard_refusal_or_an_unknown_outcome_never_does(world: World, who: Signer, number: str) -> None:
    support.settings(world, who, routing_rules=BOTH)
    support.charge(world, who, number)
    assert {line.connector for line in support.books()} <= {"sandbox"}
    (payment,) = storage.scan_all(PaymentItem)
    assert [attempt["connector"] for attempt in payment.attempts] == ["sandbox"]


def test_a_canceled_payment_is_offered_to_no_other_connector(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancel arrives while the first connector is asked."""
    from payments.connectors.sandbox.connector import Sandbox

    support.settings(world, who, routing_rules=BOTH)
    charge = Sandbox.charge

    def cancel_meanwhile(self: Sandbox, attempt: object, instrument: object) -> object:
        canceled = world.call(who, "POST", f"/v1/payments/{attempt.payment_id}/cancel", {})  # type: ignore[attr-defined]
        assert canceled.status == 200, canceled.raw
        return charge(self, attempt, instrument)

    card = support.token(world, who, support.RETRYABLE)
    monkeypatch.setattr(Sandbox, "charge", cancel_meanwhile)
    paid = world.call(who, "POST", "/v1/payments/create", {"amount": "10", "method": "tokenized", "token_id": card})
    assert (paid.body["status"], paid.body["failure_code"]) == ("failed", "canceled")
    assert {line.connector for line in support.books()} == {"sandbox"}


def test_a_failing_connector_is_left_alone_and_probed_later(world: World, who: Signer) -> None:
    support.settings(world, who, routing_rules=BOTH)
    for _ in range(breakers.THRESHOLD):
        support.charge(world, who, support.OUTAGE)
    skipped = support.charge(world, who, support.OUTAGE).body
    assert [attempt["connector"] for attempt in skipped["attempts"]] == ["sandbox_backup"]
    # Another environment knows it too.
    world.restart()
    assert breakers.is_open(who.merchant_id, "sandbox")
    # Half open: one probe, and its failure opens it again for longer.
    world.clock.now += breakers.OPEN_SECONDS + 1
    assert [a["connector"] for a in support.charge(world, who, support.OUTAGE).body["attempts"]] == ["sandbox", "sandbox_backup"]
    world.clock.now += breakers.OPEN_SECONDS + 1
    assert breakers.is_open(who.merchant_id, "sandbox")
    # A probe that goes well closes it.
    world.clock.now += breakers.OPEN_SECONDS + 1
    assert support.charge(world, who, support.APPROVE).body["provider"] == "sandbox"
    assert not breakers.is_open(who.merchant_id, "sandbox")


def test_one_probe_at_a_time(world: World, who: Signer) -> None:
    for _ in range(breakers.THRESHOLD):
        breakers.failed(who.merchant_id, "sandbox")
    world.clock.now += breakers.OPEN_SECONDS + 1
    assert [breakers.may_call(who.merchant_id, "sandbox") for _ in range(3)] == [True, False, False]


def test_nothing_is_stored_while_every_connector_is_left_alone(world: World, who: Signer) -> None:
    card = support.token(world, who, support.APPROVE)
    for _ in range(breakers.THRESHOLD):
        breakers.failed(who.merchant_id, "sandbox")
    body = {"amount": "10", "method": "tokenized", "token_id": card}
    reply = world.call(who, "POST", "/v1/payments/create", body, key="k")
    assert (reply.status, reply.code) == (503, "provider_unavailable")
    assert list(storage.scan_all(PaymentItem)) == []
    world.clock.now += breakers.OPEN_SECONDS + 1
    assert world.call(who, "POST", "/v1/payments/create", body, key="k").body["status"] == "success"


def test_the_same_key_while_the_first_is_running(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    from payments.connectors.sandbox.connector import Sandbox

    charge = Sandbox.charge
    body = {"amount": "10", "method": "tokenized", "token_id": support.token(world, who, support.APPROVE)}
    seen = []

    def ask_again(self: Sandbox, attempt: object, instrument: object) -> object:
        monkeypatch.setattr(Sandbox, "charge", charge)
        seen.append(world.call(who, "POST", "/v1/payments/create", body, key="k"))
        return charge(self, attempt, instrument)

    monkeypatch.setattr(Sandbox, "charge", ask_again)
    first = world.call(who, "POST", "/v1/payments/create", body, key="k")
    assert (seen[0].status, seen[0].code) == (409, "request_in_progress")
    assert first.body["status"] == "success"
    again = world.call(who, "POST", "/v1/payments/create", body, key="k")
    assert (again.status, again.headers["idempotent-replayed"], again.body) == (201, "true", first.body)


def test_a_declined_payment_is_declined_again_under_its_key(world: World, who: Signer) -> None:
    """Acceptance 45, for cards."""
    body = {"amount": "10", "method": "tokenized", "token_id": support.token(world, who, support.DECLINE)}
    first = world.call(who, "POST", "/v1/payments/create", body, key="k")
    again = world.call(who, "POST", "/v1/payments/create", body, key="k")
    assert first.without_request_id() == again.without_request_id()
    assert again.headers["idempotent-replayed"] == "true"
    assert len(support.books()) == 1


def test_a_payment_by_a_token_that_is_not_there_is_refused_and_leaves_nothing(world: World, who: Signer) -> None:
    before = world.dump()
    reply = world.call(who, "POST", "/v1/payments/create", {"amount": "10", "method": "tokenized", "token_id": "tok_" + "a" * 26})
    assert (reply.status, reply.code) == (404, "not_found")
    assert world.dump() == before


def test_anothers_or_a_deleted_token_pays_nothing(world: World, who: Signer) -> None:
    card = support.token(world, who, support.APPROVE)
    other = world.register("Other")
    body = {"amount": "10", "method": "tokenized", "token_id": card}
    assert world.call(other, "POST", "/v1/payments/create", body).status == 404
    assert world.call(who, "POST", "/v1/payments/create", {**body, "user_id": "somebody"}).status == 400
    assert world.call(who, "DELETE", f"/v1/tokens/{card}").status == 200
    assert world.call(who, "POST", "/v1/payments/create", body).status == 404
    assert support.books() == []


def test_the_instrument_leaves_the_vault_once_per_call_and_is_nowhere_else(
    world: World, who: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Acceptance 16 and 25, for a charge that is refused, times out, is answered and fails over."""
    support.settings(world, who, routing_rules=BOTH)
    numbers = [support.APPROVE, support.DECLINE, support.TIMEOUT_APPROVED, support.RETRYABLE, support.OUTAGE, support.REDIRECT]
    replies = [support.charge(world, who, number) for number in numbers]
    support.settle_all(world)
    audited = [item for item in world.dump()["test-vault_audit"] if item["purpose"]["S"] == "charge"]
    calls = sum(len(item.attempts) for item in storage.scan_all(PaymentItem))
    assert len(audited) == calls == len(numbers) + 2
    everything = str(world.dump()) + "".join(reply.raw.decode() for reply in replies) + "".join(capsys.readouterr())
    for number in numbers:
        assert number not in everything
        assert number[::-1] not in everything


def test_attempt_ids_follow_from_the_payment(world: World, who: Signer) -> None:
    payment = support.charge(world, who, support.APPROVE).body
    (line,) = support.books()
    assert line.charge_id == f"{who.merchant_id}#{attempts.attempt_id(payment['payment_id'], 0)}"


def test_an_earlier_attempts_refusal_reported_again_does_not_fail_the_payment(world: World, who: Signer) -> None:
    """The webhook of the first attempt arrives while the second connector is asked."""
    from payments.connectors.results import Declined
    from payments.payment import outcomes
    from payments.payment import settlement as settle
    from payments.payment.attempts import Note
    from payments.payment.states import Outcome
    from payments.payment.versions import Change

    payment_id = support.charge(world, who, support.TIMEOUT_APPROVED).body["payment_id"]
    second = Change(Outcome.STARTED, notes=(Note(1, "sandbox_backup", attempts.STARTED),), due_ms=int(world.clock.now * 1000))
    waiting = settle.apply(support.stored(payment_id), second)
    reported = settle.apply(waiting, outcomes.change_of(waiting, 0, "sandbox", Declined("processing_error", "Reported again.")))
    assert (reported.status, reported.due_at) == ("processing", waiting.due_at)
    assert [attempt["status"] for attempt in reported.attempts] == ["declined", "started"]
    settle.apply(reported, outcomes.given_up(reported, Outcome.CANCELED))


def test_a_refusal_by_callback_leaves_a_running_request_its_say(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider's callback is faster than its own answer; the request goes on to the next connector all the same."""
    from payments import callbacks
    from payments.connectors.notices import Notice
    from payments.connectors.requests import Attempt
    from payments.connectors.results import Declined
    from payments.connectors.sandbox.connector import Sandbox

    support.settings(world, who, routing_rules=BOTH)
    charge = Sandbox.charge

    def tell_first(self: Sandbox, attempt: Attempt, instrument: object) -> object:
        notice = Notice(attempt.payment_id, Declined("processing_error", "No."), attempt_id=attempt.attempt_id)
        monkeypatch.setattr(Sandbox, "read_callback", lambda *_: notice)
        assert callbacks.receive(self.name, who.merchant_id, {}, b"") is False
        return charge(self, attempt, instrument)

    card = support.token(world, who, support.RETRYABLE)
    monkeypatch.setattr(Sandbox, "charge", tell_first)
    paid = world.call(who, "POST", "/v1/payments/create", {"amount": "10", "method": "tokenized", "token_id": card}).body
    assert (paid["status"], paid["provider"]) == ("success", "sandbox_backup")


def test_a_charge_of_another_amount_ends_and_is_held_apart(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    from paycorex.money import Money
    from payments.connectors.results import Approved
    from payments.connectors.sandbox.connector import Sandbox

    card = support.token(world, who, support.APPROVE)
    monkeypatch.setattr(Sandbox, "charge", lambda *_: Approved("sbx_other", Money(900, "INR")))
    body = {"amount": "10", "method": "tokenized", "token_id": card}
    payment_id = world.call(who, "POST", "/v1/payments/create", body).body["payment_id"]
    support.settle_all(world)
    shown = support.show(world, who, payment_id)
    assert (shown["status"], [money["amount"] for money in shown["late_money"]]) == ("failed", ["9.00"])


def test_an_attempt_that_the_sandbox_never_got_ends_whatever_its_settings_became(world: World, who: Signer) -> None:
    """The sandbox has one set of books, so what is not in them was not charged in another account."""
    payment_id = support.charge(world, who, support.TIMEOUT_LOST).body["payment_id"]
    for percent in ("0", "1"):
        support.settings(world, who, connectors={"sandbox": {"failure_percent": percent}})
    support.settle_all(world)
    assert support.show(world, who, payment_id)["status"] == "failed"
