"""What one version leaves to the other: items, messages, stream records and keys, as AWS would keep them."""

import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paycorex import events
from tests.fakes.memory_queue import Message
from tests.support import rollups
from tests.support.world import PREFIX, QUEUES, Signer, World

STREAMS = sorted({*events.KINDS, *rollups.STREAMS, "crypto_transactions"})


@dataclass
class Shop:
    """A merchant of the journey, and what its client remembers."""

    who: Signer
    payments: dict[str, str] = field(default_factory=dict)
    requests: dict[str, tuple[str, Any]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)


def save(path: Path, world: World, shops: list[Shop]) -> None:
    """Write the world and what its clients remember; only values that every version knows."""
    content = {
        "now": world.clock.now,
        "streams": {noun: world.dynamo.drain_stream(PREFIX + noun) for noun in STREAMS},
        "tables": world.dynamo.dump(),
        "queues": {name: world.sqs.messages(_url(world, name)) for name in QUEUES},
        "keys": world.kms.keys(),
        "named_keys": {name: getattr(world.settings, name) for name in ("sealing_key_id", "vault_key_id", "proof_key_id")},
        "shops": [
            {
                "who": [shop.who.api_key, shop.who.secret, shop.who.merchant_id, shop.who.key_id],
                "payments": shop.payments,
                "requests": shop.requests,
                "answers": shop.answers,
            }
            for shop in shops
        ],
    }
    path.write_bytes(pickle.dumps(content))


def load(path: Path) -> tuple[World, list[Shop], dict[str, list[dict[str, Any]]]]:
    """A world of this version that goes on with another's data; its shops; and the stream records that wait for a reader."""
    content = pickle.loads(path.read_bytes())
    world = World()
    world.clock.now = content["now"]
    world.kms.take(content["keys"])
    world.settings = world.settings.model_copy(update=content["named_keys"])
    known = set(world.dynamo.list_tables()["TableNames"])
    for table, items in content["tables"].items():
        # A table that only the other version has is not this version's business.
        for item in items if table in known else []:
            world.dynamo.put_item(TableName=table, Item=item)
    for noun in STREAMS:
        world.dynamo.drain_stream(PREFIX + noun)
    for name, messages in content["queues"].items():
        for message in messages:
            world.sqs.put(_url(world, name), Message(**message))
    shops = [Shop(Signer(*shop["who"]), shop["payments"], shop["requests"], shop["answers"]) for shop in content["shops"]]
    return world, shops, content["streams"]


def _url(world: World, queue: str) -> str:
    url: str = world.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    return url
