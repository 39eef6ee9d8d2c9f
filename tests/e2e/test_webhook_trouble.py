"""Endpoints in trouble on the deployed template: real queues, visibility and event source mappings, each function by its own role."""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from paycorex import clock
from tests.e2e.deployed import Deployed
from tests.fakes.http_servers import RecordingServer, Reply
from tests.support.world import Signer

# An attempt may take its ten seconds, retries two, four and eight, and a cold start on a busy machine as long again.
PATIENCE_SECONDS = 180
PAYMENTS = 6
TROUBLE: dict[str, list[Any]] = {
    "healthy": [200],
    "slow": [Reply(200, delay_seconds=1.5)],
    "failing": [500],
    "redirecting": [Reply(302, headers=[("Location", "http://169.254.169.254/latest/meta-data/")])],
    "gone": [410],
}


def until(met: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not met():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} seconds: {what}"
        time.sleep(0.5)


def ids_at(server: RecordingServer) -> set[str]:
    """The events that a server got, by the id that duplicates share."""
    return {json.loads(request.body)["id"] for request in server.requests}


def test_bad_endpoints_end_visibly_and_a_replay_brings_everything_home(deployed: Deployed) -> None:
    merchant = deployed.register()
    deployed.wallet(merchant, "asha", "1000.00")
    with ExitStack() as stack:
        servers = {kind: stack.enter_context(RecordingServer(script)) for kind, script in TROUBLE.items()}
        endpoints = {kind: endpoint(deployed, merchant, server) for kind, server in servers.items()}
        start = clock.rfc3339(int(time.time() * 1000) - 5_000)
        for _ in range(PAYMENTS):
            body = {"amount": "1.00", "method": "wallet", "user_id": "asha"}
            assert deployed.call(merchant, "POST", "/v1/payments/create", body).status == 201
        until(lambda: all(len(ids_at(servers[kind])) == PAYMENTS for kind in ("healthy", "slow")), "all events at those that say 200")
        wanted = {endpoints[kind]: PAYMENTS for kind in ("failing", "redirecting")}
        until(lambda: wanted.items() <= failed(deployed, merchant).items(), "failed deliveries marked")
        assert not {endpoints["healthy"], endpoints["slow"]} & failed(deployed, merchant).keys()
        listed = deployed.call(merchant, "GET", "/v1/webhooks/provider").body["data"]
        assert {item["endpoint_id"] for item in listed if not item["is_active"]} == {endpoints["gone"]}
        for kind, server in servers.items():
            server.script = [200]
            server.requests.clear()
            path = f"/v1/webhooks/provider/{endpoints[kind]}"
            assert deployed.call(merchant, "PATCH", path, {"is_active": True}).status == 200
        replay = {"from": start, "to": clock.rfc3339(int(time.time() * 1000) + 5_000)}
        assert deployed.call(merchant, "POST", "/v1/webhooks/replay", replay).body["count"] == PAYMENTS * len(servers)
        until(lambda: all(len(ids_at(server)) == PAYMENTS for server in servers.values()), "everything home")
        assert len({event for server in servers.values() for event in ids_at(server)}) == PAYMENTS


def endpoint(deployed: Deployed, merchant: Signer, server: RecordingServer) -> str:
    body = {"url": server.url("/hook"), "events": ["payment.success"]}
    made = deployed.call(merchant, "POST", "/v1/webhooks/provider", body)
    assert made.status == 201, made.raw
    endpoint_id: str = made.body["endpoint_id"]
    return endpoint_id


def failed(deployed: Deployed, merchant: Signer) -> dict[str, int]:
    """How many deliveries have failed for good, by endpoint."""
    counts: dict[str, int] = {}
    for delivery in deployed.call(merchant, "GET", "/v1/webhooks/deliveries?status=failed&limit=100").body["data"]:
        counts[delivery["endpoint_id"]] = counts.get(delivery["endpoint_id"], 0) + 1
    return counts
