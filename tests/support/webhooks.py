"""What tests of the webhook engine do as a merchant."""

from typing import Any

from tests.support.engine import Engine
from tests.support.world import Signer

URL = "https://merchant.example/hook"


def register(engine: Engine, url: str = URL, **fields: Any) -> tuple[Signer, dict[str, Any]]:
    """A merchant with one endpoint and a filled wallet, whose events so far are delivered."""
    who = engine.world.register()
    endpoint = add_endpoint(engine, who, url, **fields)
    engine.world.wallet(who, "asha", "1000.00")
    engine.settle()
    engine.internet.received.clear()
    return who, endpoint


def add_endpoint(engine: Engine, who: Signer, url: str, **fields: Any) -> dict[str, Any]:
    """One more endpoint, as its registration answers it."""
    reply = engine.world.call(who, "POST", "/v1/webhooks/provider", {"url": url, **fields})
    assert reply.status == 201, reply.raw
    made: dict[str, Any] = reply.body
    return made


def endpoint_of(engine: Engine, who: Signer, endpoint_id: str) -> dict[str, Any]:
    """An endpoint as it is listed."""
    listed = engine.world.call(who, "GET", "/v1/webhooks/provider").body["data"]
    return next(item for item in listed if item["endpoint_id"] == endpoint_id)


def deliveries(engine: Engine, who: Signer, query: str = "event=payment.success") -> list[dict[str, Any]]:
    """The delivery log, newest first, all pages."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        reply = engine.world.call(who, "GET", f"/v1/webhooks/deliveries?limit=100&{query}{cursor}")
        assert reply.status == 200, reply.raw
        found += reply.body["data"]
        if reply.body["next_cursor"] is None:
            return found
        cursor = f"&cursor={reply.body['next_cursor']}"
