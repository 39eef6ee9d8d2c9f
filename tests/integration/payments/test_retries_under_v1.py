"""Retries under v1, whose signature does not cover the Idempotency-Key: the same payment, and nothing is asked for twice."""

import pytest

from paycorex.evm.address import checksummed
from payments.payment import creation
from payments.payment.orders import Order, Recorded
from tests.support import payments as support
from tests.support.crypto import merchant_with_key
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World
from tests.unit.paycorex.test_extended_key import JUNK, account_key

UPI = {"amount": "10.00", "method": "upi_intent"}
CRYPTO = {"amount": "1000.00", "method": "crypto", "network": "ethereum"}


def ask(world: World, who: Signer, body: dict[str, str], key: str = "k") -> Reply:
    """A second later, so with another signature."""
    world.clock.now += 1
    return world.call(who, "POST", "/v1/payments/create", body, key=key, scheme="v1")


def test_a_retry_asks_no_provider_again(world: World, who: Signer) -> None:
    first, again = ask(world, who, UPI), ask(world, who, UPI)
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    assert len(support.books()) == 1


def test_a_retry_takes_no_further_address(world: World) -> None:
    who = merchant_with_key(world)
    first, again = ask(world, who, CRYPTO), ask(world, who, CRYPTO)
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    taken = [reply.body["next_action"]["address"] for reply in (first, ask(world, who, CRYPTO, key="other"))]
    assert taken == [checksummed(account_key(JUNK).receive_address(index)) for index in (0, 1)]


@pytest.mark.parametrize("body", [UPI, CRYPTO], ids=["upi", "crypto"])
def test_another_request_under_the_key_is_refused_before_anything_is_asked_for(world: World, body: dict[str, str]) -> None:
    who = merchant_with_key(world)
    assert ask(world, who, body).status == 201
    with nothing_written(world, but_outcomes=True):
        reused = ask(world, who, {**body, "amount": "999.00"})
    assert_refused(reused, "idempotency_key_reused")


def test_two_at_once_ask_the_provider_for_one_thing(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both looked before either had stored anything: under one key the provider is asked for the same attempt twice."""
    first = ask(world, who, UPI)
    find = creation.find
    looked: list[Order] = []

    def too_early(order: Order) -> Recorded | None:
        looked.append(order)
        return None if len(looked) == 1 else find(order)

    monkeypatch.setattr(creation, "find", too_early)
    again = ask(world, who, UPI)
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    assert [(line.payment_id, line.status) for line in support.books()] == [(first.body["payment_id"], "waiting")]
    support.settle_all(world)
    assert support.show(world, who, first.body["payment_id"])["status"] == "success"
