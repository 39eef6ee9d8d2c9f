"""What connectors ask and answer about disputes, judged by the providers' own clients: the same call made by both is the same request."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import razorpay as razorpay_sdk  # type: ignore[import-untyped]  # the official client has no types
import stripe as stripe_sdk

from paycorex import settings
from paycorex.money import Money
from payments.connectors.disputing import Answer, Document, KnownDispute
from payments.connectors.notices import Dispute
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.stripe.connector import Stripe
from tests.fakes.disputing_providers import uploaded
from tests.fakes.http_servers import RecordingServer, Reply
from tests.integration.payments.test_requests_fit_the_providers import form_of, user_of
from tests.support import published
from tests.support.world import World

KNOWN = {"merchant_id": "mer_x", "amount": Money(1000, "USD")}
TEXT = {"explanation": "Delivered.\nSigned & kept.", "customer_ip": "192.0.2.7"}
RECEIPT = Document("dsf_" + "a" * 26, "receipt", "receipt.pdf", "application/pdf", lambda: b"%PDF-1.7 x")


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


def answer(content: dict[str, Any]) -> Reply:
    return Reply(200, json.dumps(content).encode(), [("Content-Type", "application/json")])


def test_stripes_own_client_sends_the_same_about_a_dispute(world: World) -> None:
    dispute = published.stripe_object("dispute")
    file = answer(published.stripe_object("file") | {"id": "file_1"})
    script = [answer(dispute), file, answer(dispute), answer(dispute), answer({"object": "list", "data": [dispute], "has_more": False})]
    known = KnownDispute(dispute["id"], dispute["charge"], **KNOWN)  # type: ignore[arg-type]
    with RecordingServer(script) as ours, RecordingServer(script) as theirs:
        address = ours.url("").rstrip("/")
        settings.use(world.settings.model_copy(update={"stripe_base_url": address, "stripe_files_base_url": address}))
        connector = Stripe({"secret_key": "sk_test_51"})
        assert isinstance(connector.lookup_dispute(known), Dispute)
        assert isinstance(connector.submit_evidence(Answer("answer-dsp_1", known, TEXT, (RECEIPT,))), Dispute)
        assert isinstance(connector.accept_dispute(known), Dispute)
        assert isinstance(connector.disputes_of("pi_0", "mer_x"), tuple)
        address = theirs.url("").rstrip("/")
        addresses: Any = {"api": address, "files": address}
        client = stripe_sdk.StripeClient("sk_test_51", base_addresses=addresses, max_network_retries=0)
        disputes: Any = client.v1.disputes
        disputes.retrieve(dispute["id"])
        content = io.BytesIO(RECEIPT.read())
        content.name = RECEIPT.name
        client.v1.files.create({"purpose": "dispute_evidence", "file": content})
        evidence = {"uncategorized_text": TEXT["explanation"], "customer_purchase_ip": TEXT["customer_ip"], "receipt": "file_1"}
        disputes.update(dispute["id"], {"evidence": evidence, "submit": True})
        disputes.close(dispute["id"])
        disputes.list({"payment_intent": "pi_0", "limit": 100})
        assert len(ours.requests) == len(theirs.requests) == 5
        for our, their in zip(ours.requests, theirs.requests, strict=True):
            assert (our.method, our.path, user_of(our)) == (their.method, their.path, "sk_test_51")
            if our.path == "/v1/files":
                sent, wanted = uploaded(our), uploaded(their)
                assert (sent["purpose"], sent["file"][1:]) == (wanted["purpose"], wanted["file"][1:])
            else:
                assert form_of(our) == form_of(their)


def test_razorpays_own_client_sends_the_same_about_a_dispute(world: World) -> None:
    dispute = published.razorpay_answer("dispute_contest")
    document = answer(published.razorpay_answer("document") | {"id": "doc_1"})
    known = KnownDispute(dispute["id"], dispute["payment_id"], "mer_x", Money(10_000, "INR"))
    script = [answer(dispute), document, answer(dispute), answer(dispute)]
    with RecordingServer(script) as ours, RecordingServer(script) as theirs:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": ours.url("").rstrip("/")}))
        connector = Razorpay({"key_id": "rzp_test_1", "key_secret": "secret"})
        assert isinstance(connector.lookup_dispute(known), Dispute)
        assert isinstance(connector.submit_evidence(Answer("answer-dsp_1", known, {"explanation": "Delivered."}, (RECEIPT,))), Dispute)
        assert isinstance(connector.accept_dispute(known), Dispute)
        client = razorpay_sdk.Client(auth=("rzp_test_1", "secret"), base_url=theirs.url("").rstrip("/"))
        client.dispute.fetch(dispute["id"])
        file = {"file": (RECEIPT.name, RECEIPT.read(), RECEIPT.content_type)}
        client.request("post", "/v1/documents", data={"purpose": "dispute_evidence"}, files=file)
        contest = {"amount": 10_000, "summary": "explanation: Delivered.", "billing_proof": ["doc_1"], "action": "submit"}
        client.dispute.contest(dispute["id"], contest)
        client.dispute.accept(dispute["id"], {})
        assert len(ours.requests) == len(theirs.requests) == 4
        for our, their in zip(ours.requests, theirs.requests, strict=True):
            assert (our.method, our.path) == (their.method, their.path)
            assert our.headers["authorization"] == their.headers["authorization"]
            if our.path == "/v1/documents":
                assert uploaded(our) == uploaded(their)
            elif our.body:
                assert json.loads(our.body) == json.loads(their.body)
