"""Checkout.com's disputes: opened, won and lost by its webhooks, and answered once, with files; what it does not take may be mended."""

from typing import Any

import pytest

from payments.connectors.prism.known import checkout_dispute_answers
from tests.fakes.receiver_behaviours import CutMidBody
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.integration.payments.processors import checkout
from tests.integration.payments.processors.checkout import DISPUTE
from tests.integration.payments.processors.test_certified import charge, post_callback, server
from tests.integration.payments.test_dispute_answers import PDF, bucket, post, show, the_dispute, with_file
from tests.support import payments as support
from tests.support.world import Signer, World

__all__ = ["bucket", "server"]
pytestmark = [pytest.mark.usefixtures("bucket"), pytest.mark.parametrize("kind", [checkout.Fake], ids=["checkout"])]
APPLIED = {"received": True, "applied": True}


@pytest.fixture
def dispute_id(world: World, who: Signer, server: checkout.Fake) -> str:
    """A chargeback that waits for an answer."""
    charge(world, who, server)
    (taken,) = server.payments.values()
    server.dispute(taken, "evidence_required")
    assert post_callback(world, who, server, "dispute_evidence_required").body == APPLIED
    return str(the_dispute().dispute_id)


def said(world: World, who: Signer, server: checkout.Fake, kind: str) -> None:
    assert post_callback(world, who, server, f"dispute_{kind}").status == 200


def standing(world: World, who: Signer, dispute_id: str) -> tuple[str, str, str]:
    shown = show(world, who, dispute_id)
    return shown["status"], shown["funds"], shown["evidence"]["status"]


def test_it_is_opened_with_its_time_to_answer(world: World, who: Signer, server: checkout.Fake, dispute_id: str) -> None:
    shown = show(world, who, dispute_id)
    assert (shown["status"], shown["stage"], shown["funds"]) == ("needs_response", "chargeback", "clearing")
    assert (shown["due_at"], shown["reason_code"], shown["amount"]) == ("2027-01-25T08:00:00.000Z", "10.4", "12.34")


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        ("won", ("won", "merchant")),
        ("lost", ("lost", "clearing")),
        ("expired", ("lost", "clearing")),
        ("canceled", ("closed", "merchant")),
        ("arbitration_won", ("won", "merchant")),
    ],
)
def test_its_end_is_booked_once(
    world: World, who: Signer, server: checkout.Fake, dispute_id: str, status: str, ends: tuple[str, str]
) -> None:
    server.disputes[DISPUTE]["status"] = status
    for _ in range(2):
        said(world, who, server, status)
    assert standing(world, who, dispute_id)[:2] == ends
    assert support.findings() == []


def test_evidence_goes_to_its_places_with_its_files_once(world: World, who: Signer, server: checkout.Fake, dispute_id: str) -> None:
    text = {
        "explanation": "Handed over.",
        "shipping_tracking_number": "1Z9",
        "shipping_carrier": "Blue Dart",
        "shipping_date": "2026-01-01",
    }
    assert with_file(world, who, dispute_id, text=text).status_code == 200
    assert with_file(world, who, dispute_id, kind="access_log", content=PDF + b" 2").status_code == 200
    for _ in range(2):
        submitted = post(world, who, dispute_id, "submit", key="once")
        assert (submitted.status, submitted.body["status"], submitted.body["evidence"]["status"]) == (200, "under_review", "submitted")
    (given,) = server.submitted
    assert {place: text for place, text in given.items() if place.endswith("_text")} == {
        "additional_evidence_text": "explanation: Handed over.",
        "proof_of_delivery_or_service_text": "shipping tracking number: 1Z9\nshipping carrier: Blue Dart",
        "proof_of_delivery_or_service_date_text": "shipping date: 2026-01-01",
    }
    sent = {place: server.files[name] for place, name in given.items() if place.endswith("_file")}
    pdf = "application/pdf"
    assert sent == {"invoice_or_receipt_file": (pdf, PDF), "additional_evidence_file": (pdf, PDF + b" 2")}
    assert post(world, who, dispute_id, "submit").code == "evidence_closed"


@pytest.mark.parametrize("acts", [True, False], ids=["it took it", "it did not"])
@pytest.mark.parametrize("trouble", [Answer(502), CutMidBody()], ids=["502", "cut"])
@pytest.mark.parametrize("verb", ["submit", "accept"])
def test_an_answer_that_was_lost_is_looked_for_first(
    world: World, who: Signer, server: checkout.Fake, dispute_id: str, verb: str, trouble: Any, acts: bool
) -> None:
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    server.acts = acts
    if verb == "accept":
        server.trouble[f"/{DISPUTE}/accept"] = trouble
    else:
        server.then = trouble
    assert post(world, who, dispute_id, verb, {} if verb == "accept" else None).body["status"] == "needs_response"
    for _ in range(2):
        support.tick(world, after_seconds=180)
    ended = {"submit": ("under_review", "clearing", "submitted"), "accept": ("accepted", "clearing", "draft")}[verb]
    assert standing(world, who, dispute_id) == ended
    assert len(server.submitted) == (1 if verb == "submit" else 0)
    assert support.findings() == []


def test_giving_in_ends_it(world: World, who: Signer, server: checkout.Fake, dispute_id: str) -> None:
    done = post(world, who, dispute_id, "accept", {}).body
    assert (done["status"], done["funds"], server.disputes[DISPUTE]["status"]) == ("accepted", "clearing", "accepted"), done
    said(world, who, server, "accepted")
    assert standing(world, who, dispute_id)[:2] == ("accepted", "clearing")
    assert support.findings() == []


@pytest.mark.parametrize("verb", ["submit", "accept"])
def test_what_requires_no_evidence_is_not_answered(world: World, who: Signer, server: checkout.Fake, dispute_id: str, verb: str) -> None:
    server.disputes[DISPUTE]["status"] = "evidence_under_review"
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    shown: dict[str, Any] = post(world, who, dispute_id, verb, {} if verb == "accept" else None).body
    assert shown["evidence"]["problem"].startswith("Checkout.com takes no ")
    assert [one for one in server.requests if one.method in {"POST", "PUT"} and "/disputes/" in one.path] == []


def test_what_checkout_refuses_may_be_mended(world: World, who: Signer, server: checkout.Fake, dispute_id: str) -> None:
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "x" * 600}})
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"].startswith("Checkout.com takes 500 characters")
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    server.trouble[f"/{DISPUTE}/evidence"] = Answer(422, b'{"error_type":"request_invalid","error_codes":["file_invalid"]}')
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"] == "Checkout.com did not take it: file_invalid."
    assert post(world, who, dispute_id, "submit").body["evidence"]["status"] == "submitted"


def test_more_files_than_there_are_places_for_are_not_sent(world: World, who: Signer, server: checkout.Fake, dispute_id: str) -> None:
    for number, kind in enumerate(("receipt", "receipt", "receipt")):
        assert with_file(world, who, dispute_id, kind=kind, content=PDF + b" %d" % number).status_code == 200
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"].startswith("Checkout.com takes one file of each kind")
    assert server.files == {}


def test_a_file_that_is_too_large_for_checkout_is_not_sent(
    world: World, who: Signer, server: checkout.Fake, dispute_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout_dispute_answers, "MAX_FILE_BYTES", len(PDF) - 1)
    assert with_file(world, who, dispute_id).status_code == 200
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"].startswith("Checkout.com takes files of up to")
    assert server.files == {}


def test_an_answer_about_another_dispute_counts_for_nothing(world: World, who: Signer, server: checkout.Fake, dispute_id: str) -> None:
    server.lies, server.lies_at = {"id": "dsp_other"}, f"/disputes/{DISPUTE}"
    post(world, who, dispute_id, "accept", {})
    assert server.disputes[DISPUTE]["status"] == "evidence_required"
    assert standing(world, who, dispute_id)[0] == "needs_response"
