"""What is no amount, and what is no JSON: refused with its documented code, quickly, and nothing written."""

import json
import time
from typing import Any

import pytest

from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.logs import Log
from tests.support.world import Signer, World

CREATE = "/v1/payments/create"
RUPEES = [
    *("-1", "0", "-0", "0.00", "0.001", "10.000", "1e400", "1E2", "1e2", "NaN", "Infinity", "-Infinity", '"NaN"', '"1_000"'),
    *('" 1"', '"1 "', '"１"', '"١"', "10000000000000", "1000000000000.00", '"1000000000000"', "9" * 5000, '"' + "9" * 5000 + '"'),
    *("true", "false", "null", "[]", "{}", "[1]", '""', '"."', '"1."', '".5"', '"1,000"', '"+1"', '"-1"', '"0x10"', '"1e2"', '"1\\n"'),
    *("0.30000000000000004", "1.005", "1234567890123456", "0.1e1", '"₹10"', '"10 INR"', '"1.2.3"', '"😀"'),
]


@pytest.fixture
def payer(world: World, merchant: Signer) -> Signer:
    world.wallet(merchant, "asha", "1000.00")
    return merchant


def pay(world: World, signer: Signer, amount: str, currency: str = "INR") -> Reply:
    body = f'{{"amount":{amount},"currency":"{currency}","method":"wallet","user_id":"asha"}}'.encode()
    return world.call(signer, "POST", CREATE, body)


@pytest.mark.parametrize("amount", RUPEES)
@pytest.mark.parametrize("route", ["payments", "topup", "wallet pay", "refund"])
def test_what_is_not_an_amount_is_refused(world: World, payer: Signer, amount: str, route: str) -> None:
    """Acceptance 68."""
    paid = world.pay(payer, "asha", "100.00").body["payment_id"]
    with nothing_written(world):
        if route == "payments":
            reply = pay(world, payer, amount)
        elif route == "refund":
            if amount == "null":
                return  # that is a full refund
            reply = world.call(payer, "POST", "/v1/payments/refund", f'{{"payment_id":"{paid}","amount":{amount}}}'.encode())
        else:
            target = "/v1/wallet/topup" if route == "topup" else "/v1/wallet/pay"
            reply = world.call(payer, "POST", target, f'{{"user_id":"asha","amount":{amount}}}'.encode())
    # A number that no JSON has is no JSON.
    assert_refused(reply, "invalid_request" if amount in {"NaN", "Infinity", "-Infinity"} else "invalid_amount")


@pytest.mark.parametrize(
    ("currency", "amount"), [("JPY", "0.5"), ("JPY", "10.0"), ("JPY", '"1.00"'), ("KWD", "1.0005"), ("KWD", "1.0000"), ("INR", "1.001")]
)
def test_an_amount_has_no_more_decimals_than_its_currency(world: World, payer: Signer, currency: str, amount: str) -> None:
    """Acceptance 68."""
    with nothing_written(world):
        assert_refused(pay(world, payer, amount, currency), "invalid_amount")


@pytest.mark.parametrize("currency", ["XXX", "XAU", "ABC", "BTC"])
def test_a_currency_that_cannot_be_booked_is_refused(world: World, payer: Signer, currency: str) -> None:
    with nothing_written(world, but_outcomes=True):
        assert_refused(pay(world, payer, "10", currency), "unsupported_currency")
        assert_refused(world.call(payer, "POST", "/v1/wallet/create", {"user_id": "ravi", "currency": currency}), "unsupported_currency")


def test_a_wallet_is_not_charged_in_another_currency(world: World, payer: Signer) -> None:
    wallet_id = world.call(payer, "GET", "/v1/wallet?user_id=asha").body["data"][0]["wallet_id"]
    with nothing_written(world):
        fields = {"amount": "10", "currency": "USD", "method": "wallet", "wallet_id": wallet_id}
        assert_refused(world.call(payer, "POST", CREATE, fields), "unsupported_currency")
        assert_refused(pay(world, payer, "10", "USD"), "not_found")


def test_the_same_amount_may_be_written_in_several_ways(world: World, payer: Signer) -> None:
    """Acceptance 68: 10, 10.0 and "10.00" are equal, so they are the same request under one key."""
    replies = [
        world.call(payer, "POST", CREATE, f'{{"amount":{amount},"method":"wallet","user_id":"asha"}}'.encode(), key="same")
        for amount in ("10", "10.0", "10.00", '"10"', '"10.0"', '"10.00"')
    ]
    assert {(reply.status, reply.body["amount"]) for reply in replies} == {(201, "10.00")}
    assert len({reply.body["payment_id"] for reply in replies}) == 1


def test_a_tenth_and_two_tenths_are_three_tenths(world: World, payer: Signer) -> None:
    for amount in ("0.1", "0.2"):
        assert pay(world, payer, amount).status == 201
    wallet = world.call(payer, "GET", "/v1/wallet?user_id=asha").body["data"][0]
    assert wallet["balance"] == "999.70"


def test_the_largest_amount_is_exact(world: World, payer: Signer) -> None:
    filled = world.call(payer, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "999999999999.99"})
    assert filled.body["wallet"]["balance"] == "1000000000999.99"


def test_a_dry_run_moves_no_money(world: World, payer: Signer) -> None:
    """It answers what would be, by the same rules, and writes nothing."""
    fields = {"amount": "10.00", "method": "wallet", "user_id": "asha", "dry_run": True}
    with nothing_written(world):
        explained = world.call(payer, "POST", CREATE, fields)
        assert_refused(world.call(payer, "POST", CREATE, {**fields, "amount": "10.001"}), "invalid_amount")
    assert (explained.status, explained.body["dry_run"]) == (200, True)
    assert [(entry["debit"], entry["credit"]) for entry in explained.body["entries"]] == [("10.00", "0.00"), ("0.00", "10.00")]


GOOD = '{"amount":"10.00","method":"wallet","user_id":"asha"}'
DEEP = 100_000
BODIES: dict[str, tuple[bytes, str]] = {
    "duplicate key": (b'{"amount":1,"amount":999,"method":"wallet","user_id":"asha"}', "invalid_request"),
    "duplicate key by escape": (b'{"amount":1,"\\u0061mount":999,"method":"wallet","user_id":"asha"}', "invalid_request"),
    "duplicate key inside": (b'{"amount":1,"method":"wallet","user_id":"asha","metadata":{"a":1,"a":2}}', "invalid_request"),
    "byte-order mark": (b"\xef\xbb\xbf" + GOOD.encode(), "invalid_request"),
    "UTF-16": (GOOD.encode("utf-16"), "invalid_request"),
    "NUL": (b'{"amount":1,"method":"wallet","user_id":"as\\u0000ha"}', "invalid_request"),
    "raw NUL": (GOOD.encode() + b"\x00", "invalid_request"),
    "lone surrogate": (b'{"amount":1,"method":"wallet","user_id":"\\ud800"}', "invalid_request"),
    "lone surrogate as a name": (b'{"\\udfff":1}', "invalid_request"),
    "lone surrogate in a list": (b'{"metadata":{"a":["\\ud800"]},"amount":1,"method":"wallet"}', "invalid_request"),
    "deep list": (b"[" * DEEP + b"]" * DEEP, "payload_too_large"),
    "deep list within the size": (b"[" * 30_000 + b"]" * 30_000, "invalid_request"),
    "deep object": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "invalid_request"),
    "unclosed": (b"[" * 60_000, "invalid_request"),
    "21 levels": (b'{"a":' * 21 + b"1" + b"}" * 21, "invalid_request"),
    "one byte too long": (GOOD.encode() + b" " * (64 * 1024 + 1 - len(GOOD)), "payload_too_large"),
    "70 KiB": (GOOD.encode() + b" " * 70 * 1024, "payload_too_large"),
    "6 MB": (GOOD.encode() + b" " * 6_300_000, "payload_too_large"),
    "not an object": (b"[1]", "invalid_request"),
    "a string": (b'"amount"', "invalid_request"),
    "null": (b"null", "invalid_request"),
    "two values": (GOOD.encode() * 2, "invalid_request"),
    "trailing comma": (b'{"amount":1,}', "invalid_request"),
    "single quotes": (b"{'amount':1}", "invalid_request"),
    "comment": (b"{/**/}", "invalid_request"),
    "form": (b"amount=1&method=wallet", "invalid_request"),
    "control character in a string": (b'{"amount":1,"method":"wallet","user_id":"a\x01b"}', "invalid_request"),
    "escaped backslash quotes": (b'{"a":"' + b"\\\\" * 30_000 + b'"', "invalid_request"),
    "many quotes": (b'"' * 65_000, "invalid_request"),
    "many brackets in strings": (b'{"a":"' + b"[{" * 30_000, "invalid_request"),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("scheme", ["v1", "v2"])
def test_what_two_readers_could_read_differently_is_refused(world: World, payer: Signer, name: str, scheme: str) -> None:
    """Acceptance 69: correctly signed, within 50 ms of CPU for what fits the size limit."""
    body, code = BODIES[name]
    try:
        body.decode()
    except UnicodeDecodeError:
        # The gateway hands these on as replacement characters: no signature over the bytes can match.
        code = "unauthorized"
    started = time.process_time()
    with nothing_written(world, but_outcomes=True):
        assert_refused(world.call(payer, "POST", CREATE, body, scheme=scheme), code)
    assert time.process_time() - started < (0.05 if len(body) <= 70 * 1024 else 0.5)


def test_a_body_of_exactly_the_limit_is_read(world: World, payer: Signer) -> None:
    body = GOOD.encode() + b" " * (64 * 1024 - len(GOOD))
    assert world.call(payer, "POST", CREATE, body).status == 201


METADATA: dict[str, Any] = {
    "too much": {"a": "x" * 5000},
    "much too much": {f"k{number}": "x" * 900 for number in range(60)},
    "too many keys": {f"k{number}": 1 for number in range(51)},
    "nested": {"a": {"b": 1}},
    "list": {"a": [1]},
    "fraction": {"a": 1.5},
    "long name": {"k" * 65: 1},
    "empty name": {"": 1},
    "control character": {"a": "x\u001b[31m"},
    "right-to-left override": {"a": "\u202egnp.exe"},
    "name with newline": {"a\nb": 1},
    "not an object": "x",
}


@pytest.mark.parametrize("name", METADATA)
def test_metadata_is_small_and_flat(world: World, payer: Signer, name: str) -> None:
    """Acceptance 70."""
    with nothing_written(world):
        fields = {"amount": 1, "method": "wallet", "user_id": "asha", "metadata": METADATA[name]}
        assert_refused(world.call(payer, "POST", CREATE, fields), "invalid_request")


INERT = {"__proto__": "x", "constructor": 1, "pk": "mer_1", "status": "failed", "amount": 0, "$where": "1", "{{7*7}}": True, "😀": None}


def test_metadata_with_clever_names_is_stored_inert(world: World, payer: Signer, log: Log) -> None:
    """Acceptance 70."""
    fields = {"amount": "1.00", "method": "wallet", "user_id": "asha", "metadata": INERT, "description": "Chai ☕ और समोसा"}
    made = world.call(payer, "POST", CREATE, fields)
    shown = world.call(payer, "GET", f"/v1/payments/{made.body['payment_id']}")
    assert shown.body == made.body
    assert (shown.body["metadata"], shown.body["status"], shown.body["amount"]) == (INERT, "success", "1.00")
    assert all(isinstance(line, dict) for line in log.lines)


@pytest.mark.parametrize(
    "text",
    ['x\n{"level":"ERROR"}', "\u001b[31mred", "\u202eevil", "a\r\nSet-Cookie: x", "\u0085", "\u2066x", "x\u0000y", "", "x" * 256],
    ids=["log line", "ANSI", "override", "CRLF", "NEL", "isolate", "NUL", "empty", "256"],
)
@pytest.mark.parametrize("field", ["description", "user_id"])
def test_text_that_lies_on_a_screen_or_in_a_log_is_refused(world: World, payer: Signer, log: Log, field: str, text: str) -> None:
    """Acceptance 70: and the log of it stays one JSON object a line."""
    with nothing_written(world):
        fields = {"amount": 1, "method": "wallet", "user_id": "asha"} | {field: text}
        assert_refused(world.call(payer, "POST", CREATE, fields), "invalid_request")
    assert [line["status"] for line in log.requests()] == [400]


@pytest.mark.parametrize("name", ["x\n{", "a" * 5000, '"}', "%00", "🙈", "..", "a b"])
def test_a_path_that_names_nothing_is_not_found(world: World, payer: Signer, log: Log, name: str) -> None:
    """Also one longer than any key of the store may be."""
    with nothing_written(world):
        assert_refused(world.send("GET", f"/v1/payments/{name}", payer.v1(b"")), "not_found")
    assert all(isinstance(line, dict) for line in log.lines)


def test_an_error_names_the_field_and_never_repeats_the_value(world: World, payer: Signer, log: Log) -> None:
    canary = "4111111111111111"
    attempts = [
        ("POST", CREATE, {"amount": canary, "method": canary, "user_id": [canary], "token_id": canary, "expires_in": canary}),
        ("POST", "/v1/merchants/apikey", {"expires_at": canary, "scopes": [canary]}),
        ("PATCH", "/v1/merchants/me", {"payee_vpa": canary, "xpubs": {"ethereum": canary}, "crypto_tolerance_percent": canary}),
        ("GET", f"/v1/payments?from={canary}&status={canary}&limit={canary}", None),
        ("GET", f"/v1/dashboard/ledgers?from={canary}&entity={canary}", None),
    ]
    for method, target, fields in attempts:
        body = b"" if fields is None else json.dumps(fields).encode()
        reply = world.call(payer, method, target, body)
        assert reply.status == 400
        assert reply.body["error"]["details"]["field"]
        assert canary.encode() not in reply.raw
    assert canary not in log.text


@pytest.mark.parametrize("number", ["1.5", "1e2", "-0", "1" * 19])
def test_a_number_is_no_text(world: World, payer: Signer, number: str) -> None:
    """A number that is kept as it was written must not pass for a name, a user or a description."""
    with nothing_written(world):
        assert_refused(world.call(payer, "POST", "/v1/wallet/create", f'{{"user_id":{number}}}'.encode()), "invalid_request")
        assert_refused(world.call(payer, "PATCH", "/v1/merchants/me", f'{{"name":{number}}}'.encode()), "invalid_request")
        body = f'{{"amount":1,"method":"wallet","user_id":"asha","description":{number}}}'.encode()
        assert_refused(world.call(payer, "POST", CREATE, body), "invalid_request")
