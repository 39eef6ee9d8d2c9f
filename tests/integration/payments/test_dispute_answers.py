"""A merchant answers a dispute: evidence with files, submitted once, or accepted; at Stripe, at Razorpay and in the sandbox."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from pypdf import PdfReader

from paycorex import settings, storage
from paycorex.ledger.proof import proof_key
from paycorex.records.dispute import DisputeItem
from payments.connectors import http_calls
from payments.connectors.sandbox import disputes as sandbox_disputes
from payments.disputes import answer_records, reports, store
from tests.fakes.disputing_providers import DisputingRazorpay, DisputingStripe
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.fakes.http_servers import Recorded
from tests.fakes.object_store import ObjectStore
from tests.fakes.receiver_behaviours import Behaviour
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.integration.payments.test_disputes import DISPUTED, INQUIRY, TAKEN_LATER, balances
from tests.integration.payments.test_external_refunds import event
from tests.support import payments as support
from tests.support import proofs, webhooks
from tests.support.engine import Engine
from tests.support.gateway import Reply
from tests.support.world import Signer, World

PDF = b"%PDF-1.7 the signed receipt"
BUCKET = "evidence"


@pytest.fixture
def bucket(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    with ObjectStore() as objects:
        monkeypatch.setattr(settings, "aws_environment", lambda: {**os.environ, **objects.environment()})
        world.settings = world.settings.model_copy(update={"evidence_bucket": BUCKET})
        settings.use(world.settings)
        yield objects


@pytest.fixture
def stripe(world: World, who: Signer, bucket: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[DisputingStripe]:
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 2)
    with DisputingStripe() as server:
        address = server.url("").rstrip("/")
        settings.use(world.settings.model_copy(update={"stripe_base_url": address, "stripe_files_base_url": address}))
        support.settings(world, who, connectors={"stripe": support.STRIPE})
        yield server
        assert server.problems == []


@pytest.fixture
def razorpay(world: World, who: Signer, bucket: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[DisputingRazorpay]:
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 2)
    with DisputingRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"razorpay": support.RAZORPAY}, payee_name="Chai & Co")
        yield server
        assert server.problems == []


def the_dispute() -> DisputeItem:
    (item,) = storage.scan_all(DisputeItem)
    return item


def sandbox_dispute(world: World, who: Signer, card: str) -> str:
    support.charge(world, who, card)
    support.tick(world, after_seconds=60)
    return str(the_dispute().dispute_id)


def post(world: World, who: Signer, dispute_id: str, verb: str, body: Any = None, *, key: str | None = None) -> Reply:
    return world.call(who, "POST", f"/v1/disputes/{dispute_id}/{verb}", body, key=key)


def show(world: World, who: Signer, dispute_id: str) -> dict[str, Any]:
    found = world.call(who, "GET", f"/v1/disputes/{dispute_id}")
    assert found.status == 200, found.raw
    body: dict[str, Any] = found.body
    return body


def with_file(world: World, who: Signer, dispute_id: str, *, kind: str = "receipt", content: bytes = PDF, **more: Any) -> requests.Response:
    file = {"kind": kind, "name": 'receipt "1".pdf', "content_type": "application/pdf", "size": len(content)}
    reply = post(world, who, dispute_id, "evidence", {"files": [file], **more})
    assert reply.status == 200, reply.raw
    link = reply.body["uploads"][-1]
    return requests.request(link["method"], link["url"], headers=link["headers"], data=content, timeout=5)


def stripes_dispute(world: World, who: Signer, stripe: DisputingStripe, **more: Any) -> str:
    support.charge(world, who, support.APPROVE)
    (intent,) = stripe.intents.values()
    event(world, who, stripe, "charge.dispute.created", dispute=stripe.dispute(intent, 1000, **more))
    return str(the_dispute().dispute_id)


def test_evidence_goes_to_stripe_with_its_files_once(world: World, who: Signer, stripe: DisputingStripe) -> None:
    dispute_id = stripes_dispute(world, who, stripe)
    text = {"explanation": "Handed over.\nSigned for.", "shipping_tracking_number": "1Z9"}
    assert with_file(world, who, dispute_id, text=text).status_code == 200
    for _ in range(2):
        submitted = post(world, who, dispute_id, "submit", key="once")
        assert (submitted.status, submitted.body["status"], submitted.body["evidence"]["status"]) == (200, "under_review", "submitted")
    (dispute,) = stripe.disputes.values()
    assert dispute["evidence"]["uncategorized_text"] == text["explanation"]
    assert (dispute["evidence"]["shipping_tracking_number"], dispute["evidence"]["receipt"]) == ("1Z9", "file_0")
    assert stripe.files["file_0"] | {"id": ""} == {
        "id": "", "object": "file", "type": "application/pdf", "filename": "receipt 1.pdf", "size": len(PDF),
    }  # fmt: skip
    for verb, body in (("evidence", {"text": {"explanation": "More"}}), ("submit", None), ("accept", {})):
        refused = post(world, who, dispute_id, verb, body)
        assert (refused.status, refused.code) == (422, "evidence_closed")


def test_a_link_takes_only_what_was_announced(world: World, who: Signer, bucket: ObjectStore) -> None:
    dispute_id = sandbox_dispute(world, who, DISPUTED)
    file = {"kind": "receipt", "name": "a.pdf", "content_type": "application/pdf", "size": 10}
    link = post(world, who, dispute_id, "evidence", {"files": [file]}).body["uploads"][0]
    assert requests.put(link["url"], headers=link["headers"] | {"Content-Length": "11"}, data=b"x" * 11, timeout=5).status_code == 403
    assert requests.put(link["url"], headers=link["headers"] | {"Content-Type": "text/html"}, data=b"x" * 10, timeout=5).status_code == 403
    another = link["url"].replace(urlsplit(link["url"]).path, f"/{BUCKET}/another")
    assert requests.put(another, headers=link["headers"], data=b"x" * 10, timeout=5).status_code == 403
    assert bucket.objects == {}
    missing = post(world, who, dispute_id, "submit")
    assert (missing.status, missing.body["error"]["details"]) == (400, {"file_id": link["file_id"]})
    assert requests.put(link["url"], headers=link["headers"], data=b"MZ not pdf", timeout=5).status_code == 200
    disguised = post(world, who, dispute_id, "submit")
    assert (disguised.status, disguised.code, show(world, who, dispute_id)["status"]) == (400, "invalid_request", "needs_response")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": {"nonsense": "x"}},
        {"text": {"explanation": "x" * 5001}},
        {"text": {"explanation": "nul\x00"}},
        {"files": [{"kind": "receipt", "name": "a", "content_type": "text/html", "size": 1}]},
        {"files": [{"kind": "receipt", "name": "a", "content_type": "image/png", "size": 5 * 1024 * 1024 + 1}]},
        {"files": [{"kind": "receipt", "name": "a", "content_type": "image/png", "size": 0}]},
    ],
)
def test_evidence_that_is_none_is_refused(world: World, who: Signer, bucket: ObjectStore, body: dict[str, Any]) -> None:
    dispute_id = sandbox_dispute(world, who, DISPUTED)
    before = the_dispute().serialize()
    assert post(world, who, dispute_id, "evidence", body).status == 400
    assert (post(world, who, dispute_id, "submit").status, the_dispute().serialize()) == (400, before)


def test_too_many_files_are_refused(world: World, who: Signer, bucket: ObjectStore) -> None:
    dispute_id = sandbox_dispute(world, who, DISPUTED)
    files = [{"kind": "other", "name": f"{number}", "content_type": "image/png", "size": 1} for number in range(20)]
    assert len(post(world, who, dispute_id, "evidence", {"files": files}).body["uploads"]) == 20
    refused = post(world, who, dispute_id, "evidence", {"files": files[:1]})
    assert (refused.status, refused.code) == (422, "limit_exceeded")


def test_evidence_goes_to_razorpay_as_its_documents_say(world: World, who: Signer, razorpay: DisputingRazorpay) -> None:
    support.collect(world, who)
    payment = razorpay.scan("qr_00000000000000")
    support.tick(world, after_seconds=60)
    event(world, who, razorpay, "payment.dispute.created", dispute=razorpay.dispute(payment, 400), payment=payment)
    dispute_id = the_dispute().dispute_id
    with_file(world, who, dispute_id, text={"explanation": "Delivered."})
    with_file(world, who, dispute_id, kind="customer_signature")
    assert post(world, who, dispute_id, "submit").body["status"] == "under_review"
    (dispute,) = razorpay.disputes.values()
    assert dispute["evidence"] == {
        "amount": 400,
        "summary": "explanation: Delivered.",
        "billing_proof": ["doc_00000000000000"],
        "others": [{"type": "customer_signature", "document_ids": ["doc_00000000000001"]}],
        "action": "submit",
    }


def test_accepting_at_razorpay_takes_the_money(world: World, who: Signer, razorpay: DisputingRazorpay) -> None:
    support.collect(world, who)
    payment = razorpay.scan("qr_00000000000000")
    support.tick(world, after_seconds=60)
    event(world, who, razorpay, "payment.dispute.created", dispute=razorpay.dispute(payment, 400), payment=payment)
    dispute_id, before = the_dispute().dispute_id, the_dispute().serialize()
    planned = post(world, who, dispute_id, "accept", {"dry_run": True}).body
    assert (planned["status"], planned["funds"], the_dispute().serialize()) == ("accepted", "clearing", before)
    done = post(world, who, dispute_id, "accept", {}, key="k").body
    assert (done["status"], done["ledger"], done["funds"]) == ("accepted", planned["ledger"], "clearing")
    assert balances(who, "razorpay") == (-600, 0, 600)
    assert post(world, who, dispute_id, "accept", {}, key="k").body["status"] == "accepted"
    assert the_dispute().announced == "accepted"


def test_an_answer_that_was_lost_on_the_way_is_looked_for_first(world: World, who: Signer, stripe: DisputingStripe) -> None:
    dispute_id = stripes_dispute(world, who, stripe)
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    (dispute,) = stripe.disputes.values()
    stripe.trouble[f"/v1/disputes/{dispute['id']}"], stripe.acts = Answer(502), True
    sent = post(world, who, dispute_id, "submit").body
    assert (sent["status"], sent["evidence"]["status"]) == ("needs_response", "sending")
    support.tick(world, after_seconds=120)
    shown = show(world, who, dispute_id)
    assert (shown["status"], shown["evidence"]["status"]) == ("under_review", "submitted")
    assert len([one for one in stripe.requests if one.method == "POST" and one.path.startswith("/v1/disputes/")]) == 1


def test_an_answer_that_did_not_arrive_is_sent_again(world: World, who: Signer, stripe: DisputingStripe) -> None:
    dispute_id = stripes_dispute(world, who, stripe)
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    (dispute,) = stripe.disputes.values()
    stripe.trouble[f"/v1/disputes/{dispute['id']}"] = Answer(502)
    assert post(world, who, dispute_id, "submit").body["evidence"]["status"] == "sending"
    support.tick(world, after_seconds=120)
    assert (show(world, who, dispute_id)["status"], dispute["status"]) == ("under_review", "under_review")


def test_what_the_provider_refuses_may_be_mended(world: World, who: Signer, stripe: DisputingStripe) -> None:
    dispute_id = stripes_dispute(world, who, stripe)
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    (dispute,) = stripe.disputes.values()
    refusal = {"error": {"type": "invalid_request_error", "message": "Too long."}}
    stripe.trouble[f"/v1/disputes/{dispute['id']}"] = Answer(400, json.dumps(refusal).encode())
    refused = post(world, who, dispute_id, "submit").body
    assert (refused["status"], refused["evidence"]["status"], refused["evidence"]["problem"]) == ("needs_response", "draft", "Too long.")
    assert post(world, who, dispute_id, "submit").body["evidence"]["problem"] is None
    keys = [one.headers["idempotency-key"] for one in stripe.requests if one.method == "POST" and one.path.endswith(dispute["id"])]
    assert len(set(keys)) == 2


def test_a_dispute_that_is_opened_again_is_answered_again(world: World, who: Signer, stripe: DisputingStripe) -> None:
    dispute_id = stripes_dispute(world, who, stripe)
    post(world, who, dispute_id, "evidence", {"text": {"explanation": "Delivered."}})
    assert post(world, who, dispute_id, "submit").body["evidence"]["status"] == "submitted"
    (dispute,) = stripe.disputes.values()
    dispute["status"] = "needs_response"
    event(world, who, stripe, "charge.dispute.updated", dispute=dispute)
    support.tick(world, after_seconds=120)
    shown = show(world, who, dispute_id)
    assert (shown["status"], shown["evidence"]["status"], shown["evidence"]["submitted_at"]) == ("needs_response", "draft", None)
    assert post(world, who, dispute_id, "evidence", {"text": {"explanation": "Signed for."}}).status == 200
    assert post(world, who, dispute_id, "submit").body["evidence"]["status"] == "submitted"
    assert dispute["evidence"]["uncategorized_text"] == "Signed for."
    keys = [one.headers["idempotency-key"] for one in stripe.requests if one.method == "POST" and one.path.endswith(dispute["id"])]
    assert len(set(keys)) == 2


@pytest.mark.parametrize(("words", "status", "books"), [("winning_evidence", "won", (-1000, 0, 1000)), ("It was so.", "lost", (0, 0, 0))])
@pytest.mark.parametrize("card", [DISPUTED, TAKEN_LATER])
def test_the_sandboxs_bank_decides_by_the_evidence(
    world: World, who: Signer, bucket: ObjectStore, card: str, words: str, status: str, books: tuple[int, int, int]
) -> None:
    dispute_id = sandbox_dispute(world, who, card)
    post(world, who, dispute_id, "evidence", {"text": {"explanation": words}})
    assert post(world, who, dispute_id, "submit").body["status"] == "under_review"
    support.tick(world, after_seconds=25 * 3600)
    shown = show(world, who, dispute_id)
    assert (shown["status"], balances(who, "sandbox")) == (status, books)
    assert [step["status"] for step in shown["timeline"]] == ["needs_response", "under_review", status]


def test_a_dispute_that_stripes_charge_shows_is_opened_by_the_look_up(world: World, who: Signer, stripe: DisputingStripe) -> None:
    """The payment's outcome is learned when its charge is disputed already; no callback ever came."""
    stripe.trouble["/confirm"], stripe.acts = Answer(502), True
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    (intent,) = stripe.intents.values()
    stripe.dispute(intent, 1000)
    for _ in range(2):
        support.tick(world, after_seconds=120)
    assert (the_dispute().payment_id, the_dispute().status, balances(who, "stripe")) == (payment_id, "needs_response", (0, 0, 0))


@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER])
@pytest.mark.parametrize("verb", ["callback", "accept"])
def test_a_kill_at_every_call_ends_in_the_same_books(fault: Fault, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(1, 60):
        with World().running() as world:
            who = world.register()
            dispute_id = ""
            if verb == "accept":
                dispute_id = sandbox_dispute(world, who, TAKEN_LATER)
            else:
                payment = support.stored(support.charge(world, who, DISPUTED).body["payment_id"])
                (dispute,) = sandbox_disputes.of_charge(who.merchant_id, payment.provider_reference)
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            with suppress(Killed):
                if dispute_id:
                    post(world, who, dispute_id, "accept", {}, key="k")
                else:
                    reports.report(payment, "sandbox", dispute)
            calls = client.count()
            client.decider = healthy
            world.restart()
            if dispute_id:
                post(world, who, dispute_id, "accept", {}, key="k")
            else:
                reports.report(payment, "sandbox", dispute)
            for _ in range(4):
                support.tick(world, after_seconds=120)
            item = the_dispute()
            assert (item.status, balances(who, "sandbox")) == ("accepted" if dispute_id else "needs_response", (0, 0, 0)), index
            assert support.findings() == []
            if calls < index:
                return
    pytest.fail("more calls than it may make")


def test_lists_and_filters_and_csv(world: World, who: Signer) -> None:
    for card in (DISPUTED, TAKEN_LATER, INQUIRY):
        support.charge(world, who, card)
    support.tick(world, after_seconds=60)
    every = world.call(who, "GET", "/v1/disputes").body["data"]
    assert [one["stage"] for one in every].count("inquiry") == 1
    assert [one["created_at"] for one in every] == sorted((one["created_at"] for one in every), reverse=True)
    seen, cursor = [], ""
    for _ in range(3):
        page = world.call(who, "GET", f"/v1/disputes?limit=1{cursor}").body
        seen += [one["dispute_id"] for one in page["data"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert (seen, page["next_cursor"]) == ([one["dispute_id"] for one in every], None)
    post(world, who, every[0]["dispute_id"], "accept", {})
    waiting = world.call(who, "GET", "/v1/disputes?status=needs_response").body["data"]
    assert [one["dispute_id"] for one in waiting] == seen[1:]
    due = every[1]["due_at"]
    assert world.call(who, "GET", f"/v1/disputes?due_before={due.replace(':', '%3A')}").body["data"] != waiting
    of_one = world.call(who, "GET", f"/v1/disputes?payment_id={every[1]['payment_id']}").body["data"]
    assert [one["dispute_id"] for one in of_one] == [every[1]["dispute_id"]]
    table = world.call(who, "GET", "/v1/disputes?format=csv")
    lines = table.raw.decode().splitlines()
    assert (len(lines), lines[0].split(",")[:2]) == (4, ["dispute_id", "payment_id"])


def test_another_merchants_dispute_is_not_there(world: World, who: Signer) -> None:
    dispute_id = sandbox_dispute(world, who, DISPUTED)
    other = world.register("Other")
    calls: list[tuple[str, str, Any]] = [("GET", "", None), ("GET", "/pack", None), ("POST", "/submit", None), ("POST", "/accept", {})]
    calls.append(("POST", "/evidence", {"text": {"explanation": "x"}}))
    assert {world.call(other, method, f"/v1/disputes/{dispute_id}{verb}", body).status for method, verb, body in calls} == {404}
    assert store.find(dispute_id) is not None


def test_the_evidence_pack_has_a_proof_that_its_own_program_checks(world: World, who: Signer, tmp_path: Path) -> None:
    dispute_id = sandbox_dispute(world, who, DISPUTED)
    proofs.seal(world)
    reply = world.call(who, "GET", f"/v1/disputes/{dispute_id}/pack")
    assert (reply.status, {name.lower(): value for name, value in reply.headers.items()}["content-type"]) == (200, "application/zip")
    files = zipfile.ZipFile(io.BytesIO(reply.raw))
    names = ["README.txt", "summary.pdf", "summary.html", "dispute.json", "payment.json", "webhooks.json", "proof.json", "proof_check.py"]
    assert files.namelist() == names
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files.read("summary.pdf"))).pages)
    for said in (dispute_id, the_dispute().payment_id, "Timeline", "Sealed in the ledger", "sandbox"):
        assert said in printed
    assert json.loads(files.read("dispute.json"))["dispute_id"] == dispute_id
    assert json.loads(files.read("payment.json"))["attempts"][0]["connector"] == "sandbox"
    files.extractall(tmp_path)
    key = proof_key.pem(proof_key.public_key(world.settings.proof_key_id))
    (tmp_path / "key.pem").write_text(key, encoding="utf-8")
    check = [sys.executable, "proof_check.py", "proof.json", "--public-key", "key.pem"]
    proven = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30)
    assert (proven.returncode, proven.stdout.split()[0]) == (0, "PROVEN"), proven.stderr
    (tmp_path / "proof.json").write_bytes(files.read("proof.json").replace(b'"credit_minor":1000', b'"credit_minor":1001'))
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False, timeout=30).returncode == 1


def test_the_pack_has_what_the_merchants_server_received(world: World) -> None:
    with Engine(world).online() as engine:
        who, _ = webhooks.register(engine)
        support.charge(engine.world, who, DISPUTED)
        support.tick(engine.world, after_seconds=60)
        engine.settle()
        reply = engine.world.call(who, "GET", f"/v1/disputes/{the_dispute().dispute_id}/pack")
        receipts = json.loads(zipfile.ZipFile(io.BytesIO(reply.raw)).read("webhooks.json"))
        by_event = {each["event"]: each["deliveries"] for each in receipts}
        assert [sent["status"] for sent in by_event["payment.success"]] == ["sent"]
        assert {"dispute.created"} <= {each["event"] for each in engine.world.call(who, "GET", "/v1/events").body["data"]}


def test_each_file_is_read_when_it_is_sent_so_that_one_is_in_memory_at_a_time(
    world: World, who: Signer, stripe: DisputingStripe, bucket: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All together they may be as large as the function's memory."""
    dispute_id = stripes_dispute(world, who, stripe)
    content = PDF + bytes(200_000)
    for kind in ("receipt", "shipping_proof", "other"):
        assert with_file(world, who, dispute_id, kind=kind, content=content).status_code == 200
    bucket.requests.clear()
    seen: list[str] = []
    behaviour, stored = bucket.behaviour_for, stripe.behaviour_for

    def read(request: Recorded) -> Behaviour:
        seen.append("part" if "range" in request.headers else "whole")
        return behaviour(request)

    def sent(request: Recorded) -> Behaviour:
        if request.path == "/v1/files":
            seen.append("sent")
        return stored(request)

    monkeypatch.setattr(bucket, "behaviour_for", read)
    monkeypatch.setattr(stripe, "behaviour_for", sent)
    assert post(world, who, dispute_id, "submit").body["status"] == "under_review"
    assert seen == ["part"] * 3 + ["whole", "sent"] * 3


def test_a_file_that_is_gone_when_it_is_sent_is_said_and_nothing_is_submitted(
    world: World, who: Signer, stripe: DisputingStripe, bucket: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispute_id = stripes_dispute(world, who, stripe)
    assert with_file(world, who, dispute_id).status_code == 200
    begin = answer_records.begin

    def lost(item: DisputeItem, kind: str) -> None:
        bucket.objects.clear()
        begin(item, kind)

    monkeypatch.setattr(answer_records, "begin", lost)
    shown = post(world, who, dispute_id, "submit").body
    assert (shown["status"], shown["evidence"]["problem"]) == ("needs_response", 'The file receipt "1".pdf was not uploaded.')
    (dispute,) = stripe.disputes.values()
    assert not dispute["evidence_details"]["submission_count"]
