"""What people get wrong when they begin, and what the answer must name: one row for each mistake."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

CREATE: Final = "/v1/payments/create"
TOKENS: Final = "/v1/tokens/create"
HOOKS: Final = "/v1/webhooks/provider"
HOOK: Final = "https://shop.example/h"
ME: Final = "/v1/merchants/me"
PAID: Final = {"amount": "10.00", "method": "wallet", "user_id": "asha"}
CARD: Final = {"type": "card", "user_id": "asha", "number": "4242424242424242", "expiry_month": 12, "expiry_year": 2031}
_PRIVATE_KEY: Final = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
_MISTYPED_KEY: Final = "xpub6Bh6Cg7bvjFdW6VEAaZmsyhZh86WdJ9Kr5aqqY5LN7UFLpxTrxsiys213UCu8MAYjcq5JhF7jzZXvruGfWfPbxqsByNNhwWaNQRuhP3JcC4"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A signed request, and the refusal: says are parts of its message, details of its details."""

    status: int
    code: str
    says: tuple[str, ...]
    body: bytes = b""
    path: str = CREATE
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = ()
    details: Mapping[str, Any] | None = None
    key: str | None = None


def _pay(status: int, code: str, *says: str, **changed: Any) -> Mistake:
    return Mistake(status, code, says, json.dumps({**PAID, **changed}).encode())


def _only(status: int, code: str, *says: str, path: str = CREATE, **fields: Any) -> Mistake:
    return Mistake(status, code, says, json.dumps(fields).encode(), path)


def _raw(body: bytes, *says: str, **details: Any) -> Mistake:
    return Mistake(400, "invalid_request", says, body, details=details or None)


def _ask(path: str, status: int, code: str, *says: str) -> Mistake:
    return Mistake(status, code, says, path=path, method="GET")


def _set(*says: str, **settings: Any) -> Mistake:
    return Mistake(400, "invalid_request", says, json.dumps(settings).encode(), ME, "PATCH")


AMOUNTS: Final = {
    "a comma": _pay(400, "invalid_amount", "amount", "1000.50", "has a comma", amount="1,000"),
    "a currency's sign": _pay(400, "invalid_amount", "a currency's sign", amount="₹10"),
    "a space before it": _pay(400, "invalid_amount", "has a space", amount=" 10"),
    "below nothing": _pay(400, "invalid_amount", "has a sign", amount=-5),
    "null": _pay(400, "invalid_amount", "is null", amount=None),
    "an exponent": _pay(400, "invalid_amount", "there are no exponents", amount="1e5"),
    "an object": _pay(400, "invalid_amount", "is no number and no text", amount={"value": 10}),
    "nothing": _pay(400, "invalid_amount", "greater than zero", amount="0"),
    "a third decimal": _pay(400, "invalid_amount", "INR has 2 decimals, and this amount has 3.", amount="10.005"),
    "thirteen digits": _pay(400, "invalid_amount", "has 13 digits before the point", amount="1" * 13),
    "no amount": _only(400, "invalid_request", "amount: This field is required.", method="wallet", user_id="asha"),
    "paise by UPI": _only(
        422, "limit_exceeded", "100000.00 INR", "payment_limits.upi_intent", "1000.50 INR was meant", amount=100050, method="upi_intent"
    ),
    "paise from a wallet": _pay(422, "limit_exceeded", "payment_limits.wallet", "1000000.00 INR", "major units", amount=100000050),
    "paise with a card": _only(
        422, "limit_exceeded", "payment_limits.tokenized", "20000.50 INR was meant", amount=2000050, method="tokenized"
    ),
}
FIELDS: Final = {
    "userId": _only(400, "invalid_request", "userId: Unknown field. Did you mean user_id?", amount="1", method="wallet", userId="asha"),
    "a currency in small letters": _pay(400, "invalid_request", "currency:", "three capital letters", "INR", currency="inr"),
    "a currency of two letters": _pay(400, "invalid_request", "currency:", "three capital letters", currency="RS"),
    "a currency that is none": _pay(422, "unsupported_currency", "ISO 4217", currency="XYZ"),
    "card": _pay(400, "invalid_request", "method:", "'upi_intent'", "Did you mean tokenized?", method="card"),
    "UPI": _pay(400, "invalid_request", "Did you mean upi_intent?", method="UPI"),
    "Manual": _pay(400, "invalid_request", "Did you mean manual?", capture_method="Manual"),
    "a number where a text is": _pay(400, "invalid_request", "user_id: It is a text, in quotes.", user_id=5),
    "a text where a number is": _only(
        400, "invalid_request", "whole number, without quotes", amount="1", method="upi_intent", expires_in="9"
    ),
    "a line feed": _pay(400, "invalid_request", "description: control characters", description="a\nb"),
    "a nested value": _pay(400, "invalid_request", "metadata: values are strings", metadata={"a": {"b": 1}}),
    "too long a text": _pay(400, "invalid_request", "description: It has at most 255 characters", description="a" * 300),
    "another provider's token": _only(
        400, "invalid_request", "token_id: An id is three letters, _ and 26 characters", amount="1", method="tokenized", token_id="tok_visa"
    ),
    "no network": _only(400, "invalid_request", "names its network", amount="10", method="crypto"),
    "no xpub": _only(
        409, "invalid_state", "Set the xpub for ethereum first: PATCH /v1/merchants/me", amount="10", method="crypto", network="ethereum"
    ),
    "no wallet of the user": _pay(404, "not_found", "No such wallet.", "POST /v1/wallet/create", user_id="unknown"),
    "no user and no wallet": _only(400, "invalid_request", "either wallet_id or user_id", amount="10", method="wallet"),
    "a page without https": _only(
        400,
        "invalid_request",
        "return_url: the URL must start with https://",
        amount="10",
        method="tokenized",
        return_url="http://shop.example/",
    ),
    "a host alone": _only(
        400,
        "invalid_request",
        "return_url: not an absolute URL, such as https://",
        amount="10",
        method="tokenized",
        return_url="shop.example",
    ),
}
BODIES: Final = {
    "a form": Mistake(
        400,
        "invalid_request",
        ("not valid JSON", "line 1, column 1", "Content-Type is application/x-www-form-urlencoded", "application/json"),
        b"amount=10&method=wallet",
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        details={"line": 1, "column": 1},
    ),
    "single quotes": _raw(b"{'amount': '10'}", "not valid JSON: line 1, column 2", line=1, column=2),
    "a comma at the end": _raw(b'{"amount":"10",\n "method":"wallet",}', "line 2, column 19", line=2, column=19),
    "a byte-order mark": _raw(b'\xef\xbb\xbf{"amount":"10"}', "byte-order mark"),
    "a list": _raw(b"[]", "must be a JSON object"),
    "a field twice": _raw(b'{"amount":"10","amount":"20"}', "The field amount is given twice", field="amount"),
    "nothing at all": _raw(b"", "has no body", "amount: This field is required."),
    "too large": Mistake(413, "payload_too_large", ("65536 bytes",), b'{"x":"' + b"x" * 70_000 + b'"}'),
    "a key that is not ASCII": Mistake(
        400, "invalid_request", ("Idempotency-Key has 1 to 255 printable ASCII characters",), json.dumps(PAID).encode(), key="a\x07"
    ),
}
ROUTES: Final = {
    "a list that is posted to": Mistake(
        405, "method_not_allowed", ("takes GET", "Did you mean POST /v1/payments/create?"), path="/v1/payments"
    ),
    "PUT": Mistake(405, "method_not_allowed", ("takes GET and PATCH",), path=ME, method="PUT", details={"allow": ["GET", "PATCH"]}),
    "no /v1": Mistake(404, "not_found", ("Did you mean POST /v1/payments/create?",), path="/payments/create"),
    "one letter": Mistake(404, "not_found", ("Did you mean POST /v1/payments/create?",), path="/v1/payment/create"),
    "a stroke at the end": Mistake(404, "not_found", ("no / at its end", "POST /v1/payments/create"), path=f"{CREATE}/"),
    "another's status": _ask("/v1/payments?status=succeeded", 400, "invalid_request", "status:", "Did you mean success?"),
    "a page too long": _ask("/v1/payments?limit=1000", 400, "invalid_request", "limit: It is at most 100"),
    "an unknown filter": _ask("/v1/payments?userId=asha", 400, "invalid_request", "userId: Unknown field. Did you mean user_id?"),
    "a date without a time": _ask("/v1/payments?from=2026-01-31", 400, "invalid_request", "from: a time needs an offset, such as Z"),
    "a day first": _ask("/v1/payments?from=31/01/2026", 400, "invalid_request", "from: a time looks like 2026-01-31T23:59:59Z"),
    "a made-up cursor": _ask("/v1/payments?cursor=2", 400, "invalid_cursor", "begin the list without cursor"),
    "another's id": _ask("/v1/payments/ref_" + "a" * 26, 404, "not_found", "No such payment."),
}
OTHERS: Final = {
    "a mistyped card": _only(
        400, "invalid_request", "number: not a valid card number", path=TOKENS, **CARD | {"number": "4242424242424241"}
    ),
    "an old card": _only(400, "invalid_request", "the card has expired", path=TOKENS, **CARD | {"expiry_year": 2020}),
    "a year of two digits": _only(400, "invalid_request", "a year has four digits", path=TOKENS, **CARD | {"expiry_year": 31}),
    "a month in quotes": _only(
        400,
        "invalid_request",
        "expiry_month: It is a whole number, without quotes.",
        path=TOKENS,
        **CARD | {"expiry_month": "12"},
    ),
    "a security code": _only(400, "invalid_request", "security code is never stored", path=TOKENS, **CARD, cvv="123"),
    "a hook without https": _only(400, "invalid_request", "url: the URL must start with https://", path=HOOKS, url="http://shop.example/h"),
    "another's event": _only(
        400,
        "invalid_request",
        "events.0: not an event. Did you mean payment.success?",
        "page Events",
        path=HOOKS,
        url=HOOK,
        events=["payment.succeeded"],
    ),
    "one event": _only(
        400,
        "invalid_request",
        "events: It is a list, in brackets.",
        path=HOOKS,
        url=HOOK,
        events="payment.success",
    ),
    "a mistyped xpub": _set("checksum is wrong", xpubs={"ethereum": _MISTYPED_KEY}),
    "an xprv": _set("THIS IS A PRIVATE KEY", "move the funds", xpubs={"ethereum": _PRIVATE_KEY}),
    "a wrong credential": _set(
        "stripe takes secret_key", "'secret' is no field of it", "secret_key is missing", connectors={"stripe": {"secret": "x"}}
    ),
    "a publishable key": _set("not a publishable one (pk_)", connectors={"stripe": {"secret_key": "pk_live_abc"}}),
    "a mistyped connector": _set("'strpie' is no connector", "stripe", connectors={"strpie": {}}),
    "a limit by another's name": _set("payment_limits.card:", "Did you mean tokenized?", payment_limits={"card": "10"}),
    "a name as a target": _set("routing_rules.0.use.0: It is an object", routing_rules=[{"use": ["stripe"]}]),
    "a duration in words": _only(
        400, "invalid_request", "advance: an ISO 8601 duration, such as P7D", path="/v1/test/clock", advance="7 days"
    ),
}
MISTAKES: Final = {
    f"{kind}: {name}": mistake
    for kind, rows in {"amount": AMOUNTS, "field": FIELDS, "body": BODIES, "route": ROUTES, "other": OTHERS}.items()
    for name, mistake in rows.items()
}
