"""Operations on held money, on disputes and at other processors, for the table of units: each call of one acts on another payment."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from local import artifacts
from local.processors_library import LAYER
from paycorex import settings, storage
from paycorex.records.dispute import DisputeItem
from payments.connectors.prism import library
from payments.connectors.sandbox.disputes import ANSWER_SECONDS, DECIDES_SECONDS, WINNING
from payments.disputes import look_ups, store
from tests.integration.payments.processors import adyen
from tests.integration.payments.processors.test_certified import PAYER
from tests.support import payments as support
from tests.support.world import Signer, World

Act = tuple[str, Callable[[], Any]]
Post = Callable[..., Any]
MANUAL: Final = {"capture_method": "manual"}
# Cards of the sandbox: one whose holds may be captured often and made larger, one that is disputed at once.
_FLEXIBLE: Final = "4000000000008104"
_DISPUTED: Final = "4000000000000259"
_ROUNDS: Final = 2


def of_holds(world: World, shop: Signer, post: Post, wallet: dict[str, Any], card: dict[str, Any]) -> list[Act]:
    """wallet, card: what creates a payment of each kind."""
    flexible = card | {"token_id": support.token(world, shop, _FLEXIBLE)}
    more = {"amount": "2.00", "final": False}

    def held(wanted: dict[str, Any], verb: str, body: dict[str, Any], *before: dict[str, Any]) -> Callable[[], Any]:
        """before: the captures that were made already."""
        waiting = [post("/v1/payments/create", wanted | MANUAL).body["payment_id"] for _ in range(_ROUNDS)]
        for payment_id in waiting:
            for capture in before:
                post(f"/v1/payments/{payment_id}/capture", capture)
        return lambda: post(f"/v1/payments/{waiting.pop()}/{verb}", body)

    return [
        ("wallet payment held", lambda: post("/v1/payments/create", wallet | MANUAL)),
        ("its capture, the rest released", held(wallet, "capture", {"amount": "8.00"})),
        ("its capture in part, the rest held on", held(wallet, "capture", more)),
        ("its void", held(wallet, "void", {})),
        ("card payment held (sandbox's books included)", lambda: post("/v1/payments/create", card | MANUAL)),
        ("its capture, whole (sandbox's books included)", held(card, "capture", {})),
        ("its capture in part, the rest released (sandbox's books included)", held(card, "capture", {"amount": "8.00"})),
        ("its capture in part, the rest held on (sandbox's books included)", held(flexible, "capture", more)),
        ("its second and last capture (sandbox's books included)", held(flexible, "capture", {"amount": "3.00"}, more)),
        ("its increment (sandbox's books included)", held(flexible, "increment", {"amount": "12.00"})),
        ("its void (sandbox's books included)", held(card, "void", {})),
        ("the void of the rest after a capture in part (sandbox's books included)", held(flexible, "void", {}, more)),
    ]


def of_disputes(world: World) -> list[Act]:
    """A merchant of its own, whose disputes are no part of the others' records. What the schedule finds it due by is not counted."""
    shop = world.register("Disputed")

    def charged() -> str:
        reply = support.charge(world, shop, _DISPUTED)
        assert reply.status == 201, reply.raw
        payment_id: str = reply.body["payment_id"]
        return payment_id

    def open_one(payment_id: str) -> str:
        look_ups.discover(support.stored(payment_id))
        (item,) = [item for item in storage.scan_all(DisputeItem) if item.payment_id == payment_id]
        return str(item.dispute_id)

    def call(dispute_id: str, verb: str, body: dict[str, Any] | None = None) -> None:
        reply = world.call(shop, "POST", f"/v1/disputes/{dispute_id}/{verb}", body)
        assert reply.status == 200, reply.raw

    def decided(text: str, seconds: int, wanted: str) -> Callable[[], Any]:
        """Each call: the look at another dispute that its bank has decided. Its merchant answered with the text, where there is one."""
        waiting = [open_one(charged()) for _ in range(_ROUNDS)]
        for dispute_id in waiting:
            if text:
                call(dispute_id, "evidence", {"text": {"explanation": text}})
                call(dispute_id, "submit")

        def look() -> None:
            world.clock.now += seconds
            found = look_ups.look_at(_stored(waiting.pop())).item
            assert found.status == wanted, found.status

        return look

    waiting, answering, accepting = ([charged() for _ in range(_ROUNDS)] for _ in range(3))
    answered, accepted = ([open_one(payment_id) for payment_id in group] for group in (answering, accepting))
    evidenced = list(answered)
    return [
        ("dispute opened by a look-up (sandbox's books included)", lambda: look_ups.discover(support.stored(waiting.pop()))),
        ("its evidence written", lambda: call(evidenced.pop(), "evidence", {"text": {"explanation": "Delivered."}})),
        ("its answer submitted (sandbox's books included)", lambda: call(answered.pop(), "submit")),
        ("dispute accepted (sandbox's books included)", lambda: call(accepted.pop(), "accept")),
        ("dispute won, found by a look-up (sandbox's books included)", decided(WINNING, DECIDES_SECONDS + 1, "won")),
        ("dispute lost, found by a look-up (sandbox's books included)", decided("It was so.", DECIDES_SECONDS + 1, "lost")),
        ("dispute lost for want of an answer (sandbox's books included)", decided("", ANSWER_SECONDS + 1, "lost")),
    ]


def _stored(dispute_id: str) -> DisputeItem:
    found = store.find(dispute_id)
    assert found is not None
    return found


def of_fields(world: World, post: Post) -> list[Act]:
    """A card that its payer types into the provider's own fields."""
    typed_only = {"amount": "10.00", "method": "tokenized"}

    def send(payment: dict[str, Any], suffix: str, body: dict[str, Any]) -> None:
        link = urlsplit(payment["next_action"]["pay_url"])
        headers = [("Content-Type", "application/json")]
        reply = world.send("POST", f"{link.path}{suffix}?{link.query}", headers, json.dumps(body).encode())
        assert reply.status == 200, reply.raw

    def paid() -> dict[str, Any]:
        payment: dict[str, Any] = post("/v1/payments/create", typed_only).body
        send(payment, "/fields", {"client_secret": payment["next_action"]["client_secret"], "card": "approve"})
        return payment

    waiting = [paid() for _ in range(_ROUNDS)]
    return [
        ("payment for the provider's own fields made (sandbox's books included)", lambda: post("/v1/payments/create", typed_only)),
        ("the same paid there, and settled by a look-up", lambda: send(waiting.pop(), "/look", {})),
    ]


@contextmanager
def of_the_library(world: World) -> Iterator[list[Act]]:
    """Adyen by the processors' library, played by the tests' server. Ends the process where the library cannot be loaded."""
    sys.path.append(str(artifacts.libraries(LAYER, artifacts.machine_architecture())))
    if not isinstance(loaded := library.load(), library.Library):
        raise SystemExit(f"The processors' library cannot be loaded: {loaded}")
    with adyen.Fake() as server:
        settings.use(world.settings.model_copy(update={"prism_base_url": server.url("").rstrip("/")}))
        yield _at_adyen(world, server)
        assert server.problems == [], server.problems


def _at_adyen(world: World, server: adyen.Fake) -> list[Act]:
    shop, name = world.register("Library"), f"prism:{server.name}"
    given = {**server.credentials, "webhook_secret": server.webhook_secret}
    support.settings(world, shop, connectors={name: given}, routing_rules=[{"use": [{"connector": name}]}])
    order: dict[str, Any] = {"amount": "10.00", "method": "tokenized", "token_id": support.token(world, shop, support.APPROVE)}
    order |= {"currency": server.currency, "payer": PAYER, "security_code": "737"}

    def charge(**more: Any) -> str:
        world.clock.now += 1
        reply = world.call(shop, "POST", "/v1/payments/create", order | more)
        assert reply.status == 201, reply.raw
        payment_id: str = reply.body["payment_id"]
        return payment_id

    def capture(payment_id: str) -> None:
        reply = world.call(shop, "POST", f"/v1/payments/{payment_id}/capture", {})
        assert reply.status == 201, reply.raw

    waiting = [charge(**MANUAL) for _ in range(_ROUNDS)]
    return [
        ("card payment by the processors' library", charge),
        ("the same held", lambda: charge(**MANUAL)),
        ("its capture, asked for (its outcome comes by callback)", lambda: capture(waiting.pop())),
    ]
