"""However a page, the second way by which an order comes, faults and lost answers fall: it is paid once, and only while its payment may be.

The second way is PayPal's callback, and at Datatrans the payer who comes back from the bank.
"""

import os
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paycorex import settings as deployed
from paycorex import storage
from paycorex.records.payment import PaymentItem
from payments.connectors.prism.library import Library
from tests.fakes.faults import FaultyClient, Killed
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import datatrans, paypal
from tests.integration.payments.processors.fake import Answer, Taken
from tests.integration.payments.processors.test_certified_fields import begin
from tests.integration.payments.processors.test_named_cards import bring
from tests.scenarios.simulator.fault_rates import FaultRates
from tests.support import payments as support
from tests.support.world import Signer, World

EXAMPLES = int(os.environ.get("NAMES", "25"))
PAYMENTS = 2
# What a browser, the processor or the shop does: approve in the browser, bring the order, send the callback (or come back), lose the
# charge's answer, cancel.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["approve", "approve", "bring", "callback", "callback", "lose bring", "lose callback", "cancel", "tick"]),
        st.integers(0, PAYMENTS - 1),
    ),
    min_size=4,
    max_size=16,
)


class Counting(paypal.Fake):
    """Counts how often an order was really paid; the same again under the same key is no other time."""

    def __init__(self) -> None:
        super().__init__()
        self.by_order: Counter[str] = Counter()

    def _of_order(self, name: str, action: list[str], wanted: dict[str, Any]) -> Answer:
        if action and self.payments[name.removeprefix("O")].status != "redirected":
            self.by_order[name] += 1
        return super()._of_order(name, action, wanted)


class CountingTransactions(datatrans.Fake):
    """The same of Datatrans's transactions."""

    def __init__(self) -> None:
        super().__init__()
        self.by_order: Counter[str] = Counter()

    def _authorize(self, made: Taken, wanted: dict[str, Any]) -> Answer:
        if made.status in {"typed", "held", "taken"}:
            # Also one more, which Datatrans itself would refuse.
            self.by_order[made.reference] += 1
        return super()._authorize(made, wanted)


# Of an order that its payer has not approved yet.
NOT_YET = {"redirected", "begun"}


class Shop:
    """Some payments, their pages, the second way, and the faults between."""

    def __init__(self, world: World, server: Counting | CountingTransactions, seed: int | None) -> None:
        self.world, self.server, self.has_faults = world, server, seed is not None
        self.faults = FaultRates(seed or 0, active=False, interlude=self._other_way)
        clients = [(world.dynamo, "dynamodb"), (world.kms, "kms"), (world.sqs, "sqs")]
        world.install(*(FaultyClient(client, self.faults, service=name) for client, name in clients))
        self.who: Signer = world.register()
        self.payments = [begin(world, self.who, server).body for _ in range(PAYMENTS)]
        self.canceled: set[str] = set()
        self.latest = ("bring", 0)

    def step(self, what: str, number: int) -> None:
        self.latest = (what, number)
        self.faults.active = self.has_faults
        try:
            self._act(what, number)
        except Killed:
            self.world.restart()
        except (storage.Unavailable, storage.OutcomeUnknown):
            # Of a tick that could list nothing: the next one does.
            assert what == "tick"
        finally:
            self.faults.active = False

    def _act(self, what: str, number: int) -> None:
        payment, taken = self.payments[number], self._taken(number)
        match what:
            case "approve":
                if taken.status in NOT_YET:
                    self.server.confirm(taken)
            case "cancel":
                answer = self.world.call(self.who, "POST", f"/v1/payments/{payment['payment_id']}/cancel", {})
                order = self._order(number)
                if answer.status == 200 and answer.body["status"] == "failed" and order not in self.server.by_order:
                    self.canceled.add(order)
            case "tick":
                support.tick(self.world, after_seconds=120)
            case _:
                self.server.trouble.clear()
                if what.startswith("lose"):
                    self.server.trouble[self.server.pays_orders_at], self.server.acts = CutMidBody(), True
                self._say(what.removeprefix("lose "), number)

    def _say(self, what: str, number: int) -> None:
        """That the order was approved, where it was: neither the browser nor the processor says it before."""
        payment, taken = self.payments[number], self._taken(number)
        if taken.status in NOT_YET:
            return
        if what == "bring":
            bring(self.world, payment, self._order(number))
            return
        if isinstance(self.server, datatrans.Fake):
            back = urlsplit(self.server.back[taken.reference])
            self.world.send("GET", f"{back.path}?{back.query}&datatransTrxId={taken.reference}", [], b"")
            return
        shown = {**self.server._shown(taken), "status": "APPROVED"}
        headers, body = self.server.event("CHECKOUT.ORDER.APPROVED", "checkout-order", shown)
        self.world.send("POST", f"/v1/callbacks/prism:{self.server.name}/{self.who.merchant_id}", headers, body)

    def _taken(self, number: int) -> Any:
        return self.server.payments[self._order(number).removeprefix("O")]

    def _order(self, number: int) -> str:
        action = self.payments[number]["next_action"]
        return str(action["order_id"] if "order_id" in action else action["transaction_id"])

    def _other_way(self) -> None:
        """The same order, by the other way, just before a write."""
        what, number = self.latest
        with self.faults.paused():
            self._say("callback" if what.endswith("bring") else "bring", number)

    def check(self) -> None:
        assert max(self.server.by_order.values(), default=0) <= 1, self.server.by_order
        assert not self.canceled & set(self.server.by_order), (self.canceled, self.server.by_order)

    def end(self) -> None:
        for _ in range(8):
            self.world.restart()
            support.tick(self.world, after_seconds=700)
        self.check()
        assert self.server.problems == []
        paid = {made.ours for made in self.server.payments.values() if made.captured}
        for payment in storage.scan_all(PaymentItem):
            has_money = payment.status == "success" or bool(payment.late_money)
            assert has_money == (payment.payment_id in paid), (payment.payment_id, payment.status)
        assert support.findings() == []


def play(seed: int | None, steps: list[tuple[str, int]], kind: type[Counting | CountingTransactions] = Counting) -> Shop:
    """seed: of the faults; None: without any."""
    with World(seed=seed or 0).running() as world, kind() as server:
        deployed.use(world.settings.model_copy(update={"prism_base_url": server.url("").rstrip("/")}))
        shop = Shop(world, server, seed)
        for step in steps:
            shop.step(*step)
            shop.check()
        shop.end()
        return shop


@pytest.mark.parametrize("kind", [Counting, CountingTransactions], ids=["paypal", "datatrans"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), steps=STEPS)
def test_an_order_is_paid_once_whatever_happens(
    processors_library: Library, kind: type[Counting | CountingTransactions], seed: int, steps: list[tuple[str, int]]
) -> None:
    assert processors_library is not None
    play(seed, steps, kind)


def test_the_callback_alone_pays(processors_library: Library) -> None:
    assert processors_library is not None
    shop = play(None, [("approve", 0), ("callback", 0), ("bring", 0), ("callback", 0)])
    assert list(shop.server.by_order.values()) == [1]
