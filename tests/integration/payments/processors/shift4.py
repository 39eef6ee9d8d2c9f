"""Shift4, as https://dev.shift4.com/docs/api documents charges, captures and refunds; a refund of what is held releases it."""

import base64
import json
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import NAMED, Answer, Asked, FakeProcessor, Taken

CARD = {"id": "card_1", "objectType": "card", "first6": "424242", "last4": "4242", "expMonth": "12", "expYear": "2031", "brand": "Visa"}
DISPUTE = "disp_000000000000000000000001"
# https://dev.shift4.com/docs/api#dispute-evidence-object
_POLICIES = {f"{kind}Policy{part}" for kind in ("refund", "cancellation") for part in ("", "Disclosure")}
_REFUSALS = {"refundRefusalExplanation", "cancellationRefusalExplanation"}
_CUSTOMERS = {"customerName", "customerEmail", "customerPurchaseIp", "customerSignature", "customerCommunication", "billingAddress"}
_DUPLICATES = {"duplicateChargeId", "duplicateChargeDocumentation", "duplicateChargeExplanation"}
_SHIPPING = {f"shipping{part}" for part in ("Address", "Date", "Carrier", "TrackingNumber", "Documentation")}
_SERVICES = {"productDescription", "receipt", "serviceDate", "serviceDocumentation", "accessActivityLogs"}
PLACES = {*_POLICIES, *_REFUSALS, *_CUSTOMERS, *_DUPLICATES, *_SHIPPING, *_SERVICES, "uncategorizedText", "uncategorizedFile"}
# Tokens of cards whose bank was asked by Shift4's script, and what it says of any other one that is charged with the demand.
VERIFIED = {f"{name}_3ds": number for name, number in NAMED.items()}
DEMANDS = {"requireAttempt", "requireEnrolledCard", "requireSuccessfulLiabilityShiftForEnrolledCard"}
UNVERIFIED = {"type": "card_error", "code": "authentication_required", "message": "3D Secure verification was not attempted."}
REFUSED = {"type": "card_error", "code": "insufficient_funds", "message": "There is not enough money on the card."}


class Fake(FakeProcessor):
    """It finds nothing by our reference: an operator finds a lost answer."""

    name = "shift4"
    host = "api.shift4.com"
    other_hosts = frozenset({"uploads.api.shift4.com"})
    one_time = frozenset({"processor_token"})
    credentials: ClassVar = {"api_key": "sk_test_1"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund"})
    decline_code = "insufficient_funds"
    charges_at = "/charges"

    def __init__(self) -> None:
        self.disputes: dict[str, dict[str, Any]] = {}
        self.events: dict[str, dict[str, Any]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        # Whether an answer changes the status at once.
        self.is_quick = True
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["authorization"] == f"Basic {base64.b64encode(b'sk_test_1:').decode()}", "authorization")
        match asked.path.split("/")[1:]:
            case ["files" | "disputes" | "events", *_] as about:
                return self._about_disputes(asked, about)
            case ["charges"]:
                return self._charge(asked.content)
            case ["charges", reference]:
                return 200, self._document(self.payments[reference])
            case ["charges", reference, "capture"]:
                made = self.payments[reference]
                made.status, made.captured = "taken", asked.content["amount"]
                return 200, self._document(made)
            case ["refunds"]:
                return self._give_back(self.payments[asked.content["chargeId"]], asked.content.get("amount"))
            case ["refunds", reference]:
                (made,) = [one for one in self.payments.values() if reference in one.refunds]
                return 200, _refund(made, reference)
        raise ValueError(asked.path)

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        # Optional; what a payer types into the components comes without.
        self.check("billing" not in wanted or len(wanted["billing"]["address"]["country"]) == 2, "country")
        if "threeDSecure" in wanted:
            self.check(wanted["threeDSecure"] == dict.fromkeys(DEMANDS, True), "threeDSecure")
            if str(wanted["card"]) not in VERIFIED:
                return 402, {"error": UNVERIFIED}
        number = self._number(wanted["card"])
        reference, ours = f"char_{len(self.payments):024d}", wanted["external"]["vendorReference"]
        later = wanted["captured"] is False
        made = self.take(reference, ours, wanted["amount"], wanted["currency"], number=number, later=later)
        if made.status == "refused":
            return 402, {"error": {**REFUSED, "chargeId": reference}}
        return 200, self._document(made)

    def _number(self, card: str | dict[str, Any]) -> str:
        """Of the card, or of a token's."""
        if isinstance(card, str):
            return {**NAMED, **VERIFIED}[card]
        self.check(not [name for name in card if name.startswith("address")], "the address stands in billing")
        self.check(card["cvc"] == "737" and len(card["expYear"]) == 4, "card")
        number: str = card["number"]
        return number

    def _document(self, made: Taken) -> dict[str, Any]:
        given_back = sum(made.refunds.values())
        mine = next((each for each in self.disputes.values() if each["charge"] == made.reference), None)
        disputed = {"disputed": mine is not None, **({} if mine is None else {"dispute": mine})}
        state = {"captured": made.captured > 0, "refunded": given_back > 0, "amountRefunded": given_back, **disputed}
        names = {"id": made.reference, "created": 1767225600, "objectType": "charge", "vendorReference": made.ours}
        return {**names, "amount": made.captured or made.amount, "currency": made.currency, "card": CARD, "status": "successful", **state}

    def dispute(self, payment: Taken, status: str = "CHARGEBACK_NEW", **more: Any) -> dict[str, Any]:
        """As https://dev.shift4.com/docs/api#dispute-object has it, and an event of Shift4's about it."""
        evidence = {"dueBy": 1800864000, "hasEvidence": False, "pastDue": False, "submissionCount": 0}
        about = {"amount": payment.amount, "currency": payment.currency, "reason": "FRAUDULENT", "acceptedAsLost": False}
        names = {"id": DISPUTE, "created": 1767225600, "updated": 1767225600, "objectType": "dispute", "status": status}
        self.disputes[DISPUTE] = {**names, **about, "evidence": {}, "evidenceDetails": evidence, "charge": payment.reference, **more}
        return self.disputes[DISPUTE]

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """https://dev.shift4.com/docs/webhooks: the event's id is what counts. kind: its type."""
        event_id = f"event_{len(self.events):024d}"
        data = self.disputes[DISPUTE] if kind.startswith("CHARGE_DISPUTE") else self._document(payment)
        self.events[event_id] = {"id": event_id, "created": 1767225600, "objectType": "event", "type": kind, "data": data}
        return [("Content-Type", "application/json")], json.dumps(self.events[event_id]).encode()

    def _about_disputes(self, asked: Asked, about: list[str]) -> Answer:
        match asked.method, about:
            case "GET", ["events", name]:
                return (200, self.events[name]) if name in self.events else (404, {"error": {"type": "invalid_request"}})
            case "POST", ["files"]:
                return self._upload(asked)
            case "GET", ["disputes", name]:
                return (200, self.disputes[name]) if name in self.disputes else (404, {"error": {"type": "invalid_request"}})
            case "POST", ["disputes", name, *rest]:
                return self._answer(self.disputes[name], rest, asked.content)
        raise ValueError(about)

    def _upload(self, asked: Asked) -> Answer:
        """https://dev.shift4.com/docs/api#file-upload."""
        (purpose, _, _, said), (name, _, kind, content) = asked.content["parts"]
        self.check((purpose, said, name) == ("purpose", b"dispute_evidence", "file"), "a file of evidence")
        reference = f"file_{len(self.files):024d}"
        self.files[reference] = (kind, content)
        return 200, {"id": reference, "objectType": "file_upload", "purpose": "dispute_evidence", "size": len(content)}

    def _answer(self, dispute: dict[str, Any], rest: list[str], content: dict[str, Any]) -> Answer:
        self.check(dispute["status"].endswith("_NEW") and not dispute["acceptedAsLost"], "an answer that is wanted")
        if rest == ["close"]:
            dispute["acceptedAsLost"] = True
        else:
            self.check(rest == [] and bool(content["evidence"]) and set(content["evidence"]) <= PLACES, str(content))
            dispute["evidence"] |= content["evidence"]
            given = dispute["evidenceDetails"]
            given |= {"hasEvidence": True, "submissionCount": given["submissionCount"] + 1}
        if self.is_quick:
            after = "REPRESENTED_UNSUCCESSFULLY" if rest else "RESPONSE_UNDER_REVIEW"
            dispute["status"] = dispute["status"].removesuffix("NEW") + after
        return 200, dispute

    def _give_back(self, made: Taken, amount: int | None) -> Answer:
        if made.status == "held":
            made.status = "released"
            return 200, {**_refund(made, "re_0"), "amount": made.amount}
        reference = f"re_{len(made.refunds):024d}"
        made.refunds[reference] = amount or made.captured
        return 200, _refund(made, reference)


def _refund(made: Taken, reference: str) -> dict[str, Any]:
    names = {"id": reference, "created": 1767225600, "objectType": "refund", "charge": made.reference, "status": "successful"}
    return {**names, "amount": made.refunds.get(reference, made.amount), "currency": made.currency}
