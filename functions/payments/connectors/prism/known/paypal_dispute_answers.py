"""Answers to PayPal's disputes: https://developer.paypal.com/docs/api/customer-disputes/v1/, provide evidence and accept claim.

What may be answered is what the dispute's links say. PayPal answers with a link to the dispute, so how it stands is asked afterwards.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from payments.connectors import documents, request_bodies
from payments.connectors.disputing import Answer, Document, KnownDispute
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.prism.ways import Ways
from payments.connectors.request_bodies import Part
from payments.connectors.results import Declined, Fault

# PayPal takes so much text with one kind of evidence.
MAX_NOTES_CHARACTERS: Final = 2_000
# What PayPal calls our kinds of files; the others are `OTHER`.
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "receipt": "PROOF_OF_RECEIPT_COPY",
        "shipping_proof": "DELIVERY_RECEIPT",
        "customer_signature": "PROOF_OF_DELIVERY_SIGNATURE",
        "service_proof": "PROOF_FOR_SOFTWARE_OR_SERVICE_DELIVERED",
        "refund_policy": "RETURN_POLICY",
        "refund_proof": "PROOF_OF_REFUND_OUTSIDE_PAYPAL",
        "explanation_letter": "MERCHANT_RESPONSE",
    }
)
_TRACKING: Final = "shipping_tracking_number"
_CARRIER: Final = "shipping_carrier"
_NOT_NOW: Final = "PayPal takes no {0} for this dispute now. Its dashboard says what can be done."
_ACCEPTED_BY: Final = "REFUND"


def submit(ways: Ways, answer: Answer) -> Declined | None:
    """All of it at once. Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    shown = ways.ask("GET", _path(answer.dispute), b"").body()
    documents.expect(shown, answer.dispute.reference, "dispute_id")
    if not _offers(shown, "provide-evidence"):
        return Declined("no_evidence_wanted", _NOT_NOW.format("evidence"), fault=Fault.SETUP)
    if len(_notes(answer.text)) > MAX_NOTES_CHARACTERS:
        return Declined("text_too_long", f"PayPal takes {MAX_NOTES_CHARACTERS} characters of text. Put the rest into a file.")
    files = [(document, f"evidence-{number}.{document.ending}") for number, document in enumerate(answer.documents, 1)]
    said = Part("input", json.dumps({"evidences": _evidences(answer.text, files)}).encode(), "application/json")
    sent = [Part(f"file{number}", document.read(), document.content_type, name) for number, (document, name) in enumerate(files, 1)]
    kind, body = request_bodies.parts([said, *sent])
    return _refusal(ways.send(f"{_path(answer.dispute)}/provide-evidence", body, kind))


def accept(ways: Ways, known: KnownDispute) -> Declined | None:
    """PayPal gives the money back. Raises what submit raises."""
    shown = ways.ask("GET", _path(known), b"").body()
    documents.expect(shown, known.reference, "dispute_id")
    offered = documents.find(shown, "allowed_response_options", "accept_claim", "accept_claim_types")
    if not _offers(shown, "accept-claim") or (isinstance(offered, list) and _ACCEPTED_BY not in offered):
        return Declined("not_acceptable", _NOT_NOW.format("acceptance"), fault=Fault.SETUP)
    kind, body = request_bodies.parts([Part("input", json.dumps({"accept_claim_type": _ACCEPTED_BY}).encode(), "application/json")])
    return _refusal(ways.send(f"{_path(known)}/accept-claim", body, kind))


def _evidences(text: Mapping[str, str], files: list[tuple[Document, str]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if text.get(_TRACKING):
        carrier = {"carrier_name": "OTHER", "carrier_name_other": text.get(_CARRIER) or "not named"}
        found.append(
            {"evidence_type": "PROOF_OF_FULFILLMENT", "evidence_info": {"tracking_info": [{**carrier, "tracking_number": text[_TRACKING]}]}}
        )
    if _notes(text):
        found.append({"evidence_type": "OTHER", "notes": _notes(text)})
    named = {kind: [name for document, name in files if FILES.get(document.kind, "OTHER") == kind] for kind in (*FILES.values(), "OTHER")}
    found += [{"evidence_type": kind, "documents": [{"name": name} for name in names]} for kind, names in named.items() if names]
    return found


def _notes(text: Mapping[str, str]) -> str:
    """What has no place of its own."""
    placed = {_TRACKING, _CARRIER} if text.get(_TRACKING) else set()
    return "\n".join(f"{kind.replace('_', ' ')}: {said}" for kind, said in text.items() if kind not in placed and said)


def _offers(dispute: Any, action: str) -> bool:
    """True when the dispute's links lead to this."""
    links = documents.find(dispute, "links")
    each = links if isinstance(links, list) else []
    return any(documents.text_or(link, "", "href").rpartition("/")[2] == action for link in each)


def _refusal(response: ProviderResponse) -> Declined | None:
    if response.is_success:
        return None
    reason = documents.text_or(response.document, "", "details", 0, "description") or documents.text_or(response.document, "", "message")
    code = documents.code_or(response.document, "refused", "details", 0, "issue")
    return Declined(code, documents.shown(reason or "PayPal did not take it."), fault=Fault.SETUP)


def _path(known: KnownDispute) -> str:
    return f"/v1/customer/disputes/{quote(known.reference, safe='')}"
