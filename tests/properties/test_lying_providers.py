"""Whatever a provider says under the merchant's own signature: no 5xx, no other merchant touched, every invariant holds, verify ends."""

import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paycorex import settings as deployed
from paycorex import storage
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured
from paycorex.records.refund import RefundItem
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.scenarios import lies
from tests.support import payments as support
from tests.support.world import Signer, World

EXAMPLES = int(os.environ.get("LIES", "60"))
# Busy is an answer: a provider sends its webhook again.
ANSWERS = {200, 400, 503}
OURS = {200, 201, 402, 404, 409, 422, 503}


def rows_of(world: World, who: Signer) -> list[Any]:
    """Every stored row that names this merchant."""
    return [row for rows in world.dump().values() for row in rows if who.merchant_id in str(row)]


def check_books() -> None:
    """What holds for every liar."""
    assert support.findings() == []
    refunds = list(storage.scan_all(RefundItem))
    for payment in storage.scan_all(PaymentItem):
        given = [item for item in refunds if item.payment_id == payment.payment_id and item.late_id is None and item.status != "failed"]
        assert sum(int(item.amount) for item in given) == int(payment.amount_reserved) <= captured(payment)
        assert 0 <= int(payment.amount_refunded) <= int(payment.amount_reserved)
        assert len(str(payment.serialize())) < 100_000


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(sayings=st.lists(lies.SAYINGS, min_size=1, max_size=25), again=st.booleans())
def test_hostile_but_signed_answers_break_nothing(sayings: list[tuple[str, dict[str, Any], int]], again: bool) -> None:
    with World().running() as world, FakeStripe() as stripe, FakeRazorpay() as razorpay:
        urls = {"stripe_base_url": stripe.url("").rstrip("/"), "razorpay_base_url": razorpay.url("").rstrip("/")}
        deployed.use(world.settings.model_copy(update=urls))
        other = world.register()
        support.charge(world, other, support.APPROVE)
        victim = lies.Victim(world, world.register(), stripe, razorpay)
        before = rows_of(world, other)
        for connector, said, which in sayings * (1 + again):
            if connector in lies.ACTS:
                assert victim.act(connector, which) in OURS
                continue
            names = victim.names(which)
            noted = {**names, "capture": said.get("capture")}
            content = {**said, **(names if connector == "sandbox" else {"metadata": names, "notes": noted})}
            assert victim.hear(connector, content).status in ANSWERS
        check_books()
        assert rows_of(world, other) == before
        for payment_id in victim.payments:
            support.show(world, victim.who, payment_id)
        support.tick(world, after_seconds=600)
        check_books()
