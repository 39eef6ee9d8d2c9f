"""A merchant lists its own requests: rows made of the log lines that the doors really write, handed over as CloudWatch Logs does."""

import base64
import gzip
import json
import logging
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.request_log import lines, store
from paycorex import clock, redaction, storage
from paycorex.log_lines import JsonFormatter
from tests.fakes.faults import Fault, FaultyClient, Nth
from tests.fakes.memory_dynamo.values import size_of_item
from tests.support import log_envelopes
from tests.support.world import PREFIX, Signer, World


def handle(event: dict[str, Any]) -> None:
    # Loading a door makes its clients, for which the world must be there.
    from dashboard import request_log_door

    request_log_door.handler(event, None)


# Without a time, so that test processes agree on its name.
EMPTY = base64.b64encode(gzip.compress(b"{}", mtime=0)).decode()


class Log(logging.Handler):
    """The lines that the doors' own formatters make."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        record.created = clock.now_seconds()
        self.lines.append(JsonFormatter(record.name, redaction.serialize, {}).format(record))

    def deliver(self) -> list[str]:
        """Hand over what was written since the last time; these lines."""
        sent, self.lines = self.lines, []
        handle(log_envelopes.of(sent))
        return sent


@pytest.fixture
def who(world: World) -> Signer:
    return world.register()


@pytest.fixture
def log(world: World, who: Signer) -> Iterator[Log]:
    handler = Log()
    loggers = [logging.getLogger(name) for name in ("payments", "wallet", "merchants", "dashboard", "request-log")]
    for logger in loggers:
        logger.addHandler(handler)
    yield handler
    for logger in loggers:
        logger.removeHandler(handler)


def listed(world: World, who: Signer, query: str = "") -> list[dict[str, Any]]:
    found = world.call(who, "GET", f"/v1/requests{query}")
    assert found.status == 200, found.raw
    data: list[dict[str, Any]] = found.body["data"]
    return data


def test_requests_are_listed_newest_first(world: World, who: Signer, log: Log) -> None:
    made = world.call(who, "POST", "/v1/wallet/create", {"user_id": "asha"})
    world.clock.now += 1
    refused = world.call(who, "POST", "/v1/wallet/topup", {"user_id": "unknown", "amount": "1"})
    world.clock.now += 1
    shown = world.call(who, "GET", "/v1/merchants/me")
    log.deliver()
    assert [(one["method"], one["path"], one["status"], one["code"]) for one in listed(world, who)] == [
        ("GET", "/v1/merchants/me", 200, None),
        ("POST", "/v1/wallet/topup", 404, "not_found"),
        ("POST", "/v1/wallet/create", 201, None),
    ]
    rows = listed(world, who)
    assert (rows[1]["request_id"], len({one["request_id"] for one in rows})) == (refused.body["error"]["request_id"], 3)
    assert (made.status, shown.status) == (201, 200)
    assert {one["key_id"] for one in rows} == {world.call(who, "GET", "/v1/merchants/apikeys").body["data"][0]["key_id"]}
    assert all(0 <= one["duration_ms"] < 60_000 and one["at"].endswith("Z") for one in rows)


def test_filters_and_pages(world: World, who: Signer, log: Log) -> None:
    for _ in range(5):
        world.call(who, "GET", "/v1/merchants/me")
        world.call(who, "GET", "/v1/payments/pay_" + "a" * 26)
        world.clock.now += 60
    log.deliver()
    every = listed(world, who)
    assert (
        [one["status"] for one in listed(world, who, "?status=4xx")]
        == [404] * 5
        == [one["status"] for one in listed(world, who, "?status=404")]
    )
    assert listed(world, who, "?status=5xx") == listed(world, who, f"?key_id=key_{'a' * 26}") == []
    seen, cursor = [], ""
    while cursor is not None:
        page = world.call(who, "GET", f"/v1/requests?limit=3{cursor}").body
        seen += page["data"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert seen == every
    middle = every[4]["at"].replace(":", "%3A")
    older, newer = listed(world, who, f"?to={middle}"), listed(world, who, f"?from={middle}")
    assert (newer + older, len(every), older and older[0]["at"] < every[4]["at"]) == (every, 10, True)


def test_another_merchant_sees_none_of_it(world: World, who: Signer, log: Log) -> None:
    world.call(who, "GET", "/v1/merchants/me")
    log.deliver()
    assert listed(world, world.register("Other")) == []


def test_a_key_without_the_scope_is_refused(world: World, who: Signer) -> None:
    made = world.call(who, "POST", "/v1/merchants/apikey", {"scopes": ["payments:read"], "overlap_seconds": 3600}).body
    reply = world.call(Signer(made["api_key"], made["secret"], who.merchant_id), "GET", "/v1/requests")
    assert (reply.status, reply.code) == (403, "forbidden")


def test_a_batch_that_comes_twice_is_kept_once(world: World, who: Signer, log: Log) -> None:
    world.call(who, "GET", "/v1/merchants/me")
    sent = log.deliver()
    before = [row.serialize() for row in storage.scan_all(store.RequestItem)]
    handle(log_envelopes.of(sent))
    assert [row.serialize() for row in storage.scan_all(store.RequestItem)] == before != []


def test_requests_of_one_batch_are_one_item_of_one_write_unit(world: World, who: Signer, log: Log) -> None:
    for _ in range(10):
        world.call(who, "GET", "/v1/merchants/me")
        world.clock.now += 1
    log.deliver()
    (row,) = storage.scan_all(store.RequestItem)
    assert (len(row.requests), len(listed(world, who))) == (10, 10)
    assert size_of_item(world.dynamo.dump()[PREFIX + "requests"][0]) <= 1024


def test_batches_of_several_environments_are_one_list_page_by_page(world: World, who: Signer, log: Log) -> None:
    for _ in range(24):
        world.call(who, "GET", "/v1/merchants/me")
        world.clock.now += 7
    written, log.lines = log.lines, []
    for environment in range(3):
        handle(log_envelopes.of(written[environment::3]))
    # One that comes again, with fewer lines than before.
    handle(log_envelopes.of(written[20:]))
    every = listed(world, who, "?limit=100")
    assert [one["request_id"] for one in every] == [json.loads(line)["request_id"] for line in reversed(written)]
    seen, cursor = [], ""
    while cursor is not None:
        page = world.call(who, "GET", f"/v1/requests?limit=5{cursor}").body
        seen += page["data"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert seen == every
    middle = every[11]["at"].replace(":", "%3A")
    assert (listed(world, who, f"?limit=100&to={middle}"), listed(world, who, f"?limit=100&from={middle}")) == (every[12:], every[:12])


def test_an_item_from_before_there_were_packs_is_listed(world: World, who: Signer) -> None:
    at = clock.now_ms()
    row = store.RequestItem(merchant_id=who.merchant_id, order_key=f"{at:013d}#req_old", method="GET", path="/v1/payments", status=200)
    row.duration_ms, row.expires_at = 12, at // 1000 + store.KEPT_SECONDS
    storage.run(storage.put(row))
    (one,) = listed(world, who)
    assert (one["request_id"], one["path"], one["at"]) == ("req_old", "/v1/payments", clock.rfc3339(at))


def test_a_time_after_all_keys_lists_all(world: World, who: Signer, log: Log) -> None:
    world.call(who, "GET", "/v1/merchants/me")
    log.deliver()
    assert listed(world, who, "?from=1970-01-01T00:00:00Z&to=2286-11-20T17:46:39Z") == listed(world, who) != []


def test_no_query_no_body_and_no_address_of_a_client_is_kept(world: World, who: Signer, log: Log) -> None:
    world.call(who, "POST", "/v1/wallet/create", {"user_id": "canary-user"})
    world.call(who, "GET", "/v1/payments?reference=canary-reference")
    log.deliver()
    kept = json.dumps(
        [row.serialize() for row in storage.scan_all(store.RequestItem)], default=lambda packed: zlib.decompress(packed).decode()
    )
    assert "/v1/wallet/create" in kept
    assert "canary" not in kept
    assert "source_ip" not in kept


def test_lines_that_are_no_requests_stop_no_other(world: World, who: Signer, log: Log) -> None:
    world.call(who, "GET", "/v1/merchants/me")
    (good,) = log.lines
    line = json.loads(good)
    odd: list[Any] = [line | {"merchant_id": "mer_x#y"}, line | {"method": "BREW"}, line | {"status": "x"}, line | {"timestamp": "then"}]
    odd += [{name: value for name, value in line.items() if name != "duration_ms"}, [], "request_id merchant_id duration_ms", None]
    handle(log_envelopes.of([*(json.dumps(each) for each in odd), "no JSON", good]))
    assert [one["path"] for one in listed(world, who)] == ["/v1/merchants/me"]


@pytest.mark.parametrize("data", ["", "!", base64.b64encode(b"no gzip").decode(), EMPTY, 7])
def test_what_is_no_envelope_is_logged_and_left_out(world: World, data: Any, log: Log) -> None:
    handle({"awslogs": {"data": data}})
    assert "log lines not readable" in log.lines[-1]
    assert list(storage.scan_all(store.RequestItem)) == []


def test_an_envelope_that_unpacks_to_too_much_is_left_out() -> None:
    bomb = base64.b64encode(gzip.compress(b" " * (lines.MAX_BYTES + 1))).decode()
    with pytest.raises(lines.Unreadable, match="too large"):
        list(lines.requests_of({"awslogs": {"data": bomb}}))


def test_a_busy_store_is_reported_to_lambda_which_tries_again(world: World, who: Signer, log: Log) -> None:
    world.call(who, "GET", "/v1/merchants/me")
    sent = log.lines
    world.install(FaultyClient(world.dynamo, Nth(1, Fault.THROTTLED)), world.kms, world.sqs)
    with pytest.raises(storage.Unavailable):
        handle(log_envelopes.of(sent))
    handle(log_envelopes.of(sent))
    assert listed(world, who) != []


def test_what_is_older_than_thirty_days_is_not_shown(world: World, who: Signer, log: Log) -> None:
    world.call(who, "GET", "/v1/merchants/me")
    log.deliver()
    (row,) = [item for item in storage.scan_all(store.RequestItem) if item.path == "/v1/merchants/me"]
    assert int(row.expires_at) == row.at_ms // 1000 + store.KEPT_SECONDS
    world.clock.now += store.KEPT_SECONDS + 1
    assert listed(world, who) == []
