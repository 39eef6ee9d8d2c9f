"""Merchants' clients: they make requests, are told answers or nothing, and retry with the same key."""

import json
import random
from dataclasses import dataclass, field
from typing import Any

from tests.support.faults import Killed
from tests.support.gateway import Reply
from tests.support.world import Signer, World


@dataclass
class Intent:
    """One thing that a client wants to happen once: its request, its key, and the answer it was last given."""

    who: Signer
    path: str
    body: dict[str, Any]
    key: str
    scheme: str
    answer: Reply | None = None

    @property
    def is_final(self) -> bool:
        """True once the client knows the outcome: a success, or a refusal that is not "try again"."""
        return self.answer is not None and self.answer.status < 500 and self.answer.status != 429

    @property
    def succeeded(self) -> bool:
        return self.answer is not None and self.answer.status in {200, 201}


@dataclass
class Shop:
    """A merchant with the wallets of its users and everything that was asked for them."""

    who: Signer
    wallets: list[str] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)

    def successes(self, *paths: str) -> list[Intent]:
        return [intent for intent in self.intents if intent.succeeded and intent.path in paths]


PAY = ("/v1/payments/create", "/v1/wallet/pay")
REFUND = ("/v1/payments/refund", "/v1/wallet/refund")
TOPUP = "/v1/wallet/topup"


def new_intent(shop: Shop, dice: random.Random, number: int) -> Intent:
    """A random wish."""
    wallet = dice.choice(shop.wallets)
    amount = f"{dice.randint(1, 300)}.{dice.randint(0, 99):02d}"
    kind = dice.random()
    body: dict[str, Any]
    if kind < 0.25:
        path, body = TOPUP, {"wallet_id": wallet, "amount": amount}
    elif kind < 0.55:
        path, body = PAY[0], {"wallet_id": wallet, "amount": amount, "method": "wallet"}
    elif kind < 0.75:
        path, body = PAY[1], {"wallet_id": wallet, "amount": amount}
    else:
        path = dice.choice(REFUND)
        body = {"payment_id": _some_payment(shop, dice)}
        if dice.random() < 0.6:
            body["amount"] = amount
    return Intent(shop.who, path, body, f"intent-{number}", dice.choice(("v1", "v2")))


def attempt(world: World, intent: Intent) -> None:
    """Send the request as the client would, with a new signature and the same key. A killed process answers nothing."""
    # Under v1 equal bodies within one second have equal signatures, and the second one is refused as a replay.
    world.clock.now += 1
    try:
        intent.answer = world.call(intent.who, "POST", intent.path, intent.body, key=intent.key, scheme=intent.scheme)
    except Killed:
        world.restart()


def payment_of(intent: Intent) -> dict[str, Any]:
    """The payment of a successful payment intent."""
    assert intent.answer is not None
    content: dict[str, Any] = intent.answer.body
    found: dict[str, Any] = content.get("payment", content)
    return found


def amount_of(intent: Intent) -> int:
    """Minor units that a successful intent says it moved."""
    assert intent.answer is not None
    content = intent.answer.body
    shown = content.get("transfer") or content.get("payment") or content
    return int(json.loads(json.dumps(shown["amount"])).replace(".", ""))


def _some_payment(shop: Shop, dice: random.Random) -> str:
    paid = shop.successes(*PAY)
    if not paid or dice.random() < 0.05:
        return "pay_" + "a" * 26
    return str(payment_of(dice.choice(paid))["payment_id"])
