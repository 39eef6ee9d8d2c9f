"""Warm CPU of a wallet payment beside the floor: the same AWS calls made bare, in one run.

A real botocore client talks to a hook that answers every request with a canned answer before it reaches a socket, so what is measured is
our code and botocore's, not a network. CPU seconds of the process, best of several rounds.
"""

import contextlib
import io
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

from bench import table
from paycorex import clock
from tests.support import gateway
from tests.support.world import PREFIX, World

PAYMENTS = 300
ROUNDS = 5
NOTE = "The floor is the same AWS calls made bare with botocore, in the same run and process."
HEADERS = ("what", "microseconds CPU", "times the floor")


def measure() -> list[tuple[str, ...]]:
    """Rows: the floor, the door, and authorizer and door together."""
    world = World()
    with world.running(), contextlib.redirect_stdout(io.StringIO()):
        logging.disable(logging.NOTSET)
        shop = world.register()
        wallet = world.wallet(shop, "user-1", "999999999")
        head = world.dynamo.query(
            TableName=f"{PREFIX}ledgers",
            KeyConditionExpression="account = :a",
            ExpressionAttributeValues={":a": {"S": f"{shop.merchant_id}#wallet#{wallet}#INR#0"}},
        )["Items"][-1]
        assert world.pay(shop, "user-1", "1").status == 201
        client, sent = _canned_client(head)
        world.install(client, world.kms, world.sqs)
        # From here on time stands still, so that no key is looked up again; nonces keep the signatures apart.
        moment = world.clock.now
        clock.use(lambda: moment)
        path, body = "/v1/payments/create", json.dumps({"amount": "10.00", "method": "wallet", "user_id": "user-1"}).encode()

        def event() -> dict[str, Any]:
            return gateway.proxy_event("POST", path, shop.v2("POST", path, body), body)

        def door() -> Callable[[], object]:
            prepared = event()
            authorized = {**prepared, "requestContext": {**prepared["requestContext"], "authorizer": _context(prepared)}}
            found = gateway.match("POST", path)
            assert found is not None
            return lambda: found[0].handler(authorized, None)

        def both() -> Callable[[], object]:
            headers = shop.v2("POST", path, body)
            return lambda: gateway.send("POST", path, headers, body)

        act = door()
        sent.clear()
        answer = act()
        assert isinstance(answer, dict)
        assert answer["statusCode"] == 201, answer
        calls = list(sent)
        floor = _best(lambda: lambda: [getattr(client, name)(**request) for name, request in calls])
        results = {
            "the same AWS calls made bare (the floor)": floor,
            "the payments door": _best(door),
            "authorizer and door": _best(both),
        }
    return [(name, f"{seconds * 1e6:.0f}", f"{seconds / floor:.2f}") for name, seconds in results.items()]


def _context(event: dict[str, Any]) -> dict[str, str]:
    from authorizer import door

    policy = door.handler({**event, "methodArn": "arn:aws:execute-api:ap-south-1:0:api/local/POST/"}, None)
    context: dict[str, str] = policy["context"]
    return context


def _best(prepare: Callable[[], Callable[[], object]]) -> float:
    """CPU seconds of one act, preparation apart: the best of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        acts = [prepare() for _ in range(PAYMENTS)]
        started = time.process_time()
        for act in acts:
            act()
        rounds.append((time.process_time() - started) / PAYMENTS)
    return min(rounds)


def _canned_client(head: dict[str, Any]) -> tuple[Any, list[tuple[str, dict[str, Any]]]]:
    session = botocore.session.Session()
    session.set_credentials("bench", "bench")
    client: Any = session.create_client("dynamodb", region_name="ap-south-1", config=Config(parameter_validation=False))
    sent: list[tuple[str, dict[str, Any]]] = []
    wire = json.dumps({"Items": [_jsonable(head)], "Count": 1, "ScannedCount": 1}).encode()

    def answer(request: Any, **_rest: object) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        content = wire if operation == "Query" else b"{}"
        headers = HTTPHeaders()
        headers["content-type"] = "application/x-amz-json-1.0"
        return AWSResponse(request.url, 200, headers, _Raw(content))

    def note(params: dict[str, Any], model: Any, **_rest: object) -> None:
        name = {"Query": "query", "TransactWriteItems": "transact_write_items", "GetItem": "get_item"}[model.name]
        sent.append((name, dict(params)))

    client.meta.events.register("before-send.dynamodb", answer)
    client.meta.events.register("provide-client-params.dynamodb", note)
    return client, sent


class _Raw:
    """A response body as urllib3 would give it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_arguments: object, **_options: object) -> Any:
        yield self._content


def _jsonable(item: dict[str, Any]) -> dict[str, Any]:
    import base64

    return {
        name: {kind: base64.b64encode(bytes(value)).decode() if kind == "B" else value for kind, value in attribute.items()}
        for name, attribute in item.items()
    }


if __name__ == "__main__":
    shown = table.markdown(HEADERS, measure())
    table.write_section("warm_cpu", f"## Warm CPU of a wallet payment\n\n{NOTE}\n\n{shown}")
    print(shown)
