"""Checkout.com, as https://api-reference.checkout.com documents payments, captures, voids, refunds and workflows' webhooks."""

import hashlib
import hmac
import json
from typing import Any, ClassVar
from urllib.parse import urlsplit

from tests.fakes.receiver_behaviours import Behaviour
from tests.integration.payments.processors.fake import NAMED, Answer, Asked, FakeProcessor, Taken, query_of

STATUS = {"taken": "Captured", "held": "Authorized", "released": "Voided", "redirected": "Pending", "refused": "Declined"}
DISPUTE, DISPUTED = "dsp_9rjdlsd4epepfjyyf9vl", "dispute_"
# https://api-reference.checkout.com/#operation/updateDisputeEvidence.
PLACES = {
    f"{place}_{kind}"
    for place in (
        "proof_of_delivery_or_service",
        "invoice_or_receipt",
        "invoice_showing_distinct_transactions",
        "customer_communication",
        "refund_or_cancellation_policy",
        "recurring_transaction_agreement",
        "additional_evidence",
        "proof_of_delivery_or_service_date",
    )
    for kind in ("file", "text")
}


class Fake(FakeProcessor):
    name = "checkout"
    host = "api.sandbox.checkout.com"
    credentials: ClassVar = {"api_key": "pk_sbox_1", "api_secret": "sk_sbox_1", "processing_channel_id": "pc_aaaaaaaaaaaaaaaaaaaaaaaaaa"}
    decline_code = "20051"
    one_time = frozenset({"apple_pay", "google_pay", "processor_token"})
    refers_at = "previous_payment_id"
    charges_at = "/payments"

    def __init__(self) -> None:
        # Those that payers' browsers got from Frames.
        self.tokens = dict(NAMED)
        self.disputes: dict[str, dict[str, Any]] = {}
        # What was uploaded and put into the dispute's places, what was submitted of it, and what is not taken.
        self.files: dict[str, tuple[str, bytes]] = {}
        self.evidence: dict[str, str] = {}
        self.submitted: list[dict[str, str]] = []
        self.due = "2027-01-25T08:00:00Z"
        # What happens to the submission of what was put there.
        self.then: Behaviour | None = None
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/tokens":
            return self._tokenize(asked)
        self.check(asked.headers["authorization"] == "Bearer sk_sbox_1", "authorization")
        about = urlsplit(asked.path).path.split("/")[1:]
        if about[0] in {"disputes", "files"}:
            return self._about_disputes(asked, about)
        _, _, reference, action = (*asked.path.split("/"), "", "")[:4]
        if not reference:
            return self._charge(asked.content)
        if reference not in self.payments:
            return 404, {}
        return self._act(self.payments[reference], action, asked)

    def _tokenize(self, asked: Asked) -> Answer:
        """Of a wallet's payload, with the public key: https://api-reference.checkout.com/#tag/Tokens."""
        self.check(asked.headers["authorization"] == "Bearer pk_sbox_1", "public key")
        self.check(asked.content["type"] in {"applepay", "googlepay"}, "type")
        token = f"tok_{len(self.tokens):026d}"
        self.tokens[token] = self.number_of(asked.content["token_data"])
        return 201, {"type": asked.content["type"], "token": token, "expires_on": "2026-01-01T00:15:00Z"}

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        card = wanted["source"]
        number = self.tokens[card["token"]] if card["type"] == "token" else card["number"]
        self.check(card["type"] == "token" or len(card["expiry_year"]) == 4, "card")
        self.check(wanted["processing_channel_id"] == self.credentials["processing_channel_id"], "channel")
        self.check(wanted["success_url"].count("?") == 1 and wanted["success_url"] == wanted["failure_url"], "addresses")
        reference = _named("pay", len(self.payments))
        later = wanted["capture"] is False
        made = self.take(reference, wanted["reference"], wanted["amount"], wanted["currency"], number=number, later=later)
        if made.status == "redirected":
            return 202, {
                "id": reference,
                "status": "Pending",
                "reference": made.ours,
                "_links": _links(redirect="https://3ds2.checkout.com/x"),
            }
        return 201, self._document(made)

    def _document(self, made: Taken) -> dict[str, Any]:
        refused = made.status == "refused"
        said = {"response_code": "20051", "response_summary": "Insufficient Funds"} if refused else {"response_code": "10000"}
        names = {"id": made.reference, "action_id": "act_1", "reference": made.ours, "scheme_id": "489341065491658"}
        about = f"https://api.sandbox.checkout.com/payments/{made.reference}"
        sums = {"amount": made.amount, "currency": made.currency, "approved": not refused, "status": STATUS[made.status]}
        return {**names, **sums, **said, "source": {"type": "card"}, "processed_on": "2026-01-01T00:00:00Z", "_links": _links(self=about)}

    def _act(self, made: Taken, action: str, asked: Asked) -> Answer:
        match action:
            case "":
                return 200, self._document(made)
            case "captures":
                # The default is Final: what is left of the hold is void with it.
                self.check(asked.content.get("capture_type", "Final") == "Final", "capture type")
                made.status, made.captured = "taken", asked.content["amount"]
            case "voids":
                self.check(made.status == "held", "a payment that was captured has nothing to void")
                made.status = "released"
            case "refunds":
                made.refunds[asked.content["reference"]] = asked.content["amount"]
            case "actions":
                given = enumerate(made.refunds.items())
                return 200, [_refund(number, ours, amount) for number, (ours, amount) in given]
        number = len(made.refunds) - 1
        links = _links(payment=f"https://api.sandbox.checkout.com/payments/{made.reference}")
        return 202, {"action_id": f"act_r{number}", "reference": asked.content.get("reference"), "_links": links}

    def dispute(self, payment: Taken, status: str) -> dict[str, Any]:
        """As https://api-reference.checkout.com/#operation/getDisputeDetails has it."""
        about = {"category": "fraudulent", "amount": payment.amount, "currency": payment.currency, "reason_code": "10.4", "status": status}
        when = {"evidence_required_by": self.due, "received_on": "2026-01-02T00:00:00Z", "last_update": "2026-01-02T00:00:00Z"}
        paid = {"id": payment.reference, "amount": payment.amount, "currency": payment.currency, "method": "VISA"}
        self.disputes[DISPUTE] = {"id": DISPUTE, **about, **when, "payment": paid, "_links": _links()}
        return self.disputes[DISPUTE]

    def _about_disputes(self, asked: Asked, about: list[str]) -> Answer:
        match about:
            case ["files"]:
                return self._upload(asked.content["parts"])
            case ["disputes"]:
                return 200, self._listed(query_of(asked.path))
        return self._of_dispute(asked, self.disputes[about[1]], about[2:]) if about[1] in self.disputes else (404, {})

    def _listed(self, query: dict[str, str]) -> dict[str, Any]:
        self.check(set(query) == {"payment_id", "limit"}, str(query))
        names = ("id", "category", "status", "amount", "currency", "reason_code")
        mine = [each for each in self.disputes.values() if each["payment"]["id"] == query["payment_id"]]
        return {"limit": 10, "total_count": len(mine), "data": [{name: each[name] for name in names} for each in mine]}

    def _upload(self, parts: list[tuple[str, str | None, str, bytes]]) -> Answer:
        """https://api-reference.checkout.com/#operation/uploadFile."""
        (purpose, _, _, said), (name, _, kind, content) = parts
        self.check((purpose, said, name) == ("purpose", b"dispute_evidence", "file"), "a file of evidence")
        reference = f"file_{len(self.files):026d}"
        self.files[reference] = (kind, content)
        return 201, {"id": reference, "_links": _links()}

    def _of_dispute(self, asked: Asked, dispute: dict[str, Any], rest: list[str]) -> Answer:
        if not rest:
            return 200, dispute
        if dispute["status"] != "evidence_required":
            return 422, {"error_type": "request_invalid", "error_codes": ["dispute_not_in_evidence_required_state"]}
        match asked.method, rest:
            case "PUT", ["evidence"]:
                self.check(bool(asked.content) and set(asked.content) <= PLACES, str(sorted(asked.content)))
                files = [name for place, name in asked.content.items() if place.endswith("_file")]
                self.check(set(files) <= self.files.keys(), "files that were uploaded")
                self.check(all(len(text) <= 500 for place, text in asked.content.items() if place.endswith("_text")), "500 characters")
                self.evidence |= asked.content
                if self.then is not None:
                    self.trouble[asked.path], self.then = self.then, None
            case "POST", ["evidence"]:
                self.submitted.append(self.evidence)
                dispute["status"] = "evidence_under_review"
            case "POST", ["accept"]:
                dispute["status"] = "accepted"
            case other:
                raise ValueError(other)
        return 204, b""

    def event(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """https://www.checkout.com/docs/workflows/webhook-event-types/dispute_evidence_required."""
        about = {"id": DISPUTE, "date": "2026-01-02T00:00:00.5042702+00:00", "category": "fraudulent", "reason_code": "10.4"}
        names = {"payment_id": payment.reference, "payment_action_id": "act_1", "payment_reference": payment.ours, "payment_method": "VISA"}
        data = {**about, **names, "amount": payment.amount, "currency": payment.currency, "evidence_required_by": self.due}
        event = {"id": "evt_1", "type": f"dispute_{kind}", "timestamp": "2026-01-02T00:00:01.582+00:00", "version": "1.0.6", "data": data}
        event["_links"] = _links(subject=f"https://api.sandbox.checkout.com/workflows/events/subject/{DISPUTE}")
        return self.signed(json.dumps(event).encode())

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """https://www.checkout.com/docs/developer-resources/webhooks/webhook-event-types."""
        if kind.startswith(DISPUTED):
            return self.event(payment, kind.removeprefix(DISPUTED))
        types = {"taken": "payment_captured", "refused": "payment_declined", "refunded": "payment_refunded"}
        data = self._document(payment)
        if kind == "refunded":
            ((ours, amount),) = payment.refunds.items()
            data |= {"action_id": "act_r0", "reference": ours, "amount": amount}
        event = {"id": "evt_1", "type": types[kind], "created_on": "2026-01-01T00:00:00Z", "data": data}
        event["_links"] = _links(
            subject="https://api.sandbox.checkout.com/workflows/events/evt_1", payment="https://api.sandbox.checkout.com/payments/x"
        )
        return self.signed(json.dumps(event).encode())

    def signed(self, body: bytes) -> tuple[list[tuple[str, str]], bytes]:
        return [("Cko-Signature", hmac.new(self.webhook_secret.encode(), body, hashlib.sha256).hexdigest())], body


def _refund(number: int, ours: str, amount: int) -> dict[str, Any]:
    return {"id": f"act_r{number}", "type": "Refund", "amount": amount, "approved": True, "response_code": "10000", "reference": ours}


def _named(kind: str, number: int) -> str:
    """As Checkout.com names things: which is how payments, captures and refunds are named here, too."""
    return f"{kind}_{number:026d}".translate(str.maketrans("0123456789", "abcdefgh23"))


def _links(**more: str) -> dict[str, Any]:
    return {name: {"href": link} for name, link in {"self": "https://api.sandbox.checkout.com/payments/x", **more}.items()}
