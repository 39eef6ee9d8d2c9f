"""A wallet's money, held for a payment and captured later: in part, more than once, at last; voided, expired, made larger."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from paycorex import ledger, storage
from paycorex.cli import main
from paycorex.ledger import Account
from paycorex.records.payment import PaymentItem
from payments.captures import guards
from payments.methods.wallet_hold import HOLD_SECONDS
from tests.support import payments as support
from tests.support import rollups
from tests.support.environments import run_at_once
from tests.support.gateway import Reply
from tests.support.world import Signer, World

DAY = 86_400


@pytest.fixture
def payer(world: World, who: Signer) -> Signer:
    world.wallet(who, "asha", "1000.00")
    return who


def hold(world: World, who: Signer, amount: str = "100.00", *, key: str | None = None, **more: Any) -> Reply:
    body = {"amount": amount, "method": "wallet", "user_id": "asha", "capture_method": "manual", **more}
    return world.call(who, "POST", "/v1/payments/create", body, key=key)


def held(world: World, who: Signer, amount: str = "100.00", **more: Any) -> str:
    made = hold(world, who, amount, **more)
    assert (made.status, made.body["status"]) == (201, "authorized"), made.raw
    payment_id: str = made.body["payment_id"]
    return payment_id


def post(world: World, who: Signer, payment_id: str, what: str, *, key: str | None = None, **body: Any) -> Reply:
    return world.call(who, "POST", f"/v1/payments/{payment_id}/{what}", body, key=key)


def wallet(world: World, who: Signer) -> tuple[str, str]:
    """What is available in the wallet, and what is held."""
    shown = world.call(who, "GET", "/v1/wallet?user_id=asha").body["data"][0]
    assert shown["balance"] == shown["available"]
    return shown["available"], shown["held"]


def accounts(who: Signer, payment_id: str) -> tuple[int, int]:
    """The hold and the merchant, in minor units."""
    of_hold = Account.of_hold(who.merchant_id, payment_id, "INR")
    return ledger.balance_of(of_hold), ledger.balance_of(Account.of_merchant(who.merchant_id, "INR"))


def shown(world: World, who: Signer, payment_id: str) -> dict[str, Any]:
    payment = support.show(world, who, payment_id)
    authorization: dict[str, Any] = payment["authorization"]
    return {"payment": payment["status"], **{name: authorization[name] for name in ("status", "amount", "captured", "capturable")}}


def test_a_hold_takes_the_money_out_of_what_can_be_spent(world: World, payer: Signer) -> None:
    made = hold(world, payer, "600.00")
    payment_id = made.body["payment_id"]
    assert (made.status, made.body["status"], made.body["capture_method"]) == (201, "authorized", "manual")
    assert (made.body["amount_captured"], made.body["ledger"]) == ("0.00", None)
    assert [step["status"] for step in made.body["timeline"]] == ["pending", "authorized"]
    assert support.stored(payment_id).event == "payment.authorized"
    assert shown(world, payer, payment_id) == {
        "payment": "authorized",
        "status": "authorized",
        "amount": "600.00",
        "captured": "0.00",
        "capturable": "600.00",
    }
    assert wallet(world, payer) == ("400.00", "600.00")
    assert accounts(payer, payment_id) == (60_000, 0)
    assert world.pay(payer, "asha", "400.01").code == hold(world, payer, "400.01").code == "insufficient_funds"
    assert world.pay(payer, "asha", "400.00").status == 201
    assert wallet(world, payer) == ("0.00", "600.00")
    world.call(payer, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "10.00"})
    paid = world.call(payer, "POST", "/v1/wallet/pay", {"user_id": "asha", "amount": "4.00"}).body["wallet"]
    assert (paid["balance"], paid["available"], paid["held"]) == ("6.00", "6.00", "600.00")
    assert not support.findings()


def test_an_ordinary_payment_says_that_it_is_captured_at_once(world: World, payer: Signer) -> None:
    paid = world.pay(payer, "asha", "10.00").body
    assert (paid["capture_method"], paid["amount_captured"], paid["authorization"]) == ("automatic", "10.00", None)
    failed = world.pay(payer, "asha", "5000.00").body["error"]["details"]["payment"]
    assert (failed["status"], failed["amount_captured"]) == ("failed", "0.00")
    stored = support.stored(paid["payment_id"]).serialize()
    assert not {"capture_method", "amount_captured", "hold", "listed_under"} & stored.keys()


def test_it_is_captured_in_parts_and_the_last_one_ends_it(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    first = post(world, payer, payment_id, "capture", amount="30.00", final=False)
    assert (first.status, first.body["status"], first.body["amount"], first.body["final"]) == (201, "success", "30.00", False)
    assert [entry["entity"] for entry in first.body["ledger"]["entries"]] == ["hold", "merchant"]
    assert support.stored(payment_id).event == "payment.captured"
    assert shown(world, payer, payment_id) == {
        "payment": "authorized",
        "status": "authorized",
        "amount": "100.00",
        "captured": "30.00",
        "capturable": "70.00",
    }
    assert wallet(world, payer) == ("900.00", "70.00")
    second = post(world, payer, payment_id, "capture", amount="50.00", final=False)
    assert (second.status, accounts(payer, payment_id)) == (201, (2000, 8000))
    last = post(world, payer, payment_id, "capture")
    assert (last.status, last.body["amount"], last.body["final"]) == (201, "20.00", True)
    assert shown(world, payer, payment_id) == {
        "payment": "success",
        "status": "captured",
        "amount": "100.00",
        "captured": "100.00",
        "capturable": "0.00",
    }
    payment = support.stored(payment_id)
    assert payment.event == "payment.success"
    assert payment.due_at is None
    assert payment.listed_under is None
    listed = world.call(payer, "GET", f"/v1/payments/{payment_id}/captures").body["data"]
    assert [(each["capture_id"], each["amount"]) for each in listed] == [
        (last.body["capture_id"], "20.00"),
        (second.body["capture_id"], "50.00"),
        (first.body["capture_id"], "30.00"),
    ]
    assert (accounts(payer, payment_id), wallet(world, payer)) == ((0, 10_000), ("900.00", "0.00"))
    assert not support.findings()


def test_a_part_that_is_all_that_is_left_ends_it_too(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    post(world, payer, payment_id, "capture", amount="40.00", final=False)
    post(world, payer, payment_id, "capture", amount="60.00", final=False)
    assert shown(world, payer, payment_id)["payment"] == "success"
    assert not support.findings()


def test_authorised_100_captured_80_and_20_go_back(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    captured = post(world, payer, payment_id, "capture", amount="80.00")
    assert (captured.status, captured.body["final"]) == (201, True)
    assert shown(world, payer, payment_id) == {
        "payment": "success",
        "status": "released",
        "amount": "100.00",
        "captured": "80.00",
        "capturable": "0.00",
    }
    payment = support.stored(payment_id)
    # captured, success, released: an event each.
    assert (payment.event, payment.sequence, payment.version) == ("payment.released", 4, 4)
    assert (accounts(payer, payment_id), wallet(world, payer)) == ((0, 8000), ("920.00", "0.00"))
    assert not support.findings()


@pytest.mark.parametrize(
    ("captured", "status", "code", "authorization", "event", "available"),
    [
        (None, "failed", "canceled", "voided", "payment.voided", "1000.00"),
        ("30.00", "success", None, "released", "payment.released", "970.00"),
    ],
)
def test_a_void_gives_back_what_was_not_captured(
    world: World, payer: Signer, captured: str | None, status: str, code: str | None, authorization: str, event: str, available: str
) -> None:
    payment_id = held(world, payer)
    if captured:
        post(world, payer, payment_id, "capture", amount=captured, final=False)
    voided = post(world, payer, payment_id, "void", reason="The guest did not come.")
    assert (voided.status, voided.body["status"], voided.body["failure_code"]) == (200, status, code)
    assert voided.body["failure_message"] == (None if captured else "The guest did not come.")
    assert (shown(world, payer, payment_id)["status"], support.stored(payment_id).event) == (authorization, event)
    assert (accounts(payer, payment_id)[0], wallet(world, payer)) == (0, (available, "0.00"))
    again = post(world, payer, payment_id, "capture")
    assert (again.status, again.code) == (422, "not_capturable")
    assert not support.findings()


@pytest.mark.parametrize(
    ("captured", "status", "code", "authorization", "event"),
    [(None, "failed", "expired", "expired", "authorization.expired"), ("30.00", "success", None, "released", "payment.released")],
)
def test_its_time_ends_it(
    world: World, payer: Signer, captured: str | None, status: str, code: str | None, authorization: str, event: str
) -> None:
    payment_id = held(world, payer)
    if captured:
        post(world, payer, payment_id, "capture", amount=captured, final=False)
    before = support.stored(payment_id)
    support.tick(world, after_seconds=HOLD_SECONDS - DAY - 60)
    assert support.stored(payment_id).version == before.version
    support.tick(world, after_seconds=120)
    support.tick(world, after_seconds=60)
    warned = support.stored(payment_id)
    assert (warned.event, warned.sequence, warned.status) == ("authorization.expiring", before.sequence + 1, "authorized")
    world.clock.now += DAY
    refused = post(world, payer, payment_id, "capture")
    assert (refused.status, refused.code) == (409, "authorization_expired")
    support.tick(world)
    payment = support.stored(payment_id)
    assert (payment.status, payment.failure_code, payment.event) == (status, code, event)
    assert payment.due_at is None
    assert shown(world, payer, payment_id)["status"] == authorization
    assert (accounts(payer, payment_id)[0], wallet(world, payer)[1]) == (0, "0.00")
    assert not support.findings()


def test_the_order_says_for_how_long(world: World, payer: Signer) -> None:
    payment_id = held(world, payer, hold_for=300)
    support.tick(world, after_seconds=299)
    assert support.stored(payment_id).status == "authorized"
    support.tick(world, after_seconds=2)
    payment = support.stored(payment_id)
    # No event a day before: it was held for less.
    assert (payment.status, payment.event, payment.version) == ("failed", "authorization.expired", 3)
    assert not support.findings()


@pytest.mark.parametrize("more", [{"capture_method": "automatic"}, {"method": "tokenized", "token_id": "tok_" + "a" * 26}])
def test_nothing_else_has_a_time_to_be_held(world: World, payer: Signer, more: dict[str, Any]) -> None:
    refused = hold(world, payer, hold_for=300, **more)
    assert (refused.status, refused.code, refused.body["error"]["details"]["field"]) == (400, "invalid_request", "hold_for")


def test_more_is_held_when_it_is_asked_for(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    larger = post(world, payer, payment_id, "increment", amount="150.00")
    assert (larger.status, larger.body["authorization"]["amount"], larger.body["amount"]) == (200, "150.00", "100.00")
    assert wallet(world, payer) == ("850.00", "150.00")
    assert post(world, payer, payment_id, "capture", amount="120.00").status == 201
    assert support.show(world, payer, payment_id)["amount_captured"] == "120.00"
    assert (accounts(payer, payment_id), wallet(world, payer)) == ((0, 12_000), ("880.00", "0.00"))
    assert not support.findings()


@pytest.mark.parametrize(
    ("amount", "status", "code"),
    [("100.00", 400, "invalid_amount"), ("99.00", 400, "invalid_amount"), ("1000.01", 402, "insufficient_funds")],
)
def test_what_cannot_be_held_changes_nothing(world: World, payer: Signer, amount: str, status: int, code: str) -> None:
    payment_id = held(world, payer)
    before = world.dump()["test-ledgers"], support.stored(payment_id).serialize()
    refused = post(world, payer, payment_id, "increment", amount=amount)
    assert (refused.status, refused.code) == (status, code)
    assert (world.dump()["test-ledgers"], support.stored(payment_id).serialize()) == before


REFUSALS = {
    "more than is held": ("capture", {"amount": "100.01"}, 422, "capture_exceeds_authorization"),
    "nothing": ("capture", {"amount": "0"}, 400, "invalid_amount"),
    "decimals that the currency has not": ("capture", {"amount": "1.001"}, 400, "invalid_amount"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refused_capture_changes_nothing(world: World, payer: Signer, case: str) -> None:
    payment_id = held(world, payer)
    what, body, status, code = REFUSALS[case]
    before = world.dump()["test-ledgers"], world.dump()["test-captures"], support.stored(payment_id).serialize()
    refused = post(world, payer, payment_id, what, **body)
    assert (refused.status, refused.code) == (status, code)
    assert (world.dump()["test-ledgers"], world.dump()["test-captures"], support.stored(payment_id).serialize()) == before


def test_what_was_captured_at_once_is_neither_captured_nor_voided(world: World, payer: Signer) -> None:
    payment_id = world.pay(payer, "asha", "10.00").body["payment_id"]
    replies = [post(world, payer, payment_id, "capture"), post(world, payer, payment_id, "void")]
    replies.append(post(world, payer, payment_id, "increment", amount="20.00"))
    assert {(reply.status, reply.code) for reply in replies} == {(422, "not_capturable")}


def test_after_the_last_capture_there_is_nothing_left_to_decide(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    post(world, payer, payment_id, "capture", amount="80.00")
    replies = [post(world, payer, payment_id, "capture"), post(world, payer, payment_id, "void")]
    assert {(reply.status, reply.code) for reply in replies} == {(409, "already_captured")}
    assert world.call(payer, "POST", f"/v1/payments/{payment_id}/cancel", {}).code == "invalid_state"


def test_a_hold_is_voided_and_not_canceled(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    refused = world.call(payer, "POST", f"/v1/payments/{payment_id}/cancel", {})
    assert (refused.status, refused.code, support.stored(payment_id).status) == (409, "invalid_state", "authorized")


def test_a_retry_is_answered_with_what_the_first_request_did(world: World, payer: Signer) -> None:
    payment_id = hold(world, payer, key="h").body["payment_id"]
    assert hold(world, payer, key="h").body["payment_id"] == payment_id
    first, again = (post(world, payer, payment_id, "capture", amount="30.00", final=False, key="c") for _ in range(2))
    assert (first.status, again.status, again.body["capture_id"]) == (201, 201, first.body["capture_id"])
    assert post(world, payer, payment_id, "capture", amount="31.00", final=False, key="c").code == "idempotency_key_reused"
    larger = [post(world, payer, payment_id, "increment", amount="150.00", key="i").body["authorization"]["amount"] for _ in range(2)]
    assert larger == ["150.00", "150.00"]
    voids = [post(world, payer, payment_id, "void", key="v").status for _ in range(2)]
    assert (voids, accounts(payer, payment_id), wallet(world, payer)) == ([200, 200], (0, 3000), ("970.00", "0.00"))
    assert not support.findings()


def test_another_merchants_hold_is_not_there(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    stranger = world.register("Another shop")
    replies = [post(world, stranger, payment_id, what) for what in ("capture", "void")]
    replies.append(post(world, stranger, payment_id, "increment", amount="500.00"))
    replies.append(world.call(stranger, "GET", f"/v1/payments/{payment_id}/captures"))
    assert {reply.status for reply in replies} == {404}
    assert support.stored(payment_id).status == "authorized"


@pytest.mark.parametrize("final", [False, True])
def test_refunds_stay_within_what_was_captured(world: World, payer: Signer, final: bool) -> None:
    payment_id = held(world, payer)
    none = world.call(payer, "POST", "/v1/payments/refund", {"payment_id": payment_id})
    assert (none.status, none.code) == (422, "payment_not_refundable")
    post(world, payer, payment_id, "capture", amount="60.00", final=final)
    exceeds = world.call(payer, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "60.01"})
    assert (exceeds.code, exceeds.body["error"]["details"]) == ("refund_exceeds_payment", {"refundable": "60.00"})
    assert world.call(payer, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "20.00"}).status == 201
    assert support.show(world, payer, payment_id)["refund_status"] == "partial"
    assert world.call(payer, "POST", "/v1/payments/refund", {"payment_id": payment_id}).body["amount"] == "40.00"
    assert support.show(world, payer, payment_id)["refund_status"] == "full"
    assert not support.findings()


def test_a_dry_run_shows_the_hold_and_makes_none(world: World, payer: Signer) -> None:
    explained = hold(world, payer, dry_run=True)
    assert (explained.status, explained.body["payment"]["status"], explained.body["events"]) == (200, "authorized", ["payment.authorized"])
    places = [(entry["entity"], entry["debit"], entry["credit"]) for entry in explained.body["entries"]]
    assert places == [("wallet", "100.00", "0.00"), ("hold", "0.00", "100.00")]
    assert wallet(world, payer) == ("1000.00", "0.00")


def test_what_cannot_be_held_is_said_at_once(world: World, payer: Signer) -> None:
    body = {"amount": "10.00", "method": "crypto", "capture_method": "manual", "network": "ethereum"}
    for more in ({}, {"dry_run": True}):
        refused = world.call(payer, "POST", "/v1/payments/create", body | more)
        assert (refused.status, refused.code) == (422, "unsupported_method")
        assert refused.body["error"]["details"]["field"] == "capture_method"


def test_captures_and_voids_at_once_leave_books_that_add_up(world: World, payer: Signer) -> None:
    """Fifty captures of 10.00 and fifty voids of a hold of 100.00: a void wins or the money is used up, and not a paisa is lost."""
    payment_id = held(world, payer)
    captures = [partial(insist, world, payer, payment_id, "capture", f"c{n}", amount="10.00", final=False) for n in range(50)]
    voids = [partial(insist, world, payer, payment_id, "void", f"v{n}") for n in range(50)]
    mixed = [task for pair in zip(captures[8:], voids[:42], strict=True) for task in pair]
    replies = run_at_once(world, [*captures[:8], *mixed, *voids[42:]])
    made = Counter(reply.status for reply in replies)
    assert set(made) <= {200, 201, 409, 422}
    assert made[200] <= 1
    taken = 1000 * made[201]
    assert 0 <= taken <= 10_000
    payment = support.stored(payment_id)
    assert payment.status == ("success" if taken else "failed")
    assert int(payment.amount_captured or 0) == taken
    assert (accounts(payer, payment_id), wallet(world, payer)) == ((0, taken), (f"{(100_000 - taken) / 100:.2f}", "0.00"))
    assert main(["ledger", "verify", "--at-rest"]) == 0


def insist(world: World, who: Signer, payment_id: str, what: str, key: str, **body: Any) -> Reply:
    """The same key again while the answer asks it to wait."""
    while True:
        reply = post(world, who, payment_id, what, key=key, **body)
        if reply.status != 503:
            return reply


def test_a_payment_that_says_something_else_than_its_captures_is_found(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    post(world, payer, payment_id, "capture", amount="30.00", final=False)
    payment = support.stored(payment_id)
    payment.amount_captured = 4000
    storage.run(storage.put(payment, None))
    world.clock.now += 120
    assert any("says 4000 minor units were captured, its captures say 3000" in found.problem for found in support.findings())
    payment.amount_captured, payment.status = 3000, "failed"
    storage.run(storage.put(payment, None))
    assert any("is failed with 3000 minor units captured" in found.problem for found in support.findings())
    payment.status = "authorized"
    storage.run(storage.put(payment, None))


def test_it_is_listed_by_its_status(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    world.pay(payer, "asha", "10.00")
    listed = world.call(payer, "GET", "/v1/payments?status=authorized").body["data"]
    assert [each["payment_id"] for each in listed] == [payment_id]
    assert len(list(storage.scan_all(PaymentItem))) == 2


def test_statistics_count_a_payment_once_and_its_captures_as_they_come(world: World, payer: Signer) -> None:
    split, waits, gone = held(world, payer), held(world, payer, "70.00"), held(world, payer, "5.00")
    rollups.roll(rollups.stream(world))
    assert rollups.show(world, payer)["authorized"] == "175.00"
    post(world, payer, split, "capture", amount="30.00", final=False)
    post(world, payer, gone, "void")
    rollups.roll(rollups.stream(world))
    shown = rollups.show(world, payer)
    assert (shown["volume"], shown["authorized"], shown["count"]["success"], shown["count"]["authorized"]) == ("30.00", "70.00", 1, 1)
    post(world, payer, split, "capture", amount="50.00")
    assert rollups.show(world, payer)["volume"] == "80.00"  # before the rollup has it
    rollups.roll(rollups.stream(world))
    shown = rollups.show(world, payer)
    assert (shown["volume"], shown["count"]["success"], shown["count"]["failed"]) == ("80.00", 1, 1)
    assert shown["by_method"] == {"wallet": {"count": 1, "volume": "80.00"}}
    now = int(world.clock.now * 1000)
    rollups.agree(world, payer, now - 86_400_000, now + 1000)
    assert support.stored(waits).status == "authorized"


def test_a_holds_entries_are_shown(world: World, payer: Signer) -> None:
    payment_id = held(world, payer)
    post(world, payer, payment_id, "capture", amount="80.00")
    target = f"/v1/dashboard/ledgers?entity=hold&entity_id={payment_id}"
    moved = [(entry["debit"], entry["credit"], entry["balance"]) for entry in world.call(payer, "GET", target).body["data"]]
    assert moved == [("20.00", "0.00", "0.00"), ("80.00", "0.00", "20.00"), ("0.00", "100.00", "100.00")]
    assert world.call(world.register("Another shop"), "GET", target).body["data"] == []


def test_the_last_of_many_captures_is_final(world: World, payer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "MAX_CAPTURES", 3)
    payment_id = held(world, payer)
    made = [post(world, payer, payment_id, "capture", amount="10.00", final=False) for _ in range(3)]
    assert [(reply.status, reply.code) for reply in made] == [(201, None), (201, None), (422, "limit_exceeded")]
    assert post(world, payer, payment_id, "capture", amount="10.00").status == 201
    assert shown(world, payer, payment_id)["status"] == "released"
