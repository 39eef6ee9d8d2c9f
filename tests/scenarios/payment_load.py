"""A load of payments by every method, as correct clients make them: they retry under the same key until they know.

The same for the handlers in one process and for the deployed template; what must hold when it is over is in `payment_load_end`.
"""

import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from paycorex.money import format_minor
from tests.support import payments as support
from tests.support.crypto import expected_units
from tests.support.gateway import Reply
from tests.support.world import Signer
from tests.unit.paycorex.test_extended_key import JUNK, account_key

RETRIES = 8
# Enough for most of a thousand payments.
BALANCE_MINOR = 4_000_000
USER = "asha"
NETWORK = "ethereum"
# Half of the cards are good ones.
CARDS = [support.APPROVE] * 8 + [
    support.DECLINE,
    support.RETRYABLE,
    support.REDIRECT,
    support.SLOW,
    support.PENDING,
    support.TIMEOUT_APPROVED,
    support.TIMEOUT_LOST,
    support.OUTAGE,
    support.REFUND_FAILS,
    support.REFUND_PENDING,
]
# The last two digits of a UPI amount: never pays, declines, pays late, lookups fail, pays less; else the payer pays.
PAYERS = ["01", "02", "03", "04", "05"]
SETTINGS: dict[str, Any] = {
    "connectors": {"sandbox": {"failure_percent": "20"}, "sandbox_backup": {"failure_percent": "20"}},
    "routing_rules": [
        {"when": {"method": "tokenized"}, "use": [{"connector": "sandbox", "weight": 3}, {"connector": "sandbox_backup"}]},
        {"when": {"method": "upi_intent"}, "use": [{"connector": "sandbox"}, {"connector": "sandbox_backup"}]},
    ],
    "xpubs": {NETWORK: str(account_key(JUNK))},
    "crypto_tolerance_percent": "1",
}


class Platform(Protocol):
    """What takes requests. `lost` is what a request without an answer raises."""

    lost: tuple[type[BaseException], ...]

    def call(self, who: Signer, method: str, target: str, body: Any = None, *, key: str | None = None) -> Reply:
        """A signed request."""

    def send(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Reply:
        """A request with these very headers and bytes."""

    def wait(self, seconds: float) -> None:
        """Before a client asks again."""


@dataclass
class Wish:
    """Something that a client wants to happen once, and the last answer that it was given."""

    path: str
    body: dict[str, Any]
    reply: Reply | None = None

    @property
    def is_answered(self) -> bool:
        """True once the outcome is known, even "no provider"; not without an answer, nor while the first request still ran."""
        if self.reply is None or self.reply.status == 502 or self.reply.code == "request_in_progress":
            return False
        return self.reply.status < 500 or "payment" in self.reply.body["error"]["details"]


@dataclass
class Shop:
    """A merchant, its payers and everything that was asked for. Every payment has dice of its own: order and threads change nothing."""

    platform: Platform
    who: Signer
    seed: int
    # How often a client that was answered asks again all the same.
    repeats: float = 0.0
    tokens: list[str] = field(default_factory=list)
    wishes: dict[str, Wish] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Settings, stored cards and a wallet. Everything has a key, so that the same seed is the same load."""
        assert self._ask("PATCH", "/v1/merchants/me", SETTINGS, "settings").status == 200
        for index, number in enumerate(CARDS):
            card = {"user_id": f"user-{index}", "type": "card", "number": number, "expiry_month": 12, "expiry_year": 2031}
            self.tokens.append(self._ask("POST", "/v1/tokens/create", card, f"card-{index}").body["token_id"])
        assert self._ask("POST", "/v1/wallet/create", {"user_id": USER}, "wallet").status == 201
        assert self._ask("POST", "/v1/wallet/topup", {"user_id": USER, "amount": format_minor(BALANCE_MINOR, "INR")}, "topup").status == 201

    def pay(self, number: int) -> None:
        """One payment, and what some of its clients do next."""
        dice = random.Random(f"{self.seed}-{number}")
        body: dict[str, Any] = {"amount": f"{dice.randint(1, 900)}.{dice.randint(6, 99):02d}"}
        kind = dice.random()
        if kind < 0.45:
            body |= {"method": "tokenized", "token_id": dice.choice(self.tokens)}
        elif kind < 0.72:
            body |= {"method": "upi_intent", "expires_in": 300}
            if dice.random() < 0.4:
                body["amount"] = body["amount"][:-2] + dice.choice(PAYERS)
        elif kind < 0.88:
            body |= {"method": "wallet", "user_id": USER}
        else:
            body |= {"method": "crypto", "network": NETWORK, "expires_in": 300}
        reply = self.want(f"pay-{number}", "/v1/payments/create", body, dice)
        if reply is not None and reply.status == 201:
            self._then(reply.body, number, dice)

    def _then(self, payment: dict[str, Any], number: int, dice: random.Random) -> None:
        """Some are decided by their payer, canceled or refunded, in part or in full."""
        payment_id, thrown = payment["payment_id"], dice.random()
        if thrown < 0.35:
            self._decide(payment, "approve" if dice.random() < 0.8 else "decline")
        elif thrown < 0.43:
            self.want(f"cancel-{number}", f"/v1/payments/{payment_id}/cancel", {}, dice)
        if dice.random() < 0.3:
            part = {"amount": "0.50"} if dice.random() < 0.5 else {}
            self.want(f"refund-{number}", "/v1/payments/refund", {"payment_id": payment_id, **part}, dice)

    def _decide(self, payment: dict[str, Any], outcome: str) -> None:
        """The payer presses a button of the page, twice. Without a button or an answer the janitor ends the payment."""
        action = payment["next_action"] or {}
        page = action.get("pay_url") or action.get("url")
        if page is None or payment["method"] == "crypto":
            return
        path, _, query = ("/pay/" + page.partition("/pay/")[2]).partition("?")
        for _ in range(2):
            try:
                body = json.dumps({"outcome": outcome}).encode()
                self.platform.send("POST", f"{path}/sandbox?{query}", [("Content-Type", "application/json")], body)
            except self.platform.lost:
                continue

    def want(self, key: str, path: str, body: dict[str, Any], dice: random.Random) -> Reply | None:
        """Ask until it is known; the last answer, None when there never was one."""
        wish = Wish(path, body)
        with self._lock:
            self.wishes[key] = wish
        for _ in range(RETRIES):
            self._try(key, wish)
            if wish.is_answered:
                break
            self.platform.wait(dice.choice((0.5, 5, 40)))
        if dice.random() < self.repeats:
            self._try(key, wish)
        return wish.reply

    def ask_again(self) -> None:
        """Everybody who does not know yet asks again, when it is all over."""
        for key, wish in self.wishes.items():
            for _ in range(RETRIES):
                if wish.is_answered:
                    break
                self._try(key, wish)

    def decide_late(self) -> int:
        """What is held in suspense is taken or given back (but for coins, which a merchant's own wallet gives back); how many that were."""
        decided = 0
        for payment in self.shown():
            for money in payment["late_money"]:
                fits = payment["status"] == "success" or money["amount"] == payment["amount"]
                if money["status"] == "held" and (fits or payment["method"] != "crypto"):
                    body = {"action": "accept" if fits else "refund", "late_id": money["late_id"]}
                    reply = self.want(f"late-{money['late_id']}", f"/v1/payments/{payment['payment_id']}/late", body, random.Random(0))
                    decided += reply is not None and reply.status in {200, 201}
        return decided

    def shown(self) -> list[dict[str, Any]]:
        """The payments whose ids clients received, as they stand."""
        answered = {wish.reply.body["payment_id"] for wish in self._created()}  # type: ignore[union-attr]  # they have one
        return [self.platform.call(self.who, "GET", f"/v1/payments/{payment_id}").body for payment_id in sorted(answered)]

    def pay_crypto(self, pay: Callable[[dict[str, Any], int], object]) -> int:
        """The payers of half of the open crypto payments send money: exact, too little, too much. How many did."""
        paid = 0
        for number, wish in enumerate(self._created()):
            assert wish.reply is not None
            dice, payment = random.Random(f"{self.seed}-coins-{number}"), wish.reply.body
            if payment["method"] == "crypto" and dice.random() < 0.6:
                units = expected_units(payment)
                pay(payment, dice.choice((units, units, units * 6 // 10, units * 3 // 2)))
                paid += 1
        return paid

    def _created(self) -> list[Wish]:
        return [wish for key, wish in self.wishes.items() if key.startswith("pay-") and wish.reply and wish.reply.status == 201]

    def _try(self, key: str, wish: Wish) -> None:
        try:
            reply = self.platform.call(self.who, "POST", wish.path, wish.body, key=key)
        except self.platform.lost:
            return
        if wish.is_answered and wish.reply is not None and {wish.reply.status, reply.status} <= {200, 201}:
            assert _id_of(wish.reply) == _id_of(reply), key
        wish.reply = wish.reply if wish.is_answered else reply

    def _ask(self, method: str, path: str, body: dict[str, Any], key: str) -> Reply:
        reply = self.platform.call(self.who, method, path, body, key=key)
        assert reply.status in {200, 201}, reply.raw
        return reply


def _id_of(reply: Reply) -> str:
    # Of an answer to evidence the dispute is a part.
    body: dict[str, str] = reply.body.get("dispute", reply.body)
    return next(body[name] for name in ("refund_id", "capture_id", "dispute_id", "payment_id") if name in body)
