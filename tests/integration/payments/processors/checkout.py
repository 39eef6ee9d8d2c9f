"""Checkout.com, as https://api-reference.checkout.com documents payments, captures, voids, refunds and workflows' webhooks."""

import hashlib
import hmac
import json
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import Answer, Asked, FakeProcessor, Taken

STATUS = {"taken": "Captured", "held": "Authorized", "released": "Voided", "redirected": "Pending", "refused": "Declined"}


class Fake(FakeProcessor):
    name = "checkout"
    host = "api.sandbox.checkout.com"
    credentials: ClassVar = {"api_key": "pk_sbox_1", "api_secret": "sk_sbox_1", "processing_channel_id": "pc_aaaaaaaaaaaaaaaaaaaaaaaaaa"}
    decline_code = "20051"
    refers_at = "previous_payment_id"
    charges_at = "/payments"

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["authorization"] == "Bearer sk_sbox_1", "authorization")
        _, _, reference, action = (*asked.path.split("/"), "", "")[:4]
        if not reference:
            return self._charge(asked.content)
        if reference not in self.payments:
            return 404, {}
        return self._act(self.payments[reference], action, asked)

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        card = wanted["source"]
        self.check(card["type"] == "card" and len(card["expiry_year"]) == 4, "card")
        self.check(wanted["processing_channel_id"] == self.credentials["processing_channel_id"], "channel")
        self.check(wanted["success_url"].count("?") == 1 and wanted["success_url"] == wanted["failure_url"], "addresses")
        reference = f"pay_{len(self.payments):026d}"
        later = wanted["capture"] is False
        made = self.take(reference, wanted["reference"], wanted["amount"], wanted["currency"], number=card["number"], later=later)
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
        sums = {"amount": made.amount, "currency": made.currency, "approved": not refused, "status": STATUS[made.status]}
        return {**names, **sums, **said, "source": {"type": "card"}, "processed_on": "2026-01-01T00:00:00Z", "_links": _links()}

    def _act(self, made: Taken, action: str, asked: Asked) -> Answer:
        match action:
            case "":
                return 200, self._document(made)
            case "captures":
                made.status, made.captured = "taken", asked.content["amount"]
            case "voids":
                made.status = "released"
            case "refunds":
                made.refunds[asked.content["reference"]] = asked.content["amount"]
            case "actions":
                given = enumerate(made.refunds.items())
                return 200, [_refund(number, ours, amount) for number, (ours, amount) in given]
        number = len(made.refunds) - 1
        return 202, {"action_id": f"act_r{number}", "reference": asked.content.get("reference"), "_links": _links()}

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        types = {"taken": "payment_captured", "refused": "payment_declined"}
        event = {"id": "evt_1", "type": types[kind], "created_on": "2026-01-01T00:00:00Z", "data": self._document(payment)}
        event["_links"] = _links(
            subject="https://api.sandbox.checkout.com/workflows/events/evt_1", payment="https://api.sandbox.checkout.com/payments/x"
        )
        body = json.dumps(event).encode()
        return [("Cko-Signature", hmac.new(self.webhook_secret.encode(), body, hashlib.sha256).hexdigest())], body


def _refund(number: int, ours: str, amount: int) -> dict[str, Any]:
    return {"id": f"act_r{number}", "type": "Refund", "amount": amount, "approved": True, "response_code": "10000", "reference": ours}


def _links(**more: str) -> dict[str, Any]:
    return {name: {"href": link} for name, link in {"self": "https://api.sandbox.checkout.com/payments/x", **more}.items()}
