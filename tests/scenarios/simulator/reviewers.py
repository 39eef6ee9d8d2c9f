"""People who decide about held payments: twice, at the same moment, after their time, while the provider is slow and functions are killed.

What holds: of one payment one decision is answered 200, and becomes of its money what that decision says; each decision has one event; the
list of what waits has what waits and nothing else.
"""

from dataclasses import dataclass, field
from typing import Any

from paycorex import events
from paycorex.records import payment_risk
from tests.integration.payments.test_sandbox_holds import CAPTURE_LOST, CAPTURE_PENDING, CAPTURE_TIMEOUT, VOID_FAILS
from tests.scenarios.simulator.storm import AGAIN, Storm
from tests.support import payments as support
from tests.support.world import PREFIX

RULE = {"rule_id": "look", "by": "customer", "max_payments": 0, "window_seconds": 600, "then": "review"}
CARDS = (support.APPROVE, support.TIMEOUT_APPROVED, CAPTURE_TIMEOUT, CAPTURE_LOST, CAPTURE_PENDING, VOID_FAILS)
DECISIONS = {"approve": payment_risk.APPROVED, "decline": payment_risk.DECLINED}
# A decision is refused because there was another one, its time is over, or a capture is under way.
REFUSED = frozenset({402, 409, 422})
LOOKS = 20


@dataclass
class Decision:
    """What a person asked for, under its key, and the answer."""

    payment_id: str
    decision: str
    key: str
    status: int | None = None


@dataclass
class Reviewers(Storm):
    """One shop whose every card payment waits for a person, and people who do not know of each other."""

    decisions: list[Decision] = field(default_factory=list)
    reviewed: list[str] = field(default_factory=list)
    # What another person decides at the very moment at which this one does.
    at_once: Decision | None = None

    def open(self) -> None:
        support.settings(self.world, self.who, risk_rules=[RULE])
        self.tokens = [support.token(self.world, self.who, number) for number in CARDS]
        self.held: list[str] = []

    def step(self) -> None:
        kind = self.dice.random()
        if kind < 0.3 or not self.held:
            self._pay()
        elif kind < 0.8:
            self._decide()
        elif kind < 0.97:
            self.tick(self.dice.choice((1, 60)))
        else:
            self.tick(8 * 86_400)

    def _pay(self) -> None:
        key = self.key()
        body: dict[str, Any] = {"amount": "10.00", "method": "tokenized", "token_id": self.dice.choice(self.tokens)}
        if self.dice.random() < 0.3:
            body["capture_method"] = "manual"
        made = self.insist(lambda: self.world.call(self.who, "POST", "/v1/payments/create", body, key=key))
        shown = made.body if made.status == 201 else made.body["error"]["details"]["payment"]
        # Where the counters do not answer, the merchant's own request goes on.
        if shown["risk"] is not None:
            self.held.append(shown["payment_id"])

    def _decide(self) -> None:
        """A new decision, or one that was sent before; now and then another person decides at the same moment."""
        if self.decisions and self.dice.random() < 0.3:
            decision = self.dice.choice(self.decisions)
        else:
            decision = self._new(self.dice.choice(self.held[-4:]))
        self.at_once = self._new(decision.payment_id) if self.dice.random() < 0.5 else None
        self._send(decision)
        self.at_once = None

    def _new(self, payment_id: str) -> Decision:
        self.decisions.append(Decision(payment_id, self.dice.choice(list(DECISIONS)), self.key()))
        return self.decisions[-1]

    def _send(self, decision: Decision) -> None:
        path, body = f"/v1/payments/{decision.payment_id}", {"review": decision.decision}
        answer = self.ask(lambda: self.world.call(self.who, "PATCH", path, body, key=decision.key))
        if answer is None or answer.status in AGAIN or answer.code == "request_in_progress":
            return
        assert answer.status in REFUSED | {200}, answer.raw
        assert decision.status in {None, answer.status} or decision.status != 200, f"answered 200, then {answer.raw!r}"
        decision.status = answer.status

    def interlude(self) -> None:
        if self.at_once is not None:
            other, self.at_once = self.at_once, None
            self._send(other)

    def check(self) -> None:
        self._note_events()
        for payment_id in self.held:
            answered = {each.decision for each in self.decisions if each.payment_id == payment_id and each.status == 200}
            assert len(answered) <= 1, f"{payment_id} was approved and declined"
            risk = payment_risk.of(support.stored(payment_id))
            assert risk is not None
            for decision in answered:
                assert risk.decision == DECISIONS[decision], f"{payment_id} was answered {decision}, and is {risk.decision}"
            assert self.reviewed.count(payment_id) == (risk.decision is not None), (
                f"{payment_id} has {self.reviewed.count(payment_id)} events"
            )

    def _note_events(self) -> None:
        found = (events.from_stream(record) for record in self.world.dynamo.drain_stream(f"{PREFIX}payments"))
        self.reviewed += [event.data["payment_id"] for event in found if event is not None and event.event == "payment.reviewed"]

    def end(self) -> None:
        for _ in range(20):
            self.tick(600)
        self._check_waiting()
        for _ in range(12):
            self.tick(2 * 86_400)
        self._check_waiting()
        for payment_id in self.held:
            item = support.stored(payment_id)
            risk = payment_risk.of(item)
            assert risk is not None
            captured = int(item.amount_captured or 0)
            if risk.decision != payment_risk.APPROVED:
                assert (item.status, captured) == ("failed", 0), f"{payment_id} is {risk.decision}, {item.status}, captured {captured}"
        left = [payment_id for payment_id in self.held if payment_risk.is_in_review(support.stored(payment_id))]
        assert not left, f"reviews outlive their holds: {left}"

    def _waiting(self) -> set[str]:
        listed, cursor = set[str](), ""
        while True:
            page = self.world.call(self.who, "GET", f"/v1/payments?in_review=true{cursor}").body
            listed |= {each["payment_id"] for each in page["data"]}
            if page["next_cursor"] is None:
                return listed
            cursor = f"&cursor={page['next_cursor']}"

    def _check_waiting(self) -> None:
        waits = {payment_id for payment_id in self.held if payment_risk.is_in_review(support.stored(payment_id))}
        # A list may be read as it was before; not each time.
        listed = set[str]()
        for _ in range(LOOKS):
            listed = self._waiting()
            if listed == waits:
                return
        raise AssertionError(f"listed as waiting {listed - waits}, and not listed {waits - listed}")
