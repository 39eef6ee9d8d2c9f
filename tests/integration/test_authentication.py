"""Who gets in: the authorizer's half and the door's half of the signature check, through both of them as a request meets them."""

import hashlib
import hmac
import json
import subprocess
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest

from operations import merchants
from paycorex import aws, clock, settings
from paycorex.credentials.operators import is_operators
from tests.fakes.faults import FaultyClient
from tests.support import gateway
from tests.support.expectations import assert_refused, nothing_written
from tests.support.logs import Log
from tests.support.world import Signer, World

CREATE = "/v1/payments/create"
Headers = list[tuple[str, str]]


def body_of(**fields: Any) -> bytes:
    return json.dumps({"amount": "10.00", "method": "wallet", "user_id": "asha", **fields}).encode()


def replaced(headers: Headers, name: str, value: str) -> Headers:
    assert name in dict(headers)
    return [(known, value if known == name else content) for known, content in headers]


def without(headers: Headers, name: str) -> Headers:
    return [(known, content) for known, content in headers if known != name]


def in_production(world: World) -> None:
    """Where a refusal says nothing but what the request alone says."""
    world.settings = world.settings.model_copy(update={"stage": "prod"})
    settings.use(world.settings)


@pytest.fixture
def payer(world: World, merchant: Signer) -> Signer:
    """A merchant with a user who has money."""
    world.wallet(merchant, "asha", "1000.00")
    return merchant


def test_a_request_signed_with_openssl_alone_pays(world: World, payer: Signer) -> None:
    """The documented v1 formula needs no SDK (acceptance 1)."""
    body, moment = body_of(), str(int(clock.now_seconds()))
    command = ["openssl", "dgst", "-sha256", "-hmac", payer.secret]
    printed = subprocess.run(command, input=moment.encode() + body, capture_output=True, check=True).stdout.decode()
    signature = printed.strip().rpartition(" ")[2]
    reply = world.send("POST", CREATE, [("X-API-Key", payer.api_key), ("X-Timestamp", moment), ("X-Signature", signature)], body)
    assert (reply.status, reply.body["status"], reply.body["amount"]) == (201, "success", "10.00")


@pytest.mark.parametrize("scheme", ["v1", "v2"])
@pytest.mark.parametrize("part", ["body", "X-Timestamp", "X-Signature", "X-API-Key"])
def test_one_changed_byte_anywhere_is_refused(world: World, payer: Signer, scheme: str, part: str) -> None:
    """Acceptance 2."""
    body = body_of()
    headers = payer.v1(body) if scheme == "v1" else payer.v2("POST", CREATE, body)
    if part == "body":
        body = body.replace(b"10.00", b"90.00")
    else:
        value = dict(headers)[part]
        headers = replaced(headers, part, value[:-1] + ("0" if value[-1] != "0" else "1"))
    with nothing_written(world):
        assert_refused(world.send("POST", CREATE, headers, body), "unauthorized")


@pytest.mark.parametrize(("offset_seconds", "passes"), [(-299, True), (299, True), (-302, False), (302, False)])
def test_the_clocks_may_differ_by_five_minutes(world: World, payer: Signer, offset_seconds: int, passes: bool) -> None:
    """Acceptance 3."""
    body = body_of()
    reply = world.send("POST", CREATE, payer.v1(body, timestamp=int(clock.now_seconds()) + offset_seconds), body)
    assert reply.status == (201 if passes else 401)


@pytest.mark.parametrize(
    "moment", ["0", "-1", "1e9", " {now}", "{now} ", "+{now}", "{now}0", "1{now}", "{now}.0", "１８００００００００", "1_800_000_000", ""]
)
@pytest.mark.parametrize("scheme", ["v1", "v2"])
def test_a_malformed_or_old_time_costs_no_lookup(world: World, payer: Signer, moment: str, scheme: str) -> None:
    """Acceptance 3: refused before any call to the store or to KMS."""
    body, written = body_of(), moment.format(now=int(clock.now_seconds()))
    headers = payer.v1(body) if scheme == "v1" else payer.v2("POST", CREATE, body)
    watched, kms_calls = FaultyClient(world.dynamo), sum(world.kms.calls.values())
    aws.use("dynamodb", watched)
    world.restart()
    with nothing_written(world):
        assert_refused(world.send("POST", CREATE, replaced(headers, "X-Timestamp", written), body), "unauthorized")
    assert watched.count() == 0
    assert sum(world.kms.calls.values()) == kms_calls


@pytest.mark.parametrize("name", ["X-API-Key", "X-Timestamp", "X-Signature"])
def test_each_header_is_there_exactly_once(world: World, payer: Signer, name: str) -> None:
    """Acceptance 4."""
    body = body_of()
    headers = payer.v1(body)
    with nothing_written(world):
        assert_refused(world.send("POST", CREATE, without(headers, name), body), "unauthorized")
        assert_refused(world.send("POST", CREATE, [*headers, (name, dict(headers)[name])], body), "unauthorized")
        assert_refused(world.send("POST", CREATE, [*headers, (name.lower(), dict(headers)[name])], body), "unauthorized")


@pytest.mark.parametrize("name", ["X-Content-SHA256", "X-Nonce", "X-Signature-Version"])
def test_each_v2_header_is_there_exactly_once(world: World, payer: Signer, name: str) -> None:
    body = body_of()
    headers = payer.v2("POST", CREATE, body)
    with nothing_written(world):
        assert_refused(world.send("POST", CREATE, without(headers, name), body), "unauthorized")
        assert_refused(world.send("POST", CREATE, [*headers, (name, dict(headers)[name])], body), "unauthorized")


def test_header_names_may_be_written_in_any_case(world: World, payer: Signer) -> None:
    """Acceptance 4."""
    body = body_of()
    headers = [(name.swapcase(), value) for name, value in payer.v1(body)]
    assert world.send("POST", CREATE, headers, body).status == 201


@pytest.mark.parametrize(
    "shape",
    [
        lambda signature: "é" * 64,
        lambda signature: signature[:-1],
        lambda signature: signature + "0",
        lambda signature: signature.upper(),
        lambda signature: "a" * 10_240,
        lambda signature: "",
        lambda signature: signature[:-1] + "\n",
        lambda signature: "0x" + signature[2:],
    ],
    ids=["not ASCII", "63 digits", "65 digits", "upper case", "10 KB", "empty", "newline", "0x"],
)
@pytest.mark.parametrize("scheme", ["v1", "v2"])
def test_a_signature_is_64_lower_case_hex_digits(world: World, payer: Signer, scheme: str, shape: Callable[[str], str]) -> None:
    """Acceptance 5: anything else is a 401, never an error of ours."""
    body = body_of()
    headers = payer.v1(body) if scheme == "v1" else payer.v2("POST", CREATE, body)
    forged = shape("f" * 63 + "a")
    with nothing_written(world):
        assert_refused(world.send("POST", CREATE, replaced(headers, "X-Signature", forged), body), "unauthorized")


def test_a_captured_get_opens_nothing_else(world: World, payer: Signer) -> None:
    """Under v1 an empty body signs the time alone, so only GET may come without one (acceptance 6)."""
    captured = payer.v1(b"")
    assert world.send("GET", "/v1/merchants/apikeys", captured).status == 200
    with nothing_written(world):
        for method, target in mutations(payer):
            assert_refused(world.send(method, target, captured), "unauthorized")


def mutations(signer: Signer) -> list[tuple[str, str]]:
    found = [(route.method, route.path) for route in gateway.merchants_routes() if route.mutating and not route.public]
    assert ("POST", "/v1/merchants/apikey") in found
    return [(method, path.replace("{key_id}", signer.key_id)) for method, path in found]


def test_a_v2_signature_holds_for_one_route_and_query(world: World, payer: Signer, log: Log) -> None:
    """Acceptance 9: anything else is refused in the authorizer, so no door ever sees it."""
    in_production(world)
    body = json.dumps({"amount": "10.00", "user_id": "asha"}).encode()
    headers = payer.v2("POST", "/v1/wallet/pay", body)
    assert world.send("POST", "/v1/wallet/pay", headers, body).status == 201
    log.clear()
    with nothing_written(world):
        for target in ("/v1/wallet/topup", "/v1/wallet/pay?x=1", "/v1/payments/create", "/v1/wallet/refund"):
            assert_refused(world.send("POST", target, headers, body), "unauthorized")
    assert log.requests() == []
    assert [line["message"] for line in log.lines] == ["denied"] * 4


def test_a_v2_signature_holds_for_one_idempotency_key(world: World, payer: Signer) -> None:
    body = body_of()
    headers = payer.v2("POST", CREATE, body, key="first")
    with nothing_written(world):
        for key in ("second", ""):
            assert_refused(world.send("POST", CREATE, [*headers, ("Idempotency-Key", key)], body), "unauthorized")
        assert_refused(world.send("POST", CREATE, headers, body), "unauthorized")
    assert world.send("POST", CREATE, [*headers, ("Idempotency-Key", "first")], body).status == 201


def test_a_v2_signature_holds_for_one_body(world: World, payer: Signer, log: Log) -> None:
    """Acceptance 10: a body that is not the signed one is the door's to refuse, a changed hash the authorizer's."""
    in_production(world)
    body, other = body_of(), body_of(amount="999.00")
    headers = payer.v2("POST", CREATE, body)
    log.clear()
    with nothing_written(world):
        assert_refused(world.send("POST", CREATE, headers, other), "unauthorized")
        assert [line["reason"] for line in log.requests()] == ["body does not match its signed hash"]
        log.clear()
        rehashed = replaced(headers, "X-Content-SHA256", hashlib.sha256(other).hexdigest())
        assert_refused(world.send("POST", CREATE, rehashed, other), "unauthorized")
        assert log.requests() == []


def test_a_merchant_can_demand_v2(world: World, payer: Signer) -> None:
    """Acceptance 11: no downgrade, neither by a correct v1 request nor by taking the version header away."""
    assert world.call(payer, "PATCH", "/v1/merchants/me", {"signature_policy": "v2_only"}).status == 200
    world.clock.now += 61
    body = body_of()
    with nothing_written(world):
        assert_refused(world.send("POST", CREATE, payer.v1(body), body), "unauthorized")
        assert_refused(world.send("GET", "/v1/payments", payer.v1(b"")), "unauthorized")
        stripped = without(payer.v2("POST", CREATE, body), "X-Signature-Version")
        assert_refused(world.send("POST", CREATE, stripped, body), "unauthorized")
    assert world.send("POST", CREATE, payer.v2("POST", CREATE, body), body).status == 201


def guarded_routes() -> list[tuple[Any, Any]]:
    return [(app, route) for app in gateway.apps() for route in app.routes if not route.public and not is_operators(route.path)]


def direct_event(route: Any, headers: Headers, body: bytes, context: dict[str, str] | None) -> dict[str, Any]:
    parameters = dict.fromkeys(route.path_parameters, "pay_" + "a" * 26)
    path = route.path
    for name, value in parameters.items():
        path = path.replace(f"{{{name}}}", value)
    event = gateway.proxy_event(route.method, path, headers, body)
    if context is not None:
        event["requestContext"]["authorizer"] = context
    return event | {"pathParameters": parameters or None, "resource": route.path}


def test_a_door_called_without_the_authorizer_lets_no_caller_in(world: World, payer: Signer) -> None:
    """Acceptance 13, for every route of every room."""
    body = b"{}"
    context = {
        "merchant_id": payer.merchant_id,
        "key_id": payer.key_id,
        "scopes": "payments:write",
        "currency": "INR",
        "lanes": "1",
        "lanes_ever": "1",
        "cursor_key": "00",
        "signature_version": "1",
        "signature_state": "body_pending",
        "body_sha256": "",
    }
    wrong = replaced(payer.v1(body), "X-Signature", "0" * 64)
    contexts: list[dict[str, str] | None] = [
        None,
        {},
        {"merchant_id": payer.merchant_id},
        context,
        {**context, "signature_version": "2"},
        {**context, "signature_version": "2", "signature_state": "verified"},
        {**context, "signature_state": "verified"},
        {**context, "signature_state": ""},
        {**context, "lanes": "many"},
    ]
    tried = 0
    with nothing_written(world):
        for app, route in guarded_routes():
            for given in contexts:
                answer = app.handler(direct_event(route, wrong, body, given), None)
                assert answer["statusCode"] == 401, (route.path, given, answer)
                assert json.loads(answer["body"])["error"]["code"] == "unauthorized"
                tried += 1
    assert tried >= 100


def revoke(world: World, signer: Signer) -> None:
    """Rotate and revoke the first key, so that it is there but dead."""
    fresh = world.call(signer, "POST", "/v1/merchants/apikey", {})
    successor = Signer(fresh.body["api_key"], fresh.body["secret"])
    assert world.call(successor, "DELETE", f"/v1/merchants/apikeys/{signer.key_id}").status == 200


def suspend(world: World, signer: Signer) -> None:
    world.dynamo.update_item(
        TableName="test-merchants",
        Key={"merchant_id": {"S": signer.merchant_id}},
        UpdateExpression="SET #s = :s",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": {"S": "suspended"}},
    )


def test_a_refusal_does_not_tell_why(world: World) -> None:
    """Unknown key, wrong signature, revoked key, suspended merchant: one body, the same work, the same time (acceptance 14)."""
    from authorizer import door

    in_production(world)
    forger, revoked, suspended = (world.register(name) for name in ("Forger", "Revoked", "Suspended"))
    revoke(world, revoked)
    suspend(world, suspended)
    signers = {
        "unknown": Signer("pcx_" + "0" * 40, "sk_unknown"),
        "forged": Signer(forger.api_key, "sk_not_the_secret"),
        "revoked": revoked,
        "suspended": suspended,
    }
    watched = FaultyClient(world.dynamo)
    aws.use("dynamodb", watched)
    world.clock.now += 61
    events = {name: get_event(signer) for name, signer in signers.items()}
    for event in events.values():
        door.handler(event, None)
    calls, kms_calls = watched.count(), sum(world.kms.calls.values())
    bodies = {name: world.send("GET", "/v1/payments", signer.v1(b"")) for name, signer in signers.items()}
    assert len({reply.raw for reply in bodies.values()}) == 1
    for reply in bodies.values():
        assert_refused(reply, "unauthorized")
    # A busy machine disturbs some measurements, hardly ten one after another; a cause that takes longer disturbs all.
    assert any(durations_agree(events, door.handler) for _ in range(10))
    assert watched.count() == calls
    assert sum(world.kms.calls.values()) == kms_calls


def get_event(signer: Signer) -> dict[str, Any]:
    return {**gateway.proxy_event("GET", "/v1/payments", signer.v1(b""), b""), "methodArn": "arn:aws:execute-api:x"}


def durations_agree(events: dict[str, Any], handler: Callable[[Any, Any], Any]) -> bool:
    """Whether the medians of 2,000 interleaved refusals each are within 10 % of each other."""
    durations: dict[str, list[int]] = {name: [] for name in events}
    stopped = clock.now_seconds()
    clock.use(lambda: stopped)
    for _ in range(2_000):
        for name, event in events.items():
            started = time.perf_counter_ns()
            policy = handler(event, None)
            durations[name].append(time.perf_counter_ns() - started)
            assert policy["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    medians = [median(values) for values in durations.values()]
    return max(medians) <= 1.1 * min(medians)


def test_a_v1_body_signed_by_an_independent_hmac_is_let_in(world: World, payer: Signer) -> None:
    moment, body = str(int(clock.now_seconds())), body_of()
    signature = hmac.new(payer.secret.encode(), moment.encode() + body, "sha256").hexdigest()
    headers = [("X-API-Key", payer.api_key), ("X-Timestamp", moment), ("X-Signature", signature)]
    assert world.send("POST", CREATE, headers, body).status == 201


def test_a_key_needs_the_routes_scope(world: World, payer: Signer) -> None:
    reply = world.call(payer, "POST", "/v1/merchants/apikey", {"scopes": ["payments:read", "merchant:read"]})
    reader = Signer(reply.body["api_key"], reply.body["secret"])
    assert world.call(reader, "GET", "/v1/payments").status == 200
    with nothing_written(world):
        assert_refused(world.call(reader, "POST", CREATE, {"amount": 1, "method": "wallet", "user_id": "asha"}), "forbidden")
        assert_refused(world.call(reader, "POST", "/v1/merchants/apikey", {}), "forbidden")


@pytest.mark.parametrize("name", ["X-Merchant-Id", "X-Forwarded-For", "X-HTTP-Method-Override", "X-Original-URL", "Host", "Forwarded"])
def test_no_other_header_changes_who_asks_or_what(world: World, payer: Signer, name: str) -> None:
    """Acceptance 72."""
    other = world.register("Other")
    tricks = [(name, other.merchant_id), (name, "DELETE")]
    for trick in tricks:
        reply = world.call(payer, "GET", "/v1/merchants/me", headers=[trick])
        assert (reply.status, reply.body["merchant_id"]) == (200, payer.merchant_id)


def test_a_get_takes_no_body(world: World, payer: Signer) -> None:
    """Acceptance 72: under v1 the signature cannot cover it (401), under v2 it is refused as such (400)."""
    with nothing_written(world):
        assert_refused(world.call(payer, "GET", "/v1/payments", b"{}"), "invalid_request")
        assert_refused(world.call(payer, "GET", "/v1/payments", b"{}", scheme="v1"), "unauthorized")
        assert_refused(world.send("GET", "/v1/payments", payer.v1(b""), b"{}"), "unauthorized")


def _answer_of(world: World, key: str, body: bytes = b'{"name": "x"}') -> tuple[int, dict[str, str], Any]:
    moment = str(int(clock.now_seconds()))
    reply = world.send("PATCH", "/v1/merchants/me", [("X-API-Key", key), ("X-Timestamp", moment), ("X-Signature", "0" * 64)], body)
    headers = {name: value for name, value in reply.headers.items() if name != "x-request-id"}
    return reply.status, headers, reply.without_request_id()


@pytest.mark.parametrize("reason", ["unknown", "revoked", "suspended", "v2_only"])
def test_a_refusal_looks_the_same_whether_the_authorizer_or_the_door_knew_it(
    world: World, merchant: Signer, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who answers would tell a known key from an unknown one: the gateway adds headers to its own answers. So the door answers all."""
    in_production(world)
    wrong_signature = _answer_of(world, merchant.api_key)
    assert wrong_signature[0] == 401
    key = "pcx_" + "0" * 40 if reason == "unknown" else merchant.api_key
    if reason == "revoked":
        other = world.call(merchant, "POST", "/v1/merchants/apikey", {"overlap_seconds": 0}).body
        assert other["api_key"] != merchant.api_key
    elif reason == "suspended":
        merchants.set_status(merchant.merchant_id, "suspended")
    elif reason == "v2_only":
        assert world.call(merchant, "PATCH", "/v1/merchants/me", {"signature_policy": "v2_only"}, scheme="v2").status == 200
    world.clock.now += 76
    asked: list[Any] = []
    monkeypatch.setattr(gateway, "_gateway_response", asked.append)
    with nothing_written(world):
        assert _answer_of(world, key) == wrong_signature
    assert asked == []


def test_what_the_authorizer_refused_gets_no_further_at_the_door(world: World, payer: Signer) -> None:
    """However right its signature is: the state alone is refused, and no caller comes with it."""
    from payments.door import app

    body = body_of()
    event = gateway.proxy_event("POST", CREATE, payer.v1(body), body) | {"resource": CREATE}
    event["requestContext"]["authorizer"] = {"signature_version": "1", "signature_state": "refused", "principalId": "anonymous"}
    with nothing_written(world):
        answer = app.handler(event, None)
    assert answer["statusCode"] == 401


def test_a_request_of_now_is_accepted_by_a_platform_whose_clock_was_moved_a_month(world: World, payer: Signer) -> None:
    body, moment = body_of(), str(int(clock.outside_seconds()))
    signature = hmac.new(payer.secret.encode(), moment.encode() + body, hashlib.sha256).hexdigest()
    clock.move(30 * 86_400.0)
    try:
        reply = world.send("POST", CREATE, [("X-API-Key", payer.api_key), ("X-Timestamp", moment), ("X-Signature", signature)], body)
    finally:
        clock.move(0.0)
    assert (reply.status, reply.body["status"]) == (201, "success")
    assert clock.parse_rfc3339(reply.body["created_at"]) >= clock.now_ms() + 29 * 86_400_000
