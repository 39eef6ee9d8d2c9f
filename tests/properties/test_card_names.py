"""However tabs, retries, faults and lost answers fall: a processor's name of a card is charged once, and a payment by one name only."""

import os
from collections import Counter
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paycorex import settings as deployed
from paycorex import storage
from paycorex.idempotency import items
from paycorex.records.payment import PaymentItem
from payments.connectors.prism.library import Library
from payments.payment import naming
from tests.fakes.faults import FaultyClient, Killed
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import braintree
from tests.integration.payments.processors.fake import APPROVED, Answer
from tests.integration.payments.processors.test_certified_fields import begin
from tests.integration.payments.processors.test_named_cards import bring
from tests.scenarios.simulator.fault_rates import FaultRates
from tests.support import payments as support
from tests.support.world import Signer, World

EXAMPLES = int(os.environ.get("NAMES", "25"))
NAMES = ("name_one", "name_two", "name_three")
PAYMENTS = 3
# What a browser or the shop does: bring this name to this payment, bring it and lose the charge's answer, cancel, let time pass.
STEPS = st.lists(
    st.tuples(st.sampled_from(["bring", "bring", "bring", "lose", "cancel", "tick"]), st.integers(0, PAYMENTS - 1), st.sampled_from(NAMES)),
    min_size=4,
    max_size=16,
)


class Forgetful(braintree.Fake):
    """A processor that charges a name as often as it is asked to, and counts."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = dict.fromkeys(NAMES, APPROVED)
        self.by_name: Counter[str] = Counter()
        self.by_payment: Counter[str] = Counter()

    def _charge(self, mutation: str, given: dict[str, Any]) -> Answer:
        name = given["paymentMethodId"]
        self.by_name[name] += 1
        self.by_payment[given["transaction"]["orderId"]] += 1
        answer = super()._charge(mutation, given)
        self.kept[name] = APPROVED
        return answer


class Page:
    """Some payments of a shop, their pages, and the faults between."""

    def __init__(self, world: World, server: Forgetful, seed: int | None) -> None:
        self.world, self.server, self.has_faults = world, server, seed is not None
        self.faults = FaultRates(seed or 0, active=False, interlude=self._other_tab)
        world.install(*(FaultyClient(client, self.faults, service=name) for client, name in self._clients()))
        self.who: Signer = world.register()
        self.payments = [begin(world, self.who, server).body for _ in range(PAYMENTS)]
        self.latest = (0, NAMES[0])

    def _clients(self) -> list[tuple[Any, str]]:
        return [(self.world.dynamo, "dynamodb"), (self.world.kms, "kms"), (self.world.sqs, "sqs")]

    def step(self, what: str, number: int, name: str) -> None:
        self.latest = (number, name)
        self.faults.active = self.has_faults
        try:
            self._act(what, number, name)
        except Killed:
            self.world.restart()
        except (storage.Unavailable, storage.OutcomeUnknown):
            # Of a tick that could list nothing: the next one does.
            assert what == "tick"
        finally:
            self.faults.active = False

    def _act(self, what: str, number: int, name: str) -> None:
        payment = self.payments[number]
        match what:
            case "cancel":
                self.world.call(self.who, "POST", f"/v1/payments/{payment['payment_id']}/cancel", {})
            case "tick":
                support.tick(self.world, after_seconds=120)
            case _:
                self.server.trouble.clear()
                if what == "lose":
                    self.server.trouble["ChargeCreditCardInput!"], self.server.acts = CutMidBody(), True
                bring(self.world, payment, name)

    def _other_tab(self) -> None:
        """The same name, brought to another payment just before a write."""
        number, name = self.latest
        with self.faults.paused():
            bring(self.world, self.payments[(number + 1) % PAYMENTS], name)

    def check(self) -> None:
        """Once each; and when all is known, the books have what was charged."""
        assert max(self.server.by_name.values(), default=0) <= 1, self.server.by_name
        assert max(self.server.by_payment.values(), default=0) <= 1, self.server.by_payment

    def end(self) -> None:
        for _ in range(8):
            self.world.restart()
            support.tick(self.world, after_seconds=700)
        self.check()
        assert self.server.problems == []
        charged = {made.ours for made in self.server.payments.values()}
        for payment in storage.scan_all(PaymentItem):
            has_money = payment.status == "success" or bool(payment.late_money)
            assert has_money == (payment.payment_id in charged), (payment.payment_id, payment.status)
        assert support.findings() == []


def play(seed: int | None, steps: list[tuple[str, int, str]]) -> None:
    """seed: of the faults; None: without any."""
    with World(seed=seed or 0).running() as world, Forgetful() as server:
        deployed.use(world.settings.model_copy(update={"prism_base_url": server.url("").rstrip("/")}))
        page = Page(world, server, seed)
        for step in steps:
            page.step(*step)
            page.check()
        page.end()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), steps=STEPS)
def test_a_name_is_charged_once_whatever_happens(processors_library: Library, seed: int, steps: list[tuple[str, int, str]]) -> None:
    assert processors_library is not None
    play(seed, steps)


def _without_claim_of_the_name() -> Any:
    row = items.new_row

    def unique(claim_id: str, *rest: Any, **more: Any) -> Any:
        unique.count += 1  # type: ignore[attr-defined]  # a counter of this function's own
        return row(f"{claim_id}#{unique.count}", *rest, **more)  # type: ignore[attr-defined]  # the same

    unique.count = 0  # type: ignore[attr-defined]  # the same
    return patch.object(items, "new_row", unique)


def _without_claim_of_the_payment() -> Any:
    return patch.object(naming, "may_claim", lambda payment: payment.status in {"pending", "processing"})


@pytest.mark.parametrize(
    ("bug", "steps"),
    [
        (_without_claim_of_the_name, [("bring", 0, "name_one"), ("bring", 1, "name_one")]),
        (_without_claim_of_the_payment, [("lose", 0, "name_one"), ("bring", 0, "name_two")]),
    ],
)
def test_a_claim_that_is_missing_is_found(processors_library: Library, bug: Callable[[], Any], steps: list[tuple[str, int, str]]) -> None:
    assert processors_library is not None
    with bug(), pytest.raises(AssertionError, match="Counter"):
        play(None, steps)
