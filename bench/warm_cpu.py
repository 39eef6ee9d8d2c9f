"""Warm CPU of a wallet payment beside the floor: the same AWS calls made bare, in one run.

Real botocore clients talk to a hook that answers every request with a canned answer before it reaches a socket, so what is measured is
our code and botocore's, not a network. CPU seconds of the process, best of several rounds, all of them interleaved.
"""

import contextlib
import io
import json
import logging
import os
import time
from collections.abc import Callable
from typing import Any

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

from bench import table
from paycorex import aws, clock
from tests.support import gateway
from tests.support.world import PREFIX, Signer, World

PAYMENTS = 300
ROUNDS = 5
NOTE = "The floor is the same AWS calls made bare with botocore, in the same run and process."
PATH, BODY = "/v1/payments/create", json.dumps({"amount": "10.00", "method": "wallet", "user_id": "user-1"}).encode()
HEADERS = ("what", "microseconds CPU", "times the floor")


def measure() -> list[tuple[str, ...]]:
    """Rows: the floor, the same calls by our client, the door, and authorizer and door together."""
    world = World()
    with world.running(), contextlib.redirect_stdout(io.StringIO()):
        logging.disable(logging.NOTSET)
        shop = world.register()
        head = _newest_entry(world, shop, world.wallet(shop, "user-1", "999999999"))
        assert world.pay(shop, "user-1", "1").status == 201
        sent: list[tuple[str, dict[str, Any]]] = []
        bare, ours = _bare_client(), _our_client()
        for client in (bare, ours):
            _can(client, head, sent)
        world.install(ours, world.kms, world.sqs)
        # From here on time stands still, so that no key is looked up again; nonces keep the signatures apart.
        moment = world.clock.now
        clock.use(lambda: moment)
        sent.clear()
        answer = _door(shop)()
        assert isinstance(answer, dict)
        assert answer["statusCode"] == 201, answer
        calls = list(sent)
        results = _best(
            {
                "the same AWS calls made bare (the floor)": lambda: _repeated(bare, calls),
                "the same AWS calls made by our client": lambda: _repeated(ours, calls),
                "the payments door": lambda: _door(shop),
                "authorizer and door": lambda: _authorizer_and_door(shop),
            }
        )
    floor = next(iter(results.values()))
    return [(name, f"{seconds * 1e6:.0f}", f"{seconds / floor:.2f}") for name, seconds in results.items()]


def _newest_entry(world: World, shop: Signer, wallet: str) -> dict[str, Any]:
    entries = world.dynamo.query(
        TableName=f"{PREFIX}ledgers",
        KeyConditionExpression="account = :a",
        ExpressionAttributeValues={":a": {"S": f"{shop.merchant_id}#wallet#{wallet}#INR#0"}},
    )
    newest: dict[str, Any] = entries["Items"][-1]
    return newest


def _door(shop: Signer) -> Callable[[], object]:
    event = gateway.proxy_event("POST", PATH, shop.v2("POST", PATH, BODY), BODY)
    authorized = {**event, "requestContext": {**event["requestContext"], "authorizer": _context(event)}}
    found = gateway.match("POST", PATH)
    assert found is not None
    return lambda: found[0].handler(authorized, None)


def _authorizer_and_door(shop: Signer) -> Callable[[], object]:
    headers = shop.v2("POST", PATH, BODY)
    return lambda: gateway.send("POST", PATH, headers, BODY)


def _repeated(client: Any, calls: list[tuple[str, dict[str, Any]]]) -> Callable[[], object]:
    return lambda: [getattr(client, name)(**request) for name, request in calls]


def _context(event: dict[str, Any]) -> dict[str, str]:
    from authorizer import door

    policy = door.handler({**event, "methodArn": "arn:aws:execute-api:ap-south-1:0:api/local/POST/"}, None)
    context: dict[str, str] = policy["context"]
    return context


def _best(prepares: dict[str, Callable[[], Callable[[], object]]]) -> dict[str, float]:
    """CPU seconds of one act of each kind, preparation apart: the best of several rounds."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, prepare in prepares.items():
            acts = [prepare() for _ in range(PAYMENTS)]
            started = time.process_time()
            for act in acts:
                act()
            seconds = (time.process_time() - started) / PAYMENTS
            best[name] = min(best.get(name, seconds), seconds)
    return best


def _bare_client() -> Any:
    """What a handler without any of this would use; its parameter validation is off, as ours is."""
    session = botocore.session.Session()
    session.set_credentials("bench", "bench")
    return session.create_client("dynamodb", region_name="ap-south-1", config=Config(parameter_validation=False))


def _our_client() -> Any:
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "ap-south-1"}
    aws.use("dynamodb", None)
    return aws.dynamodb()


def _can(client: Any, head: dict[str, Any], sent: list[tuple[str, dict[str, Any]]]) -> None:
    """Let the client answer itself, and note what is asked of it."""
    wire = json.dumps({"Items": [_jsonable(head)], "Count": 1, "ScannedCount": 1}).encode()

    def answer(request: Any, **_rest: object) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).partition(".")[2]
        content = wire if operation == "Query" else b"{}"
        headers = HTTPHeaders()
        headers["content-type"] = "application/x-amz-json-1.0"
        return AWSResponse(request.url, 200, headers, _Raw(content))

    def note(params: dict[str, Any], model: Any, **_rest: object) -> None:
        name = {"Query": "query", "TransactWriteItems": "transact_write_items", "GetItem": "get_item"}[model.name]
        sent.append((name, dict(params)))

    client.meta.events.register("before-send.dynamodb", answer)
    client.meta.events.register("provide-client-params.dynamodb", note)


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
