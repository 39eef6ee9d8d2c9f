"""Stripe by our own adapter and by the library: for each a server that plays it, and what a story needs to know of the way.

The two servers were written apart, each as Stripe documents what its adapter sends.
"""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from paycorex import ledger
from paycorex.ledger import Account
from tests.fakes.providers import FakeStripe
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import fake
from tests.integration.payments.processors.stripe import Fake
from tests.integration.payments.test_payer_access import follow
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

FEATURES: Final = "overcapture,incremental_authorization"
# What a merchant sees of a payment, but the words of a refusal, which are each server's own.
SAME: Final = ("status", "amount", "currency", "amount_refunded", "failure_code", "late_money", "capture_method", "amount_captured")
_WEBHOOK: Final = "whsec_stripe"
_BROWSER: Final = "pk_test_51"


class Way(ABC):
    """One way, and its server. cards: the card that this server knows, by what the payer's bank says. loses: where a call is known."""

    connector: ClassVar[str]
    cards: ClassVar[dict[str, str]]
    loses: ClassVar[dict[str, str]]
    server: Any

    @abstractmethod
    def settings(self) -> dict[str, str]:
        """Of the connector."""

    @abstractmethod
    def confirm(self) -> None:
        """The payer of the newest payment confirms at the bank, or pays in Stripe's fields."""

    @abstractmethod
    def webhook(self, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """Stripe's about the newest payment, or (`charge.refund.updated`) about its newest refund."""

    def lose(self, call: str, *, acts: bool = True) -> None:
        """The next answer to this call is cut off. acts: what it asked for is done."""
        self.server.trouble[self.loses[call]], self.server.acts = CutMidBody(), acts


class Own(Way):
    connector = "stripe"
    cards: ClassVar = {"approved": fake.APPROVED, "insufficient": "4000000000009995", "asked": support.REDIRECT}
    loses: ClassVar = {"charge": "/confirm", "capture": "/capture", "refund": "/v1/refunds", "increment": "/increment_authorization"}

    def __init__(self, server: FakeStripe) -> None:
        self.server = server
        server.holds.features = set(FEATURES.split(","))

    def settings(self) -> dict[str, str]:
        return {**support.STRIPE, "publishable_key": _BROWSER, "card_features": FEATURES}

    def _newest(self) -> dict[str, Any]:
        newest: dict[str, Any] = list(self.server.intents.values())[-1]
        return newest

    def confirm(self) -> None:
        self.server.pay(self._newest())

    def webhook(self, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        about = list(self.server.refunds.values())[-1] if kind == "charge.refund.updated" else self._newest()
        sent: tuple[list[tuple[str, str]], bytes] = self.server.webhook(kind, about)
        return sent


class ByLibrary(Way):
    connector = "prism:stripe"
    cards: ClassVar = {"approved": fake.APPROVED, "insufficient": fake.DECLINED, "asked": fake.REDIRECTED}
    loses: ClassVar = {"charge": "confirm=true", "capture": "/capture", "refund": "/v1/refunds", "increment": "/increment_authorization"}

    def __init__(self, server: Fake) -> None:
        self.server = server
        server.webhook_secret = _WEBHOOK
        server.holds.features = set(FEATURES.split(","))

    def settings(self) -> dict[str, str]:
        return {**Fake.credentials, "webhook_secret": _WEBHOOK, "publishable_key": _BROWSER, "card_features": FEATURES}

    def confirm(self) -> None:
        self.server.confirm(list(self.server.payments.values())[-1])

    def webhook(self, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        sent: tuple[list[tuple[str, str]], bytes] = self.server.event(list(self.server.payments.values())[-1], kind)
        return sent


@dataclass
class Story:
    """What a merchant does by one way, and what is seen of it: each payment after its steps, the answers, and the books."""

    world: World
    way: Way
    seen: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.who: Signer = self.world.register()
        support.settings(self.world, self.who, connectors={self.way.connector: self.way.settings()})

    def charge(self, card: str = "approved", **more: Any) -> str:
        """The payment's id, of one that is refused too."""
        given = {"currency": "USD", "security_code": "737", **more}
        return self._made(support.charge(self.world, self.who, self.way.cards[card], "12.34", **given))

    def begin(self, **more: Any) -> dict[str, Any]:
        """A payment in Stripe's own fields."""
        body = {"amount": "12.34", "currency": "USD", "method": "tokenized", **more}
        headers = [("Host", "shop.example"), ("X-Forwarded-Proto", "https")]
        made: dict[str, Any] = self.world.call(self.who, "POST", "/v1/payments/create", body, headers=headers).body
        return made

    def _made(self, reply: Reply) -> str:
        made = reply.body if "payment_id" in reply.body else reply.body["error"]["details"]["payment"]
        self.seen.append((reply.status, reply.code, made["status"], (made["next_action"] or {}).get("type")))
        return str(made["payment_id"])

    def look(self, payment: dict[str, Any]) -> None:
        """What our page asks once Stripe's script is done."""
        self.seen.append(follow(self.world, payment, "/look", "POST", json.dumps({}).encode()).body["status"])

    def do(self, payment_id: str, what: str, *, key: str | None = None, **body: Any) -> None:
        """A capture, void or increment; or a refund."""
        path, given = (f"/v1/payments/{payment_id}/{what}", body)
        if what == "refund":
            path, given = "/v1/payments/refund", {"payment_id": payment_id, **body}
        reply = self.world.call(self.who, "POST", path, given, key=key)
        self.seen.append((what, reply.status if reply.status < 300 else (reply.status, reply.code)))

    def hear(self, kind: str, *, is_genuine: bool = True) -> None:
        """A webhook; twice, as Stripe may send it, unless its signature is false."""
        headers, body = self.way.webhook(kind)
        sent = (headers, body if is_genuine else body.replace(b"evt_1", b"evt_2"))
        answers = [self.world.send("POST", f"/v1/callbacks/{self.way.connector}/{self.who.merchant_id}", *sent) for _ in range(2)]
        self.seen.append([(answer.status, answer.body.get("applied")) for answer in answers])

    def note(self, payment_id: str, *, ticks: int = 3) -> None:
        """How it stands, after the janitor was there."""
        for _ in range(ticks):
            support.tick(self.world, after_seconds=120)
        payment = support.show(self.world, self.who, payment_id)
        attempts = [(attempt["status"], attempt["code"]) for attempt in payment["attempts"]]
        held = None if payment["authorization"] is None else {**payment["authorization"], "expires_at": None}
        self.seen.append((*(payment[name] for name in SAME), payment["review"], attempts, held, self.books()))

    def books(self) -> tuple[int, ...]:
        """Minor units: with Stripe, the merchant's, and in suspense."""
        merchant = self.who.merchant_id
        accounts = (
            Account.clearing(merchant, self.way.connector, "USD"),
            Account.of_merchant(merchant, "USD"),
            Account.suspense(merchant, "USD"),
        )
        return tuple(ledger.balance_of(account) for account in accounts)
