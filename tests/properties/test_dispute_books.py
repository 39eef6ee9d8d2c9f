"""Any sequence of captures, refunds and disputes leaves the sum of merchant, disputed and clearing as it was, and explains each of them."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from paycorex import ledger, storage
from paycorex.ledger import Account
from paycorex.money import Money
from paycorex.records.dispute import DisputeItem, funds
from paycorex.records.payment_amounts import captured, disputed
from paycorex.records.refund import RefundItem
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.results import Approved
from payments.disputes import reports
from payments.refunds import external
from tests.support import payments as support
from tests.support.world import Signer, World

AMOUNT = st.integers(1, 1200)
STEPS = st.one_of(
    st.tuples(st.just("capture"), AMOUNT),
    st.tuples(st.just("refund"), AMOUNT, st.booleans()),
    st.tuples(st.just("external"), AMOUNT),
    st.tuples(
        st.just("dispute"),
        st.integers(0, 2),
        AMOUNT,
        st.sampled_from(Ruling),
        st.sampled_from([Stage.INQUIRY, Stage.CHARGEBACK]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 5),
    ),
)


def text(minor: int) -> str:
    return str(Money(minor, "INR"))


class Books:
    """One payment of 10.00 that is captured by requests, and what happens to it."""

    def __init__(self, world: World, who: Signer) -> None:
        self.world, self.who = world, who
        made = support.charge(world, who, support.APPROVE, capture_method="manual").body
        self.payment_id = made["payment_id"]
        self.count = 0

    def carry_out(self, name: str, *values: Any) -> None:
        acts: dict[str, Callable[..., None]] = {
            "capture": self.capture, "refund": self.refund, "external": self.external, "dispute": self.dispute,
        }  # fmt: skip
        acts[name](*values)

    def capture(self, minor: int) -> None:
        body = {"amount": text(minor), "final": False}
        assert self.world.call(self.who, "POST", f"/v1/payments/{self.payment_id}/capture", body).status in {201, 409, 422}

    def refund(self, minor: int, force: bool) -> None:
        body = {"payment_id": self.payment_id, "amount": text(minor), "force": force}
        before = support.stored(self.payment_id)
        status = self.world.call(self.who, "POST", "/v1/payments/refund", body).status
        assert status in {201, 422}
        fits = int(before.amount_reserved) + minor + (0 if force else disputed(before)) <= captured(before)
        assert (status == 201) == fits

    def external(self, minor: int) -> None:
        from payments.connectors.notices import ProviderRefund

        self.count += 1
        money = Money(minor, "INR")
        charge = support.stored(self.payment_id).provider_reference or ""
        reported = ProviderRefund(f"out-{self.count}", charge, money, Approved(f"out-{self.count}", money))
        external.apply_report(self.who.merchant_id, "sandbox", reported)

    def dispute(self, number: int, minor: int, ruling: Ruling, stage: Stage, taken: int, back: int, said: int) -> None:
        payment = support.stored(self.payment_id)
        reported = Dispute(f"dp_{number}", payment.provider_reference or "", Money(minor, "INR"), ruling.value, ruling=ruling, stage=stage)
        facts = {"withdrawn": taken, "reinstated": back, "said_ms": said}
        reports.report(payment, "sandbox", type(reported)(**{name: getattr(reported, name) for name in reported.__slots__} | facts))

    def check(self) -> None:
        merchant, clearing, held = (
            ledger.balance_of(account)
            for account in (
                Account.of_merchant(self.who.merchant_id, "INR"),
                Account.clearing(self.who.merchant_id, "sandbox", "INR"),
                Account.disputed(self.who.merchant_id, "INR"),
            )
        )
        every = list(storage.scan_all(DisputeItem))
        payment = support.stored(self.payment_id)
        gone = sum(int(item.amount) for item in storage.scan_all(RefundItem) if item.status == "success")
        taken = sum(int(item.amount) for item in every if funds(item) == "clearing")
        assert merchant + clearing + held == 0
        assert held == sum(int(item.amount) for item in every if funds(item) == "disputed")
        assert clearing == -int(payment.amount_captured or 0) + gone + taken
        assert disputed(payment) == sum(int(item.counted) for item in every)
        assert int(payment.amount_refunded) == gone <= captured(payment)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=1, max_size=12))
# All that is captured is asked back by a payer's bank, and the merchant gives it back by itself all the same.
@example([("capture", 1), ("dispute", 0, 1, Ruling.NEEDS_RESPONSE, Stage.INQUIRY, 1, 0, 1), ("refund", 1, True)])
def test_any_sequence_is_explained_to_the_last_unit(steps: list[tuple[Any, ...]]) -> None:
    with World().running() as world:
        books = Books(world, world.register())
        for step in steps:
            books.carry_out(*step)
            books.check()
        assert support.findings() == []
