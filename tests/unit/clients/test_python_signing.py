"""The Python client signs as the published vectors say, and takes and refuses the webhooks that they hold."""

import json
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from local.paths import ROOT
from paycorex_client import WebhookRefused, models, signing, webhooks
from paycorex_client.calls import Call, Credentials, prepare
from paycorex_client.events import Event

VECTORS: dict[str, Any] = json.loads((ROOT / "docs" / "signing-vectors.json").read_text(encoding="utf-8"))
TOKEN: dict[str, Any] = {
    "token_id": "tok_1",
    "merchant_id": "mer_1",
    "mode": "test",
    "user_id": "asha",
    "type": "card",
    "last4": "4242",
    "brand": "visa",
    "brands": ["visa"],
    "expiry_month": 12,
    "expiry_year": 2031,
    "holder_initials": "A",
    "fingerprint": "f",
    "is_active": False,
    "connector": None,
    "created_at": "2027-01-15T08:00:00.000Z",
}


def named(vector: dict[str, Any]) -> str:
    return str(vector["name"])


@pytest.mark.parametrize("vector", VECTORS["v2"], ids=named)
def test_each_step_of_a_signature(vector: dict[str, Any]) -> None:
    path, _, query = vector["target"].partition("?")
    canonical = signing.canonical_query(parse_qsl(query, keep_blank_values=True))
    assert canonical == vector["canonical_query"]
    parts = {name: vector[name] for name in ("method", "timestamp", "nonce", "idempotency_key")}
    body = vector["body"].encode()
    assert signing.signed_text(path=path, query=canonical, body=body, **parts).decode() == vector["signed"]
    made = signing.headers(VECTORS["api_key"], VECTORS["secret"], path=path, query=canonical, body=body, **parts)
    assert made == {name: value for name, value in vector["headers"].items() if name != "Idempotency-Key"}


@pytest.mark.parametrize("vector", VECTORS["v2"], ids=named)
def test_what_is_signed_is_what_is_sent(vector: dict[str, Any]) -> None:
    path, _, query = vector["target"].partition("?")
    pairs: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        pairs.setdefault(name, []).append(value)
    sent = prepare(Call(vector["method"], path, query=pairs), Credentials("pk", "sk"), None)
    target = f"{path}?{vector['canonical_query']}" if query else path
    assert sent.target == target
    assert httpx.URL(f"http://api{sent.target}").raw_path.decode() == target


@pytest.mark.parametrize("vector", VECTORS["webhooks"], ids=named)
def test_a_genuine_webhook_becomes_an_event(vector: dict[str, Any]) -> None:
    for secret in vector["secrets"]:
        event = webhooks.parse(vector["body"].encode(), vector["headers"], ["whsec_AAAA", secret], now=vector["timestamp"])
        assert (event.event, event.sequence) == ("payment.success", 2)


@pytest.mark.parametrize("vector", VECTORS["refused_webhooks"], ids=named)
def test_a_wrong_webhook_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(WebhookRefused):
        webhooks.parse(vector["body"].encode(), vector["headers"], vector["secret"], now=vector["now"])


def test_a_genuine_body_that_is_no_event_is_refused() -> None:
    secret, body = VECTORS["webhooks"][0]["secrets"][0], b"[]"
    signature = webhooks.sign(body, event_id="evt_1", timestamp=1_800_000_000, secret=secret)
    headers = {"webhook-id": "evt_1", "webhook-timestamp": "1800000000", "webhook-signature": signature}
    with pytest.raises(WebhookRefused, match="not an event"):
        webhooks.parse(body, headers, secret, now=1_800_000_000)


def test_an_events_object_has_the_class_of_its_name() -> None:
    body = json.loads((ROOT / "docs" / "signing-vectors.json").read_text(encoding="utf-8"))["webhooks"][0]["body"]
    event = Event.model_validate({**json.loads(body), "event": "token.deleted", "data": TOKEN})
    assert isinstance(event.data, models.TokenView)
    assert event.model_dump(mode="json")["data"]["last4"] == "4242"


def test_an_object_of_an_unknown_event_stays_a_dictionary() -> None:
    content = {"id": "evt_1", "created_at": "2027-01-15T08:00:00.000Z", "sequence": 1, "previous_event_id": None}
    assert Event.model_validate({**content, "event": "token.melted", "data": TOKEN}).data == TOKEN
