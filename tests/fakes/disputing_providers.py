"""Disputes at the pretended providers: opened by a test, read, contested with files, and accepted."""

import email
import email.policy
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from paycorex import clock
from tests.fakes.http_servers import Recorded
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.support import published


def uploaded(request: Recorded) -> dict[str, Any]:
    """The fields of a multipart request, read by the standard library; `file` is its type, name and content."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.body, policy=email.policy.HTTP)
    fields: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        fields[str(name)] = (part.get_content_type(), part.get_filename(), content) if name == "file" else content.decode()
    return fields


class DisputingStripe(FakeStripe):
    """Stripe with disputes. They are made of Stripe's own published object."""

    def __init__(self) -> None:
        self.disputes: dict[str, dict[str, Any]] = {}
        self.page = 100
        self.files: dict[str, dict[str, Any]] = {}
        super().__init__()

    def dispute(self, intent: dict[str, Any], amount: int, status: str = "needs_response", *, taken: bool = True) -> dict[str, Any]:
        """A payer's bank disputes a paid intent."""
        found = published.stripe_object("dispute") | {"id": f"dp_{len(self.disputes)}", "payment_intent": intent["id"], "status": status}
        found |= {"charge": intent["latest_charge"], "amount": amount, "currency": intent["currency"], "created": int(clock.now_seconds())}
        found["evidence_details"] |= {"due_by": int(clock.now_seconds()) + 7 * 86_400}
        found["payment_method_details"]["card"] |= {"case_type": "chargeback"}
        found["balance_transactions"] = [{"amount": -amount}] if taken else []
        self.disputes[found["id"]] = found
        return found

    def charge(self, intent: dict[str, Any]) -> dict[str, Any]:
        disputed = any(each["payment_intent"] == intent["id"] for each in self.disputes.values())
        return super().charge(intent) | {"disputed": disputed}

    def answer(self, request: Recorded, path: str) -> tuple[int, dict[str, Any]]:
        if path == "/v1/files":
            fields = uploaded(request)
            self.check(fields["purpose"] == "dispute_evidence", "purpose of a file")
            self.check(len(request.headers.get("idempotency-key", "")) > 10, "no idempotency key")
            kind, name, content = fields["file"]
            stored = {"id": f"file_{len(self.files)}", "object": "file", "type": kind, "filename": name, "size": len(content)}
            self.files[stored["id"]] = stored
            return 200, stored
        return super().answer(request, path)

    def _read(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "/v1/payouts":
            return 200, {"data": [], "has_more": False}
        if path == "/v1/disputes":
            return 200, self._listed(query)
        if path.startswith("/v1/disputes/"):
            found = self.disputes.get(path.rpartition("/")[2])
            return (404, {"error": {"type": "invalid_request_error"}}) if found is None else (200, found)
        return super()._read(path, query)

    def _listed(self, query: dict[str, str]) -> dict[str, Any]:
        """Of an intent, or of a time; the newest first, `PAGE` at once."""
        wanted = [
            each
            for each in reversed(self.disputes.values())
            if query.get("payment_intent", each["payment_intent"]) == each["payment_intent"]
        ]
        made = range(int(query.get("created[gte]", 0)), int(query.get("created[lt]", 2**40)))
        ids = [each["id"] for each in wanted]
        after = ids.index(query["starting_after"]) + 1 if "starting_after" in query else 0
        found = [each for each in wanted[after:] if each["created"] in made]
        return {"data": found[: self.page], "has_more": len(found) > self.page}

    def _write(self, path: str, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if not path.startswith("/v1/disputes/"):
            return super()._write(path, fields)
        found = self.disputes[path.split("/")[3]]
        if found["status"] != "needs_response":
            return 400, {"error": {"type": "invalid_request_error", "message": "This dispute is closed."}}
        if path.endswith("/close"):
            found |= {"status": "lost"}
            return 200, found
        given = {name[9:-1]: value for name, value in fields.items() if name.startswith("evidence[")}
        self.check(set(given) <= set(found["evidence"]), f"no such evidence: {given}")
        found["evidence"] = {**found["evidence"], **given}
        if fields.get("submit") == "true":
            found |= {"status": "under_review"}
        return 200, found


class DisputingRazorpay(FakeRazorpay):
    """Razorpay with disputes, made of what its official client has recorded."""

    def __init__(self) -> None:
        self.disputes: dict[str, dict[str, Any]] = {}
        self.documents: dict[str, dict[str, Any]] = {}
        super().__init__()

    def dispute(self, payment: dict[str, Any], amount: int) -> dict[str, Any]:
        """A payer's bank disputes a payment."""
        found = published.razorpay_answer("dispute_contest") | {"id": f"disp_{len(self.disputes):014d}", "payment_id": payment["id"]}
        found |= {"amount": amount, "amount_deducted": 0, "respond_by": int(clock.now_seconds()) + 7 * 86_400, "status": "open"}
        found["created_at"] = int(clock.now_seconds())
        self.disputes[found["id"]] = found
        return found

    def answer(self, request: Recorded, path: str) -> tuple[int, dict[str, Any]]:
        if path == "/v1/documents":
            fields = uploaded(request)
            self.check(fields["purpose"] == "dispute_evidence", "purpose of a document")
            stored = published.razorpay_answer("document") | {"id": f"doc_{len(self.documents):014d}", "mime_type": fields["file"][0]}
            self.documents[stored["id"]] = stored
            return 200, stored
        if path == "/v1/settlements":
            return 200, {"entity": "collection", "count": 0, "items": []}
        if not path.startswith("/v1/disputes"):
            return super().answer(request, path)
        if request.method == "GET":
            query = dict(parse_qsl(urlsplit(request.path).query))
            if path == "/v1/disputes":
                begin = int(query["skip"])
                return 200, {"items": list(reversed(self.disputes.values()))[begin : begin + int(query["count"])]}
            return 200, self.disputes[path.rpartition("/")[2]]
        return self._answered(self.disputes[path.split("/")[3]], path.rpartition("/")[2], request)

    def _answered(self, found: dict[str, Any], verb: str, request: Recorded) -> tuple[int, dict[str, Any]]:
        if found["status"] != "open":
            return 400, {"error": {"code": "BAD_REQUEST_ERROR", "description": "The dispute is not open."}}
        if verb == "accept":
            found |= {"status": "lost", "amount_deducted": found["amount"]}
            return 200, found
        assert (verb, request.method) == ("contest", "PATCH")
        body = json.loads(request.body)
        known = set(published.razorpay_answer("dispute_contest")["evidence"]) | {"action"}
        self.check(set(body) <= known, f"fields of a contest: {set(body) - known}")
        self.check(body["action"] == "submit" and len(body["summary"]) <= 1000, "contest")
        found |= {"status": "under_review", "evidence": body}
        return 200, found
