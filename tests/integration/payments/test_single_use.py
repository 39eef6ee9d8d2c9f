"""Under v1 a signature is accepted for one mutating request, whatever became of it; the very same request is a retry."""

import json
from functools import partial
from typing import Any

import pytest

from paycorex import aws
from payments.connectors import registry
from tests.fakes.aws_errors import client_error
from tests.support import gateway
from tests.support import payments as support
from tests.support.environments import run_at_once
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

CREATE = "/v1/payments/create"
NEW_KEY = "/v1/merchants/apikey"
GONE = "pay_" + "a" * 26
# Requests that are refused, or that claim nothing: what they are sent with can be valid at another route too.
REFUSED: dict[str, tuple[str, str, bytes, str]] = {
    "a payment that is not there": ("POST", f"/v1/payments/{GONE}/cancel", b"{}", "not_found"),
    "a path that names nothing": ("POST", f"/v1/payments/{'a' * 200}/cancel", b"{}", "not_found"),
    "missing fields": ("POST", "/v1/wallet/create", b"{}", "invalid_request"),
    "nothing to change": ("PATCH", "/v1/merchants/me", b'{"name": ""}', "invalid_request"),
    "a connector that is not there": ("POST", "/v1/merchants/connectors/stripe/verify", b"{}", "not_found"),
    "a payment without fields": ("POST", CREATE, b"{}", "invalid_request"),
    "a wallet that is not there": ("POST", "/v1/wallet/pay", b'{"amount": "1.00", "user_id": "ghost"}', "not_found"),
    "not JSON": ("POST", "/v1/wallet/topup", b'{"amount": ', "invalid_request"),
}


def send(world: World, headers: list[tuple[str, str]], method: str, target: str, body: bytes, key: str | None = None) -> Reply:
    return world.send(method, target, [*headers, *([("Idempotency-Key", key)] if key else [])], body)


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("milliseconds", [False, True])
def test_what_was_refused_is_good_for_nothing_else(world: World, who: Signer, name: str, milliseconds: bool) -> None:
    method, target, body, code = REFUSED[name]
    captured = who.v1(body, milliseconds=milliseconds)
    assert_refused(send(world, captured, method, target, body), code)
    with nothing_written(world):
        for other in (NEW_KEY, "/v1/wallet/create", "/v1/wallet/topup"):
            if other != target:
                assert_refused(send(world, captured, "POST", other, body), "signature_reused")
        for key in ("another", "one more"):
            assert_refused(send(world, captured, method, target, body, key), "signature_reused")
        # The request itself, sent again, is answered as it was.
        assert_refused(send(world, captured, method, target, body), code)


def test_a_key_without_the_scope_uses_its_signature_too(world: World, who: Signer) -> None:
    made = world.call(who, "POST", NEW_KEY, {"scopes": ["wallet:write"]}).body
    narrow = Signer(made["api_key"], made["secret"], who.merchant_id)
    body = json.dumps({"user_id": "asha", "amount": "5.00"}).encode()
    captured = narrow.v1(body)
    world.wallet(who, "asha", "10.00")
    assert_refused(send(world, captured, "POST", "/v1/payments/refund", body), "forbidden")
    with nothing_written(world):
        assert_refused(send(world, captured, "POST", "/v1/wallet/topup", body), "signature_reused")


def test_a_verification_uses_its_signature(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    target, asked = "/v1/merchants/connectors/sandbox/verify", []

    class Provider:
        def verify(self) -> None:
            asked.append(1)

    monkeypatch.setattr(registry, "connect", lambda *_: Provider())
    captured = who.v1(b"{}")
    first = send(world, captured, "POST", target, b"{}")
    with nothing_written(world):
        assert_refused(send(world, captured, "POST", NEW_KEY, b"{}"), "signature_reused")
        again = send(world, captured, "POST", target, b"{}")
    assert (first.status, again.status, again.body) == (200, 200, {**first.body, "replayed": True})
    assert len(asked) == 1


def test_what_could_not_be_answered_may_be_tried_anew_and_nothing_else(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider of a verification is out of reach: 503. The same bytes may come again, but at this route alone."""
    target, reachable = "/v1/merchants/connectors/sandbox/verify", [False]

    class Provider:
        def verify(self) -> None:
            if not reachable[0]:
                raise ConnectionError

    monkeypatch.setattr(registry, "connect", lambda *_: Provider())
    captured = who.v1(b"{}")
    assert_refused(send(world, captured, "POST", target, b"{}"), "provider_unavailable")
    with nothing_written(world):
        assert_refused(send(world, captured, "POST", NEW_KEY, b"{}"), "signature_reused")
        assert_refused(send(world, captured, "POST", target, b"{}", "a key"), "signature_reused")
    assert_refused(send(world, captured, "POST", target, b"{}"), "provider_unavailable")
    reachable[0] = True
    assert send(world, captured, "POST", target, b"{}").status == 200


def test_an_error_of_ours_keeps_the_signature_for_its_request(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    paid = support.collect(world, who).body["payment_id"]
    target = f"/v1/payments/{paid}/cancel"
    captured = who.v1(b"{}")
    with monkeypatch.context() as broken:
        broken.setattr("payments.payment.cancellation.cancel", lambda *_: 1 / 0)
        assert send(world, captured, "POST", target, b"{}").status == 500
    with nothing_written(world):
        assert_refused(send(world, captured, "POST", NEW_KEY, b"{}"), "signature_reused")
    again = send(world, captured, "POST", target, b"{}")
    assert (again.status, again.body["status"]) == (200, "failed")


def test_a_refusal_that_could_not_be_noted_is_not_given(world: World, who: Signer) -> None:
    """Or its signature would be good for another request."""
    method, target, body, code = REFUSED["a payment that is not there"]
    captured = who.v1(body)

    class NoPuts:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.dynamo, name)

        def put_item(self, **_request: Any) -> None:
            raise client_error("dynamodb", "PutItem", "ThrottlingException", "Slow down.")

    aws.use("dynamodb", NoPuts())
    assert_refused(send(world, captured, method, target, body), "temporarily_unavailable")
    aws.use("dynamodb", world.dynamo)
    assert_refused(send(world, captured, method, target, body), code)


def test_a_refused_key_is_free_for_a_request_that_is_signed_anew(world: World, who: Signer) -> None:
    """404 is no outcome of a key: the order is tried again with the same key once the wallet is there."""
    body = json.dumps({"amount": "5.00", "user_id": "asha"}).encode()
    assert_refused(send(world, who.v1(body), "POST", "/v1/wallet/topup", body, "order-1"), "not_found")
    world.wallet(who, "asha")
    world.clock.now += 2
    assert send(world, who.v1(body), "POST", "/v1/wallet/topup", body, "order-1").status == 201


def test_a_payment_is_found_again_whatever_its_signature_was_tried_for_since(world: World, who: Signer) -> None:
    """A client whose answer was lost must not be asked to sign again: without a key that would be a second payment."""
    world.wallet(who, "asha", "100.00")
    body = json.dumps({"amount": "10.00", "method": "wallet", "user_id": "asha"}).encode()
    captured = who.v1(body)
    first = send(world, captured, "POST", CREATE, body)
    assert first.status == 201
    for app in gateway.apps():
        for route in app.routes:
            if route.mutating and not route.public and route.method != "DELETE" and route.path != CREATE:
                send(world, captured, route.method, route.path.replace("{", "").replace("}", ""), body)
    again = send(world, captured, "POST", CREATE, body)
    assert (again.status, again.body["payment_id"]) == (201, first.body["payment_id"])
    assert_refused(send(world, captured, "POST", CREATE, body, "a key"), "signature_reused")


@pytest.mark.parametrize("times", range(3))
def test_one_signature_at_many_routes_at_once_has_one_effect(world: World, who: Signer, times: int) -> None:
    """Three cancellations and a new key, all with `{}` and one signature: whichever is first, the others are refused."""
    waiting = [support.collect(world, who, f"{10 + number}.00").body["payment_id"] for number in range(3 + times)]
    captured = who.v1(b"{}")
    targets = [*(f"/v1/payments/{payment}/cancel" for payment in waiting), NEW_KEY, f"/v1/payments/{GONE}/cancel"]
    replies = run_at_once(world, [partial(send, world, captured, "POST", target, b"{}") for target in targets])
    world.restart()
    effects = [reply for reply in replies if reply.status in {200, 201}]
    assert len(effects) <= 1
    canceled = [payment for payment in waiting if support.show(world, who, payment)["status"] == "failed"]
    keys = world.call(who, "GET", "/v1/merchants/apikeys").body["data"]
    assert len(canceled) + len(keys) - 1 == len(effects)
    assert {reply.code for reply in replies if reply not in effects} <= {"signature_reused", "not_found"}


@pytest.mark.parametrize("method", ["wallet", "tokenized", "upi_intent"])
@pytest.mark.parametrize("times", range(3))
def test_one_signature_under_many_keys_at_once_pays_once(world: World, who: Signer, method: str, times: int) -> None:
    """Without a key a wallet payment claims its signature by its record alone, with one by a row: they meet on the payer's chain."""
    world.wallet(who, "asha", "1000.00")
    more = {
        "wallet": {"user_id": "asha"},
        "tokenized": {"token_id": support.token(world, who, support.APPROVE)},
        "upi_intent": {},
    }[method]
    body = json.dumps({"amount": "10.00", "method": method, **more}).encode()
    entries, payments = len(world.dump()["test-ledgers"]), len(world.dump()["test-payments"])
    captured = who.v1(body)
    keys = [None, "one", None, "two", None, "three", None, "four"]
    keys = keys[times:] + keys[:times]
    replies = run_at_once(world, [partial(send, world, captured, "POST", CREATE, body, key) for key in keys])
    made = {reply.body["payment_id"] for reply in replies if reply.status == 201}
    assert len(made) <= 1
    assert {reply.code for reply in replies if reply.status != 201} <= {
        "signature_reused",
        "temporarily_unavailable",
        "request_in_progress",
    }
    assert len(world.dump()["test-ledgers"]) - entries == (0 if method == "upi_intent" else 2 * len(made))
    assert len(world.dump()["test-payments"]) - payments == len(made)
