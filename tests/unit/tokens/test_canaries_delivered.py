"""Nothing of an instrument reaches a merchant's server, a queue or a dead letter."""

from collections.abc import Callable

import pytest

from tests.support.engine import WORKERS, Engine, answer
from tests.support.world import Signer, World
from tests.unit.tokens.vault_calls import BODIES, CANARIES, Answers, found_in, post, rows


# The sender builds a socket before the pretended internet takes its place.
@pytest.mark.usefixtures("socket_enabled")
def test_no_event_delivery_or_dead_letter_shows_the_instrument(
    world: World, merchant: Signer, everywhere: Callable[[Answers], str]
) -> None:
    """Acceptance 25, events, queues and dead letters: tokens made and deleted while one endpoint takes and one refuses deliveries."""
    for url in ("https://shop.example/takes", "https://shop.example/refuses"):
        assert world.call(merchant, "POST", "/v1/webhooks/provider", {"url": url}).status == 201
    engine, messages = Engine(world), list[str]()
    engine.internet.scripts["https://shop.example/refuses"] = [answer(500)]
    with engine.online():
        made = [post(world, merchant, body) for body in BODIES]
        deleted = [world.call(merchant, "DELETE", f"/v1/tokens/{reply.body['token_id']}") for reply in made]
        messages.append(str(engine.dispatch()))
        for _ in range(40):
            for queue in WORKERS:
                records = engine.receive(queue)
                messages.append(str(records))
                engine.handle(queue, records)
            world.clock.now += 60
    taken = engine.internet.at("https://shop.example/takes")
    assert [received.event["event"] for received in taken].count("token.created") == len(BODIES)
    assert [received.event["event"] for received in taken].count("token.deleted") == len(BODIES)
    assert {item["status"]["S"] for item in rows(world, "webhook_deliveries") if "status" in item} == {"sent", "failed"}
    sent = "".join(str(received) for received in engine.internet.received)
    assert found_in(sent + "".join(messages) + everywhere([*made, *deleted]), CANARIES) == []
