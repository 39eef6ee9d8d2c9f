"""Holds under everything at once: captures, voids, increments, refunds, time, and a provider that loses answers, refuses and lies.

Whatever order it comes in, no more is captured than was held, no more refunded than captured, the books add up at every step, and in the
end every hold is over.
"""

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from paycorex import ledger, storage
from paycorex.ledger import Account
from paycorex.money import Money
from paycorex.records.capture import CaptureItem
from paycorex.records.hold import hold_of
from paycorex.records.payment import PaymentItem
from payments.captures import answers
from payments.connectors.results import Approved, Authorized, Contradicts, Declined, Released, Unavailable, Unknown
from payments.connectors.sandbox.connector import Sandbox
from payments.payment import outcomes
from tests.integration.payments.test_sandbox_holds import CAPTURE_LOST, CAPTURE_PENDING, CAPTURE_TIMEOUT, FLEXIBLE, VOID_FAILS
from tests.support import payments as support
from tests.support.world import World

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "60")) // 2
CARDS = (support.APPROVE, FLEXIBLE, CAPTURE_TIMEOUT, CAPTURE_LOST, CAPTURE_PENDING, VOID_FAILS)
WALLET = 100_000
BODIES: dict[str, dict[str, Any]] = {"capture": {"amount": "1.00", "final": False}, "void": {}, "increment": {"amount": "129.00"}}
# What is answered where nothing is wrong with the money: it is refused, or under way.
EXPECTED = frozenset({200, 201, 400, 402, 409, 422, 503})
amounts = st.integers(min_value=1, max_value=13_000).map(lambda minor: f"{minor / 100:.2f}")
lost: tuple[Any, ...] = (
    Unknown("No answer."),
    Unavailable("Out of service."),
    Declined("refused", "No."),
    Contradicts("another_object", "x"),
)


class Holds(RuleBasedStateMachine):
    """One merchant with a payer's wallet and cards, and a few holds."""

    @initialize()
    def open(self) -> None:
        self.running = World().running()
        self.world = self.running.__enter__()
        self.who = self.world.register()
        self.world.wallet(self.who, "asha", "1000.00")
        self.tokens = [support.token(self.world, self.who, number) for number in CARDS]
        self.payments: list[str] = []
        self.keys = 0
        for card in (None, 0, 1):
            self.hold("100.00", card)

    def teardown(self) -> None:
        if not hasattr(self, "running"):
            return
        try:
            self._everything_ends()
        finally:
            self.running.__exit__(None, None, None)

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        self.keys += 1
        reply = self.world.call(self.who, "POST", path, body, key=f"k{self.keys}")
        assert reply.status in EXPECTED, reply.raw
        return reply

    def _some(self, index: int) -> str:
        return self.payments[index % len(self.payments)]

    @rule(amount=amounts, card=st.none() | st.integers(0, len(CARDS) - 1))
    def hold(self, amount: str, card: int | None) -> None:
        paid_by = {"method": "wallet", "user_id": "asha"} if card is None else {"method": "tokenized", "token_id": self.tokens[card]}
        made = self._post("/v1/payments/create", {"amount": amount, "capture_method": "manual", **paid_by})
        if made.status == 201:
            self.payments.append(made.body["payment_id"])

    @rule(index=st.integers(0, 9), amount=st.none() | amounts, final=st.booleans())
    def capture(self, index: int, amount: str | None, final: bool) -> None:
        if self.payments:
            self._post(f"/v1/payments/{self._some(index)}/capture", {"final": final} | ({} if amount is None else {"amount": amount}))

    @rule(index=st.integers(0, 9))
    def void(self, index: int) -> None:
        if self.payments:
            self._post(f"/v1/payments/{self._some(index)}/void", {})

    @rule(index=st.integers(0, 9), amount=amounts)
    def increment(self, index: int, amount: str) -> None:
        if self.payments:
            self._post(f"/v1/payments/{self._some(index)}/increment", {"amount": amount})

    @rule(index=st.integers(0, 9), amount=st.none() | amounts)
    def refund(self, index: int, amount: str | None) -> None:
        if self.payments:
            body = {"payment_id": self._some(index)} | ({} if amount is None else {"amount": amount})
            self._post("/v1/payments/refund", body)

    @rule(seconds=st.sampled_from([30, 600, 86_400, 3 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        support.tick(self.world, after_seconds=seconds)

    @rule(index=st.integers(0, 9), call=st.sampled_from(["capture", "void", "increment", "lookup"]), answer=st.sampled_from(lost))
    def trouble(self, index: int, call: str, answer: Any) -> None:
        """The next call of this kind is not carried out, or that is said."""
        if not self.payments:
            return
        genuine = getattr(Sandbox, call)
        setattr(Sandbox, call, lambda *_: answer)
        try:
            path = f"/v1/payments/{self._some(index)}"
            if call == "lookup":
                support.tick(self.world, after_seconds=60)
            else:
                self._post(f"{path}/{call}", BODIES[call])
        finally:
            setattr(Sandbox, call, genuine)

    @rule(
        index=st.integers(0, 9),
        percent=st.sampled_from([0, 20, 60, 100, 101, 150]),
        kind=st.integers(0, 2),
        over=st.booleans(),
        currency=st.sampled_from(["INR", "INR", "USD"]),
    )
    def lie(self, index: int, percent: int, kind: int, over: bool, currency: str) -> None:
        """A callback, rightly signed, of how much of a hold the provider says it captured, and whether it is over."""
        cards = [payment for payment in map(support.stored, self.payments) if payment.method != "wallet"]
        if not cards:
            return
        payment = cards[index % len(cards)]
        minor = int(payment.amount) * percent // 100
        reference = payment.provider_reference or ""
        reported = (
            Authorized(reference, Money(int(payment.amount), currency), minor),
            Approved(reference, Money(max(minor, 1), currency)),
            Released(reference, minor, over),
        )[kind]
        answers.apply(payment, 0, reported, outcomes.change_of(payment, 0, payment.provider or "", reported))

    @invariant()
    def the_books_add_up(self) -> None:
        if not hasattr(self, "running"):
            return
        assert support.findings() == []
        for item in storage.scan_all(PaymentItem):
            hold, captured = hold_of(item), int(item.amount_captured or 0)
            over = 0 if hold is None or hold.ability is None else hold.ability["over_percent"]
            assert captured <= (0 if hold is None else hold.amount + hold.amount * over // 100)
            assert 0 <= int(item.amount_refunded) <= int(item.amount_reserved) <= captured
            assert item.status != "success" or captured > 0
            assert item.status != "failed" or captured == 0
        available, held = self._wallet()
        paid = sum(int(item.amount) for item in storage.scan_all(CaptureItem) if item.status == "success" and self._is_of_wallet(item))
        refunded = sum(int(item.amount_refunded) for item in storage.scan_all(PaymentItem) if item.method == "wallet")
        assert available + held + paid - refunded == WALLET

    def _is_of_wallet(self, capture: CaptureItem) -> bool:
        return support.stored(capture.payment_id).method == "wallet"

    def _wallet(self) -> tuple[int, int]:
        shown = self.world.call(self.who, "GET", "/v1/wallet?user_id=asha").body["data"][0]
        holds = [Account.of_hold(self.who.merchant_id, payment_id, "INR") for payment_id in self.payments]
        held = sum(ledger.balance_of(account) for account in holds)
        assert int(shown["held"].replace(".", "")) == held
        return int(shown["available"].replace(".", "")), held

    def _everything_ends(self) -> None:
        """With a provider that is well again every capture is answered, and by its time every hold is over."""
        for _ in range(12):
            support.tick(self.world, after_seconds=2 * 86_400)
        for item in storage.scan_all(PaymentItem):
            hold = hold_of(item)
            if item.review is None:
                assert hold is None or hold.is_over, (item.payment_id, item.status, item.hold)
                assert item.status in {"success", "failed"}, (item.payment_id, item.status)
        self.the_books_add_up()


Holds.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=18, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
TestHolds = Holds.TestCase
