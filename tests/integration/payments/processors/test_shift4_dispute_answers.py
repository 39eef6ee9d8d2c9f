"""Shift4's disputes: opened, won and lost by events that Shift4 itself is asked for, and answered once, with files."""

from typing import Any

import pytest

from payments.connectors import registry
from payments.connectors.disputing import FindsDisputes
from tests.fakes.receiver_behaviours import CutMidBody
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.integration.payments.processors import shift4
from tests.integration.payments.processors.shift4 import DISPUTE
from tests.integration.payments.processors.test_certified import charge, post_callback, server
from tests.integration.payments.test_dispute_answers import PDF, bucket, post, show, the_dispute, with_file
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["bucket", "server"]
pytestmark = [pytest.mark.usefixtures("bucket"), pytest.mark.parametrize("kind", [shift4.Fake], ids=["shift4"])]
APPLIED = {"received": True, "applied": True}
CREATED = "CHARGE_DISPUTE_CREATED"


def reported(world: World, who: Signer, server: shift4.Fake, kind: str = "CHARGE_DISPUTE_UPDATED") -> None:
    assert post_callback(world, who, server, kind).body == APPLIED


@pytest.fixture
def dispute_id(world: World, who: Signer, server: shift4.Fake) -> str:
    """A chargeback that waits for an answer."""
    charge(world, who, server)
    (taken,) = server.payments.values()
    server.dispute(taken)
    reported(world, who, server, CREATED)
    return str(the_dispute().dispute_id)


def standing(world: World, who: Signer, dispute_id: str) -> tuple[str, str, str]:
    shown = show(world, who, dispute_id)
    return shown["status"], shown["funds"], shown["evidence"]["status"]


def test_it_is_opened_with_its_time_to_answer(world: World, who: Signer, server: shift4.Fake, dispute_id: str) -> None:
    shown = show(world, who, dispute_id)
    assert (shown["status"], shown["stage"], shown["funds"]) == ("needs_response", "chargeback", "clearing")
    assert (shown["due_at"], shown["reason"], shown["amount"]) == ("2027-01-25T08:00:00.000Z", "fraudulent", "12.34")
    assert support.findings() == []


@pytest.mark.parametrize(
    ("status", "ends"),
    [("CHARGEBACK_REPRESENTED_SUCCESSFULLY", ("won", "merchant")), ("CHARGEBACK_REPRESENTED_UNSUCCESSFULLY", ("lost", "clearing"))],
)
def test_its_end_is_booked_once(
    world: World, who: Signer, server: shift4.Fake, dispute_id: str, status: str, ends: tuple[str, str]
) -> None:
    server.disputes[DISPUTE]["status"] = status
    for _ in range(2):
        assert post_callback(world, who, server, "CHARGE_DISPUTE_UPDATED").status == 200
    assert standing(world, who, dispute_id)[:2] == ends
    assert support.findings() == []


def test_a_retrieval_request_takes_no_money(world: World, who: Signer, server: shift4.Fake) -> None:
    charge(world, who, server)
    (taken,) = server.payments.values()
    server.dispute(taken, "RETRIEVAL_REQUEST_NEW")
    reported(world, who, server, CREATED)
    shown = show(world, who, str(the_dispute().dispute_id))
    assert (shown["status"], shown["stage"], shown["funds"]) == ("needs_response", "inquiry", "merchant")


def test_what_shift4_represents_in_part_is_for_a_person(world: World, who: Signer, server: shift4.Fake, dispute_id: str) -> None:
    server.disputes[DISPUTE]["status"] = "CHARGEBACK_REPRESENTED_PARTIALLY"
    post_callback(world, who, server, "CHARGE_DISPUTE_UPDATED")
    assert standing(world, who, dispute_id)[:2] == ("needs_response", "clearing")
    assert support.findings() == []


@pytest.mark.parametrize(
    "body", [b'{"id":"event_of_someone_else","type":"CHARGE_DISPUTE_LOST"}', b'{"id":"../disputes"}', b"no JSON", b"{}"]
)
def test_an_event_that_shift4_does_not_know_is_refused(
    world: World, who: Signer, server: shift4.Fake, dispute_id: str, body: bytes
) -> None:
    before = standing(world, who, dispute_id)
    sent = world.send("POST", f"/v1/callbacks/prism:shift4/{who.merchant_id}", [("Content-Type", "application/json")], body)
    assert sent.status == 401
    assert standing(world, who, dispute_id) == before


def test_what_a_callback_says_beside_the_events_id_is_not_read(world: World, who: Signer, server: shift4.Fake, dispute_id: str) -> None:
    (taken,) = server.payments.values()
    headers, body = server.callback(taken, "CHARGE_DISPUTE_UPDATED")
    lying = body.replace(b"CHARGEBACK_NEW", b"CHARGEBACK_REPRESENTED_UNSUCCESSFULLY")
    assert world.send("POST", f"/v1/callbacks/prism:shift4/{who.merchant_id}", headers, lying).status == 200
    assert standing(world, who, dispute_id)[0] == "needs_response"


def test_events_of_anything_else_are_not_used(world: World, who: Signer, server: shift4.Fake, dispute_id: str) -> None:
    assert post_callback(world, who, server, "CHARGE_REFUNDED").body == {"received": True, "applied": False}


def test_a_charge_shows_its_dispute(world: World, who: Signer, server: shift4.Fake, dispute_id: str) -> None:
    connector = registry.connect_for(who.merchant_id, "prism:shift4")
    assert isinstance(connector, FindsDisputes)
    (taken,) = server.payments.values()
    found = connector.disputes_of(taken.reference, who.merchant_id)
    assert isinstance(found, tuple)
    assert [(each.reference, each.charge_reference) for each in found] == [(DISPUTE, taken.reference)]


def test_evidence_goes_to_its_places_with_its_files_once(world: World, who: Signer, server: shift4.Fake, dispute_id: str) -> None:
    text = {"explanation": "Handed over.", "customer_name": "Asha Rao", "shipping_carrier": "Blue Dart", "cancellation_rebuttal": "Used."}
    assert with_file(world, who, dispute_id, text=text).status_code == 200
    assert with_file(world, who, dispute_id, kind="access_log", content=PDF + b" 2").status_code == 200
    for _ in range(2):
        submitted = post(world, who, dispute_id, "submit", key="once")
        assert (submitted.status, submitted.body["status"], submitted.body["evidence"]["status"]) == (200, "under_review", "submitted")
    dispute = server.disputes[DISPUTE]
    assert dispute["evidenceDetails"]["submissionCount"] == 1
    given = {place: said for place, said in dispute["evidence"].items() if said not in server.files}
    others = "explanation: Handed over.\ncustomer name: Asha Rao"
    assert given == {"uncategorizedText": others, "shippingCarrier": "Blue Dart", "cancellationRefusalExplanation": "Used."}
    sent = {place: server.files[name] for place, name in dispute["evidence"].items() if name in server.files}
    assert sent == {"receipt": ("application/pdf", PDF), "uncategorizedFile": ("application/pdf", PDF + b" 2")}
    assert [
        request for request in server.requests if request.path.endswith("/files") and "uploads.api.shift4.com" not in request.path
    ] == []
    assert post(world, who, dispute_id, "submit").code == "evidence_closed"


@pytest.mark.parametrize("acts", [True, False], ids=["it took it", "it did not"])
@pytest.mark.parametrize("trouble", [Answer(502), CutMidBody()], ids=["502", "cut"])
@pytest.mark.parametrize("quick", [True, False], ids=["its status changes", "its status stays"])
@pytest.mark.parametrize("verb", ["submit", "accept"])
def test_an_answer_that_was_lost_is_looked_for_first(
    world: World, who: Signer, server: shift4.Fake, dispute_id: str, verb: str, quick: bool, trouble: Any, acts: bool
) -> None:
    server.is_quick = quick
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    server.acts = acts
    server.trouble["/close" if verb == "accept" else '{"evidence"'] = trouble
    assert post(world, who, dispute_id, verb, {} if verb == "accept" else None).body["status"] == "needs_response"
    for _ in range(2):
        support.tick(world, after_seconds=180)
    ended = {"submit": ("under_review", "clearing", "submitted"), "accept": ("accepted", "clearing", "draft")}[verb]
    assert standing(world, who, dispute_id) == ended
    assert server.disputes[DISPUTE]["evidenceDetails"]["submissionCount"] == (1 if verb == "submit" else 0)
    assert support.findings() == []


def test_giving_in_ends_it(world: World, who: Signer, server: shift4.Fake, dispute_id: str) -> None:
    done = post(world, who, dispute_id, "accept", {}).body
    assert (done["status"], done["funds"], server.disputes[DISPUTE]["acceptedAsLost"]) == ("accepted", "clearing", True), done
    reported(world, who, server, "CHARGE_DISPUTE_LOST")
    assert standing(world, who, dispute_id)[:2] == ("accepted", "clearing")
    assert support.findings() == []


@pytest.mark.parametrize("verb", ["submit", "accept"])
def test_what_waits_for_no_answer_is_not_answered(world: World, who: Signer, server: shift4.Fake, dispute_id: str, verb: str) -> None:
    server.disputes[DISPUTE]["status"] = "CHARGEBACK_RESPONSE_UNDER_REVIEW"
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    shown: dict[str, Any] = post(world, who, dispute_id, verb, {} if verb == "accept" else None).body
    assert shown["evidence"]["problem"].startswith("Shift4 takes no ")
    assert [one for one in server.requests if one.method == "POST" and "/disputes/" in one.path] == []


def test_what_shift4_refuses_may_be_mended(world: World, who: Signer, server: shift4.Fake, dispute_id: str) -> None:
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    server.trouble['{"evidence"'] = Answer(400, b'{"error":{"type":"invalid_request","message":"evidence: too long"}}')
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"] == "Shift4 did not take it: evidence: too long"
    assert post(world, who, dispute_id, "submit").body["evidence"]["status"] == "submitted"


def test_more_files_than_there_are_places_for_are_not_sent(world: World, who: Signer, server: shift4.Fake, dispute_id: str) -> None:
    for number in range(3):
        assert with_file(world, who, dispute_id, kind="receipt", content=PDF + b" %d" % number).status_code == 200
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"].startswith("Shift4 takes one file of each kind")
    assert server.files == {}


@pytest.mark.parametrize(("about", "wrong"), [("id", "disp_other"), ("charge", "char_other")])
def test_an_answer_about_another_dispute_counts_for_nothing(
    world: World, who: Signer, server: shift4.Fake, dispute_id: str, about: str, wrong: str
) -> None:
    server.lies, server.lies_at = {about: wrong}, f"/disputes/{DISPUTE}"
    post(world, who, dispute_id, "accept", {})
    assert server.disputes[DISPUTE]["acceptedAsLost"] is False
    assert standing(world, who, dispute_id)[0] == "needs_response"
