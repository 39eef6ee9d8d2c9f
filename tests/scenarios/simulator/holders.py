"""A shop that captures, voids, increases and gives back what is held, while its provider lies, disputes come and functions are killed.

What holds: no more is captured than was held, and no more given back than captured; disputes are where the books of disputed money have
them; no capture, refund or dispute counts twice; and once the provider is well again every capture is answered and every hold ends.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from paycorex import ledger, storage
from paycorex.ledger import Account
from paycorex.records.capture import CaptureItem
from paycorex.records.dispute import DisputeItem, funds
from paycorex.records.hold import hold_of
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured, disputed
from tests.integration.payments.test_sandbox_holds import CAPTURE_LOST, CAPTURE_PENDING, CAPTURE_TIMEOUT, FLEXIBLE, VOID_FAILS
from tests.scenarios.simulator.liar import Liar
from tests.scenarios.simulator.storm import Storm
from tests.support import payments as support
from tests.support.gateway import Reply

CARDS = (support.APPROVE, FLEXIBLE, FLEXIBLE, CAPTURE_TIMEOUT, CAPTURE_LOST, CAPTURE_PENDING, VOID_FAILS)
# What is answered where nothing is wrong with the money: it is refused, or under way.
ANSWERS = frozenset({200, 201, 400, 402, 409, 422, 429, 503})
CURRENCIES = ("INR", "USD")


@dataclass
class Wish:
    """One request of the shop, under its key."""

    path: str
    body: dict[str, Any]
    key: str
    answer: Reply | None = None


@dataclass
class Holders(Storm):
    """The liar's own shop, which does not know that its provider lies."""

    wishes: list[Wish] = field(default_factory=list)

    def open(self) -> None:
        self.liar = Liar(self.world, self.fault_rates, random.Random(f"lies of {self.seed}"))
        self.liar.open()
        self.who = self.liar.who
        self.tokens = [support.token(self.world, self.who, number) for number in CARDS]
        self.held = [
            item.payment_id for item in self.payments() if item.merchant_id == self.who.merchant_id and item.capture_method == "manual"
        ]

    def step(self) -> None:
        kind = self.dice.random()
        if kind < 0.5:
            self._wish()
        elif kind < 0.8:
            self.liar.lie()
        elif kind < 0.97:
            self.tick(self.dice.choice((1, 60, 600)))
        else:
            self.tick(2 * 86_400)

    def _wish(self) -> None:
        """Something new, or what was asked for before, under the same key."""
        if self.wishes and self.dice.random() < 0.3:
            wish = self.dice.choice(self.wishes)
        else:
            wish = Wish(*self._new(), self.key())
            self.wishes.append(wish)
        answer = self.ask(lambda: self.world.call(self.who, "POST", wish.path, wish.body, key=wish.key))
        if answer is None:
            return
        assert answer.status in ANSWERS, answer.raw
        before, wish.answer = wish.answer, answer
        if before is not None and before.status in {200, 201}:
            assert answer.status in {before.status, 503}, f"answered {before.status}, then {answer.raw!r}"
        if wish.path.endswith("/create") and answer.status == 201 and answer.body["payment_id"] not in self.held:
            self.held.append(answer.body["payment_id"])

    def _new(self) -> tuple[str, dict[str, Any]]:
        amount, payment_id = f"{self.dice.randint(1, 14)}.{self.dice.randrange(100):02d}", self.dice.choice(self.held)
        match self.dice.choice(("hold", "capture", "capture", "capture", "void", "increment", "refund", "refund")):
            case "hold":
                body = {"amount": "10.00", "method": "tokenized", "token_id": self.dice.choice(self.tokens), "capture_method": "manual"}
                return "/v1/payments/create", body
            case "capture":
                return f"/v1/payments/{payment_id}/capture", {"amount": amount, "final": self.dice.random() < 0.3}
            case "void":
                return f"/v1/payments/{payment_id}/void", {}
            case "increment":
                return f"/v1/payments/{payment_id}/increment", {"amount": amount}
            case _:
                return "/v1/payments/refund", {"payment_id": payment_id, "amount": amount}

    def check(self) -> None:
        mine = [item for item in self.payments() if item.merchant_id == self.who.merchant_id]
        disputes = list(storage.scan_all(DisputeItem))
        taken = Counter[str]()
        for each in storage.scan_all(CaptureItem):
            taken[each.payment_id] += int(each.amount) if each.status == "success" else 0
        for item in mine:
            _check_payment(item, taken[item.payment_id])
            counted = sum(int(each.counted) for each in disputes if each.payment_id == item.payment_id)
            assert disputed(item) == counted, f"{item.payment_id} has {disputed(item)} disputed, its disputes {counted}"
        for currency in CURRENCIES:
            held = sum(int(each.amount) for each in disputes if each.currency == currency and funds(each) == "disputed")
            booked = ledger.balance_of(Account.disputed(self.who.merchant_id, currency))
            assert booked == held, f"{booked} {currency} is booked as disputed, disputes hold {held}"
        twice = self.liar.counted_twice()
        assert not twice, f"refunds are counted twice: {twice}"

    def end(self) -> None:
        for _ in range(12):
            self.tick(2 * 86_400)
        for item in self.payments():
            hold = hold_of(item)
            if item.review is None:
                assert hold is None or hold.is_over, f"the hold of {item.payment_id} never ends: {item.status} {item.hold}"
                assert item.status in {"success", "failed"}, f"{item.payment_id} is {item.status}"


def _check_payment(item: PaymentItem, taken: int) -> None:
    """Of one payment: captures within the hold, refunds within captures. taken: what its captures say."""
    bounds = f"{item.payment_id}: refunded {item.amount_refunded}, reserved {item.amount_reserved}, captured {captured(item)}"
    assert 0 <= int(item.amount_refunded) <= int(item.amount_reserved) <= captured(item), bounds
    hold = hold_of(item)
    if hold is None:
        return
    over = 0 if hold.ability is None else hold.ability["over_percent"]
    total = int(item.amount_captured or 0)
    assert total <= hold.amount + hold.amount * over // 100, f"{item.payment_id}: {total} captured of {hold.amount}"
    assert total == taken, f"{item.payment_id}: {total} captured, its captures say {taken}"
