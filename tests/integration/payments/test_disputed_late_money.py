"""Late money that a payer's bank asks for: given back by a refund as well, it would be lost twice."""

import pytest

from paycorex.money import Money
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.results import Approved
from payments.disputes import reports
from tests.integration.payments.test_card_holds import held, post, say
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

WHOLE = Money(10_000, "INR")


def late(world: World, who: Signer) -> tuple[str, str]:
    """A payment that failed, and the provider's name of the money that came all the same."""
    payment_id = held(world, who)
    post(world, who, payment_id, "void")
    voided = support.stored(payment_id)
    reference = voided.provider_reference or ""
    say(voided, Approved(reference, WHOLE))
    return payment_id, reference


def report(payment_id: str, reference: str, ruling: Ruling, stage: Stage = Stage.CHARGEBACK) -> None:
    said = Dispute("dp_1", reference, WHOLE, ruling.value, ruling=ruling, stage=stage)
    reports.report(support.stored(payment_id), "sandbox", said)


def decide(world: World, who: Signer, payment_id: str, action: str) -> Reply:
    return world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": action})


@pytest.mark.parametrize("ruling", [Ruling.NEEDS_RESPONSE, Ruling.LOST])
def test_disputed_late_money_is_not_refunded_but_may_be_accepted(world: World, who: Signer, ruling: Ruling) -> None:
    payment_id, reference = late(world, who)
    report(payment_id, reference, ruling)
    refused = decide(world, who, payment_id, "refund")
    assert (refused.status, refused.code) == (422, "payment_not_refundable")
    assert refused.body["error"]["details"]["dispute_id"].startswith("dsp_")
    assert decide(world, who, payment_id, "accept").status == 200
    again = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id})
    assert (again.status, again.code) == (422, "payment_not_refundable")
    assert support.findings() == []


@pytest.mark.parametrize(("ruling", "stage"), [(Ruling.WON, Stage.CHARGEBACK), (Ruling.NEEDS_RESPONSE, Stage.INQUIRY)])
def test_what_no_bank_asks_for_may_be_refunded(world: World, who: Signer, ruling: Ruling, stage: Stage) -> None:
    payment_id, reference = late(world, who)
    report(payment_id, reference, ruling, stage)
    assert decide(world, who, payment_id, "refund").status == 201
