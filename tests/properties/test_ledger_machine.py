"""Hypothesis drives the real doors against a model of ten lines: whatever happens, books and answers agree with it.

Rules top up, pay, refund, repeat, crash at any call to the store, and start new environments that read stale data. Invariants are those of
the design: balanced journals, gapless chains, no wallet below zero, one settlement per successful payment, refunds within the payment, one
effect per key, no merchant in another's books.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.support.gateway import Reply
from tests.support.world import Signer, World

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "60"))
STEPS = int(os.environ.get("PROPERTY_STEPS", "50"))
AMOUNTS = st.integers(min_value=1, max_value=50_000)
FAULTS = st.sampled_from([Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT, Fault.CONFLICT, Fault.THROTTLED])


@dataclass
class Paid:
    """A successful payment in the model: minor units paid and refunded."""

    payment_id: str
    user: str
    amount: int
    refunded: int = 0


def rupees(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


class LedgerMachine(RuleBasedStateMachine):
    """Two merchants; the model holds what wallets and merchants must have."""

    payments: Bundle[tuple[int, Paid]] = Bundle("payments")

    def __init__(self) -> None:
        super().__init__()
        self.world = self.new_world()
        self.running = self.world.running()
        self.running.__enter__()
        self.faulty = FaultyClient(self.world.dynamo)
        self.world.install(self.faulty, self.world.kms, self.world.sqs)
        self.requests = 0

    def new_world(self) -> World:
        """Where it runs."""
        return World(eventual_lag=0.3)

    def teardown(self) -> None:
        self.running.__exit__(None, None, None)

    @initialize(lanes=st.sampled_from([1, 4]))
    def open(self, lanes: int) -> None:
        self.shops: list[Signer] = [self.world.register(f"Shop {number}") for number in range(2)]
        self.wallets: list[dict[str, int]] = [{}, {}]
        self.ids: list[dict[str, str]] = [{}, {}]
        self.merchants = [0, 0]
        for number, shop in enumerate(self.shops):
            for user in ("u0", "u1"):
                self.ids[number][user] = self.world.wallet(shop, user)
                self.wallets[number][user] = 0
            self.world.spread(shop, lanes)

    @contextmanager
    def in_good_health(self) -> Iterator[None]:
        """While the model looks, no fault that is due may strike; it stays due."""
        decider, self.faulty.decider = self.faulty.decider, healthy
        try:
            yield
        finally:
            self.faulty.decider = decider

    def post(self, shop: int, path: str, body: dict[str, Any]) -> Reply:
        """A request, its crash if one is due, and the retries of a client; the final answer."""
        self.requests += 1
        key = f"key-{self.requests}"
        for _ in range(20):
            try:
                reply = self.world.call(self.shops[shop], "POST", path, body, key=key)
            except Killed:
                self.world.restart()
                continue
            if reply.status < 500:
                break
        self.faulty.decider = healthy
        assert reply.status < 500, reply.raw
        again = self.world.call(self.shops[shop], "POST", path, body, key=key)
        assert again.status == reply.status
        assert again.headers["idempotent-replayed"] == "true" or reply.code == "not_found"
        return reply

    @rule(fault=FAULTS, nth=st.integers(min_value=1, max_value=12))
    def a_fault_is_due(self, fault: Fault, nth: int) -> None:
        """The nth call from now fails in this way."""
        self.faulty.decider = Nth(nth, fault)

    @rule()
    def a_new_environment(self) -> None:
        self.world.restart()

    @rule(shop=st.integers(0, 1), user=st.sampled_from(["u0", "u1"]), amount=AMOUNTS)
    def top_up(self, shop: int, user: str, amount: int) -> None:
        reply = self.post(shop, "/v1/wallet/topup", {"user_id": user, "amount": rupees(amount)})
        assert reply.status == 201, reply.raw
        self.wallets[shop][user] += amount

    @rule(target=payments, shop=st.integers(0, 1), user=st.sampled_from(["u0", "u1"]), amount=AMOUNTS, by_id=st.booleans())
    def pay(self, shop: int, user: str, amount: int, by_id: bool) -> Any:
        who = {"wallet_id": self.ids[shop][user]} if by_id else {"user_id": user}
        reply = self.post(shop, "/v1/payments/create", {"method": "wallet", "amount": rupees(amount), **who})
        if amount > self.wallets[shop][user]:
            assert (reply.status, reply.code) == (402, "insufficient_funds")
            return multiple()
        assert reply.status == 201, reply.raw
        self.wallets[shop][user] -= amount
        self.merchants[shop] += amount
        return (shop, Paid(reply.body["payment_id"], user, amount))

    @rule(paid=payments, amount=AMOUNTS, whole=st.booleans(), at_wallet=st.booleans())
    def refund(self, paid: tuple[int, Paid], amount: int, whole: bool, at_wallet: bool) -> None:
        shop, payment = paid
        body: dict[str, Any] = {"payment_id": payment.payment_id}
        left = payment.amount - payment.refunded
        if not whole:
            body["amount"] = rupees(amount)
        asked = left if whole else amount
        reply = self.post(shop, "/v1/wallet/refund" if at_wallet else "/v1/payments/refund", body)
        if asked > left or left == 0:
            assert (reply.status, reply.code) == (422, "refund_exceeds_payment")
            return
        assert reply.status == 201, reply.raw
        payment.refunded += asked
        self.wallets[shop][payment.user] += asked
        self.merchants[shop] -= asked

    @rule(paid=payments)
    def another_merchant_sees_nothing(self, paid: tuple[int, Paid]) -> None:
        shop, payment = paid
        other = self.shops[1 - shop]
        with self.in_good_health():
            assert self.world.call(other, "GET", f"/v1/payments/{payment.payment_id}").status == 404
            assert self.world.call(other, "POST", "/v1/payments/refund", {"payment_id": payment.payment_id}).status == 404

    def booked(self, merchant_id: str) -> int:
        """The merchant's balance: its lanes' newest entries, from the table itself, which never lags."""
        scanned = self.world.dynamo.scan(TableName=self.world.settings.table("ledgers"), ConsistentRead=True)["Items"]
        lanes = [item for item in scanned if item["account"]["S"].startswith(f"{merchant_id}#merchant#")]
        newest = {item["account"]["S"]: int(item["balance"]["N"]) for item in sorted(lanes, key=lambda item: int(item["seq"]["N"]))}
        return sum(newest.values())

    @precondition(lambda self: self.requests % 5 == 0)
    @invariant()
    def the_money_adds_up(self) -> None:
        with self.in_good_health():
            report = Verifier(segments=1).run(every_source())
            assert report.sound, report.findings
            for number, shop in enumerate(self.shops):
                for user, expected in self.wallets[number].items():
                    shown = self.world.call(shop, "GET", f"/v1/wallet/{self.ids[number][user]}").body["balance"]
                    assert shown == rupees(expected)
                assert self.booked(shop.merchant_id) == self.merchants[number]


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
)
