"""One Idempotency-Key is one effect, whichever scheme signs it, in either order, with the first outcome answered again."""

from functools import partial
from typing import Any

import pytest

from tests.support import payments as support
from tests.support.crypto import merchant_with_key
from tests.support.environments import run_at_once
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

CREATE = "/v1/payments/create"
ORDERS = [("v2", "v1"), ("v1", "v2"), ("v2", "v1-ms"), ("v1-ms", "v2"), ("v1", "v1")]
Request = tuple[str, str, dict[str, Any]]


@pytest.fixture
def shop(world: World) -> Signer:
    shop = merchant_with_key(world)
    world.wallet(shop, "asha", "1000.00")
    return shop


def requests_of(world: World, shop: Signer) -> dict[str, Request]:
    card = support.token(world, shop, support.APPROVE)
    paid = world.pay(shop, "asha", "20.00").body["payment_id"]
    waiting = world.call(shop, "POST", CREATE, {"amount": "7.00", "method": "upi_intent"}).body["payment_id"]
    return {
        "wallet": ("POST", CREATE, {"amount": "10.00", "method": "wallet", "user_id": "asha"}),
        "empty wallet": ("POST", CREATE, {"amount": "9000.00", "method": "wallet", "user_id": "asha"}),
        "card": ("POST", CREATE, {"amount": "10.00", "method": "tokenized", "token_id": card}),
        "UPI": ("POST", CREATE, {"amount": "10.00", "method": "upi_intent"}),
        "crypto": ("POST", CREATE, {"amount": "1000.00", "method": "crypto", "network": "ethereum"}),
        "pay": ("POST", "/v1/wallet/pay", {"amount": "10.00", "user_id": "asha"}),
        "top-up": ("POST", "/v1/wallet/topup", {"amount": "10.00", "user_id": "asha"}),
        "refund": ("POST", "/v1/payments/refund", {"payment_id": paid, "amount": "1.00"}),
        "refund at the wallet": ("POST", "/v1/wallet/refund", {"payment_id": paid, "amount": "1.00"}),
        "wallet made": ("POST", "/v1/wallet/create", {"user_id": "ravi"}),
        "wallet there already": ("POST", "/v1/wallet/create", {"user_id": "asha"}),
        "cancel": ("POST", f"/v1/payments/{waiting}/cancel", {}),
        "settings": ("PATCH", "/v1/merchants/me", {"name": "Chai Point Two"}),
        "key": ("POST", "/v1/merchants/apikey", {"overlap_seconds": 600}),
    }


NAMES = ["wallet", "empty wallet", "card", "UPI", "crypto", "pay", "top-up", "refund", "refund at the wallet"]
NAMES += ["wallet made", "wallet there already", "cancel", "settings", "key"]


def without_secrets(reply: Reply) -> Any:
    content = reply.without_request_id()
    shown_once = {"api_key", "secret", "previous"}
    return {name: value for name, value in content.items() if name not in shown_once}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_the_second_scheme_is_answered_with_the_firsts_outcome(world: World, shop: Signer, first: str, second: str, name: str) -> None:
    method, target, body = requests_of(world, shop)[name]
    outcome = world.call(shop, method, target, body, key="order-1", scheme=first)
    assert outcome.status in {200, 201, 402, 409}
    world.clock.now += 2
    with nothing_written(world):
        again = world.call(shop, method, target, body, key="order-1", scheme=second)
    assert (again.status, again.headers.get("idempotent-replayed")) == (outcome.status, "true")
    assert without_secrets(again) == without_secrets(outcome)


@pytest.mark.parametrize("name", ["wallet", "card", "UPI", "pay", "top-up"])
@pytest.mark.parametrize(("first", "second"), ORDERS[:2])
def test_under_either_scheme_a_key_is_one_requests(world: World, shop: Signer, first: str, second: str, name: str) -> None:
    requests = requests_of(world, shop)
    method, target, body = requests[name]
    assert world.call(shop, method, target, body, key="order-1", scheme=first).status == 201
    for other, (other_method, other_target, other_body) in requests.items():
        if other == name:
            continue
        world.clock.now += 2
        with nothing_written(world, but_outcomes=True):
            refused = world.call(shop, other_method, other_target, other_body, key="order-1", scheme=second)
        assert_refused(refused, "idempotency_key_reused")


@pytest.mark.parametrize("name", ["wallet", "card", "UPI", "pay", "top-up", "refund"])
def test_both_schemes_at_once_have_one_effect(world: World, shop: Signer, name: str) -> None:
    method, target, body = requests_of(world, shop)[name]
    entries, charges = len(world.dump()["test-ledgers"]), len(support.books())

    def insist(scheme: str) -> Reply:
        while True:
            reply = world.call(shop, method, target, body, key="order-1", scheme=scheme)
            if reply.status != 503 and reply.code not in {"request_in_progress", "conflict"}:
                return reply

    replies = run_at_once(world, [partial(insist, scheme) for scheme in ("v1-ms", "v2") * 10])
    assert {reply.status for reply in replies} == {201}, {reply.raw for reply in replies if reply.status != 201}
    ids = {reply.body.get("payment_id") or str(reply.body.get("payment") or reply.body.get("transfer") or "") for reply in replies}
    assert len({identifier for identifier in ids if identifier.startswith("pay_")}) <= 1
    assert len(world.dump()["test-ledgers"]) - entries == (0 if name == "UPI" else 2)
    assert len(support.books()) - charges == (1 if name in {"card", "UPI"} else 0)
