"""When a payment may claim a processor's name of a card: a cell for each status and step; and what of a name is claimed."""

import pytest

from paycorex.records.payment import PaymentItem
from payments.payment import naming
from payments.payment.states import Status

STEPS = {None: None, "awaited": naming.awaited(None, "order_id", ("name",)), "claimed": {"card_name": naming.CLAIMED}}


def payment(status: str, step: str | None) -> PaymentItem:
    return PaymentItem(payment_id="pay_1", status=status, method_state=STEPS[step], next_action={"order_id": "O1"})


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", Status)
def test_only_a_payment_that_waits_for_its_payer_may_claim(status: Status, step: str | None) -> None:
    found = payment(status, step)
    assert naming.may_claim(found) is (status is Status.PENDING and step == "awaited")
    # Without a claim nothing was charged, however the payment ended.
    assert naming.is_awaited(found) is (step == "awaited")
    assert naming.is_claimed(found) is (step == "claimed")


def test_a_claim_knows_its_request_and_keeps_what_was_known() -> None:
    waiting = payment("pending", "awaited")
    state = naming.claimed(waiting, "clm_1")
    after = PaymentItem(payment_id="pay_1", status="processing", method_state=state)
    assert (naming.is_claimed_by(after, "clm_1"), naming.is_claimed_by(after, "clm_2")) == (True, False)
    assert naming.wants(after) == ("name",)
    assert naming.own_name(waiting) == "O1"
    assert naming.own_name(payment("pending", None)) is None


def test_a_signed_name_is_what_was_signed() -> None:
    assert naming.fingerprint("head.body.signature") == naming.fingerprint("head.body.another")
    assert naming.fingerprint("head.body.signature") != naming.fingerprint("head.other.signature")
    assert naming.fingerprint("tok_1") != naming.fingerprint("tok_2")
