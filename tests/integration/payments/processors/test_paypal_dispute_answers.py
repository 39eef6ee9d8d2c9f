"""A merchant answers PayPal's disputes: evidence with files, once; or gives in; and what PayPal does not take may be mended."""

from typing import Any

import pytest

from paycorex import clock, ledger
from paycorex.ledger import Account
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.integration.payments.processors import paypal
from tests.integration.payments.processors.test_certified import charge, post_callback, server
from tests.integration.payments.test_dispute_answers import PDF, bucket, post, show, the_dispute, with_file
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["bucket", "server"]
# The bucket comes first: the server goes on from the settings that name it.
pytestmark = [pytest.mark.usefixtures("bucket"), pytest.mark.parametrize("kind", [paypal.Fake], ids=["paypal"])]
EVIDENCE = "/provide-evidence"


@pytest.fixture
def dispute_id(world: World, who: Signer, server: paypal.Fake) -> str:
    """A chargeback that waits for an answer."""
    server.due = clock.rfc3339(clock.now_ms() + 10 * 24 * 3600 * 1000)
    charge(world, who, server)
    assert post_callback(world, who, server, "opened").body == {"received": True, "applied": True}
    return str(the_dispute().dispute_id)


def test_evidence_goes_to_paypal_with_its_files_once(world: World, who: Signer, server: paypal.Fake, dispute_id: str) -> None:
    text = {"explanation": "Handed over.\nSigned for.", "shipping_tracking_number": "1Z9", "shipping_carrier": "Blue Dart"}
    assert with_file(world, who, dispute_id, text=text).status_code == 200
    assert with_file(world, who, dispute_id, kind="access_log").status_code == 200
    for _ in range(2):
        submitted = post(world, who, dispute_id, "submit", key="once")
        assert (submitted.status, submitted.body["status"], submitted.body["evidence"]["status"]) == (200, "under_review", "submitted")
    ((evidences, files),) = server.evidence
    tracking = {"carrier_name": "OTHER", "carrier_name_other": "Blue Dart", "tracking_number": "1Z9"}
    assert evidences == [
        {"evidence_type": "PROOF_OF_FULFILLMENT", "evidence_info": {"tracking_info": [tracking]}},
        {"evidence_type": "OTHER", "notes": "explanation: Handed over.\nSigned for."},
        {"evidence_type": "PROOF_OF_RECEIPT_COPY", "documents": [{"name": "evidence-1.pdf"}]},
        {"evidence_type": "OTHER", "documents": [{"name": "evidence-2.pdf"}]},
    ]
    pdf = "application/pdf"
    assert files == [("file1", "evidence-1.pdf", pdf, PDF), ("file2", "evidence-2.pdf", pdf, PDF)]
    assert post(world, who, dispute_id, "submit").code == "evidence_closed"


@pytest.mark.parametrize("acts", [True, False], ids=["it took it", "it did not"])
def test_an_answer_that_was_lost_is_looked_for_first(world: World, who: Signer, server: paypal.Fake, dispute_id: str, acts: bool) -> None:
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    server.trouble[EVIDENCE], server.acts = Answer(502), acts
    sent = post(world, who, dispute_id, "submit").body
    assert (sent["status"], sent["evidence"]["status"]) == ("needs_response", "sending")
    support.tick(world, after_seconds=120)
    shown = show(world, who, dispute_id)
    assert (shown["status"], shown["evidence"]["status"]) == ("under_review", "submitted")
    assert len(server.evidence) == 1


def test_giving_in_ends_it(world: World, who: Signer, server: paypal.Fake, dispute_id: str) -> None:
    done = post(world, who, dispute_id, "accept", {}).body
    assert (done["status"], done["funds"]) == ("accepted", "clearing"), done
    assert server.disputes["PP-D-27803"]["status"] == "RESOLVED"


@pytest.mark.parametrize("verb", ["submit", "accept"])
def test_what_paypal_does_not_offer_is_not_asked_for(world: World, who: Signer, server: paypal.Fake, dispute_id: str, verb: str) -> None:
    server.disputes["PP-D-27803"]["links"] = [paypal.SELF]
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    shown: dict[str, Any] = post(world, who, dispute_id, verb, {} if verb == "accept" else None).body
    assert shown["status"] == "needs_response"
    assert shown["evidence"]["problem"].startswith("PayPal takes no ")
    assert [one for one in server.requests if one.method == "POST" and "/v1/customer/disputes/" in one.path] == []


def test_what_paypal_refuses_may_be_mended(world: World, who: Signer, server: paypal.Fake, dispute_id: str) -> None:
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "x" * 2_500}})
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"].startswith("PayPal takes 2000 characters")
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    said = b'{"name":"VALIDATION_ERROR","message":"Invalid.","details":[{"issue":"INVALID_FILE","description":"The file is broken."}]}'
    server.trouble[EVIDENCE] = Answer(400, said)
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"] == "The file is broken."
    assert post(world, who, dispute_id, "submit").body["evidence"]["status"] == "submitted"


def test_an_answer_about_another_dispute_counts_for_nothing(world: World, who: Signer, server: paypal.Fake, dispute_id: str) -> None:
    server.lies, server.lies_at = {"dispute_id": "PP-D-1"}, "/v1/customer/disputes/PP-D-27803"
    shown = post(world, who, dispute_id, "accept", {}).body
    assert (shown["status"], server.disputes["PP-D-27803"]["status"]) == ("needs_response", "WAITING_FOR_SELLER_RESPONSE")


@pytest.mark.parametrize("order", ["accepted here first", "refund first", "accepted at PayPal, refund first", "lost, refund first"])
def test_the_refund_that_settles_a_dispute_is_counted_once(
    world: World, who: Signer, server: paypal.Fake, dispute_id: str, order: str
) -> None:
    """PayPal gives the money back by a refund of the capture, and sends that refund's webhook too: twice, and in any order."""
    (taken,) = server.payments.values()
    if order == "refund first":
        server.trouble["/accept-claim"], server.acts = Answer(502), True
    if order in {"accepted here first", "refund first"}:
        post(world, who, dispute_id, "accept", {})
    elif order.startswith("accepted"):
        dispute = server.disputes["PP-D-27803"]
        outcome = {"outcome_code": "ACCEPTED", "amount_refunded": dispute["dispute_amount"]}
        dispute |= {"status": "RESOLVED", "dispute_outcome": outcome, "links": [paypal.SELF]}
    else:
        server.dispute(taken, "lost")
    taken.refunds["by PayPal"] = taken.amount
    for _ in range(2):
        assert post_callback(world, who, server, "refunded").body == {"received": True, "applied": True}
    support.tick(world, after_seconds=120)
    shown, payment = show(world, who, dispute_id), support.show(world, who, the_payment_id(world, who))
    ended = "accepted" if order in {"accepted here first", "refund first"} else "lost"
    assert (shown["status"], shown["funds"], shown["double_loss"]) == (ended, "clearing", "0.00")
    assert (payment["amount_disputed"], payment["amount_refunded"]) == ("12.34", "0.00")
    assert world.call(who, "GET", f"/v1/payments/{payment['payment_id']}/refunds").body["data"] == []
    assert ledger.balance_of(Account.of_merchant(who.merchant_id, "USD")) == 0
    assert support.findings() == []


def test_a_refund_of_another_amount_is_a_refund_beside_the_dispute(world: World, who: Signer, server: paypal.Fake, dispute_id: str) -> None:
    post(world, who, dispute_id, "accept", {})
    (taken,) = server.payments.values()
    taken.refunds["in the dashboard"] = 400
    post_callback(world, who, server, "refunded")
    assert support.show(world, who, the_payment_id(world, who))["amount_refunded"] == "4.00"


def test_a_refund_beside_an_open_dispute_waits_until_paypal_says_how_that_stands(
    world: World, who: Signer, server: paypal.Fake, dispute_id: str
) -> None:
    (taken,) = server.payments.values()
    taken.refunds["by PayPal"] = taken.amount
    server.trouble["/v1/customer/disputes/"] = Answer(502)
    assert post_callback(world, who, server, "refunded").status == 503
    assert support.show(world, who, the_payment_id(world, who))["amount_refunded"] == "0.00"
    # The merchant's own refund in PayPal's dashboard, while the dispute goes on.
    assert post_callback(world, who, server, "refunded").body == {"received": True, "applied": True}
    assert support.show(world, who, the_payment_id(world, who))["amount_refunded"] == "12.34"


def the_payment_id(world: World, who: Signer) -> str:
    """The one payment."""
    (found,) = world.call(who, "GET", "/v1/payments").body["data"]
    return str(found["payment_id"])
