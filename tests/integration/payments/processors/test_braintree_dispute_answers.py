"""Braintree's disputes: opened and ended by its signed webhooks, about which it is asked, and answered once by GraphQL, with files."""

from typing import Any

import pytest

from payments.connectors.prism.known import braintree_dispute_answers
from tests.fakes.receiver_behaviours import CutMidBody
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.integration.payments.processors import braintree
from tests.integration.payments.processors.braintree import DISPUTE
from tests.integration.payments.processors.test_certified import charge, server
from tests.integration.payments.test_dispute_answers import PDF, bucket, post, show, the_dispute, with_file
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["bucket", "server"]
pytestmark = [pytest.mark.usefixtures("bucket"), pytest.mark.parametrize("kind", [braintree.Fake], ids=["braintree"])]
APPLIED = {"received": True, "applied": True}


def said(world: World, who: Signer, server: braintree.Fake, kind: str, change: tuple[bytes, bytes] = (b"", b"")) -> Reply:
    headers, body = server.event(kind)
    return world.send("POST", f"/v1/callbacks/prism:braintree/{who.merchant_id}", headers, body.replace(*change))


@pytest.fixture
def dispute_id(world: World, who: Signer, server: braintree.Fake) -> str:
    """A chargeback that waits for an answer."""
    charge(world, who, server)
    (taken,) = server.payments.values()
    server.dispute(taken)
    assert said(world, who, server, "dispute_opened").body == APPLIED
    return str(the_dispute().dispute_id)


def standing(world: World, who: Signer, dispute_id: str) -> tuple[str, str, str]:
    shown = show(world, who, dispute_id)
    return shown["status"], shown["funds"], shown["evidence"]["status"]


def test_it_is_opened_with_its_time_to_answer(world: World, who: Signer, server: braintree.Fake, dispute_id: str) -> None:
    shown = show(world, who, dispute_id)
    assert (shown["status"], shown["stage"], shown["funds"], shown["reason"]) == ("needs_response", "chargeback", "clearing", "fraud")
    assert (shown["due_at"], shown["reason_code"], shown["amount"]) == ("2027-01-25T08:00:00.000Z", "83", "12.34")


def test_a_webhook_that_braintree_did_not_sign_asks_nothing(world: World, who: Signer, server: braintree.Fake, dispute_id: str) -> None:
    asked = len(server.requests)
    for change in ((b"pub%7C", b"pub%7C0"), (b"bt_payload=", b"bt_payload=a"), (b"pub%7C", b"else%7C")):
        assert said(world, who, server, "dispute_lost", change).status == 401
    assert len(server.requests) == asked
    assert said(world, who, server, "subscription_canceled").body == {"received": True, "applied": False}


@pytest.mark.parametrize(
    ("status", "ends"), [("WON", ("won", "merchant")), ("LOST", ("lost", "clearing")), ("EXPIRED", ("lost", "clearing"))]
)
def test_its_end_is_booked_once(
    world: World, who: Signer, server: braintree.Fake, dispute_id: str, status: str, ends: tuple[str, str]
) -> None:
    server.disputes[DISPUTE]["status"] = status
    for _ in range(2):
        assert said(world, who, server, f"dispute_{status.lower()}").status == 200
    assert standing(world, who, dispute_id)[:2] == ends
    assert support.findings() == []


def test_a_retrieval_takes_no_money(world: World, who: Signer, server: braintree.Fake) -> None:
    charge(world, who, server)
    (taken,) = server.payments.values()
    server.dispute(taken, kind="RETRIEVAL")
    assert said(world, who, server, "dispute_opened").body == APPLIED
    dispute_id = str(the_dispute().dispute_id)
    assert standing(world, who, dispute_id)[:2] == ("needs_response", "merchant")
    server.disputes[DISPUTE]["status"] = "EXPIRED"
    assert said(world, who, server, "dispute_expired").status == 200
    assert standing(world, who, dispute_id)[:2] == ("closed", "merchant")
    assert support.findings() == []


def test_evidence_goes_to_braintree_with_its_files_and_is_finalized_once(
    world: World, who: Signer, server: braintree.Fake, dispute_id: str
) -> None:
    text = {"explanation": "Handed over.", "shipping_tracking_number": "1Z9", "shipping_carrier": "Blue Dart"}
    assert with_file(world, who, dispute_id, text=text).status_code == 200
    assert with_file(world, who, dispute_id, kind="shipping_proof", content=PDF + b" 2").status_code == 200
    for _ in range(2):
        submitted = post(world, who, dispute_id, "submit", key="once")
        assert (submitted.status, submitted.body["status"], submitted.body["evidence"]["status"]) == (200, "under_review", "submitted")
    given = {(each["category"], each["content"]) for each in server.disputes[DISPUTE]["evidence"]}
    assert given == {("GENERAL", "explanation: Handed over."), ("TRACKING_NUMBER", "1Z9"), ("CARRIER_NAME", "Blue Dart")}
    pdf = "application/pdf"
    assert server.files == [("GENERAL", pdf, PDF), ("PROOF_OF_DELIVERY", pdf, PDF + b" 2")]
    assert server.finalized == [DISPUTE]
    assert post(world, who, dispute_id, "submit").code == "evidence_closed"


@pytest.mark.parametrize("acts", [True, False], ids=["it took it", "it did not"])
@pytest.mark.parametrize("trouble", [Answer(502), CutMidBody()], ids=["502", "cut"])
@pytest.mark.parametrize(("verb", "call"), [("submit", "finalizeDispute"), ("accept", "acceptDispute")])
def test_an_answer_that_was_lost_is_looked_for_first(
    world: World, who: Signer, server: braintree.Fake, dispute_id: str, verb: str, call: str, trouble: Any, acts: bool
) -> None:
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    server.trouble[call], server.acts = trouble, acts
    assert post(world, who, dispute_id, verb, {} if verb == "accept" else None).body["status"] == "needs_response"
    for _ in range(2):
        support.tick(world, after_seconds=180)
    ended = {"submit": ("under_review", "clearing", "submitted"), "accept": ("accepted", "clearing", "draft")}[verb]
    assert standing(world, who, dispute_id) == ended
    assert (len(server.finalized), len(server.disputes[DISPUTE]["evidence"])) == ((1, 1) if verb == "submit" else (0, 0))
    assert support.findings() == []


def test_giving_in_ends_it(world: World, who: Signer, server: braintree.Fake, dispute_id: str) -> None:
    done = post(world, who, dispute_id, "accept", {}).body
    assert (done["status"], done["funds"], server.disputes[DISPUTE]["status"]) == ("accepted", "clearing", "ACCEPTED"), done
    assert said(world, who, server, "dispute_accepted").status == 200
    assert standing(world, who, dispute_id)[:2] == ("accepted", "clearing")


@pytest.mark.parametrize("verb", ["submit", "accept"])
def test_what_is_not_open_is_not_answered(world: World, who: Signer, server: braintree.Fake, dispute_id: str, verb: str) -> None:
    server.disputes[DISPUTE]["status"] = "UNDER_REVIEW"
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    shown: dict[str, Any] = post(world, who, dispute_id, verb, {} if verb == "accept" else None).body
    assert shown["evidence"]["problem"].startswith("Braintree takes no ")
    assert [one for one in server.requests if b"mutation" in one.body and b"Dispute" in one.body] == []


def test_what_braintree_refuses_may_be_mended(
    world: World, who: Signer, server: braintree.Fake, dispute_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    server.refuses = {"message": "A carrier is needed.", "extensions": {"errorClass": "VALIDATION", "legacyCode": "95720"}}
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"] == "A carrier is needed."
    server.refuses = None
    with monkeypatch.context() as patch:
        patch.setattr(braintree_dispute_answers, "MAX_FILE_BYTES", len(PDF) - 1)
        assert with_file(world, who, dispute_id).status_code == 200
        assert post(world, who, dispute_id, "submit").body["evidence"]["problem"].startswith("Braintree takes files of up to")
        assert server.files == []
    assert post(world, who, dispute_id, "submit").body["evidence"]["status"] == "submitted"


def test_an_award_in_part_ends_nothing_by_itself(world: World, who: Signer, server: braintree.Fake, dispute_id: str) -> None:
    server.disputes[DISPUTE] |= {"status": "WON", "amountWon": {"value": "5.00", "currencyCode": "USD"}}
    assert said(world, who, server, "dispute_won").status == 200
    assert standing(world, who, dispute_id)[:2] == ("needs_response", "clearing")


def test_an_answer_about_another_dispute_counts_for_nothing(world: World, who: Signer, server: braintree.Fake, dispute_id: str) -> None:
    server.lies, server.lies_at = {"data.search.disputes.edges.0.node.id": "ZGlzcHV0ZV9vdGhlcg"}, "DisputeSearchInput"
    post(world, who, dispute_id, "accept", {})
    assert server.disputes[DISPUTE]["status"] == "OPEN"
    assert standing(world, who, dispute_id)[0] == "needs_response"
