"""`docs/signing-vectors.json`, which every client is held to, computed by the server's own code: `python -m local.signing_vectors`."""

import base64
import json
from typing import Any, Final
from urllib.parse import parse_qsl

from local.paths import ROOT
from paycorex import signing
from webhooks.delivery import signatures

TARGET: Final = ROOT / "docs" / "signing-vectors.json"
API_KEY: Final = "pk_vectors_0123456789abcdef"
SECRET: Final = "sk_vectors_keep_me_out_of_your_shop"  # noqa: S105 - published, and of no account
SECONDS: Final = "1800000000"
MILLISECONDS: Final = "1800000000123"
NONCE: Final = "6d0f4a5b9c3e47f1"
PAYMENTS: Final = "/v1/payments/create"
PAYMENT: Final = '{"amount":"1000.00","method":"wallet","user_id":"user-123"}'
UNICODE: Final = '{"amount":"1.00","method":"wallet","user_id":"आशा ☕ 😀"}'
_ABOUT: Final = (
    "Known answers for a client of PayCoreX. Everything is UTF-8, every signature is HMAC-SHA256 under the UTF-8 bytes of `secret`. "
    "`target` is the path and query as they are sent. `refused` holds requests and webhooks with one mistake each."
)
# name, method, target, timestamp, idempotency key, body
V2_CASES: Final = (
    ("a payment", "POST", PAYMENTS, MILLISECONDS, "order-1", PAYMENT),
    ("without an idempotency key", "POST", PAYMENTS, MILLISECONDS, "", PAYMENT),
    ("a time in seconds", "POST", PAYMENTS, SECONDS, "order-1", PAYMENT),
    ("a body with letters of other scripts", "POST", PAYMENTS, MILLISECONDS, "order-2", UNICODE),
    ("a body with spaces and line feeds, signed as it is sent", "POST", PAYMENTS, MILLISECONDS, "order-3", '{\n  "amount": "1.00"\n}\n'),
    ("an idempotency key with every kind of sign", "POST", PAYMENTS, MILLISECONDS, "order 4 +/=?&%7E", PAYMENT),
    ("a GET without body or query", "GET", "/v1/merchants/me", MILLISECONDS, "", ""),
    ("a POST without body", "POST", "/v1/payments/pay_aaaaaaaaaaaaaaaaaaaaaaaaaa/cancel", MILLISECONDS, "cancel-1", ""),
    ("a DELETE", "DELETE", "/v1/tokens/tok_aaaaaaaaaaaaaaaaaaaaaaaaaa", MILLISECONDS, "delete-1", ""),
    ("a query is sorted by name", "GET", "/v1/payments?status=success&limit=5", MILLISECONDS, "", ""),
    ("then by value", "GET", "/v1/payments?status=success&status=failed", MILLISECONDS, "", ""),
    ("a space as plus is signed as %20", "GET", "/v1/payments?user_id=asha+rao", MILLISECONDS, "", ""),
    ("a space as %20", "GET", "/v1/payments?user_id=asha%20rao", MILLISECONDS, "", ""),
    ("a plus is %2B", "GET", "/v1/payments?from=2027-01-15T00%3A00%3A00%2B05%3A30", MILLISECONDS, "", ""),
    ("colons that were sent as they are", "GET", "/v1/payments?from=2027-01-15T00:00:00Z", MILLISECONDS, "", ""),
    ("ampersand and equals inside a value", "GET", "/v1/payments?user_id=a%26b%3Dc", MILLISECONDS, "", ""),
    ("other scripts", "GET", "/v1/payments?user_id=%E0%A4%86%E0%A4%B6%E0%A4%BE%20%E2%98%95", MILLISECONDS, "", ""),
    ("hex digits are upper case, unreserved characters plain", "GET", "/v1/payments?user_id=%7e%2d%5f%2e%2f%c3%a9", MILLISECONDS, "", ""),
    ("reserved characters that some libraries leave", "GET", "/v1/payments?user_id=%21%27%28%29%2A", MILLISECONDS, "", ""),
    ("a name without a value", "GET", "/v1/payments?user_id=", MILLISECONDS, "", ""),
)
V1_CASES: Final = (
    ("a payment", "POST", PAYMENTS, MILLISECONDS, PAYMENT),
    ("a time in seconds", "POST", PAYMENTS, SECONDS, PAYMENT),
    ("a body with letters of other scripts", "POST", PAYMENTS, MILLISECONDS, UNICODE),
    ("a GET signs the time alone", "GET", "/v1/payments?status=success&limit=5", MILLISECONDS, ""),
)
ENDPOINT_SECRETS: Final = tuple("whsec_" + base64.b64encode(bytes(range(start, start + 32))).decode() for start in (0, 100))
EVENT_ID: Final = "evt_aaaaaaaaaaaaaaaaaaaaaaaaaa"
EVENT_BODY: Final = (
    '{"id":"evt_aaaaaaaaaaaaaaaaaaaaaaaaaa","event":"payment.success","created_at":"2027-01-15T08:00:00.000Z","sequence":2,'
    '"previous_event_id":null,"data":{"payment_id":"pay_aaaaaaaaaaaaaaaaaaaaaaaaaa","amount":"1000.00","description":"चाय ☕"}}'
)


def v2(name: str, method: str, target: str, timestamp: str, key: str, body: str, *, secret: str = SECRET) -> dict[str, Any]:
    """A v2 request with each step of its signature."""
    path, _, query = target.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    digest = signing.body_sha256(body.encode())
    signed = signing.v2_input(
        method=method, path=path, query=pairs, timestamp=timestamp, nonce=NONCE, idempotency_key=key, body_hash=digest
    )
    signature = signing.sign(secret.encode(), signed)
    headers = {"X-Signature-Version": "2", "X-Nonce": NONCE, "X-Content-SHA256": digest, **_headers(timestamp, signature)}
    if key:
        headers["Idempotency-Key"] = key
    steps = {"canonical_query": signing.canonical_query(pairs), "body_sha256": digest, "signed": signed.decode(), "signature": signature}
    request = {"name": name, "method": method, "target": target, "timestamp": timestamp, "nonce": NONCE, "idempotency_key": key}
    return request | {"body": body} | steps | {"headers": headers}


def v1(name: str, method: str, target: str, timestamp: str, body: str) -> dict[str, Any]:
    """A v1 request with its signature."""
    signed = signing.v1_input(timestamp, body.encode())
    signature = signing.sign(SECRET.encode(), signed)
    request = {"name": name, "method": method, "target": target, "timestamp": timestamp, "body": body}
    return request | {"signed": signed.decode(), "signature": signature, "headers": _headers(timestamp, signature)}


def _headers(timestamp: str, signature: str) -> dict[str, str]:
    return {"X-API-Key": API_KEY, "X-Timestamp": timestamp, "X-Signature": signature}


def refused_requests() -> list[dict[str, Any]]:
    """One mistake each. All are sent as `headers` say and answered 401."""
    good = v2("", "POST", PAYMENTS, MILLISECONDS, "order-1", PAYMENT)
    query = v2("", "GET", "/v1/payments?user_id=a+b", MILLISECONDS, "", "")
    plus = signing.sign(SECRET.encode(), query["signed"].replace("%20", "+").encode())
    first = v1("", "POST", PAYMENTS, MILLISECONDS, PAYMENT)
    upper, encoded = good["signature"].upper(), base64.b64encode(bytes.fromhex(good["signature"])).decode()
    late = v2("", "POST", PAYMENTS, str(int(MILLISECONDS) - 301_000), "order-1", PAYMENT)
    return [
        _wrong("another secret", v2("", "POST", PAYMENTS, MILLISECONDS, "order-1", PAYMENT, secret=API_KEY)),
        _wrong("another body than the signed one", good | {"body": UNICODE}),
        _wrong("another path", good | {"target": "/v1/wallet/pay"}),
        _wrong("another method", good | {"method": "PATCH", "target": "/v1/merchants/me"}),
        _wrong("a query that is not signed", query | {"target": "/v1/payments?user_id=a+b&limit=100"}),
        _wrong("the space of a query signed as plus", query, {"X-Signature": plus}),
        _wrong("another idempotency key", good, {"Idempotency-Key": "order-2"}),
        _wrong("another nonce", good, {"X-Nonce": NONCE[::-1]}),
        _wrong("another time", good, {"X-Timestamp": str(int(MILLISECONDS) + 1)}),
        _wrong("a time more than 300 seconds ago", late),
        _wrong("a signature in upper case", good, {"X-Signature": upper}),
        _wrong("a signature in base64", good, {"X-Signature": encoded}),
        _wrong("a v2 signature under v1", good, {"X-Signature-Version": "1"}),
        _wrong("a v1 signature under v2", good, {"X-Signature": first["signature"]}),
        _wrong("v1: only the body signed", first, {"X-Signature": signing.sign(SECRET.encode(), PAYMENT.encode())}),
        _wrong("v1: a DELETE", v1("", "DELETE", "/v1/tokens/tok_aaaaaaaaaaaaaaaaaaaaaaaaaa", MILLISECONDS, "")),
        _wrong("v1: a mutation without a body", v1("", "POST", "/v1/payments/pay_aaaaaaaaaaaaaaaaaaaaaaaaaa/cancel", MILLISECONDS, "")),
    ]


def _wrong(name: str, request: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
    sent = {field: request[field] for field in ("method", "target", "body")}
    return {"name": name, **sent, "headers": request["headers"] | (headers or {})}


def webhooks() -> list[dict[str, Any]]:
    """Deliveries that a receiver with any of `secrets` takes, at the time of `timestamp`."""
    cases = (
        ("one secret", ENDPOINT_SECRETS[:1], EVENT_BODY),
        ("two secrets while they overlap, the older one first", ENDPOINT_SECRETS, EVENT_BODY),
        ("a body with a line feed at its end", ENDPOINT_SECRETS[:1], EVENT_BODY + "\n"),
    )
    return [{"name": name, "secrets": list(secrets), **_delivery(secrets, body)} for name, secrets, body in cases]


def _delivery(secrets: tuple[str, ...], body: str) -> dict[str, Any]:
    headers = signatures.headers(event_id=EVENT_ID, event="payment.success", body=body.encode(), timestamp=int(SECONDS), secrets=secrets)
    kept = {name: value for name, value in headers.items() if name.lower().startswith(("webhook-", "x-webhook-"))}
    return {"timestamp": int(SECONDS), "body": body, "headers": kept}


def refused_webhooks() -> list[dict[str, Any]]:
    """One mistake each; `now` is the receiver's time. A receiver refuses a delivery that is more than 300 seconds old or early."""
    good = {"secret": ENDPOINT_SECRETS[0], **_delivery(ENDPOINT_SECRETS[:1], EVENT_BODY), "now": int(SECONDS)}
    standard = good["headers"]["webhook-signature"]
    return [
        {"name": "another secret", **good, "secret": ENDPOINT_SECRETS[1]},
        {"name": "another body", **good, "body": EVENT_BODY.replace("1000.00", "9000.00")},
        {"name": "301 seconds old", **good, "now": int(SECONDS) + 301},
        {"name": "301 seconds early", **good, "now": int(SECONDS) - 301},
        {"name": "another time", **_changed(good, "webhook-timestamp", str(int(SECONDS) + 1))},
        {"name": "another id", **_changed(good, "webhook-id", "evt_bbbbbbbbbbbbbbbbbbbbbbbbbb")},
        {"name": "an unknown version of the signature", **_changed(good, "webhook-signature", standard.replace("v1,", "v0,"))},
        {"name": "no signature", **_changed(good, "webhook-signature", "")},
        {"name": "a time that is no number", **_changed(good, "webhook-timestamp", "now")},
    ]


def _changed(delivery: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    return {**delivery, "headers": delivery["headers"] | {name: value}}


def render() -> str:
    """The file as it should be."""
    content = {
        "about": _ABOUT,
        "api_key": API_KEY,
        "secret": SECRET,
        "v2": [v2(*case) for case in V2_CASES],
        "v1": [v1(*case) for case in V1_CASES],
        "refused": refused_requests(),
        "webhooks": webhooks(),
        "refused_webhooks": refused_webhooks(),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file."""
    TARGET.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
