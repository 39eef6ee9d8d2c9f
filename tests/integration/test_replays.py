"""One request, one effect: whatever is sent again, by whom, in which disguise."""

import json
from functools import partial
from typing import Any

import pytest

from paycorex.credentials.roles import OWN
from tests.support import gateway
from tests.support.environments import run_at_once
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

CREATE = "/v1/payments/create"
PAYMENT = {"amount": "100.00", "method": "wallet", "user_id": "asha"}


@pytest.fixture
def payer(world: World, merchant: Signer) -> Signer:
    world.wallet(merchant, "asha", "1000.00")
    return merchant


def balance(world: World, signer: Signer, user_id: str = "asha") -> str:
    wallets = world.call(signer, "GET", f"/v1/wallet?user_id={user_id}").body["data"]
    shown: str = wallets[0]["balance"]
    return shown


def raw(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


def test_a_request_replayed_fifty_times_at_once_pays_once(world: World, payer: Signer) -> None:
    """Acceptance 7."""
    body = raw(PAYMENT)
    headers = payer.v1(body)
    tasks = [partial(world.send, "POST", CREATE, headers, body)] * 50
    replies = run_at_once(world, tasks)
    assert {reply.status for reply in replies} == {201}
    assert all(reply.body.get("replayed") is (True if "idempotent-replayed" in reply.headers else None) for reply in replies)
    assert len({json.dumps({**reply.body, "replayed": None}) for reply in replies}) == 1
    assert sum(reply.headers.get("idempotent-replayed") == "true" for reply in replies) >= 49
    assert balance(world, payer) == "900.00"
    assert len(world.dump()["test-payments"]) == 1


@pytest.mark.parametrize("key", ["second", None])
def test_a_v1_request_replayed_under_another_key_is_refused(world: World, payer: Signer, key: str | None) -> None:
    """v1 does not sign the Idempotency-Key, so its signature is single-use (acceptance 8)."""
    body = raw(PAYMENT)
    headers = payer.v1(body)
    assert world.send("POST", CREATE, [*headers, ("Idempotency-Key", "first")], body).status == 201
    disguise = [("Idempotency-Key", key)] if key else []
    with nothing_written(world):
        assert_refused(world.send("POST", CREATE, [*headers, *disguise], body), "signature_reused")
    assert balance(world, payer) == "900.00"


MOVES = ["/v1/wallet/topup", "/v1/wallet/pay"]


@pytest.mark.parametrize(("first", "second"), [MOVES, MOVES[::-1]])
@pytest.mark.parametrize("keys", [(None, None), ("one", None), (None, "two"), ("one", "two"), ("one", "one")])
def test_a_v1_request_replayed_at_another_route_is_refused(
    world: World, payer: Signer, first: str, second: str, keys: tuple[str | None, str | None]
) -> None:
    """v1 does not sign the path either: a captured top-up must not become a payment, nor the other way round."""
    body = raw({"user_id": "asha", "amount": "5.00"})
    headers = payer.v1(body)
    keyed = [[*headers, *([("Idempotency-Key", key)] if key else [])] for key in keys]
    assert world.send("POST", first, keyed[0], body).status == 201
    with nothing_written(world):
        assert_refused(world.send("POST", second, keyed[1], body), "signature_reused")


def test_no_other_route_takes_the_body_of_a_payment(world: World, payer: Signer) -> None:
    """So a captured one cannot be sent elsewhere, and a wallet payment is its v1 signature's use without a row."""
    body = raw(PAYMENT)
    headers = payer.v1(body)
    assert world.send("POST", CREATE, headers, body).status == 201
    routes = [route for route in gateway.merchants_routes() if route.mutating and not route.public and route.method != "DELETE"]
    # What is a person's own takes no key at all.
    others = [route for route in routes if route.path != CREATE and route.scope != OWN]
    assert len(others) >= 10
    with nothing_written(world, but_outcomes=True):
        for route in others:
            path = route.path.replace("{", "").replace("}", "")
            assert world.send(route.method, path, headers, body).code in {"invalid_request", "signature_reused"}
    again = world.send("POST", CREATE, headers, body)
    assert (again.status, again.body["replayed"]) == (201, True)


def test_a_retry_signed_anew_with_its_key_finds_the_first_outcome(world: World, payer: Signer) -> None:
    first = world.call(payer, "POST", CREATE, PAYMENT, key="order-1", scheme="v1")
    world.clock.now += 3600
    again = world.call(payer, "POST", CREATE, PAYMENT, key="order-1", scheme="v1")
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert again.headers["idempotent-replayed"] == "true"
    assert balance(world, payer) == "900.00"


def mutations(world: World, payer: Signer) -> list[tuple[str, str, dict[str, Any] | None, int]]:
    paid = world.call(payer, "POST", CREATE, PAYMENT).body["payment_id"]
    also_paid = world.call(payer, "POST", CREATE, PAYMENT).body["payment_id"]
    # The payer's own key has an end from the first on; one that may manage keys without an end has to be left when the spare one goes.
    for _ in range(2):
        world.call(payer, "POST", "/v1/merchants/apikey", {})
    spare = world.call(payer, "GET", "/v1/merchants/apikeys").body["data"][0]["key_id"]
    return [
        ("POST", CREATE, PAYMENT, 201),
        ("POST", CREATE, {**PAYMENT, "amount": "5000.00"}, 402),
        ("POST", "/v1/payments/refund", {"payment_id": paid, "amount": "1.00"}, 201),
        ("POST", "/v1/payments/refund", {"payment_id": paid, "amount": "500.00"}, 422),
        ("POST", "/v1/payments/refund", {"payment_id": also_paid}, 201),
        ("POST", "/v1/wallet/create", {"user_id": "ravi"}, 201),
        ("POST", "/v1/wallet/create", {"user_id": "asha"}, 409),
        ("POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "5.00"}, 201),
        ("POST", "/v1/wallet/pay", {"user_id": "asha", "amount": "5.00"}, 201),
        ("POST", "/v1/wallet/pay", {"user_id": "asha", "amount": "5000.00"}, 402),
        ("POST", "/v1/wallet/refund", {"payment_id": paid, "amount": "2.00"}, 201),
        ("POST", "/v1/wallet/refund", {"payment_id": paid}, 201),
        ("PATCH", "/v1/merchants/me", {"name": "Chai Point Two"}, 200),
        ("DELETE", f"/v1/merchants/apikeys/{spare}", None, 200),
        ("POST", "/v1/merchants/apikey", {"overlap_seconds": 60}, 201),
    ]


@pytest.mark.parametrize("keyed", [True, False], ids=["by its key", "by its signature"])
def test_every_mutation_sent_twice_has_one_effect_and_one_outcome(world: World, payer: Signer, keyed: bool) -> None:
    for number, (method, target, fields, status) in enumerate(mutations(world, payer)):
        body = b"" if fields is None else raw(fields)
        key = f"key-{number}" if keyed else None
        extra = [("Idempotency-Key", key)] if key else []
        headers = [*payer.v2(method, target, body, key=key), *extra]
        first = world.send(method, target, headers, body)
        assert first.status == status, (target, first.raw)
        with nothing_written(world):
            again = world.send(method, target, headers, body)
        assert (again.status, again.headers.get("idempotent-replayed")) == (status, "true"), (target, again.raw)
        assert visible(again) == visible(first)


def visible(reply: Reply) -> Any:
    """What both answers show: secrets are in the first alone."""
    content = reply.without_request_id()
    content.get("error", {}).get("details", {}).pop("replayed", None)
    return {name: value for name, value in content.items() if name not in {"api_key", "secret", "previous", "replayed"}}


def test_the_same_key_with_another_request_changes_nothing(world: World, payer: Signer) -> None:
    """Acceptance 44, for every pair of mutations."""
    calls = mutations(world, payer)
    for number, (method, target, fields, status) in enumerate(calls):
        assert world.call(payer, method, target, fields, key=f"key-{number}").status == status
        for other_method, other_target, other_fields, _ in calls:
            if (other_method, other_target, other_fields) == (method, target, fields):
                continue
            with nothing_written(world):
                reply = world.call(payer, other_method, other_target, other_fields, key=f"key-{number}")
            assert_refused(reply, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("target", "fields"),
    [
        (CREATE, PAYMENT),
        ("/v1/wallet/topup", {"user_id": "asha", "amount": "5.00"}),
        ("/v1/wallet/pay", {"user_id": "asha", "amount": "5.00"}),
        ("/v1/wallet/create", {"user_id": "ravi"}),
        ("/v1/payments/refund", {}),
        ("/v1/payments/refund", {"amount": "30.00"}),
        ("/v1/wallet/refund", {}),
    ],
)
def test_the_same_key_used_a_hundred_times_at_once_has_one_effect(world: World, payer: Signer, target: str, fields: dict[str, Any]) -> None:
    """Acceptance 44."""
    if target.endswith("refund"):
        fields = {**fields, "payment_id": world.call(payer, "POST", CREATE, PAYMENT).body["payment_id"]}
    entries = len(world.dump()["test-ledgers"])
    replies = run_at_once(world, [partial(insist, world, payer, target, fields, key="once")] * 100)
    assert {reply.status for reply in replies} == {201}, {reply.raw for reply in replies if reply.status != 201}
    # At most one: a first answer whose transaction was overtaken in the dark counts as replayed too.
    assert sum("idempotent-replayed" not in reply.headers for reply in replies) <= 1
    assert len(world.dump()["test-ledgers"]) - entries == (0 if target == "/v1/wallet/create" else 2)


def insist(world: World, payer: Signer, target: str, fields: dict[str, Any], *, key: str) -> Reply:
    """What a careful client does: the same key again while the answer asks it to wait."""
    while True:
        reply = world.call(payer, "POST", target, fields, key=key)
        if reply.status != 503 and reply.code not in {"request_in_progress", "conflict"}:
            return reply


def test_two_merchants_may_use_the_same_key(world: World, payer: Signer) -> None:
    """Acceptance 44: keys are the merchant's own."""
    other = world.register("Other")
    world.wallet(other, "asha", "1000.00")
    replies = [world.pay(signer, "asha", "10.00", key="same") for signer in (payer, other)]
    assert [reply.status for reply in replies] == [201, 201]
    assert replies[0].body["payment_id"] != replies[1].body["payment_id"]


def test_a_declined_payment_stays_declined_under_its_key(world: World, payer: Signer) -> None:
    """Acceptance 45: the outcome belongs to the key, not to the balance of the day."""
    first = world.pay(payer, "asha", "1500.00", key="big")
    assert_refused(first, "insufficient_funds")
    assert first.body["error"]["details"]["payment"]["status"] == "failed"
    assert world.call(payer, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "1000.00"}).status == 201
    with nothing_written(world):
        again = world.pay(payer, "asha", "1500.00", key="big")
    assert again.without_request_id() == first.without_request_id()
    assert (again.status, again.headers["idempotent-replayed"]) == (402, "true")
    assert world.pay(payer, "asha", "1500.00", key="bigger").status == 201


@pytest.mark.parametrize("key", ["", "a" * 256, "tab\there", "é", "nul\x00"])
def test_a_key_is_printable_and_short(world: World, payer: Signer, key: str) -> None:
    with nothing_written(world):
        assert_refused(world.pay(payer, "asha", "10.00", key=key), "invalid_request")


def test_keys_are_kept_for_at_least_thirty_days(world: World, payer: Signer) -> None:
    fields = {"user_id": "asha", "amount": "5.00"}
    first = world.call(payer, "POST", "/v1/wallet/topup", fields, key="monthly")
    world.clock.now += 30 * 24 * 3600
    world.dynamo.expire(world.clock.now)
    again = world.call(payer, "POST", "/v1/wallet/topup", fields, key="monthly")
    assert (again.status, again.body["transfer"]) == (201, first.body["transfer"])
    assert balance(world, payer) == "1005.00"
