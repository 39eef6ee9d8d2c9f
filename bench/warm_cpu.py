"""Warm CPU of a wallet payment beside the floor: the same AWS calls made bare, in one run, on the built package (`make build`).

All clients talk over a socket to a server in a process of its own that answers from memory (`bench.canned_aws`), without TLS. CPU seconds
of this process alone, best of several rounds, all of them interleaved.
"""

import contextlib
import io
import json
import logging
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import botocore.session
from botocore.config import Config

from bench import built, table
from bench.canned_aws import canned
from paycorex import aws, clock, settings
from tests.support import gateway
from tests.support.world import PREFIX, Signer, World

PAYMENTS = 60
ROUNDS = 25
NOTE = (
    "`python -m bench.warm_cpu`, on the built package. The floor is the same AWS calls made bare with botocore over a socket, in the same "
    "run and process. The goal for authorizer and door together is 0.40."
)
PATH, BODY = "/v1/payments/create", json.dumps({"amount": "10.00", "method": "wallet", "user_id": "user-1"}).encode()
HEADERS = ("what", "microseconds CPU", "times the floor")


def measure() -> list[tuple[str, ...]]:
    """Rows: the floor, then for each of our clients the same calls, the door, and authorizer and door together."""
    world = World()
    with world.running(), contextlib.redirect_stdout(io.StringIO()):
        logging.disable(logging.NOTSET)
        shop = world.register()
        head = _newest_entry(world, shop, world.wallet(shop, "user-1", "999999999"))
        assert world.pay(shop, "user-1", "1").status == 201
        wire = json.dumps({"Items": [_jsonable(head)], "Count": 1, "ScannedCount": 1}).encode()
        with canned({"Query": wire}) as url:
            results = _measured(world, shop, url)
    floor = next(iter(results.values()))
    return [(name, f"{seconds * 1e6:.0f}", f"{seconds / floor:.2f}") for name, seconds in results.items()]


def _measured(world: World, shop: Signer, url: str) -> dict[str, float]:
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "ap-south-1"}
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = url
    bare = _bare_client()
    clients: dict[str, Any] = {"botocore": _our_client(world, "botocore"), "the lean client": _our_client(world, "lean")}
    # From here on time stands still, so that no key is looked up again; nonces keep the signatures apart.
    moment = world.clock.now
    clock.use(lambda: moment)
    calls = _calls(world, shop, clients["botocore"])
    acts: dict[str, Callable[[], Callable[[], object]]] = {"the same AWS calls made bare (the floor)": lambda: _repeated(bare, calls)}
    for name, client in clients.items():
        acts[f"the same AWS calls by {name}"] = partial(_repeated, client, calls)
        acts[f"the payments door with {name}"] = partial(_door, shop)
        acts[f"authorizer and door with {name}"] = partial(_authorizer_and_door, shop)
    return _best(acts, lambda name: world.install(clients["the lean client" if "lean" in name else "botocore"], world.kms, world.sqs))


def _calls(world: World, shop: Signer, client: Any) -> list[tuple[str, dict[str, Any]]]:
    """What a payment asks of DynamoDB."""
    sent: list[tuple[str, dict[str, Any]]] = []

    def note(params: dict[str, Any], model: Any, **_rest: object) -> None:
        sent.append(({"Query": "query", "TransactWriteItems": "transact_write_items", "GetItem": "get_item"}[model.name], dict(params)))

    client.meta.events.register("provide-client-params.dynamodb", note)
    world.install(client, world.kms, world.sqs)
    answer = _door(shop)()
    assert isinstance(answer, dict)
    assert answer["statusCode"] == 201, answer
    client.meta.events.unregister("provide-client-params.dynamodb", note)
    return sent


def _newest_entry(world: World, shop: Signer, wallet: str) -> dict[str, Any]:
    entries = world.dynamo.query(
        TableName=f"{PREFIX}ledgers",
        KeyConditionExpression="account = :a",
        ExpressionAttributeValues={":a": {"S": f"{shop.merchant_id}#wallet#{wallet}#INR#0"}},
    )
    newest: dict[str, Any] = entries["Items"][-1]
    return newest


def _door(shop: Signer) -> Callable[[], object]:
    event = _event(shop)
    authorized = {**event, "requestContext": {**event["requestContext"], "authorizer": _context(event)}}
    found = gateway.match("POST", PATH)
    assert found is not None
    return lambda: found[0].handler(authorized, None)


def _authorizer_and_door(shop: Signer) -> Callable[[], object]:
    event = _event(shop)
    found = gateway.match("POST", PATH)
    assert found is not None
    handler = found[0].handler

    def act() -> object:
        authorized = {**event, "requestContext": {**event["requestContext"], "authorizer": _context(event)}}
        return handler(authorized, None)

    return act


def _event(shop: Signer) -> dict[str, Any]:
    """A request as the gateway hands it on; making it is no part of what is measured."""
    event = gateway.proxy_event("POST", PATH, shop.v2("POST", PATH, BODY), BODY)
    context = {**event["requestContext"], "path": f"/local{PATH}"}
    return {**event, "resource": PATH, "pathParameters": None, "requestContext": context}


def _repeated(client: Any, calls: list[tuple[str, dict[str, Any]]]) -> Callable[[], object]:
    return lambda: [getattr(client, name)(**request) for name, request in calls]


def _context(event: dict[str, Any]) -> dict[str, str]:
    from authorizer import door

    policy = door.handler({**event, "methodArn": "arn:aws:execute-api:ap-south-1:0:api/local/POST/"}, None)
    context: dict[str, str] = policy["context"]
    return context


def _best(prepares: dict[str, Callable[[], Callable[[], object]]], install: Callable[[str], None]) -> dict[str, float]:
    """CPU seconds of one act of each kind, preparation apart: the best of several rounds."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, prepare in prepares.items():
            install(name)
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


def _our_client(world: World, kind: Literal["botocore", "lean"]) -> Any:
    settings.use(world.settings.model_copy(update={"aws_client": kind}))
    aws.use("dynamodb", None)
    client = aws.dynamodb()
    settings.use(world.settings)
    return client


def _jsonable(item: dict[str, Any]) -> dict[str, Any]:
    import base64

    return {
        name: {kind: base64.b64encode(bytes(value)).decode() if kind == "B" else value for kind, value in attribute.items()}
        for name, attribute in item.items()
    }


def main() -> None:
    """Measure and write."""
    built.demand()
    shown = table.markdown(HEADERS, measure())
    table.write_section("warm_cpu", f"## Warm CPU of a wallet payment\n\n{NOTE}\n\n{shown}")
    print(shown)


if __name__ == "__main__":
    built.run("bench.warm_cpu")
