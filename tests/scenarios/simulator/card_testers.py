"""Card testers from several addresses, with payers beside them who may not notice, while blocks are set and taken away.

What holds: an address reaches providers so often as the rule says and no more; a counter has what was stored and no more than was tried;
an address that is blocked reaches nothing; who keeps to the rules pays. When the time is over an address may pay again.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from paycorex.records.payment import PaymentItem
from paycorex.records.risk_rule import BLOCKLIST, CARD_TESTING_PAYMENTS, CARD_TESTING_WINDOW_SECONDS
from payments.risk import counters, subjects
from tests.integration.payments.test_checkout import CARD, UPI, choose, decide
from tests.integration.payments.test_provider_fields import typed
from tests.scenarios.simulator.storm import Storm
from tests.scenarios.simulator.tries import Try, is_reached, most_within
from tests.support import payments as support
from tests.support.gateway import coming_from

THIEVES = ("198.51.100.7", "198.51.100.8", "2001:db8:1:2")
PAYER = "203.0.113.20"
# What acceptance allows a thief for each address.
TEN = 10
CARD_USES = 3
RULES: list[dict[str, Any]] = [
    {"rule_id": "card-testing", "by": "ip", "max_payments": CARD_TESTING_PAYMENTS, "window_seconds": CARD_TESTING_WINDOW_SECONDS},
    {"rule_id": "one-card", "by": "card", "max_payments": CARD_USES, "window_seconds": 3600},
]
ROUTES = [{"when": {}, "use": [{"connector": "sandbox"}, {"connector": "sandbox_backup", "weight": 0}]}]
CARDS = (support.APPROVE, support.RETRYABLE, support.OUTAGE, support.TIMEOUT_APPROVED, support.TIMEOUT_LOST)


@dataclass
class CardTesters(Storm):
    """One shop, three thieves, a payer beside them, and customers with cards of their own."""

    tries: list[Try] = field(default_factory=list)
    # When a card was typed that its provider was asked about, by address, in milliseconds.
    typed_at: dict[str, list[float]] = field(default_factory=dict)
    cards_tried: Counter[str] = field(default_factory=Counter)
    blocked: dict[str, str] = field(default_factory=dict)

    def open(self) -> None:
        support.settings(
            self.world,
            self.who,
            connectors={"sandbox": {"failure_percent": "15"}},
            routing_rules=ROUTES,
            risk_rules=RULES,
            payee_vpa="chai@okbank",
        )
        self.tokens = [support.token(self.world, self.who, number, f"user-{number[-4:]}") for number in CARDS]
        self.uses = Counter[str]()
        self.ends = self.world.clock.now + CARD_TESTING_WINDOW_SECONDS

    def step(self) -> None:
        if self.world.clock.now > self.ends:
            return  # All that happens lies within one window, so that each number is exact.
        kind = self.dice.random()
        if kind < 0.55:
            self._steal()
        elif kind < 0.7:
            self._pay_beside()
        elif kind < 0.8:
            self._pay_with_own_card()
        elif kind < 0.88:
            self._change_blocks()
        else:
            self.tick(self.dice.choice((1, 5)))

    def _steal(self) -> None:
        """A new checkout, a choice that is sent again, or a further card at fields that were reached."""
        thief = self.dice.choice(THIEVES)
        mine = [each for each in self.tries if each.by == thief]
        if mine and self.dice.random() < 0.3:
            self._choose(self.dice.choice(mine))
        elif any(each.is_answered for each in mine) and self.dice.random() < 0.3:
            self._type(thief, self.dice.choice([each for each in mine if each.is_answered]))
        else:
            self._choose(self._new(thief, self.dice.choice((CARD, CARD, UPI))))

    def _new(self, by: str, choice: dict[str, Any]) -> Try:
        key, body = self.key(), {"amount": "1.00"}
        made = self.insist(lambda: self.world.call(self.who, "POST", "/v1/checkout/sessions", body, key=key))
        assert made.status == 201, made.raw
        self.tries.append(Try(by, made.body, choice))
        return self.tries[-1]

    def _choose(self, each: Try) -> None:
        is_blocked, known = each.by in self.blocked, {item.payment_id for item in self._of(each)}
        each.asked += 1
        with coming_from(self._address(each.by)):
            answer = self.ask(lambda: choose(self.world, each.session, each.choice))
        each.answer = answer if answer is not None else each.answer
        assert answer is None or answer.status in {200, 409, 429, 503}, answer.raw
        if is_blocked:
            new = [item for item in self._of(each) if item.payment_id not in known and is_reached(item)]
            assert not new, f"{each.by} is blocked, and reached {new[0].payment_id}"

    def _type(self, thief: str, each: Try) -> None:
        for item in self._of(each):
            if not is_reached(item) or item.status != "pending" or item.method != "tokenized":
                continue
            with self.fault_rates.paused():
                shown = support.show(self.world, self.who, item.payment_id)
            self.cards_tried[thief] += 1
            with coming_from(self._address(thief)):
                said = self.ask(lambda: typed(self.world, shown, card="decline"))  # noqa: B023 - called at once
            if said is not None and said.status == 200:
                self.typed_at.setdefault(thief, []).append(self.world.clock.now)

    def _pay_beside(self) -> None:
        """As often as the rule allows, and each time until it is answered."""
        if sum(each.by == PAYER for each in self.tries) == CARD_TESTING_PAYMENTS:
            return
        each = self._new(PAYER, UPI)
        with coming_from(PAYER):
            chosen = self.insist(lambda: choose(self.world, each.session, each.choice))
        assert (chosen.status, chosen.body["status"]) == (200, "pending"), f"a payer beside got {chosen.raw!r}"
        each.answer = chosen
        with coming_from(PAYER), self.fault_rates.paused():
            decide(self.world, chosen.body["url"], "approve")

    def _pay_with_own_card(self) -> None:
        """A signed request with a stored card: as often as the rule for a card allows."""
        token_id = self.dice.choice(self.tokens)
        if self.uses[token_id] == CARD_USES:
            return
        self.uses[token_id] += 1
        key, body = self.key(), {"amount": "5.00", "method": "tokenized", "token_id": token_id}
        paid = self.insist(lambda: self.world.call(self.who, "POST", "/v1/payments/create", body, key=key))
        shown = paid.body if paid.status == 201 else paid.body["error"]["details"]["payment"]
        assert shown["failure_code"] != "risk_rule", f"a card that was used {self.uses[token_id]} times is blocked"

    def _change_blocks(self) -> None:
        thief, key = self.dice.choice(THIEVES), self.key()
        if thief in self.blocked:
            entry_id = self.blocked.pop(thief)
            gone = self.insist(lambda: self.world.call(self.who, "DELETE", f"/v1/blocklist/{entry_id}", key=key))
            assert gone.status == 200, gone.raw
            return
        body = {"kind": "ip", "value": self._address(thief)}
        made = self.insist(lambda: self.world.call(self.who, "POST", "/v1/blocklist", body, key=key))
        assert made.status == 201, made.raw
        self.blocked[thief] = made.body["entry_id"]

    def _address(self, by: str) -> str:
        """One of a network's addresses, which is one payer."""
        return f"{by}::{self.dice.randrange(1, 2**16):x}" if ":" in by else by

    def _of(self, each: Try) -> list[PaymentItem]:
        return [item for item in self.payments() if item.session_id == each.session["session_id"]]

    def check(self) -> None:
        by_session = {each.session["session_id"]: each.by for each in self.tries}
        begun: dict[str, list[PaymentItem]] = {}
        for item in self.payments():
            if item.session_id in by_session:
                begun.setdefault(by_session[str(item.session_id)], []).append(item)
        for by, items in begun.items():
            most = most_within([int(item.created_at) / 1000 for item in items if is_reached(item)])
            assert most <= CARD_TESTING_PAYMENTS, f"{by} reached providers {most} times"
            self._check_counter(by, items)
        for by, times in self.typed_at.items():
            assert most_within(times) <= TEN, f"{by} tested {most_within(times)} cards"

    def _check_counter(self, by: str, items: list[PaymentItem]) -> None:
        """Each stored payment that was not on the blocklist is counted, and nothing that was not tried."""
        value = subjects.of_address(self.who.merchant_id, self._address(by))
        window = CARD_TESTING_WINDOW_SECONDS
        seen = counters.look(self.who.merchant_id, "ip", value, {window})[window].payments
        since = (self.world.clock.now - window) * 1000
        happened = sum(int(item.created_at) > since for item in items if (item.risk or {}).get("rule_id") != BLOCKLIST)
        assert seen >= happened, f"{by} began {happened} payments, and {seen} are counted"
        tried = sum(1 if by == PAYER else each.asked for each in self.tries if each.by == by) + self.cards_tried[by]
        assert seen <= tried, f"{by} tried {tried} times, and {seen} are counted"

    def end(self) -> None:
        support.settle_all(self.world)
        payer = [item for each in self.tries if each.by == PAYER for item in self._of(each)]
        assert all(item.status == "success" for item in payer), [item.status for item in payer]
        self.world.clock.now += CARD_TESTING_WINDOW_SECONDS * (counters.SLICES + 1) / counters.SLICES
        for thief in set(THIEVES) - self.blocked.keys():
            each = self._new(thief, CARD)
            self._choose(each)
            assert any(is_reached(item) for item in self._of(each)), f"{thief} is blocked for ever"
