"""Merchants' clients: they make requests, get answers or nothing, and retry with the same key."""

import random
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.faults import Killed
from tests.support.crypto import Monitor
from tests.support.gateway import Reply
from tests.support.world import Signer, World

PAY = ("/v1/payments/create", "/v1/wallet/pay")
REFUND = ("/v1/payments/refund", "/v1/wallet/refund")
TOPUP = "/v1/wallet/topup"
NETWORK = "ethereum"
# What decides how the sandbox's UPI payer behaves: never pays, declines, pays late, lookups fail, pays less, pays.
_ENDINGS = ("01", "02", "03", "04", "05", "50")

# How often what is asked for.
_WISHES = {
    "topup": 18,
    "wallet": 18,
    "transfer": 12,
    "tokenized": 12,
    "upi_intent": 8,
    "crypto": 4,
    "cancel": 6,
    "late": 5,
    "hold": 8,
    "capture": 10,
    "void": 3,
    "refund": 17,
}


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
        if self.answer is None or self.answer.status == 429 or self.answer.code == "request_in_progress":
            return False
        return self.answer.status < 500 or "payment" in self.answer.body["error"]["details"]

    @property
    def succeeded(self) -> bool:
        return self.answer is not None and self.answer.status in {200, 201}

    @property
    def is_held(self) -> bool:
        """True for a payment that is captured by requests."""
        return self.body.get("capture_method") == "manual"

    @property
    def is_of_a_wallet(self) -> bool:
        """True for what is decided with its answer, once and for all."""
        return self.path in {TOPUP, PAY[1]} or self.body.get("method") == "wallet"


@dataclass
class Shop:
    """A merchant with the wallets and cards of its users, the watcher of its addresses, and everything that was asked for."""

    who: Signer
    monitor: Monitor
    wallets: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)

    def successes(self, *paths: str) -> list[Intent]:
        return [intent for intent in self.intents if intent.succeeded and intent.path in paths]

    def wallet_payments(self) -> dict[str, Intent]:
        """Successful ones, by payment id; of those that are held, what was captured is their money."""
        return {str(payment_of(intent)["payment_id"]): intent for intent in self.successes(*PAY) if intent.is_of_a_wallet}

    def wallet_captures(self) -> int:
        """Minor units that captures of wallets' holds took, as their answers say."""
        held = {payment_id for payment_id, intent in self.wallet_payments().items() if intent.is_held}
        made = [intent for intent in self.intents if intent.succeeded and intent.path.endswith("/capture")]
        return sum(amount_of(intent) for intent in made if intent.path.split("/")[3] in held)


def new_intent(shop: Shop, dice: random.Random, number: int) -> Intent:
    """A random wish."""
    path, body = _wish(shop, dice)
    return Intent(shop.who, path, body, f"intent-{number}", dice.choice(("v1", "v2")))


def _wish(shop: Shop, dice: random.Random) -> tuple[str, dict[str, Any]]:
    wallet, amount = dice.choice(shop.wallets), f"{dice.randint(1, 300)}.{dice.randint(6, 99):02d}"
    order = {"amount": amount}
    match dice.choices(list(_WISHES), list(_WISHES.values()))[0]:
        case "topup":
            return TOPUP, order | {"wallet_id": wallet}
        case "transfer":
            return PAY[1], order | {"wallet_id": wallet}
        case "cancel" | "late" as action:
            body = {"action": dice.choice(("accept", "refund"))} if action == "late" else {}
            return f"/v1/payments/{_some_payment(shop, dice)}/{action}", body
        case "hold" | "capture" | "void" as action:
            return _wish_of_a_hold(shop, dice, action, amount)
        case "refund":
            return dice.choice(REFUND), {"payment_id": _some_payment(shop, dice)} | (order if dice.random() < 0.6 else {})
        case method:
            return PAY[0], order | {"method": method} | _details(shop, dice, method, amount)


def _wish_of_a_hold(shop: Shop, dice: random.Random, action: str, amount: str) -> tuple[str, dict[str, Any]]:
    """To hold money, to capture some of it or all that is left, to release it."""
    if action == "hold":
        method = dice.choice(("wallet", "tokenized"))
        return PAY[0], {"amount": amount, "method": method, "capture_method": "manual"} | _details(shop, dice, method, amount)
    body: dict[str, Any] = {}
    if action == "capture":
        body = {"final": dice.random() < 0.4} | ({"amount": amount} if dice.random() < 0.6 else {})
    return f"/v1/payments/{_some_held(shop, dice)}/{action}", body


def _details(shop: Shop, dice: random.Random, method: str, amount: str) -> dict[str, Any]:
    """What a method wants to know."""
    if method == "wallet":
        return {"wallet_id": dice.choice(shop.wallets)}
    if method == "tokenized":
        return {"token_id": dice.choice(shop.cards)}
    if method == "upi_intent":
        return {"amount": amount[:-2] + dice.choice(_ENDINGS), "expires_in": 120}
    return {"network": NETWORK, "expires_in": 120}


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
    return int(shown["amount"].replace(".", ""))


def _some_held(shop: Shop, dice: random.Random) -> str:
    """One that was asked to be held, whatever became of it."""
    answered = [intent for intent in shop.successes(*PAY) if intent.is_held]
    return str(payment_of(dice.choice(answered))["payment_id"]) if answered else _some_payment(shop, dice)


def _some_payment(shop: Shop, dice: random.Random) -> str:
    """One that the client was answered, whatever became of it."""
    answered = shop.successes(*PAY)
    if not answered or dice.random() < 0.05:
        return "pay_" + "a" * 26
    return str(payment_of(dice.choice(answered))["payment_id"])
