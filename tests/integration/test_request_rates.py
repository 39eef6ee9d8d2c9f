"""Requests a second: a bucket for each merchant and each key, counted once the signature holds, over many environments."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from paycorex import aws, clock, request_rates, settings
from paycorex.cli import main
from paycorex.credentials import ALL_SCOPES, Caller
from paycorex.errors import RateLimited
from paycorex.request_rates import BURST_SECONDS, Rates, key_limit, report_after
from tests.fakes.aws_errors import client_error
from tests.support.expectations import assert_refused, nothing_written
from tests.support.metering import MeteredDynamo
from tests.support.world import Signer, World

LIMIT = 10
CALLER = Caller("mer_a", "key_a", frozenset(ALL_SCOPES), "INR", 1, "00" * 16, LIMIT)


@pytest.fixture
def limited(world: World) -> World:
    settings.use(world.settings.model_copy(update={"requests_per_second": LIMIT}))
    return world


@pytest.fixture
def shop(world: World) -> Signer:
    shop = world.register()
    assert world.call(shop, "GET", "/v1/merchants/me").status == 200
    return shop


def another_key(world: World, shop: Signer) -> Signer:
    made = world.call(shop, "POST", "/v1/merchants/apikey", {}).body
    return Signer(made["api_key"], made["secret"], shop.merchant_id, made["key_id"])


def stopped(world: World) -> list[float]:
    """Time that stands still unless it is moved."""
    moment = [world.clock.now]
    clock.use(lambda: moment[0])
    return moment


def admitted(world: World, who: Signer, count: int) -> int:
    return sum(world.call(who, "GET", "/v1/merchants/me").status == 200 for _ in range(count))


def test_a_key_has_four_fifths_of_its_merchants_limit(limited: World, shop: Signer) -> None:
    limited.restart()
    moment = stopped(limited)
    assert admitted(limited, shop, 40) == key_limit(LIMIT) * BURST_SECONDS == 16
    refused = limited.call(shop, "GET", "/v1/merchants/me")
    assert_refused(refused, "rate_limited")
    assert refused.body["error"]["details"] == {"limit": 8, "per": "key"}
    assert refused.headers["retry-after"] == "1"
    moment[0] += 1
    assert admitted(limited, shop, 40) == 8


def test_a_merchants_keys_share_its_limit_and_another_merchant_has_its_own(limited: World, shop: Signer) -> None:
    second, other = another_key(limited, shop), limited.register("Other")
    limited.restart()
    stopped(limited)
    assert admitted(limited, shop, 40) == 16
    assert admitted(limited, second, 40) == LIMIT * BURST_SECONDS - 16
    refused = limited.call(second, "GET", "/v1/merchants/me")
    assert refused.body["error"]["details"] == {"limit": LIMIT, "per": "merchant"}
    assert limited.call(other, "GET", "/v1/merchants/me").status == 200


@pytest.mark.parametrize("scheme", ["v1-ms", "v2"])
def test_a_mutation_over_the_limit_changes_nothing_and_may_be_tried_anew(limited: World, shop: Signer, scheme: str) -> None:
    limited.restart()
    moment = stopped(limited)
    body = b'{"user_id":"asha"}'
    headers = shop.v1(body, milliseconds=True) if scheme == "v1-ms" else shop.v2("POST", "/v1/wallet/create", body)
    admitted(limited, shop, 40)
    with nothing_written(limited):
        assert_refused(limited.send("POST", "/v1/wallet/create", headers, body), "rate_limited")
    moment[0] += 1
    assert limited.send("POST", "/v1/wallet/create", headers, body).status == 201


def test_a_stranger_who_knows_a_key_cannot_use_its_limit_up(limited: World, shop: Signer) -> None:
    """Under v1 the authorizer cannot check a signature over a body, so nothing is counted before the door has."""
    limited.restart()
    stopped(limited)
    forged = [(name, "0" * 64 if name == "X-Signature" else value) for name, value in shop.v1(b"{}")]
    for _ in range(100):
        assert limited.send("POST", "/v1/wallet/create", forged, b"{}").status == 401
    assert limited.call(shop, "GET", "/v1/merchants/me").status == 200


def test_an_operator_sets_a_merchants_limit(limited: World, shop: Signer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "rate", shop.merchant_id, "50"]) == 0
    assert '"requests_per_second":50' in capsys.readouterr().out
    limited.restart()
    assert limited.call(shop, "GET", "/v1/merchants/me").body["requests_per_second"] == 50
    stopped(limited)
    assert admitted(limited, shop, 100) == 79
    for wrong in ("0", "10001"):
        with nothing_written(limited):
            assert main(["admin", "rate", shop.merchant_id, wrong]) == 1
    with nothing_written(limited):
        assert main(["admin", "rate", "mer_" + "a" * 26, "50"]) == 1


@pytest.mark.parametrize("environments", [1, 2, 8])
def test_many_environments_together_come_out_at_the_limit(world: World, environments: int) -> None:
    """Ten times the limit for a minute: only requests that were not reported yet, and the burst, go beyond it."""
    moment, limit, seconds = stopped(world), 100, 60
    caller = replace(CALLER, requests_per_second=limit * 100 // request_rates.KEY_PERCENT)
    copies = [Rates() for _ in range(environments)]
    passed = 0
    for index in range(limit * 10 * seconds):
        moment[0] += 1 / (limit * 10)
        try:
            copies[index % environments].take(caller)
        except RateLimited:
            continue
        passed += 1
    allowance = limit * BURST_SECONDS + environments * 2 * report_after(limit)
    assert limit * seconds * 0.9 <= passed <= limit * seconds + allowance


@pytest.mark.parametrize("environments", [1, 8, 60])
def test_who_keeps_to_the_limit_is_never_refused(world: World, environments: int) -> None:
    moment, copies = stopped(world), [Rates() for _ in range(environments)]
    for index in range(6_000):
        moment[0] += 1 / 75
        copies[index % environments].take(replace(CALLER, requests_per_second=100))


def test_a_request_costs_a_fraction_of_a_unit(world: World) -> None:
    meter = MeteredDynamo(world.dynamo)
    aws.use("dynamodb", meter)
    moment, caller, here = stopped(world), replace(CALLER, requests_per_second=100), Rates()
    for _ in range(report_after(100) - 1):
        moment[0] += 1
        here.take(caller)
    assert meter.calls == {}
    for _ in range(report_after(100) * 9 + 1):
        moment[0] += 1
        here.take(caller)
    assert meter.calls == {"UpdateItem": 10}
    assert meter.written.total() == 10


def failing(code: str) -> Callable[..., Any]:
    def update_item(**_request: Any) -> None:
        raise client_error("dynamodb", "UpdateItem", code, "Not now.")

    return update_item


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerError"])
def test_a_counter_out_of_reach_stops_no_request_and_the_copy_goes_on_counting(world: World, code: str) -> None:
    class Broken:
        update_item = staticmethod(failing(code))

    moment, here = stopped(world), Rates()
    aws.use("dynamodb", Broken())
    caller = replace(CALLER, requests_per_second=100)
    for _ in range(160):
        here.take(caller)
    with pytest.raises(RateLimited):
        here.take(caller)
    moment[0] += 1
    here.take(caller)
