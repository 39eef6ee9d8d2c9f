"""Bad input: over every route of every room, the documented refusal each time, nothing written, and never an error of ours."""

import json
from collections import Counter
from typing import Any

import pytest

from paycorex.credentials.roles import OWN
from paycorex.credentials.sessions import COOKIE
from paycorex.errors import STATUS_BY_CODE
from paycorex.http import Route
from tests.scenarios.bad_requests import BadRequest, bad_requests
from tests.support import gateway
from tests.support.expectations import PYDANTIC, assert_refused, nothing_written
from tests.support.logs import Log
from tests.support.people import AGENT, Person, join
from tests.support.world import Signer, World

with World().running():
    ROUTES: dict[str, Route] = {f"{route.method} {route.path}": route for route in gateway.merchants_routes()}

MALFORMED = {"invalid_request", "invalid_amount", "invalid_cursor", "payload_too_large"}


def send(world: World, signer: Signer | Person, bad: BadRequest, *, public: bool) -> gateway.Reply:
    headers = list(bad.headers)
    if isinstance(signer, Person):
        headers += [("User-Agent", AGENT), ("Cookie", f"{COOKIE}={signer.cookie}"), ("X-CSRF-Token", signer.token)]
    elif not public:
        key = dict(headers).get("Idempotency-Key")
        headers += signer.v2(bad.method, bad.target, bad.body, key=key)
    return world.send(bad.method, bad.target, headers, bad.body)


@pytest.mark.parametrize("name", ROUTES)
def test_a_malformed_request_gets_that_answer_and_changes_nothing(world: World, merchant: Signer, log: Log, name: str) -> None:
    route = ROUTES[name]
    # What is a person's own takes no key.
    who = join(world, merchant) if route.scope == OWN else merchant
    with nothing_written(world):
        for bad in bad_requests(route):
            reply = send(world, who, bad, public=route.public)
            assert 400 <= reply.status < 500, (bad, reply)
            if "json" in reply.headers.get("content-type", "json"):
                assert reply.code in STATUS_BY_CODE, (bad, reply)
                assert_refused(reply, reply.code or "")
                assert not PYDANTIC.search(reply.raw.decode()), (bad, reply)
                if not route.public:
                    # What only an object could tell comes after looking for it.
                    assert reply.code in MALFORMED | ({"not_found"} if route.path_parameters else set()), (bad, reply)
    assert {line["status"] for line in log.requests()} <= {400, 401, 404, 413} | ({201} if route.scope == OWN else set())


def test_there_are_many_of_them() -> None:
    counts = Counter({name: sum(1 for _ in bad_requests(route)) for name, route in ROUTES.items()})
    assert counts.total() >= 150 * 10
    assert min(counts.values()) >= 8


@pytest.mark.parametrize("name", ROUTES)
def test_only_the_declared_methods_are_served(world: World, merchant: Signer, name: str) -> None:
    path = ROUTES[name].path
    served = {route.method for route in ROUTES.values() if route.path == path}
    concrete = path.replace("{", "").replace("}", "")
    with nothing_written(world):
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "X"} - served:
            reply = world.send(method, concrete, merchant.v2(method, concrete, b""))
            if gateway.match(method, concrete) is None:
                # Below /admin/ the gateway hands over each method, and the door reads it in any case: there, who is not known is refused.
                is_known = concrete.startswith(gateway.BY_IAM) and method.upper() in served
                assert_refused(reply, "unauthorized" if is_known else "method_not_allowed")


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.mutating and not route.public])
def test_a_mutation_under_v1_needs_a_signed_body(world: World, merchant: Signer, name: str) -> None:
    route = ROUTES[name]
    path = route.path.replace("{", "").replace("}", "")
    with nothing_written(world):
        assert_refused(world.send(route.method, path, merchant.v1(b""), b""), "unauthorized")
        assert_refused(world.send(route.method, path, merchant.v1(b""), b"{}"), "unauthorized")


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if not route.public])
def test_no_trick_with_headers_gets_past_the_signature(world: World, merchant: Signer, name: str) -> None:
    route = ROUTES[name]
    path = route.path.replace("{", "").replace("}", "")
    body = b"" if route.method == "GET" else b"{}"
    good = merchant.v2(route.method, path, body)
    tricks: list[list[tuple[str, str]]] = [
        [],
        good[:-1],
        [*good, good[0]],
        [*good, ("x-api-key", merchant.api_key)],
        [*good, ("Idempotency-Key", "a"), ("Idempotency-Key", "b")],
        [*good, ("Idempotency-Key", "unsigned")],
        [("Authorization", f"Bearer {merchant.api_key}")],
        [(key, value) for key, value in good if key != "X-Signature"] + [("X-Signature", "é" * 64)],
        [(key, value) for key, value in good if key != "X-Signature-Version"] + [("X-Signature-Version", "3")],
        [(key, value) for key, value in good if key != "X-Timestamp"] + [("X-Timestamp", "1e9")],
        [(key, value) for key, value in good if key != "X-API-Key"] + [("X-API-Key", "x" * 10_000)],
        merchant.v2("PUT", path, body),
        merchant.v2(route.method, path + "/", body),
        merchant.v2(route.method, path, b"other"),
    ]
    with nothing_written(world):
        for headers in tricks:
            assert_refused(world.send(route.method, path, headers, body), "unauthorized")


def test_what_the_gateway_cannot_decode_is_unauthorized(world: World, merchant: Signer) -> None:
    """It hands on replacement characters, over which no signature can match."""
    bodies: list[Any] = [b"\xff\xfe{}", b'{"a":"\xc0\xaf"}', json.dumps({"a": 1}).encode("utf-16"), b"\xed\xa0\x80"]
    with nothing_written(world):
        for body in bodies:
            for scheme in ("v1", "v2"):
                assert_refused(world.call(merchant, "POST", "/v1/payments/create", body, scheme=scheme), "unauthorized")
