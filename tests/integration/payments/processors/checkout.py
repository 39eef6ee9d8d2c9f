"""Checkout.com, as https://api-reference.checkout.com documents payments, captures, voids, refunds and workflows' webhooks."""

import hashlib
import hmac
import json
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import NAMED, Answer, Asked, FakeProcessor, Taken

STATUS = {"taken": "Captured", "held": "Authorized", "released": "Voided", "redirected": "Pending", "refused": "Declined"}


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
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/tokens":
            return self._tokenize(asked)
        self.check(asked.headers["authorization"] == "Bearer sk_sbox_1", "authorization")
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
        reference = f"pay_{len(self.payments):026d}"
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
        """https://www.checkout.com/docs/developer-resources/webhooks/webhook-event-types."""
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


def _links(**more: str) -> dict[str, Any]:
    return {name: {"href": link} for name, link in {"self": "https://api.sandbox.checkout.com/payments/x", **more}.items()}
