"""What one merchant may have and do is limited by name, and a refusal says the limit, when to come again, and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from crypto_monitor import deposit_addresses, watched_addresses
from paycorex.rate_limits import Limit
from tests.support.crypto import merchant_with_key, pay_by_crypto
from tests.support.engine import Engine
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.webhooks import deliveries, register
from tests.support.world import Signer, World
from webhooks.delivery import log as delivery_log
from webhooks.delivery import test_event
from webhooks.recovery import replays

ADDRESS = "/v1/crypto/address"
HOUR = 3600


def watch(world: World, who: Signer, number: int, network: str = "ethereum") -> Reply:
    return world.call(who, "POST", ADDRESS, {"address": f"0x{number + 1:040x}", "network": network})


def assert_limited(reply: Reply, details: dict[str, Any]) -> None:
    assert_refused(reply, "rate_limited")
    assert reply.body["error"]["details"] == details


def test_addresses_that_a_merchant_watches_are_limited_on_all_networks_together(
    world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_addresses, "MAX_WATCHED", 3)
    made = [watch(world, merchant, number, network) for number, network in enumerate(("ethereum", "polygon", "bsc"))]
    assert [reply.status for reply in made] == [201] * 3
    with nothing_written(world):
        assert_limited(watch(world, merchant, 9), {"limit": 3})
    assert watch(world, merchant, 0).status == 200, "one that is watched already takes no place"
    other = world.register("Other")
    assert watch(world, other, 9).status == 201
    assert world.call(merchant, "DELETE", f"/v1/crypto/addresses/{made[0].body['address_id']}").status == 200
    assert world.call(merchant, "DELETE", f"/v1/crypto/addresses/{made[0].body['address_id']}").status == 200, "stopped once, counted once"
    assert watch(world, merchant, 9).status == 201
    assert_limited(watch(world, merchant, 0), {"limit": 3})


def test_an_address_that_is_started_again_takes_a_place(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_addresses, "MAX_WATCHED", 1)
    first = watch(world, merchant, 1)
    world.call(merchant, "DELETE", f"/v1/crypto/addresses/{first.body['address_id']}")
    assert watch(world, merchant, 2).status == 201
    with nothing_written(world):
        assert_limited(watch(world, merchant, 1), {"limit": 1})


def test_deposit_addresses_of_a_merchant_are_limited_and_a_retry_takes_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.clock.now -= world.clock.now % HOUR
    monkeypatch.setattr(deposit_addresses, "DEPOSITS", Limit("deposit_address", 2, window_seconds=HOUR))
    who, other = merchant_with_key(world), merchant_with_key(world)
    world.call(who, "GET", "/v1/merchants/me")
    for key in ("a", "a", "b", "a"):
        pay_by_crypto(world, who, key=key)
    body = {"amount": "10.00", "method": "crypto", "network": "ethereum"}
    with nothing_written(world):
        assert_limited(world.call(who, "POST", "/v1/payments/create", body), {"limit": 2, "window_seconds": HOUR})
    pay_by_crypto(world, other)
    world.clock.now += HOUR
    pay_by_crypto(world, who)


def webhook_actions(engine: Engine, who: Signer, endpoint_id: str) -> dict[str, tuple[Limit, Callable[[], Reply]]]:
    world = engine.world
    now = engine.world.call(who, "GET", "/v1/events?limit=1").body["data"][0]["created_at"]
    span = {"from": "2026-01-01T00:00:00Z", "to": now}
    (delivery,) = deliveries(engine, who)
    return {
        "test": (test_event.TESTS, lambda: world.call(who, "POST", f"/v1/webhooks/provider/{endpoint_id}/test")),
        "replay": (replays.STARTS, lambda: world.call(who, "POST", "/v1/webhooks/replay", span)),
        "redeliver": (
            delivery_log.REDELIVERIES,
            lambda: world.call(who, "POST", f"/v1/webhooks/deliveries/{delivery['delivery_id']}/redeliver"),
        ),
    }


@pytest.mark.parametrize("what", ["test", "replay", "redeliver"])
def test_what_makes_requests_to_a_merchants_servers_is_limited(engine: Engine, what: str) -> None:
    who, endpoint = register(engine)
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    engine.world.clock.now += HOUR - engine.world.clock.now % HOUR
    limit, act = webhook_actions(engine, who, endpoint["endpoint_id"])[what]
    assert {act().status for _ in range(limit.times)} <= {200, 202}
    before = engine.written()
    assert_limited(act(), {"limit": limit.times, "window_seconds": limit.window_seconds})
    assert engine.written() == before
    other, other_endpoint = register(engine)
    engine.world.pay(other, "asha", "1.00")
    engine.settle()
    assert webhook_actions(engine, other, other_endpoint["endpoint_id"])[what][1]().status in {200, 202}
    engine.world.clock.now += limit.window_seconds
    assert act().status in {200, 202}
