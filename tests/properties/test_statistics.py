"""Statistics equal a recount of everything that is stored, however the streams deliver."""

import itertools
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paycorex import clock
from payments.connectors.results import Declined
from payments.payment import fee_books
from payments.payment.fees import KnownFee
from payments.refunds import at_provider
from tests.support import payments as support
from tests.support import rollups
from tests.support.fees import charging
from tests.support.payments import APPROVE, DECLINE, PENDING, charge, collect, reported
from tests.support.world import START_SECONDS, Signer, World

ACTS = (
    "pay",
    "pay",
    "overdraw",
    "card",
    "declined",
    "undecided",
    "collect",
    "cancel",
    "refund",
    "returned",
    "fee",
    "fee",
    "charge",
    "later",
)


class Shop:
    """A merchant to whom things happen."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world, self.dice = world, dice
        self.who: Signer = world.register()
        lanes = dice.choice((1, 3))
        world.spread(self.who, lanes)
        world.wallet(self.who, "asha", "900.00")
        charging(world, self.who, {"rates": [{"percent": "1", "tax_percent": "18"}], "refunds": dice.choice(("keep", "return"))})
        support.settings(
            world, self.who, fee_bearer=dice.choice(("merchant", "platform")), fee_schedules=[{"connector": "sandbox", "percent": "2"}]
        )
        self.paid: list[str] = []
        self.open: list[str] = []

    def act(self, what: str) -> None:
        """One thing."""
        amount = f"{self.dice.randrange(1, 9000) / 100:.2f}"
        if what == "later":
            self.world.clock.now += self.dice.choice((60, 400, 4000, 90_000))
            self.world.restart()
        elif what in {"pay", "overdraw"}:
            made = self.world.pay(self.who, "asha", amount if what == "pay" else "99999")
            self.paid += [made.body["payment_id"]] if made.status == 201 else []
        elif what in {"card", "declined", "undecided"}:
            made = charge(self.world, self.who, {"card": APPROVE, "declined": DECLINE}.get(what, PENDING), amount)
            self.paid += [made.body["payment_id"]] if made.status == 201 and made.body["status"] == "success" else []
        elif what == "collect":
            self.open.append(collect(self.world, self.who, amount).body["payment_id"])
        elif what == "cancel" and self.open:
            self.world.call(self.who, "POST", f"/v1/payments/{self.open.pop()}/cancel")
        elif what == "refund" and self.paid:
            self.world.call(self.who, "POST", "/v1/payments/refund", {"payment_id": self.dice.choice(self.paid), "amount": "0.50"})
        elif what == "fee" and self.paid:
            kept = KnownFee(self.dice.choice(("provider", "report")), self.dice.randrange(-5, 300), self.dice.randrange(50), "INR")
            fee_books.book(self.dice.choice(self.paid), kept)
        elif what == "charge" and self.paid:
            fee_books.charge(self.dice.choice(self.paid))
        elif what == "returned":
            self._return_a_refund()

    def _return_a_refund(self) -> None:
        """A card's payment is refunded, and sooner or later the provider has that money again."""
        paid = charge(self.world, self.who, APPROVE, "5.00").body
        refund = self.world.call(self.who, "POST", "/v1/payments/refund", {"payment_id": paid["payment_id"], "amount": "1.25"}).body
        self.act(self.dice.choice(("pay", "later")))
        failed = Declined("refund_failed", "It came back.", provider_reference=refund["provider_reference"])
        assert at_provider.apply_report(self.who.merchant_id, paid["provider"], reported(refund["refund_id"], failed))
        assert self.world.call(self.who, "GET", f"/v1/refunds/{refund['refund_id']}").body["status"] == "failed"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=40), seed=st.integers(0, 2**32), batch=st.integers(1, 25))
def test_statistics_equal_a_recount_under_duplicated_reordered_and_repeated_batches(acts: list[str], seed: int, batch: int) -> None:
    dice = random.Random(seed)
    with World(seed=seed).running() as world:
        shop = Shop(world, dice)
        for act in acts:
            shop.act(act)
        records = rollups.stream(world)
        records += dice.choices(records, k=len(records) // 2)
        dice.shuffle(records)
        for start in range(0, len(records), batch):
            rollups.roll(records[start : start + batch])
            if dice.random() < 0.3:
                rollups.roll(records[start : start + batch])
        now = int(world.clock.now * 1000)
        start_ms = int(START_SECONDS * 1000)
        rollups.agree(world, shop.who, start_ms - 86_400_000, now + 1000)
        for _ in range(3):
            low, high = sorted(dice.sample(range(start_ms - 1000, now + 2000), 2))
            rollups.agree(world, shop.who, low, high)
        assert rollups.show(world, shop.who)["balance"] == rollups.balance(world, shop.who)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_money_that_the_stream_has_not_brought_yet_counts_all_the_same(seed: int) -> None:
    dice = random.Random(seed)
    with World(seed=seed).running() as world:
        shop = Shop(world, dice)
        for _ in range(6):
            shop.act("pay")
        rollups.roll([record for record in rollups.stream(world) if dice.random() < 0.5])
        shop.act("refund")
        rollups.agree(world, shop.who, int(START_SECONDS * 1000), int(world.clock.now * 1000) + 1000)


def test_what_moves_on_while_it_is_counted_is_counted() -> None:
    """Whichever look at the clock is the first to see the next millisecond: what was now at the look before is past at this one."""
    with World().running() as world:
        shop = Shop(world, random.Random(1))
        for _ in range(6):
            shop.act("pay")
        rollups.roll(rollups.stream(world))
        moment = world.clock.now
        for still in range(30):
            ticks = itertools.chain(itertools.repeat(moment, still), itertools.repeat(moment + 0.001))
            clock.use(ticks.__next__)
            assert rollups.show(world, shop.who)["count"]["success"] == len(shop.paid) == 6
